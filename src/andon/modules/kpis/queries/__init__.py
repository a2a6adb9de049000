"""What people ask about KPIs: series, charts, tiles, Paretos, before and after."""

from .answering import Answers, answers, with_raised
from .board import Standing, Tile, standing, tiles, tiles_of, wall
from .charting import KpiChart, causes, chart, may_split
from .comparing import Window, window
from .facts import Changed, changed_facts, closed_facts
from .formulas import Behind, Preview, Ready, behind, preview, ready_made, troubles, unpriced
from .parts import Breakdown, Part, breakdown, parts_of
from .rare import RareEvents, rare_events
from .reporting import report_of
from .restating import Restatement, restatements

__all__ = [
    "Answers",
    "Behind",
    "Breakdown",
    "Changed",
    "KpiChart",
    "Part",
    "Preview",
    "RareEvents",
    "Ready",
    "Restatement",
    "Standing",
    "Tile",
    "Window",
    "answers",
    "behind",
    "breakdown",
    "causes",
    "changed_facts",
    "chart",
    "closed_facts",
    "may_split",
    "parts_of",
    "preview",
    "rare_events",
    "ready_made",
    "report_of",
    "restatements",
    "standing",
    "tiles",
    "tiles_of",
    "troubles",
    "unpriced",
    "wall",
    "window",
    "with_raised",
]
