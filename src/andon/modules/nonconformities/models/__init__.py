"""A nonconformity with its ledger."""

from andon.modules.nonconformities.lifecycle import Severity, State

from .choices import ActionDecision, Category, DefectCode, Disposal, FoundAt, Ledger
from .nonconformity import Nonconformity, NonconformityQuerySet
from .parts import Containment, Disposition, Sorting

__all__ = [
    "ActionDecision",
    "Category",
    "Containment",
    "DefectCode",
    "Disposal",
    "Disposition",
    "FoundAt",
    "Ledger",
    "Nonconformity",
    "NonconformityQuerySet",
    "Severity",
    "Sorting",
    "State",
]
