"""What a design must fulfil before it is published, each mistake in a sentence of its own."""

import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import asdict, dataclass, field
from decimal import Decimal

from django.core.exceptions import ValidationError
from django.utils.translation import gettext as _

from .design import (
    CHOOSING,
    COUNTING,
    MOST_DECIMALS,
    MOST_KEPT,
    SIGN_OFF,
    Design,
    Question,
    Type,
)

MOST_QUESTIONS = 60
MOST_CHOICES = 50
LENGTHS = {"label": 80, "help": 300, "section": 60, "unit": 20, "default": 200}
# A number has at most 15 digits, 6 of them behind the point.
LARGEST = Decimal(10) ** 9
KEY = re.compile(r"[a-z][a-z0-9_]{0,39}")
# What a list can filter by; the others are read on the record.
FILTERED = {Type.TEXT, Type.YES_NO, Type.DATE, Type.PERSON, *CHOOSING, *COUNTING}
WITHOUT_DEFAULT = {Type.PERSON, Type.FILE, Type.PHOTO, Type.MEASUREMENT, Type.NOTE, Type.CHOICES}


@dataclass(frozen=True)
class Setting:
    """What a design must fit: the kind's own fields and states, and what was published before.

    ``elsewhere`` are the keys that other designs of the kind use.
    """

    is_checklist: bool
    names: frozenset[str] = frozenset()
    states: Mapping[str, str] | None = None
    steps: Mapping[str, str] | None = None
    before: Design = field(default_factory=Design)
    elsewhere: frozenset[str] = frozenset()


def check(design: Design, fits: Setting) -> None:
    """Raise ``ValidationError`` with a sentence for everything that is wrong with ``design``."""
    wrong = [*_wrong_whole(design, fits)]
    for question in design.questions:
        wrong += [
            _("“%(label)s”: %(what)s") % {"label": question.label[:80], "what": what}
            for what in _wrong(question, fits)
        ]
    if wrong:
        raise ValidationError(wrong)


def _wrong_whole(design: Design, fits: Setting) -> Iterator[str]:
    if not design.live:
        yield _("Nothing is asked yet: add a first question.")
    if len(design.live) > MOST_QUESTIONS:
        yield _("A form has at most %d questions. Split it.") % MOST_QUESTIONS
    if len(design.questions) > MOST_KEPT:
        yield _("A form keeps at most %d questions, retired ones included.") % MOST_KEPT
    keys = [q.key for q in design.questions]
    yield from (_("The key “%s” stands twice.") % key for key in _twice(keys))
    labels = [q.label.casefold() for q in design.live]
    yield from (_("The label “%s” stands twice.") % label for label in _twice(labels))
    for old in fits.before.questions:
        if old.key not in design:
            yield _("“%s” was published and cannot be removed; retire it.") % old.label
        elif design[old.key].type != old.type:
            yield _("“%s” keeps its type; retire it and add another field.") % old.label
    if design.demanded_by and design.demanded_by not in (fits.steps or {}):
        yield _("There is no step called “%s”.") % design.demanded_by


def _twice(words: Sequence[str]) -> list[str]:
    return sorted({word for word in words if words.count(word) > 1})


def _wrong(question: Question, fits: Setting) -> Iterator[str]:
    if not KEY.fullmatch(question.key):
        yield _("the key is small letters, digits and _, and begins with a letter.")
    if question.type not in Type.values:
        yield _("there is no type “%s”.") % question.type
        return
    if question.type == Type.NOTE and not fits.is_checklist:
        yield _("only a checklist has instructions between its items.")
    yield from _wrong_words(question)
    taken = {question.key.casefold(), question.label.casefold()} & fits.names
    if taken and not fits.is_checklist:
        yield _("every record of this kind has a field of this name already.")
    if question.key in fits.elsewhere:
        yield _("another form of this kind uses the key “%s”.") % question.key
    wanted = {SIGN_OFF} if fits.is_checklist else set(fits.states or {})
    if question.required_from and question.required_from not in wanted:
        yield _("it cannot be required from “%s” on.") % question.required_from
    if question.listed and (fits.is_checklist or question.type not in FILTERED):
        yield _("a list cannot show or filter this.")
    yield from _wrong_values(question)


def _wrong_words(question: Question) -> Iterator[str]:
    texts = [*question.choices, *(getattr(question, name) for name in LENGTHS)]
    if any(not text.isprintable() for text in texts):
        yield _("texts stand on one line, without invisible characters.")
    for name, most in LENGTHS.items():
        if len(getattr(question, name)) > most:
            yield _("“%(part)s” has at most %(most)d characters.") % {"part": name, "most": most}


def _wrong_values(question: Question) -> Iterator[str]:
    if question.type in CHOOSING:
        yield from _wrong_choices(question)
    elif question.choices:
        yield _("only a choice has choices.")
    least, most = question.bounds
    for given, value in ((question.least, least), (question.most, most)):
        if given and (value is None or not value.is_finite() or abs(value) >= LARGEST):
            yield _("“%s” is not a number that can be a limit.") % given[:30]
            return
    if question.type not in COUNTING and (question.least or question.most):
        yield _("only a number or a measurement has limits.")
    if least is not None and most is not None and least > most:
        yield _("the lower limit is above the upper limit.")
    if question.decimals is not None and not 0 <= question.decimals <= MOST_DECIMALS:
        yield _("a number has 0 to %d decimals.") % MOST_DECIMALS
    if question.default and question.type in WITHOUT_DEFAULT:
        yield _("this type has no default.")


def _wrong_choices(question: Question) -> Iterator[str]:
    if not 1 < len(question.choices) <= MOST_CHOICES:
        yield _("a choice has 2 to %d choices.") % MOST_CHOICES
    if any(not 0 < len(choice) <= LENGTHS["section"] for choice in question.choices):
        yield _("each choice has 1 to %d characters.") % LENGTHS["section"]
    if _twice([choice.casefold() for choice in question.choices]):
        yield _("a choice stands twice.")
    if unknown := set(question.bad) - set(question.choices):
        yield _("“%s” is not among the choices.") % ", ".join(sorted(unknown))


def differences(old: Design, new: Design) -> list[str]:
    """Tell in sentences what ``new`` asks otherwise than ``old``."""
    told = [
        _("“%s” is new.") % q.label for q in new.questions if q.key not in old and not q.retired
    ]
    for question in new.questions:
        if question.key in old:
            told += _changes(old[question.key], question)
    order = [[q.key for q in d.live if q.key in old and q.key in new] for d in (old, new)]
    if sorted(order[0]) == sorted(order[1]) and order[0] != order[1]:
        told.append(_("The order is another."))
    if old.demanded_by != new.demanded_by:
        told.append(_("It is demanded by: %s.") % (new.demanded_by or _("no step")))
    return told


def _changes(old: Question, new: Question) -> list[str]:
    if old.retired != new.retired:
        words = _("“%s” is retired.") if new.retired else _("“%s” is in use again.")
        return [words % new.label]
    before, after = asdict(old), asdict(new)
    return [
        _("“%(label)s”: %(part)s was “%(old)s”, is “%(new)s”.")
        % {
            "label": new.label,
            "part": name,
            "old": _plain(before[name]),
            "new": _plain(after[name]),
        }
        for name in after
        if before[name] != after[name]
    ]


def _plain(value: object) -> str:
    return ", ".join(value) if isinstance(value, tuple) else "" if value is None else str(value)
