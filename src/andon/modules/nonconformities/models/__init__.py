"""A nonconformity with its ledger, its lots, its cost, and who decides on it."""

from andon.modules.nonconformities.lifecycle import Severity, State

from .authority import Authority
from .choices import ActionDecision, Category, CostOf, Disposal, FoundAt, Ledger, Reach
from .codes import DefectCode, Tree
from .costs import CostLine
from .lots import AffectedLot
from .nonconformity import Nonconformity, NonconformityQuerySet
from .parts import Agreement, Containment, Disposition, Reinspection, Sorting

__all__ = [
    "ActionDecision",
    "AffectedLot",
    "Agreement",
    "Authority",
    "Category",
    "Containment",
    "CostLine",
    "CostOf",
    "DefectCode",
    "Disposal",
    "Disposition",
    "FoundAt",
    "Ledger",
    "Nonconformity",
    "NonconformityQuerySet",
    "Reach",
    "Reinspection",
    "Severity",
    "Sorting",
    "State",
    "Tree",
]
