"""What people ask about KPIs: series, charts, tiles, Paretos, before and after."""

from .answering import Answers, answers
from .board import Standing, Tile, standing, tiles, tiles_of
from .charting import KpiChart, causes, chart, may_split
from .comparing import Window, window
from .facts import Changed, changed_facts, closed_facts
from .restating import Restatement, restatements

__all__ = [
    "Answers",
    "Changed",
    "KpiChart",
    "Restatement",
    "Standing",
    "Tile",
    "Window",
    "answers",
    "causes",
    "changed_facts",
    "chart",
    "closed_facts",
    "may_split",
    "restatements",
    "standing",
    "tiles",
    "tiles_of",
    "window",
]
