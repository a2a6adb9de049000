"""The bell on every page."""

from typing import Any

from django.http import HttpRequest
from django.utils.functional import SimpleLazyObject

from andon.accounts.models import User

from . import queries


def bell(request: HttpRequest) -> dict[str, Any]:
    """Return how many notices wait for the reader; counted only where it is shown."""
    user = getattr(request, "user", None)
    if not isinstance(user, User):
        return {}
    return {"bell": SimpleLazyObject(lambda: _count(user))}


def _count(user: Any) -> str:
    number = queries.unread(user)
    return f"{queries.COUNTED}+" if number > queries.COUNTED else str(number or "")
