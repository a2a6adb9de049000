"""Small forms for each part of a corrective action, and the one page of Light."""

from datetime import date
from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from andon.accounts.models import User
from andon.modules.actions.models import ActionItem, Cause, CorrectiveAction, Criterion, ItemKind
from andon.modules.kpis.models import Kpi
from andon.modules.nonconformities.models import Nonconformity
from andon.organization import clock
from andon.organization.models import Party
from andon.organization.policy import policy
from andon.records.forms import DayInput, PlainForm
from andon.records.models import Attachment, Record

from .fields import of, offer_causes, people


class SimpleForm(PlainForm):
    """Problem, cause, action and check on one page."""

    problem = of(CorrectiveAction, "problem", required=True)
    cause = of(Cause, "text")
    how = forms.CharField(
        label=_("How you know"), max_length=500, help_text=_("Data, a trial, an observation.")
    )
    what = of(ActionItem, "what")
    kind = of(ActionItem, "kind")
    owner = forms.ModelChoiceField(label=_("Who does it"), queryset=User.objects.none())
    due_date = of(ActionItem, "due_date")
    window_days = forms.IntegerField(
        label=_("Effective when it does not come back for, days"), min_value=1, max_value=1100
    )

    def __init__(self, *args: Any, **options: Any) -> None:
        super().__init__(*args, **options)
        self.fields["owner"].queryset = people(self.viewer)  # type: ignore[attr-defined]
        self.fields["owner"].initial = self.record.owner_id
        self.fields["problem"].initial = getattr(self.record, "problem", "")
        self.fields["window_days"].initial = policy().effect_window_days
        kinds = [(key, label) for key, label in ItemKind.choices if key != ItemKind.SUPPLIER]
        self.fields["kind"].choices = kinds  # type: ignore[attr-defined]


class _OnAction(PlainForm):
    record: CorrectiveAction


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
    what = of(ActionItem, "what")
    kind = of(ActionItem, "kind")
    cause = forms.CharField(label=_("Against the cause"))
    owner = forms.ModelChoiceField(label=_("Who does it"), queryset=User.objects.none())
    due_date = of(ActionItem, "due_date")
    reference = of(ActionItem, "reference")
    party = forms.ModelChoiceField(
        label=_("Supplier"),
        queryset=Party.objects.none(),
        required=False,
        help_text=_("Of a request to a supplier."),
    )

    def __init__(self, *args: Any, **options: Any) -> None:
        super().__init__(*args, **options)
        self.fields["cause"] = offer_causes(
            self.record, _("Against the cause"), _("No particular one")
        )
        suppliers = Party.objects.visible_to(self.viewer).filter(is_supplier=True, is_active=True)
        self.fields["party"].queryset = suppliers  # type: ignore[attr-defined]
        self.fields["owner"].queryset = people(self.viewer)  # type: ignore[attr-defined]
        self.fields["owner"].initial = self.record.owner_id


class NothingForm(PlainForm):
    """Asks nothing: the button says it all."""


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


class ProofForm(_OnAction):
    """What proves that an action is done."""

    reference = of(ActionItem, "reference")
    proof_record = forms.CharField(
        label=_("Number of a record"), max_length=40, required=False,
        help_text=_("An analysis, an inspection, a change that shows it."),
    )  # fmt: skip
    proof_file = forms.ModelChoiceField(
        label=_("File of this record"), queryset=Attachment.objects.none(), required=False
    )

    def __init__(self, *args: Any, item: int, **options: Any) -> None:
        super().__init__(*args, **options)
        files = self.record.attachments.filter(withdrawn_reason="")
        self.fields["proof_file"].queryset = files  # type: ignore[attr-defined]
        row = self.record.items.select_related("proof_record").filter(pk=item).first()
        if row is not None:
            self.initial = {
                "reference": row.reference,
                "proof_record": row.proof_record.number if row.proof_record else "",
                "proof_file": row.proof_file_id,
            }

    def clean_proof_record(self) -> Record | None:
        number = self.cleaned_data["proof_record"].strip().upper()
        if not number:
            return None
        found = Record.objects.visible_to(self.viewer).filter(number=number).first()
        if found is None:
            raise forms.ValidationError(
                _("No record %(number)s is visible to you."), params={"number": number}
            )
        return found


class RequestForm(_OnAction):
    """What was asked of a supplier, and what they answered."""

    party = forms.ModelChoiceField(label=_("Supplier"), queryset=Party.objects.none())
    sent_date = forms.DateField(label=_("Sent on"), widget=DayInput, required=False)
    answered_date = forms.DateField(label=_("Answered on"), widget=DayInput, required=False)
    answer = forms.CharField(
        label=_("What they answered"), max_length=1000, required=False, widget=forms.Textarea
    )

    def __init__(self, *args: Any, item: int, **options: Any) -> None:
        super().__init__(*args, **options)
        suppliers = Party.objects.visible_to(self.viewer).filter(is_supplier=True)
        self.fields["party"].queryset = suppliers  # type: ignore[attr-defined]
        row = self.record.items.filter(pk=item).first()
        if row is not None:
            self.initial = {"party": row.party_id, "sent_date": row.sent_date,
                            "answered_date": row.answered_date, "answer": row.answer}  # fmt: skip


class _PromiseForm(_OnAction):
    window_days = of(Criterion, "window_days", required=True)
    verifier = forms.ModelChoiceField(
        label=_("Who verifies the effect"),
        queryset=User.objects.none(),
        required=False,
        help_text=_("Somebody else than the owner of this corrective action."),
    )

    def __init__(self, *args: Any, **options: Any) -> None:
        super().__init__(*args, **options)
        self.fields["verifier"].queryset = people(self.viewer)  # type: ignore[attr-defined]
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
    target_change = of(Criterion, "target_change")
    target_value = of(Criterion, "target_value")
    baseline_from = of(Criterion, "baseline_from", required=True)
    baseline_until = of(Criterion, "baseline_until", required=True)
    minimum_exposure = of(Criterion, "minimum_exposure")
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


class RecurrenceForm(_CaseForm, _OnAction):
    counts = forms.TypedChoiceField(
        label=_("Is it the same problem again?"),
        coerce=lambda value: value == "yes",
        choices=[
            ("yes", _("Yes: same verified cause, produced after the action took hold")),
            ("no", _("No: another cause, or produced before")),
        ],
    )
    cause = forms.CharField(label=_("The same verified cause"))
    produced_date = forms.DateField(
        label=_("Produced on"),
        widget=DayInput,
        required=False,
        help_text=_("Only what was produced after the action took hold counts."),
    )
    why = forms.CharField(label=_("How you know"), max_length=300)

    def __init__(self, *args: Any, **options: Any) -> None:
        super().__init__(*args, **options)
        self.fields["cause"] = offer_causes(
            self.record, _("The same verified cause"), _("None, or not known")
        )
