"""KPIs, what was observed of them, and the signals they raise."""

from .definitions import (
    ChartKind,
    Counting,
    Direction,
    Formula,
    Kpi,
    Phase,
    PointNote,
    Target,
)
from .observations import Observation, Source
from .periods import Period
from .signals import Signal, SignalKind

__all__ = [
    "ChartKind",
    "Counting",
    "Direction",
    "Formula",
    "Kpi",
    "Observation",
    "Period",
    "Phase",
    "PointNote",
    "Signal",
    "SignalKind",
    "Source",
    "Target",
]
