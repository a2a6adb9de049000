"""Forms for what is typed in: a shift's facts, a cause, why a batch is undone."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date, timedelta
from decimal import Decimal
from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from andon.accounts.models import User
from andon.modules.production.models import Cause, CauseKind
from andon.modules.production.models.batches import DIGITS, PLACES
from andon.organization.models import Item, Line, Shift
from andon.records.forms import DayInput


class ShiftChoice(forms.Form):
    """Which line, day, shift and item the facts are about."""

    line = forms.ModelChoiceField(label=_("Line"), queryset=Line.objects.none())
    day = forms.DateField(label=_("Production day"), widget=DayInput)
    shift = forms.ModelChoiceField(
        label=_("Shift"), queryset=Shift.objects.none(), required=False, empty_label=_("whole day")
    )
    item = forms.ModelChoiceField(
        label=_("Item"), queryset=Item.objects.none(), required=False, empty_label=_("any item")
    )

    def __init__(self, *args: Any, viewer: User, today: date, **options: Any) -> None:
        super().__init__(*args, **options)
        self.today = today
        lines = Line.objects.visible_to(viewer).active().select_related("site")
        may = [line.pk for line in lines if viewer.may_at("production.record", line.site_id)]
        self._offer("line", Line.objects.visible_to(viewer).filter(pk__in=may))
        self._offer("shift", Shift.objects.visible_to(viewer).active().select_related("site"))
        self._offer("item", Item.objects.visible_to(viewer).active())

    def _offer(self, name: str, rows: Any) -> None:
        field = self.fields[name]
        assert isinstance(field, forms.ModelChoiceField)  # noqa: S101 - for the type checker
        field.queryset = rows

    def clean_day(self) -> date:
        """Return the day; nothing can have been made tomorrow."""
        day: date = self.cleaned_data["day"]
        if day > self.today + timedelta(days=1):
            raise forms.ValidationError(_("This day has not come yet."))
        return day

    def clean(self) -> dict[str, Any]:
        """Keep line and shift at one site."""
        cleaned = super().clean() or {}
        line, shift = cleaned.get("line"), cleaned.get("shift")
        if line and shift and shift.site_id != line.site_id:
            self.add_error("shift", _("This shift belongs to another site than the line."))
        return cleaned


def _number(label: Any, initial: Any = None, **options: Any) -> forms.DecimalField:
    attributes = {"inputmode": "decimal", "autocomplete": "off", "min": "0", "step": "any"}
    return forms.DecimalField(
        label=label,
        required=False,
        min_value=Decimal(0),
        max_digits=DIGITS,
        decimal_places=PLACES,
        initial=initial,
        widget=forms.NumberInput(attrs=attributes),
        **options,
    )


class ShiftForm(forms.Form):
    """The numbers of one line, day and shift. What is left empty says nothing; zero is a value."""

    def __init__(
        self,
        *args: Any,
        scrap: Sequence[tuple[Cause, Any]],
        stops: Sequence[tuple[Cause, Any]],
        output: tuple[Any, Any] = (None, None),
        **options: Any,
    ) -> None:
        super().__init__(*args, **options)
        self.causes = {f"{cause.kind}_{cause.pk}": cause for cause, _known in (*scrap, *stops)}
        self.fields["produced"] = _number(
            _("Produced"), _plain(output[0]), help_text=_("All pieces, good and scrap together.")
        )
        self.fields["planned_minutes"] = _number(_("Planned minutes"), _plain(output[1]))
        for cause, known in (*scrap, *stops):
            self.fields[f"{cause.kind}_{cause.pk}"] = _number(str(cause), _plain(known))

    def of_kind(self, kind: str) -> list[forms.BoundField]:
        """Return the inputs for causes of one kind."""
        return [self[name] for name in self.causes if name.startswith(f"{kind}_")]

    @property
    def scrap(self) -> list[forms.BoundField]:
        return self.of_kind(CauseKind.SCRAP)

    @property
    def stops(self) -> list[forms.BoundField]:
        return self.of_kind(CauseKind.STOP)

    def said(self, kind: str) -> list[tuple[Cause, Decimal]]:
        """Return the causes of a kind that were given a number."""
        return [
            (cause, self.cleaned_data[name])
            for name, cause in self.causes.items()
            if cause.kind == kind and self.cleaned_data.get(name) is not None
        ]

    def clean(self) -> dict[str, Any]:
        """Ask for the output where minutes are planned, and for less scrap than output."""
        cleaned = super().clean() or {}
        produced = cleaned.get("produced")
        if produced is None and cleaned.get("planned_minutes") is not None:
            self.add_error("produced", _("Say how many pieces were made; zero is a number too."))
        scrapped = sum((cleaned.get(field.name) or 0 for field in self.scrap), start=Decimal(0))
        if produced is not None and scrapped > produced:
            self.add_error(
                "produced", _("More was scrapped than produced; produced counts both together.")
            )
        return cleaned


def _plain(value: Decimal | None) -> str | None:
    """Return a number without the zeros the database adds."""
    return None if value is None else format(value.normalize(), "f")


class CauseForm(forms.Form):
    """A new cause."""

    kind = forms.ChoiceField(label=_("It explains"), choices=CauseKind.choices)
    code = forms.CharField(label=_("Code"), max_length=40)
    name = forms.CharField(label=_("Name"), max_length=120, required=False)


class UndoForm(forms.Form):
    """Why a batch is undone."""

    reason = forms.CharField(
        label=_("Why is it undone?"), max_length=500, widget=forms.Textarea(attrs={"rows": 3})
    )
