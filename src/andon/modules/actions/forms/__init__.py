"""Forms of corrective actions: they check what was typed and never save."""

from .analysing import CauseForm, ContrastForm, LookForm, MemberForm
from .opening import ActionFilters, EditForm, OpenForm, SuccessorForm
from .papers import ChooseFormForm, ReportDataForm, ReportFormForm
from .parts import (
    ChangeForm,
    DropForm,
    FinishForm,
    ItemForm,
    JudgeCauseForm,
    MoreTimeForm,
    NothingForm,
    ProofForm,
    RecurrenceForm,
    RequestForm,
    SilenceForm,
    SimpleForm,
    TakeOnForm,
    WatchLongerForm,
)

__all__ = [
    "ActionFilters",
    "CauseForm",
    "ChangeForm",
    "ChooseFormForm",
    "ContrastForm",
    "DropForm",
    "EditForm",
    "FinishForm",
    "ItemForm",
    "JudgeCauseForm",
    "LookForm",
    "MemberForm",
    "MoreTimeForm",
    "NothingForm",
    "OpenForm",
    "ProofForm",
    "RecurrenceForm",
    "ReportDataForm",
    "ReportFormForm",
    "RequestForm",
    "SilenceForm",
    "SimpleForm",
    "SuccessorForm",
    "TakeOnForm",
    "WatchLongerForm",
]
