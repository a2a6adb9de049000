"""What people do with a corrective action beyond opening, editing and its steps."""

from .analysing import add_cause, edit_cause, judge_cause
from .checking import extend_window, judge_recurrence
from .escalating import escalate
from .joining import open_successor, take_on
from .looking import contrast, join_team, leave_team, look_across
from .papers import ask_report, choose_form, drawn_anew, keep_form
from .planning import add_item, drop_item, extend_item, finish_item, plan_simply
from .promising import promise_change, promise_no_recurrence
from .proving import ask_supplier, prove_item

__all__ = [
    "add_cause",
    "add_item",
    "ask_report",
    "ask_supplier",
    "choose_form",
    "contrast",
    "drawn_anew",
    "drop_item",
    "edit_cause",
    "escalate",
    "extend_item",
    "extend_window",
    "finish_item",
    "join_team",
    "judge_cause",
    "judge_recurrence",
    "keep_form",
    "leave_team",
    "look_across",
    "open_successor",
    "plan_simply",
    "promise_change",
    "promise_no_recurrence",
    "prove_item",
    "take_on",
]
