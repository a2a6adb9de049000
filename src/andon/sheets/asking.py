"""How each type of question is asked in a form and kept in a row: one place for page and API."""

from collections.abc import Iterable, Mapping
from decimal import Decimal
from typing import Any, Protocol, cast

from django import forms
from django.utils.formats import date_format
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from andon.accounts.forms import DayInput
from andon.accounts.models import User
from andon.accounts.names import username_key
from andon.store import gate
from andon.store.fields import KeptField

from .design import MOST_DECIMALS, Question, Type


class Row(Protocol):
    """A kept answer: one of its columns holds the value."""

    text: str
    words: str
    number: Decimal | None
    day: Any
    person: Any
    file: Any
    judged: str

    @property
    def is_empty(self) -> bool: ...


YES_NO = (("yes", gettext_lazy("Yes")), ("no", gettext_lazy("No")), ("na", gettext_lazy("n.a.")))
LONGEST = {Type.TEXT: 200, Type.LONG: 4000}
GOOD, BAD = "good", "bad"


class MeasurementWidget(forms.MultiWidget):
    """The value and the instrument it was read from."""

    use_fieldset = True

    def __init__(self, unit: str) -> None:
        value, instrument = _("Value %s") % unit, _("Instrument")
        widgets: dict[str, Any] = {
            "value": forms.TextInput(
                attrs={"inputmode": "decimal", "aria-label": value, "placeholder": value}
            ),
            "instrument": forms.TextInput(
                attrs={"aria-label": instrument, "placeholder": instrument, "maxlength": 200}
            ),
        }
        super().__init__(widgets)

    def decompress(self, value: Any) -> list[Any]:
        return list(value) if value else [None, ""]


class MeasurementField(forms.MultiValueField):
    """Cleans to (value, instrument), or to None; a program may send ``{"value", "instrument"}``."""

    def __init__(self, question: Question, **options: Any) -> None:
        parts = (
            _number(question, limited=False, required=False),
            forms.CharField(max_length=200, required=False),
        )
        super().__init__(
            parts, widget=MeasurementWidget(question.unit), require_all_fields=False, **options
        )

    def clean(self, value: Any) -> Any:
        if isinstance(value, Mapping):
            value = [value.get("value"), value.get("instrument", "")]
        elif not isinstance(value, list | tuple | None):
            value = [value, ""]
        return super().clean(value)

    def compress(self, data_list: Any) -> Any:
        if not data_list or data_list[0] is None:
            if data_list and data_list[1]:
                raise forms.ValidationError(_("Give the value beside the instrument."))
            return None
        return (data_list[0], data_list[1] or "")


class PersonField(forms.ModelChoiceField):  # type: ignore[type-arg]
    """A person who can sign in; a program may name them as they sign in."""

    def to_python(self, value: Any) -> Any:
        if isinstance(value, str) and not value.isdigit() and value:
            rows = cast("Any", self.queryset)
            found = rows.filter(username_key=username_key(value[:150])).first()
            if found is None:
                raise forms.ValidationError(_("Nobody signs in under this name."))
            return found
        return super().to_python(value.pk if isinstance(value, User) else value)


def _number(question: Question, *, limited: bool = True, **options: Any) -> forms.DecimalField:
    least, most = question.bounds if limited else (None, None)
    places = MOST_DECIMALS if question.decimals is None else question.decimals
    field = forms.DecimalField(
        max_digits=9 + places, decimal_places=places, min_value=least, max_value=most, **options
    )
    field.widget = forms.TextInput(attrs={"inputmode": "decimal"})
    return field


def _text(question: Question, **options: Any) -> forms.Field:
    long = question.type == Type.LONG
    widget = forms.Textarea(attrs={"rows": 3}) if long else forms.TextInput()
    return forms.CharField(max_length=LONGEST[Type(question.type)], widget=widget, **options)


def _choice(question: Question, **options: Any) -> forms.Field:
    choices = [("", "–"), *((each, each) for each in question.choices)]
    return forms.ChoiceField(choices=choices, **options)


def _choices(question: Question, **options: Any) -> forms.Field:
    choices = [(each, each) for each in question.choices]
    return forms.MultipleChoiceField(
        choices=choices, widget=forms.CheckboxSelectMultiple, **options
    )


def _file(question: Question, **options: Any) -> forms.Field:
    photo = question.type == Type.PHOTO
    attrs = {"accept": "image/*", "capture": "environment"} if photo else {}
    allowed = gate.PHOTOS if photo else gate.ATTACHMENTS
    field = KeptField(allowed=allowed, widget=forms.FileInput(attrs=attrs), **options)
    field.error_messages["invalid"] = _("A file is sent with the form of the page only.")
    return field


