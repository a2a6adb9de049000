"""Forms that open, edit, succeed and filter corrective actions."""

from datetime import timedelta
from typing import Any

import django_filters
from django import forms
from django.utils.translation import gettext_lazy as _

from andon.accounts.models import User
from andon.modules.actions import queries
from andon.modules.actions.models import CorrectiveAction, CorrectiveActionQuerySet
from andon.modules.kpis.models import Kpi
from andon.organization import clock
from andon.organization.policy import policy
from andon.records.forms import DayInput, PlainForm, RecordForm
from andon.records.listing import RecordFilters
from andon.records.models import Record

from .fields import of, people


class OpenForm(RecordForm):
    """What is known at the start; the rest comes on the record's own page."""

    class Meta:
        model = CorrectiveAction
        fields = (
            "title",
            "problem",
            "major",
            "customer_case",
            "kpi",
            "owner",
            "due_date",
            "process",
            "site",
        )
        labels = {"title": _("What has to stop?")}

    def __init__(self, *args: Any, **options: Any) -> None:
        super().__init__(*args, **options)
        self._choices("kpi").queryset = Kpi.objects.visible_to(self.viewer).filter(is_active=True)
        within = timedelta(days=policy().action_due_days)
        self.fields["due_date"].initial = clock.today() + within

    @classmethod
    def prefill(cls, sources: list[Record]) -> dict[str, Any]:
        first = super().prefill(sources)
        return first | queries.first_values(sources) if sources else first


class EditForm(RecordForm):
    class Meta:
        model = CorrectiveAction
        fields = (*CorrectiveAction.editable,)

    field_order = ("title", "problem", "baseline", "not_measurable", "major", "customer_case")


class SuccessorForm(PlainForm):
    title = of(CorrectiveAction, "title")
    owner = forms.ModelChoiceField(label=_("Owner"), queryset=User.objects.none())
    due_date = forms.DateField(label=_("Due"), widget=DayInput)

    def __init__(self, *args: Any, **options: Any) -> None:
        super().__init__(*args, **options)
        self.fields["owner"].queryset = people(self.viewer)  # type: ignore[attr-defined]
        today = clock.today(self.record.site)
        self.initial = {
            "title": self.record.title,
            "owner": self.record.owner_id,
            "due_date": today + timedelta(days=policy().action_due_days),
        }


class ActionFilters(RecordFilters):
    case = django_filters.ChoiceFilter(
        label=_("Case"),
        choices=[("major", _("Major")), ("customer_case", _("Customer"))],
        method="by_case",
        empty_label=_("Any case"),
    )
    effect = django_filters.ChoiceFilter(
        label=_("Effect"),
        choices=[("unsustained", _("Not sustained"))],
        method="by_effect",
        empty_label=_("Any effect"),
    )

    def by_case(self, rows: CorrectiveActionQuerySet, _name: str, value: str) -> Any:
        return rows.filter(**{value: True})

    def by_effect(self, rows: CorrectiveActionQuerySet, _name: str, _value: str) -> Any:
        return rows.unsustained()
