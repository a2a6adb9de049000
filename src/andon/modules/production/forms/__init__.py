"""Forms of production: they check what was typed and never save."""

from andon.modules.production.forms.imports import AnswerForm, MappingForm, ReadForm, UploadForm
from andon.modules.production.forms.shift import CauseForm, ShiftChoice, ShiftForm, UndoForm

__all__ = [
    "AnswerForm",
    "CauseForm",
    "MappingForm",
    "ReadForm",
    "ShiftChoice",
    "ShiftForm",
    "UndoForm",
    "UploadForm",
]