def field_of(question: Question, *, viewer: User, required: bool) -> forms.Field:
    """Return the form field that asks ``question``; it also checks what a program sends."""
    options: dict[str, Any] = {
        "label": question.label,
        "required": required,
        "help_text": " ".join(filter(None, (question.help, _limits(question)))),
    }
    kind = Type(question.type)
    if kind == Type.NUMBER:
        field: forms.Field = _number(question, **options)
    elif kind == Type.MEASUREMENT:
        field = MeasurementField(question, **options)
    elif kind == Type.CHOICE:
        field = _choice(question, **options)
    elif kind == Type.CHOICES:
        field = _choices(question, **options)
    elif kind == Type.YES_NO:
        field = forms.ChoiceField(choices=YES_NO, widget=forms.RadioSelect, **options)
    elif kind == Type.DATE:
        field = forms.DateField(widget=DayInput, **options)
    elif kind == Type.PERSON:
        people = User.objects.visible_to(viewer).filter(is_active=True).order_by("display_name")
        field = PersonField(queryset=people, **options)
    elif kind in {Type.FILE, Type.PHOTO}:
        field = _file(question, **options)
    else:
        field = _text(question, **options)
    field.initial = question.default or None
    return field


def _limits(question: Question) -> str:
    if question.limits:
        return _("Limits: %s.") % question.limits
    return _("In %s.") % question.unit if question.unit else ""


def rows_of(question: Question, value: Any) -> list[dict[str, Any]]:
    """Return the columns of each answer row that keeps ``value``; no row for no answer."""
    if value in (None, "", []):
        return []
    kind = Type(question.type)
    if kind == Type.CHOICES:
        return [{"text": each} for each in value]
    if kind == Type.NUMBER:
        return [{"number": value}]
    if kind == Type.MEASUREMENT:
        judged = GOOD if question.within(value[0]) else BAD
        return [
            {
                "number": value[0],
                "text": value[1],
                "judged": judged if question.limits else "",
            }
        ]
    if kind in {Type.CHOICE, Type.YES_NO}:
        failed = value in question.bad or (kind == Type.YES_NO and value == "no")
        return [{"text": value, "judged": BAD if failed else ""}]
    column = {
        Type.LONG: "words",
        Type.DATE: "day",
        Type.PERSON: "person",
        Type.FILE: "file",
        Type.PHOTO: "file",
    }.get(kind, "text")
    return [{column: value}]


def value_of(question: Question, rows: Iterable[Row]) -> Any:
    """Return what a form shows first for the answer in ``rows``."""
    kept = [row for row in rows if not row.is_empty]
    kind = Type(question.type)
    if kind == Type.CHOICES:
        return [row.text for row in kept]
    if not kept:
        return None
    row = kept[0]
    if row.number is not None:
        number = Decimal(plain(question, row.number))
        return (number, row.text) if kind == Type.MEASUREMENT else number
    if kind in {Type.FILE, Type.PHOTO}:
        return row.file
    return row.words or row.day or (row.person.pk if row.person else row.text)


def data_of(question: Question, rows: Iterable[Row]) -> Any:
    """Return the answer as the API says it."""
    kept = [row for row in rows if not row.is_empty]
    if question.type == Type.CHOICES:
        return [row.text for row in kept]
    if not kept:
        return None
    row = kept[0]
    if question.type == Type.MEASUREMENT:
        within = {GOOD: True, BAD: False}.get(row.judged)
        value = plain(question, row.number)
        return {"value": value, "instrument": row.text, "within": within}
    named = row.person.username if row.person else row.file.name if row.file else ""
    day = row.day.isoformat() if row.day else ""
    return named or day or plain(question, row.number) or row.words or row.text


def cell_of(question: Question, rows: Iterable[Row]) -> object:
    """Return the answer as a cell of an export: a number stays one."""
    kept = [row for row in rows if not row.is_empty]
    if question.type == Type.CHOICES:
        return "; ".join(row.text for row in kept)
    if not kept:
        return None
    row = kept[0]
    if row.number is not None:
        return Decimal(plain(question, row.number))
    if question.type == Type.YES_NO:
        return str(dict(YES_NO).get(row.text, row.text))
    return row.words or row.day or row.text or str(row.person or row.file)


def words_of(question: Question, rows: Iterable[Row]) -> str:
    """Return the answer as a person reads it."""
    kept = [row for row in rows if not row.is_empty]
    if question.type == Type.CHOICES:
        return ", ".join(row.text for row in kept)
    if not kept:
        return ""
    row = kept[0]
    if row.number is None:
        return date_format(row.day) if row.day else str(cell_of(question, kept))
    amount = f"{plain(question, row.number)} {question.unit}".strip()
    return f"{amount} ({row.text})" if row.text else amount


def plain(question: Question, number: Decimal | None) -> str:
    """Return ``number`` with the decimals of ``question``, or as short as it can be said."""
    if number is None:
        return ""
    if question.decimals is not None:
        return f"{number:.{question.decimals}f}"
    return f"{number.normalize():f}"
