"""Corrective actions with their causes, actions, criterion and the checks of their effect."""

from .action import CorrectiveAction, CorrectiveActionQuerySet
from .causes import Cause, CauseKind, CauseState
from .effects import Criterion, EffectCheck, LeftOutPoint, Method, Recurrence
from .items import ActionItem, ItemExtension, ItemKind
from .verdicts import Verdict

__all__ = [
    "ActionItem",
    "Cause",
    "CauseKind",
    "CauseState",
    "CorrectiveAction",
    "CorrectiveActionQuerySet",
    "Criterion",
    "EffectCheck",
    "ItemExtension",
    "ItemKind",
    "LeftOutPoint",
    "Method",
    "Recurrence",
    "Verdict",
]
