"""What every record names: processes, items, parties, lines, shifts; and the settings."""

from andon.organization.models.lists import CODE, Holiday, Item, Line, Party, Process, Shift
from andon.organization.models.rates import CostKind, CostRate
from andon.organization.models.settings import Settings
from andon.organization.models.visible import (
    AtSiteQuerySet,
    SharedOrAtSiteQuerySet,
    SharedQuerySet,
)

__all__ = [
    "CODE",
    "AtSiteQuerySet",
    "CostKind",
    "CostRate",
    "Holiday",
    "Item",
    "Line",
    "Party",
    "Process",
    "Settings",
    "SharedOrAtSiteQuerySet",
    "SharedQuerySet",
    "Shift",
]
