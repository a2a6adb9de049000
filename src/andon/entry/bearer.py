"""How a program enters the API: by its token (AU8)."""

from typing import Any

from django.http import HttpRequest
from ninja.security import HttpBearer

from andon.entry.door import token_of


class ByToken(HttpBearer):
    """The token that `DoorMiddleware` has found good; nothing was read from a cookie."""

    def authenticate(self, request: HttpRequest, token: str) -> Any:  # noqa: ARG002
        found = token_of(request)
        return found.owner if found else None
