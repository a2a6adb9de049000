"""KPIs, what was observed of them, and the signals they raise."""

from .choices import ChartKind, Counting, Direction, Formula
from .definitions import Kpi
from .observations import Observation, Source
from .parts import Phase, PointNote, Target
from .periods import Period
from .reading import Reading
from .signals import ActionCode, CauseCode, Signal, SignalKind

__all__ = [
    "ActionCode",
    "CauseCode",
    "ChartKind",
    "Counting",
    "Direction",
    "Formula",
    "Kpi",
    "Observation",
    "Period",
    "Phase",
    "PointNote",
    "Reading",
    "Signal",
    "SignalKind",
    "Source",
    "Target",
]
