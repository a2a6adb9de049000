"""What is kept at the door."""

from andon.entry.models.budgets import Budget
from andon.entry.models.resets import ResetRequest
from andon.entry.models.sent import SentOnce
from andon.entry.models.sessions import Session
from andon.entry.models.tokens import ApiToken, TokenUse

__all__ = ["ApiToken", "Budget", "ResetRequest", "SentOnce", "Session", "TokenUse"]
