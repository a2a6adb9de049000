"""What a password must not be made of, beside the list of common ones (AU1)."""

import re
import unicodedata
from typing import Any

from django.core.exceptions import ValidationError
from django.utils.translation import gettext as _

from andon.accounts.models import Site
from andon.organization import queries

LONGEST = 128
SHORTEST_WORD = 3
LEAST_BESIDE = 6
LEAST_DIFFERENT = 5
PRODUCT = ("andon", "quality", "iso9001", "9001", "password", "welcome", "passwort")


class ContextWords:
    """Refuses what is little more than the company, a site, the product or the person."""

    def validate(self, password: str, user: Any = None) -> None:
        left = plain(password)
        words = context_words() | own_words(user)
        for word in sorted(words, key=len, reverse=True):
            left = left.replace(word, "")
        left = re.sub(r"[\W\d_]", "", left)
        if len(left) < LEAST_BESIDE:
            raise ValidationError(
                _(
                    "This password is made of words that others would try first, such as the"
                    " name of the company or your own. Take four or five words that do not belong"
                    " together."
                ),
                code="context",
            )

    def get_help_text(self) -> str:
        return _("Not the name of the company, of a site or of this program with a few digits.")


class Sane:
    """Refuses what is longer than is kept, and one character over and over."""

    def validate(self, password: str, user: Any = None) -> None:  # noqa: ARG002
        if len(password) > LONGEST:
            raise ValidationError(_("A password has at most 128 characters."), code="long")
        if len(set(plain(password))) < LEAST_DIFFERENT:
            raise ValidationError(
                _("This password repeats too few characters. Take several words."), code="repeated"
            )

    def get_help_text(self) -> str:
        return _("At most 128 characters, and not the same few over and over.")


def context_words() -> set[str]:
    """Return the words of company, sites and product, as `plain` writes them."""
    names = [queries.settings().name, *Site.objects.values_list("name", flat=True)]
    return _words(names) | set(PRODUCT)


def own_words(user: Any) -> set[str]:
    """Return the words by which the person is known here."""
    known = ("username", "display_name", "email", "job_title")
    return _words([getattr(user, name, "") for name in known])


def _words(names: list[str]) -> set[str]:
    found = {plain(word) for name in names for word in re.split(r"[\W_]+", name)}
    return {word for word in found if len(word) >= SHORTEST_WORD}


def plain(text: str) -> str:
    return unicodedata.normalize("NFKC", text).casefold()
