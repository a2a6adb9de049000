"""What people do with a corrective action beyond opening, editing and its steps."""

from .analysing import add_cause, judge_cause
from .checking import extend_window, judge_recurrence
from .escalating import escalate
from .joining import open_successor, take_on
from .planning import add_item, drop_item, extend_item, finish_item, plan_simply
from .promising import promise_change, promise_no_recurrence

__all__ = [
    "add_cause",
    "add_item",
    "drop_item",
    "escalate",
    "extend_item",
    "extend_window",
    "finish_item",
    "judge_cause",
    "judge_recurrence",
    "open_successor",
    "plan_simply",
    "promise_change",
    "promise_no_recurrence",
    "take_on",
]
