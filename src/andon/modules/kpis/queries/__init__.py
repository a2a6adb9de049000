"""What people ask about KPIs: series, charts, tiles, Paretos, before and after."""

from .answering import Answers, answers
from .board import Standing, Tile, standing, tiles, tiles_of, wall
from .charting import KpiChart, causes, chart, may_split
from .comparing import Window, window
from .facts import Changed, changed_facts, closed_facts, troubles
from .parts import Breakdown, Part, breakdown, parts_of, sums_of
from .reporting import report_of
from .restating import Restatement, restatements

__all__ = [
    "Answers",
    "Breakdown",
    "Changed",
    "KpiChart",
    "Part",
    "Restatement",
    "Standing",
    "Tile",
    "Window",
    "answers",
    "breakdown",
    "causes",
    "changed_facts",
    "chart",
    "closed_facts",
    "may_split",
    "parts_of",
    "report_of",
    "restatements",
    "standing",
    "sums_of",
    "tiles",
    "tiles_of",
    "troubles",
    "wall",
    "window",
]
