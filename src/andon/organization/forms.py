"""Forms of the organization's lists and settings: they check what was typed and never save."""

from typing import Any

from django import forms
from django.utils.text import format_lazy
from django.utils.translation import gettext_lazy as _

from andon.accounts.forms import RowForm
from andon.organization.models import (
    CostRate,
    Holiday,
    Item,
    Line,
    Party,
    Process,
    Settings,
    Shift,
)
from andon.organization.policy import DEFAULTS

WEEKDAYS = (
    ("1", _("Monday")),
    ("2", _("Tuesday")),
    ("3", _("Wednesday")),
    ("4", _("Thursday")),
    ("5", _("Friday")),
    ("6", _("Saturday")),
    ("7", _("Sunday")),
)
CHOICES = (
    ("profile", "edition", "name", "working_days", "currency"),
    tuple(DEFAULTS[Settings.Profile.LIGHT]),
)


class ProcessForm(RowForm):
    class Meta:
        model = Process
        fields = ("code", "name", "owner", "site", "is_active")


class ItemForm(RowForm):
    class Meta:
        model = Item
        fields = ("number", "revision", "name", "unit", "unit_cost", "is_active")


class PartyForm(RowForm):
    class Meta:
        model = Party
        fields = ("code", "name", "is_supplier", "is_customer", "is_active")


class LineForm(RowForm):
    class Meta:
        model = Line
        fields = ("site", "code", "name", "process", "is_active")


class ShiftForm(RowForm):
    class Meta:
        model = Shift
        fields = ("site", "code", "name", "starts", "ends", "is_active")


class HolidayForm(RowForm):
    class Meta:
        model = Holiday
        fields = ("day", "name", "site", "is_active")


class CostRateForm(RowForm):
    """A rate; of one that exists a newer version is made, so what it is about stands fast."""

    class Meta:
        model = CostRate
        fields = ("kind", "item", "line", "amount", "from_date", "reason", "is_active")

    def __init__(self, *args: Any, **options: Any) -> None:
        super().__init__(*args, **options)
        if self.instance.pk is not None:
            for name in ("kind", "item", "line"):
                self.fields[name].disabled = True
            self.fields["from_date"].help_text = _(
                "The day from which a new amount holds; the older one stays in force before it."
            )


class SettingsForm(RowForm):
    """The settings; every choice says what the three profiles hold when it is left empty."""

    working_days = forms.MultipleChoiceField(
        label=_("Working days"),
        choices=WEEKDAYS,
        widget=forms.CheckboxSelectMultiple,
        help_text=_("Due dates are counted in working days."),
    )

    class Meta:
        model = Settings
        fields = (*CHOICES[0], *CHOICES[1])

    def __init__(self, *args: Any, **options: Any) -> None:
        super().__init__(*args, **options)
        self.initial["working_days"] = list(self.instance.working_days)
        for name in CHOICES[1]:
            self.fields[name].help_text = format_lazy(
                "{} {}", self.fields[name].help_text, _profiles(name)
            )
            if isinstance(self.fields[name], forms.NullBooleanField):
                self.fields[name].widget.choices = (
                    ("unknown", _("As the profile says")),
                    ("true", _("Yes")),
                    ("false", _("No")),
                )

    def clean_working_days(self) -> str:
        return "".join(sorted(self.cleaned_data["working_days"]))


def _profiles(name: str) -> Any:
    values = [
        format_lazy("{} {}", profile.label, _word(DEFAULTS[profile][name]))
        for profile in Settings.Profile
    ]
    return format_lazy(str(_("Empty: {}, {}, {}.")), *values)


def _word(value: Any) -> Any:
    if isinstance(value, bool):
        return _("yes") if value else _("no")
    return value
