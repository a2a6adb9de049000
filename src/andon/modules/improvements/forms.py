"""Forms of improvement projects: they check what was typed and never save."""

from datetime import timedelta
from typing import Any

from django.utils.translation import gettext_lazy as _

from andon.accounts.models import User
from andon.modules.kpis.models import Kpi
from andon.organization import clock
from andon.organization.policy import policy
from andon.records.forms import PlainForm, RecordForm, field_for
from andon.records.models import Record

from . import queries
from .models import ImprovementProject

GOAL = (
    "kpi", "baseline_from", "baseline_until", "target_value", "window_days", "expected_benefit",
    "cost_kind", "rate", "rate_source", "confirmer",
)  # fmt: skip
NEEDED = GOAL[:6]
BASELINE = timedelta(weeks=26)


class ProposeForm(RecordForm):
    """What is known at the start; goal and money come on the project's own page."""

    class Meta:
        model = ImprovementProject
        fields = ("title", "problem", "idea", "owner", "due_date", "process", "site")
        labels = {"title": _("What is to get better?")}

    @classmethod
    def prefill(cls, sources: list[Record]) -> dict[str, Any]:
        first = super().prefill(sources)
        return first | queries.first_values(sources) if sources else first


class EditForm(RecordForm):
    class Meta:
        model = ImprovementProject
        fields = (*ImprovementProject.editable,)

    field_order = ("title", "problem", "idea", "costs")


class GoalForm(PlainForm):
    """The goal, its baseline and its money, as one promise."""

    def __init__(self, *args: Any, **options: Any) -> None:
        super().__init__(*args, **options)
        project = self.record
        for name in GOAL:
            field = field_for(ImprovementProject._meta.get_field(name))  # type: ignore[arg-type]
            if field is not None:
                self.fields[name] = field
                field.required = name in NEEDED
            self.initial[name] = getattr(project, name)
        self._choices("kpi", Kpi.objects.visible_to(self.viewer).filter(is_active=True))
        people = User.objects.visible_to(self.viewer).filter(is_active=True)
        self._choices("confirmer", people.order_by("display_name"))
        self._propose()

    def _choices(self, name: str, rows: Any) -> None:
        self.fields[name].queryset = rows  # type: ignore[attr-defined]

    def _propose(self) -> None:
        """Fill in the last half year and the window of the settings where nothing is fixed yet."""
        today = clock.today(self.record.site)
        first: dict[str, Any] = {"baseline_from": today - BASELINE, "baseline_until": today}
        first |= {"window_days": policy().effect_window_days}
        for name, value in first.items():
            if self.initial[name] is None:
                self.initial[name] = value

    def clean(self) -> dict[str, Any]:
        data: dict[str, Any] = super().clean() or {}
        if not data.get("cost_kind") and data.get("rate") is None:
            self.add_error("cost_kind", _("Choose a cost rate, or type the money for one unit."))
        if data.get("rate") is not None and not data.get("rate_source"):
            self.add_error("rate_source", _("Say where this amount comes from."))
        if data.get("rate") is not None and data.get("cost_kind"):
            self.add_error("rate", _("Choose a cost rate or type an amount, not both."))
        return data


__all__ = ["EditForm", "GoalForm", "ProposeForm"]
