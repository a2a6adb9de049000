"""Forms of production: they check what was typed and never save."""

from andon.modules.production.forms.feeds import (
    DismissForm,
    FeedForm,
    FeedUseForm,
    ResendForm,
    shown,
)
from andon.modules.production.forms.imports import AnswerForm, MappingForm, ReadForm, UploadForm
from andon.modules.production.forms.shift import CauseForm, ShiftChoice, ShiftForm, UndoForm

__all__ = [
    "AnswerForm",
    "CauseForm",
    "DismissForm",
    "FeedForm",
    "FeedUseForm",
    "MappingForm",
    "ReadForm",
    "ResendForm",
    "ShiftChoice",
    "ShiftForm",
    "UndoForm",
    "UploadForm",
    "shown",
]
