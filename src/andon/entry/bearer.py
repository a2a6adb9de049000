"""How the API is entered: by the token of a program, or by the session of the pages (SE4, AU8)."""

from typing import Any

from django.http import HttpRequest
from ninja.errors import HttpError
from ninja.security import HttpBearer
from ninja.security.session import SessionAuth

from andon.entry.door import tell_forged, token_of


class ByToken(HttpBearer):
    """The token that `DoorMiddleware` has found good; nothing was read from a cookie."""

    def authenticate(self, request: HttpRequest, token: str) -> Any:  # noqa: ARG002
        found = token_of(request)
        return found.owner if found else None


class BySession(SessionAuth):
    """The session of the pages, with its token against forged requests."""

    def __call__(self, request: HttpRequest) -> Any:
        try:
            return super().__call__(request)
        except HttpError as refused:
            tell_forged(request, str(refused))
            raise
