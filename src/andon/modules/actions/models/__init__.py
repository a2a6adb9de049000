"""Corrective actions with their causes, actions, criterion and the checks of their effect."""

from .across import Affected, LookAcross
from .action import CorrectiveAction, CorrectiveActionQuerySet
from .causes import Cause, CauseBranch, CauseKind, CauseState
from .effects import Criterion, EffectCheck, LeftOutPoint, Method, Recurrence
from .items import ActionItem, ItemExtension, ItemKind
from .papers import CustomerReport, PartyForm, ReportForm, ReportFormVersion
from .problem import CONTRASTS, Contrast, Question, TeamMember, TeamRole
from .verdicts import Verdict

__all__ = [
    "CONTRASTS",
    "ActionItem",
    "Affected",
    "Cause",
    "CauseBranch",
    "CauseKind",
    "CauseState",
    "Contrast",
    "CorrectiveAction",
    "CorrectiveActionQuerySet",
    "Criterion",
    "CustomerReport",
    "EffectCheck",
    "ItemExtension",
    "ItemKind",
    "LeftOutPoint",
    "LookAcross",
    "Method",
    "PartyForm",
    "Question",
    "Recurrence",
    "ReportForm",
    "ReportFormVersion",
    "TeamMember",
    "TeamRole",
    "Verdict",
]
