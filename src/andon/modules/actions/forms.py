"""Forms of corrective actions: short to open, one page for Light, small ones for each part."""

from datetime import date, timedelta
from typing import Any

import django_filters
from django import forms
from django.utils.translation import gettext_lazy as _

from andon.accounts.models import User
from andon.modules.kpis.models import Kpi
from andon.modules.nonconformities.models import Nonconformity
from andon.organization import clock
from andon.organization.policy import policy
from andon.records.forms import DayInput, PlainForm, RecordForm, field_for
from andon.records.listing import RecordFilters
from andon.records.models import Record

from . import queries
from .models import ActionItem, Cause, CorrectiveAction, CorrectiveActionQuerySet, Criterion


def _of(model: Any, name: str, **options: Any) -> Any:
    """Return the form field of one field of a model."""
    return field_for(model._meta.get_field(name), **options)


def _people() -> Any:
    return User.objects.filter(is_active=True).order_by("display_name")


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


class SimpleForm(PlainForm):
    """Problem, cause, action and check on one page."""

    problem = _of(CorrectiveAction, "problem", required=True)
    cause = _of(Cause, "text")
    how = forms.CharField(
        label=_("How you know"), max_length=500, help_text=_("Data, a trial, an observation.")
    )
    what = _of(ActionItem, "what")
    kind = _of(ActionItem, "kind")
    owner = forms.ModelChoiceField(label=_("Who does it"), queryset=User.objects.none())
    due_date = _of(ActionItem, "due_date")
    window_days = forms.IntegerField(
        label=_("Effective when it does not come back for, days"), min_value=1, max_value=1100
    )

    def __init__(self, *args: Any, **options: Any) -> None:
        super().__init__(*args, **options)
        self.fields["owner"].queryset = _people()  # type: ignore[attr-defined]
        self.fields["owner"].initial = self.record.owner_id
        self.fields["problem"].initial = getattr(self.record, "problem", "")
        self.fields["window_days"].initial = policy().effect_window_days


class _OnAction(PlainForm):
    record: CorrectiveAction

    def _offer_causes(self, name: str, *, empty: Any) -> None:
        causes = [(cause.pk, str(cause)) for cause in self.record.all_causes]
        self.fields[name] = forms.TypedChoiceField(
            label=self.fields[name].label,
            coerce=int,
            empty_value=None,
            required=False,
            choices=[("", empty), *causes],
        )


class CauseForm(_OnAction):
    text = _of(Cause, "text")
    kind = _of(Cause, "kind")
    parent = forms.CharField(label=_("It lies behind"))
    evidence = _of(Cause, "evidence")

    def __init__(self, *args: Any, **options: Any) -> None:
        super().__init__(*args, **options)
        self._offer_causes("parent", empty=_("The problem itself"))


class JudgeCauseForm(PlainForm):
    verified = forms.TypedChoiceField(
        label=_("Result"),
        coerce=lambda value: value == "yes",
        choices=[("yes", _("It is a cause: verified")), ("no", _("It is not: refuted"))],
    )
    how = forms.CharField(
        label=_("How you know"),
        max_length=500,
        help_text=_("Switched on and off again, data, a trial, an observation."),
    )


class ItemForm(_OnAction):
    what = _of(ActionItem, "what")
    kind = _of(ActionItem, "kind")
    cause = forms.CharField(label=_("Against the cause"))
    owner = forms.ModelChoiceField(label=_("Who does it"), queryset=User.objects.none())
    due_date = _of(ActionItem, "due_date")

    def __init__(self, *args: Any, **options: Any) -> None:
        super().__init__(*args, **options)
        self._offer_causes("cause", empty=_("No particular one"))
        self.fields["owner"].queryset = _people()  # type: ignore[attr-defined]
        self.fields["owner"].initial = self.record.owner_id


class DropForm(PlainForm):
    reason = forms.CharField(label=_("Why it is dropped"), max_length=300)


class MoreTimeForm(PlainForm):
    due_date = forms.DateField(label=_("New date"), widget=DayInput)
    reason = forms.CharField(label=_("Why more time is needed"), max_length=300)


class FinishForm(PlainForm):
    done_date = forms.DateField(label=_("Done on"), widget=DayInput)
    note = forms.CharField(label=_("What was done, and where it shows"), max_length=500)

    def __init__(self, *args: Any, **options: Any) -> None:
        super().__init__(*args, **options)
        self.fields["done_date"].initial = clock.today(self.record.site)


