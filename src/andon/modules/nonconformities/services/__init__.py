"""What people do with a nonconformity beyond reporting, editing and its steps."""

from .costing import add_cost, proposed_costs, take_back_cost, take_over_costs
from .deciding import agree, approve_concession
from .ledger import carry_out, contain, dispose, list_lot, sort_out, verify_again, withdraw
from .lists import add_authority, add_defect_code, edit_defect_code, end_authority

__all__ = [
    "add_authority",
    "add_cost",
    "add_defect_code",
    "agree",
    "approve_concession",
    "carry_out",
    "contain",
    "dispose",
    "edit_defect_code",
    "end_authority",
    "list_lot",
    "proposed_costs",
    "sort_out",
    "take_back_cost",
    "take_over_costs",
    "verify_again",
    "withdraw",
]
