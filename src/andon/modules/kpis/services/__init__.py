"""What people do with KPIs: define, set targets, observe, refresh, restate, note, answer."""

from .adopting import adopt, ready_made
from .allowed import answerer, home_of
from .defining import define, redefine, require_definer, set_target
from .detecting import detect, detect_missing
from .limiting import set_limits, split_at
from .observing import note, observe, record_rows
from .refreshing import Refreshed, refresh, restate

__all__ = [
    "Refreshed",
    "adopt",
    "answerer",
    "define",
    "detect",
    "detect_missing",
    "home_of",
    "note",
    "observe",
    "ready_made",
    "record_rows",
    "redefine",
    "refresh",
    "require_definer",
    "restate",
    "set_limits",
    "set_target",
    "split_at",
]
