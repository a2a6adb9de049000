"""Forms of corrective actions: they check what was typed and never save."""

from .opening import ActionFilters, EditForm, OpenForm, SuccessorForm
from .parts import (
    CauseForm,
    ChangeForm,
    DropForm,
    FinishForm,
    ItemForm,
    JudgeCauseForm,
    MoreTimeForm,
    RecurrenceForm,
    SilenceForm,
    SimpleForm,
    TakeOnForm,
    WatchLongerForm,
)

__all__ = [
    "ActionFilters",
    "CauseForm",
    "ChangeForm",
    "DropForm",
    "EditForm",
    "FinishForm",
    "ItemForm",
    "JudgeCauseForm",
    "MoreTimeForm",
    "OpenForm",
    "RecurrenceForm",
    "SilenceForm",
    "SimpleForm",
    "SuccessorForm",
    "TakeOnForm",
    "WatchLongerForm",
]