class _PromiseForm(_OnAction):
    window_days = _of(Criterion, "window_days", required=True)
    verifier = forms.ModelChoiceField(
        label=_("Who verifies the effect"),
        queryset=User.objects.none(),
        required=False,
        help_text=_("Somebody else than the owner of this corrective action."),
    )

    def __init__(self, *args: Any, **options: Any) -> None:
        super().__init__(*args, **options)
        self.fields["verifier"].queryset = _people()  # type: ignore[attr-defined]
        self.fields["verifier"].initial = self.record.verifier_id
        self.fields["window_days"].initial = policy().effect_window_days
        self._show(self.record.criterion)

    def _show(self, earlier: Criterion | None) -> None:
        """Start from what was promised before."""
        if earlier is None:
            return
        for name in self.fields:
            if (value := getattr(earlier, name, None)) is not None:
                self.fields[name].initial = value


class SilenceForm(_PromiseForm):
    """No recurrence in so many days."""


class ChangeForm(_PromiseForm):
    """A KPI before and after."""

    kpi = forms.ModelChoiceField(label=_("KPI"), queryset=Kpi.objects.none())
    target_change = _of(Criterion, "target_change")
    target_value = _of(Criterion, "target_value")
    baseline_from = _of(Criterion, "baseline_from", required=True)
    baseline_until = _of(Criterion, "baseline_until", required=True)
    minimum_exposure = _of(Criterion, "minimum_exposure")
    left_out = forms.CharField(
        label=_("Periods that triggered the action"),
        required=False,
        max_length=500,
        help_text=_("A day in each, such as 2026-03-02, 2026-03-09. They are left out of the"
                    " baseline. Empty: those of the linked signals."),
    )  # fmt: skip

    field_order = (
        "kpi",
        "target_change",
        "target_value",
        "baseline_from",
        "baseline_until",
        "left_out",
        "window_days",
        "minimum_exposure",
        "verifier",
    )

    def __init__(self, *args: Any, **options: Any) -> None:
        super().__init__(*args, **options)
        kpis = Kpi.objects.visible_to(self.viewer).filter(is_active=True)
        self.fields["kpi"].queryset = kpis  # type: ignore[attr-defined]
        self.fields["kpi"].initial = self.record.kpi_id

    def clean_left_out(self) -> list[date] | None:
        typed = self.cleaned_data["left_out"].replace(";", ",").replace(" ", ",")
        words = [word for word in typed.split(",") if word]
        try:
            return [date.fromisoformat(word) for word in words] or None
        except ValueError as error:
            raise forms.ValidationError(
                _("Write each day as 2026-03-02, with commas between.")
            ) from error


class WatchLongerForm(PlainForm):
    days = forms.IntegerField(label=_("Days more"), min_value=1, max_value=1100)
    reason = forms.CharField(label=_("Why longer"), max_length=300)


class _CaseForm(PlainForm):
    case = forms.CharField(label=_("Number of the nonconformity"), max_length=40)

    def clean_case(self) -> Nonconformity:
        number = self.cleaned_data["case"].strip().upper()
        rows = Nonconformity.objects.visible_to(self.viewer)
        found: Nonconformity | None = rows.filter(number=number).first()
        if found is None:
            raise forms.ValidationError(
                _("No nonconformity %(number)s is visible to you."), params={"number": number}
            )
        return found


class TakeOnForm(_CaseForm):
    pass


class RecurrenceForm(_CaseForm):
    counts = forms.TypedChoiceField(
        label=_("Is it the same problem again?"),
        coerce=lambda value: value == "yes",
        choices=[
            ("yes", _("Yes: same verified cause, produced after the action took hold")),
            ("no", _("No: another cause, or produced before")),
        ],
    )
    produced_date = forms.DateField(label=_("Produced on"), widget=DayInput, required=False)
    why = forms.CharField(label=_("How you know"), max_length=300)


class SuccessorForm(PlainForm):
    title = _of(CorrectiveAction, "title")
    owner = forms.ModelChoiceField(label=_("Owner"), queryset=User.objects.none())
    due_date = forms.DateField(label=_("Due"), widget=DayInput)

    def __init__(self, *args: Any, **options: Any) -> None:
        super().__init__(*args, **options)
        self.fields["owner"].queryset = _people()  # type: ignore[attr-defined]
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
