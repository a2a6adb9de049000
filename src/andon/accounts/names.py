"""Names as people type them: one form for each, no invisible characters, no look-alikes (AU2)."""

import re
import unicodedata

from django.core.exceptions import ValidationError
from django.utils.translation import gettext_lazy as _

USERNAME_LENGTH = 64
PUNCTUATION = frozenset("._-@+'")
# Cc: controls. Cf: bidi and zero-width. Cs, Co, Cn: no character at all. Zl, Zp: line ends.
INVISIBLE = frozenset({"Cc", "Cf", "Cs", "Co", "Cn", "Zl", "Zp"})
# Japanese and Korean are written in several scripts at once.
WRITTEN_TOGETHER = ({"CJK", "HIRAGANA", "KATAKANA"}, {"CJK", "HANGUL"})


def username_key(name: str) -> str:
    """Return the form under which ``name`` is unique: NFKC and casefold until nothing changes."""
    key, previous = name.strip(), ""
    while key != previous:
        previous, key = key, unicodedata.normalize("NFKC", key).casefold()
    return key


def username(name: str) -> str:
    """Return ``name`` as it is stored, or raise ``ValidationError`` with what is wrong with it."""
    clean = unicodedata.normalize("NFKC", name.strip())
    if not clean or len(username_key(clean)) > USERNAME_LENGTH:
        raise ValidationError(_("A user name has between 1 and 64 characters."))
    if not all(_allowed(character) for character in clean):
        raise ValidationError(
            _("A user name holds letters, digits and . _ - @ + ' only, and no space.")
        )
    if not one_script({script(c) for c in clean if c.isalpha()}):
        raise ValidationError(
            _("This user name mixes letters of different scripts; use one script only.")
        )
    return clean


def _allowed(character: str) -> bool:
    if character.isascii():
        return character.isalnum() or character in PUNCTUATION
    return unicodedata.category(character)[0] in "LM"


def script(letter: str) -> str:
    """Return the script of ``letter``: the first word of its Unicode name."""
    return unicodedata.name(letter, "UNKNOWN").split()[0]


def one_script(scripts: set[str]) -> bool:
    return len(scripts) <= 1 or any(scripts <= group for group in WRITTEN_TOGETHER)


def one_line(text: str) -> str:
    """Return ``text`` in NFC with single spaces, or raise ``ValidationError`` (TX1)."""
    clean = unicodedata.normalize("NFC", re.sub(r"[ \t\u00a0]+", " ", text.strip()))
    validate_one_line(clean)
    return clean


def validate_one_line(text: str) -> None:
    """Refuse control, bidi and zero-width characters and half a surrogate pair."""
    if any(unicodedata.category(character) in INVISIBLE for character in text):
        raise ValidationError(_("This text holds invisible or control characters; type it anew."))
