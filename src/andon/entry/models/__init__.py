"""What is kept at the door."""

from andon.entry.models.budgets import Budget
from andon.entry.models.factors import Generator, Passkey, RecoveryCode, Spent
from andon.entry.models.identities import OutsideIdentity
from andon.entry.models.pins import Badge, Pin
from andon.entry.models.resets import ResetRequest
from andon.entry.models.sent import SentOnce
from andon.entry.models.sessions import Session
from andon.entry.models.tablets import Tablet
from andon.entry.models.tokens import ApiToken, TokenUse

__all__ = [
    "ApiToken",
    "Badge",
    "Budget",
    "Generator",
    "OutsideIdentity",
    "Passkey",
    "Pin",
    "RecoveryCode",
    "ResetRequest",
    "SentOnce",
    "Session",
    "Spent",
    "Tablet",
    "TokenUse",
]
