"""The kinds of facts a file can be imported as."""

from andon.modules.production.imports.targets.orders import DELIVERIES, RECEIPTS
from andon.modules.production.imports.targets.plans import CYCLE_TIMES, PLAN
from andon.modules.production.imports.targets.shop import OUTPUT, REWORK, SCRAP, STOPS

__all__ = [
    "CYCLE_TIMES",
    "DELIVERIES",
    "OUTPUT",
    "PLAN",
    "RECEIPTS",
    "REWORK",
    "SCRAP",
    "STOPS",
]
