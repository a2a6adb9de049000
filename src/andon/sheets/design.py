"""What a version of a form says: its questions, read from data and checked with clear sentences."""

import hashlib
import json
from collections.abc import Mapping
from dataclasses import asdict, dataclass, fields
from decimal import Decimal, InvalidOperation
from typing import Any

from django.core.exceptions import ValidationError
from django.db.models import TextChoices
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from andon.records.forms import OWN

MOST_KEPT = 200
MOST_DECIMALS = 6
# Marks an item of a checklist that must be answered before the sign-off.
SIGN_OFF = "signed"


class Type(TextChoices):
    TEXT = "text", gettext_lazy("Text, one line")
    LONG = "long_text", gettext_lazy("Text, several lines")
    NUMBER = "number", gettext_lazy("Number")
    CHOICE = "choice", gettext_lazy("One choice")
    CHOICES = "choices", gettext_lazy("Several choices")
    YES_NO = "yes_no", gettext_lazy("Yes, no, not applicable")
    DATE = "date", gettext_lazy("Date")
    PERSON = "person", gettext_lazy("Person")
    FILE = "file", gettext_lazy("File")
    PHOTO = "photo", gettext_lazy("Photo")
    MEASUREMENT = "measurement", gettext_lazy("Measurement with limits")
    NOTE = "note", gettext_lazy("Instruction without an answer")


CHOOSING = {Type.CHOICE, Type.CHOICES}
COUNTING = {Type.NUMBER, Type.MEASUREMENT}


@dataclass(frozen=True, kw_only=True)
class Question:
    """One custom field, or one item of a checklist.

    ``required_from`` is a state of the record, or ``SIGN_OFF`` in a checklist. ``least`` and
    ``most`` refuse a number and judge a measurement; ``bad`` are the choices that fail a check.
    """

    key: str
    label: str
    type: str
    help: str = ""
    section: str = ""
    required_from: str = ""
    default: str = ""
    unit: str = ""
    decimals: int | None = None
    least: str = ""
    most: str = ""
    choices: tuple[str, ...] = ()
    bad: tuple[str, ...] = ()
    listed: bool = False
    retired: bool = False

    @property
    def name(self) -> str:
        """The name of its field in a form."""
        return f"{OWN}{self.key}"

    @property
    def type_label(self) -> str:
        return str(Type(self.type).label)

    @property
    def bounds(self) -> tuple[Decimal | None, Decimal | None]:
        return (decimal_of(self.least), decimal_of(self.most))

    def within(self, value: Decimal) -> bool:
        least, most = self.bounds
        return (least is None or value >= least) and (most is None or value <= most)

    @property
    def limits(self) -> str:
        """The limits in words, such as ``4.90 to 5.10 mm``."""
        parts = {
            (True, True): _("%(least)s to %(most)s %(unit)s"),
            (True, False): _("at least %(least)s %(unit)s"),
            (False, True): _("at most %(most)s %(unit)s"),
        }
        words = parts.get((bool(self.least), bool(self.most)), "")
        return (words % asdict(self)).strip() if words else ""

    def as_data(self) -> dict[str, Any]:
        """Return what differs from the ordinary, as files and the database keep it."""
        ordinary = {f.name: f.default for f in fields(self)}
        return {
            name: list(value) if isinstance(value, tuple) else value
            for name, value in asdict(self).items()
            if value != ordinary[name]
        }


@dataclass(frozen=True)
class Design:
    """The questions of one version, and the step of the record that a checklist holds back."""

    questions: tuple[Question, ...] = ()
    demanded_by: str = ""

    @property
    def live(self) -> tuple[Question, ...]:
        return tuple(q for q in self.questions if not q.retired)

    def __getitem__(self, key: str) -> Question:
        return next(q for q in self.questions if q.key == key)

    def __contains__(self, key: object) -> bool:
        return any(q.key == key for q in self.questions)

    def as_data(self) -> dict[str, Any]:
        data: dict[str, Any] = {"questions": [q.as_data() for q in self.questions]}
        return data | ({"demanded_by": self.demanded_by} if self.demanded_by else {})


def sha_of(data: Mapping[str, Any]) -> str:
    return hashlib.sha256(json.dumps(data, sort_keys=True).encode()).hexdigest()


def decimal_of(text: str) -> Decimal | None:
    try:
        return Decimal(text) if text else None
    except InvalidOperation:
        return None


def read(data: object) -> Design:
    """Return the design that ``data`` holds; raises ``ValidationError`` with every mistake."""
    if not isinstance(data, Mapping) or not isinstance(data.get("questions", []), list):
        raise ValidationError([_("A form is a list of questions; see an exported one.")])
    questions, wrong = [], []
    for place, one in enumerate(data.get("questions", [])[: MOST_KEPT + 1], start=1):
        try:
            questions.append(_question(one))
        except ValueError as error:
            wrong.append(_("Question %(place)s: %(what)s") % {"place": place, "what": error})
    if wrong:
        raise ValidationError(wrong)
    return Design(tuple(questions), str(data.get("demanded_by", "") or "")[:40])


def _question(one: object) -> Question:
    if not isinstance(one, Mapping):
        raise ValueError(_("it must have a key, a label and a type."))  # noqa: TRY004
    known = {f.name: f for f in fields(Question)}
    if unknown := sorted(str(name) for name in one if name not in known):
        raise ValueError(_("“%s” is not known here.") % ", ".join(unknown))
    if missing := [name for name in ("key", "label", "type") if not one.get(name)]:
        raise ValueError(_("“%s” is missing.") % ", ".join(missing))
    return Question(**{str(name): _part(str(name), value) for name, value in one.items()})


def _part(name: str, value: Any) -> Any:
    if name in {"choices", "bad"}:
        if not isinstance(value, list | tuple):
            raise ValueError(_("“%s” must be a list.") % name)
        return tuple(str(each).strip() for each in value)
    if name in {"listed", "retired"}:
        if not isinstance(value, bool):
            raise ValueError(_("“%s” must be true or false.") % name)
        return value
    if name == "decimals":
        if isinstance(value, bool) or not (value is None or isinstance(value, int)):
            raise ValueError(_("“%s” must be a whole number.") % name)
        return value
    if isinstance(value, list | dict):
        raise ValueError(_("“%s” must be a text.") % name)  # noqa: TRY004
    return "" if value is None else str(value).strip()
