"""Check what an assessor typed."""

import re
from datetime import date, timedelta
from typing import Any, cast

from django import forms
from django.utils.translation import gettext_lazy as _

from andon.accounts.models import User
from andon.assurance.models import Verdict
from andon.records.evidence import EvidenceRecord
from andon.records.forms import DayInput
from andon.records.models import Record

A_YEAR = timedelta(days=365)
MANY = 50


class AssessmentForm(forms.Form):
    """One verdict with its reasons; ``offered`` are records the rules have found."""

    verdict = forms.ChoiceField(
        label=_("What do you say?"), choices=Verdict.choices, widget=forms.RadioSelect
    )
    note = forms.CharField(
        label=_("What you saw or heard"),
        max_length=4000,
        widget=forms.Textarea(attrs={"rows": 4}),
        help_text=_("Where, when, which sample, whom you asked."),
    )
    justification = forms.CharField(
        label=_("Why it does not apply"),
        max_length=2000,
        required=False,
        widget=forms.Textarea(attrs={"rows": 2}),
        help_text=_("Only for “not applicable”: the reason the scope (4.3) holds."),
    )
    offered = forms.MultipleChoiceField(
        label=_("Records you looked at"), required=False, widget=forms.CheckboxSelectMultiple
    )
    numbers = forms.CharField(
        label=_("Other records, by number"),
        max_length=1000,
        required=False,
        help_text=_("Separated by spaces or commas."),
    )
    expires_on = forms.DateField(
        label=_("Holds until"), widget=DayInput, help_text=_("Then it has to be looked at again.")
    )
    seen = forms.IntegerField(widget=forms.HiddenInput)

    def __init__(
        self,
        *args: Any,
        viewer: User,
        day: date,
        offered: list[EvidenceRecord],
        seen: int,
        **options: Any,
    ) -> None:
        super().__init__(*args, **options)
        self.viewer, self.day = viewer, day
        self.fields["expires_on"].initial = day + A_YEAR
        self.fields["seen"].initial = seen
        real = self._visible([row.number for row in offered])
        choices = [(row.number, f"{row.number} {row.title}") for row in real]
        cast("forms.MultipleChoiceField", self.fields["offered"]).choices = choices
        if not choices:
            del self.fields["offered"]

    def _visible(self, numbers: list[str]) -> list[Record]:
        return list(Record.objects.visible_to(self.viewer).filter(number__in=numbers[:MANY]))

    def clean_numbers(self) -> list[Record]:
        """Return the records named, or say which number is not known to this person."""
        wanted = re.split(r"[\s,;]+", self.cleaned_data["numbers"].strip().upper())
        numbers = [number for number in dict.fromkeys(wanted) if number]
        if len(numbers) > MANY:
            raise forms.ValidationError(_("Name at most %(many)d records."), params={"many": MANY})
        found = {record.number: record for record in self._visible(numbers)}
        if unknown := [number for number in numbers if number not in found]:
            raise forms.ValidationError(
                _("No record %(numbers)s is visible to you."),
                params={"numbers": ", ".join(unknown)},
            )
        return [found[number] for number in numbers]

    def clean_expires_on(self) -> date:
        expires: date = self.cleaned_data["expires_on"]
        if expires <= self.day:
            raise forms.ValidationError(_("Choose a day after today."))
        return expires

    def clean(self) -> dict[str, Any]:
        data: dict[str, Any] = super().clean() or self.cleaned_data
        if data.get("verdict") == Verdict.NOT_APPLICABLE and not data.get("justification"):
            self.add_error("justification", _("Say why the requirement cannot apply."))
        return data

    def evidence(self) -> list[Record]:
        """Return the records ticked and named."""
        ticked = self._visible(self.cleaned_data.get("offered", []))
        return [*ticked, *self.cleaned_data["numbers"]]
