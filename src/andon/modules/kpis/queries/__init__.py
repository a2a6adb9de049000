"""What people ask about KPIs: series, charts, tiles, Paretos, before and after."""

from .board import Tile, tiles, tiles_of
from .charting import KpiChart, causes, chart
from .comparing import Window, window
from .facts import Changed, changed_facts, closed_facts

__all__ = [
    "Changed",
    "KpiChart",
    "Tile",
    "Window",
    "causes",
    "changed_facts",
    "chart",
    "closed_facts",
    "tiles",
    "tiles_of",
    "window",
]
