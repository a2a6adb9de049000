"""Small forms of the ledger, of its cost and of those who decide."""

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from andon.accounts.roles import Role
from andon.modules.nonconformities.models import (
    AffectedLot,
    Agreement,
    Containment,
    CostLine,
    CostOf,
    Disposal,
    Disposition,
    Nonconformity,
    Reinspection,
    Sorting,
)
from andon.records.forms import DayInput, PlainForm


class _OnNonconformity(PlainForm):
    record: Nonconformity


class _OfALot(_OnNonconformity):
    """Asks for the lot where several are listed."""

    lot = forms.TypedChoiceField(label=_("Lot"), coerce=int, empty_value=None)

    def __init__(self, *args: Any, **options: Any) -> None:
        super().__init__(*args, **options)
        lots = self.record.affected_lots
        if not lots:
            del self.fields["lot"]
            return
        self.fields["lot"].choices = [("", "---------"), *((lot.pk, lot.lot) for lot in lots)]  # type: ignore[attr-defined]


class LotForm(_OnNonconformity):
    lot = AffectedLot._meta.get_field("lot").formfield()
    quantity = AffectedLot._meta.get_field("quantity").formfield()
    note = AffectedLot._meta.get_field("note").formfield()


class ContainmentForm(_OfALot):
    place = Containment._meta.get_field("place").formfield()
    quantity = Containment._meta.get_field("quantity").formfield()
    action = Containment._meta.get_field("action").formfield()

    def __init__(self, *args: Any, **options: Any) -> None:
        super().__init__(*args, **options)
        if "lot" in self.fields:
            self.fields["lot"].required = False
        suspect = self.record.suspect_quantity
        if suspect is not None:
            self.fields["quantity"].initial = max(suspect - self.record.contained_quantity, 0)


class SortingForm(_OfALot):
    good = Sorting._meta.get_field("good").formfield()
    nonconforming = Sorting._meta.get_field("nonconforming").formfield()
    not_recovered = Sorting._meta.get_field("not_recovered").formfield()
    note = Sorting._meta.get_field("note").formfield()


class DispositionForm(_OfALot):
    disposal = forms.ChoiceField(label=_("Disposition"), choices=Disposal.choices)
    quantity = Disposition._meta.get_field("quantity").formfield()
    instruction = Disposition._meta.get_field("instruction").formfield()
    justification = Disposition._meta.get_field("justification").formfield()
    approval_number = Disposition._meta.get_field("approval_number").formfield()
    approval_contact = Disposition._meta.get_field("approval_contact").formfield()
    approval_until = Disposition._meta.get_field("approval_until").formfield(widget=DayInput)
    approval_quantity = Disposition._meta.get_field("approval_quantity").formfield()

    def __init__(self, *args: Any, **options: Any) -> None:
        super().__init__(*args, **options)
        self.fields["quantity"].initial = self.record.ledger.undisposed or None


class ApprovalForm(PlainForm):
    approval_number = forms.CharField(
        label=_("Customer's approval"), max_length=60, help_text=_("The number of their letter.")
    )
    approval_contact = Disposition._meta.get_field("approval_contact").formfield()
    approval_until = Disposition._meta.get_field("approval_until").formfield(widget=DayInput)
    approval_quantity = Disposition._meta.get_field("approval_quantity").formfield()


class CarryOutForm(PlainForm):
    quantity = forms.DecimalField(
        label=_("Quantity carried out now"), max_digits=15, decimal_places=3
    )


class VerifyForm(PlainForm):
    good = Reinspection._meta.get_field("good").formfield(label=_("How many fulfil it again"))
    failed = Reinspection._meta.get_field("failed").formfield(
        label=_("How many do not"), help_text=_("They are to be carried out and verified again.")
    )
    note = Reinspection._meta.get_field("note").formfield()


class WithdrawForm(PlainForm):
    reason = forms.CharField(label=_("Why it is taken back"), max_length=300)


class CostForm(PlainForm):
    kind = forms.ChoiceField(label=_("What for"), choices=CostOf.choices)
    amount = CostLine._meta.get_field("amount").formfield()
    what = CostLine._meta.get_field("what").formfield()


class AgreementForm(_OnNonconformity):
    role = forms.ChoiceField(label=_("As"))
    note = Agreement._meta.get_field("note").formfield()

    def __init__(self, *args: Any, **options: Any) -> None:
        super().__init__(*args, **options)
        held = self.viewer.roles_at(self.record.site_id)
        needed = {need.role for need in self.record.authorities()} & held
        self.fields["role"].choices = [(role, Role(role).label) for role in sorted(needed)]  # type: ignore[attr-defined]
