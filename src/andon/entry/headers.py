"""The headers that no answer goes without, whichever part of the application gives it (SE2)."""

from collections.abc import Callable
from http import HTTPStatus
from typing import Any

from django.http import HttpRequest, HttpResponse
from django.utils.cache import patch_cache_control

# What no page needs; a photo is taken by the phone's own file picker.
FEATURES = "camera=(), display-capture=(), geolocation=(), microphone=(), payment=(), usb=()"


class HeadersMiddleware:
    """Stands outside of all that could refuse, so that a refusal carries the headers, too."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        response = self.get_response(request)
        response.headers.setdefault("Permissions-Policy", FEATURES)
        if not response.has_header("Cache-Control") and _private(request, response):
            patch_cache_control(response, no_store=True, private=True)
        return response


def _private(request: HttpRequest, response: HttpResponse) -> bool:
    """Whether nobody may keep the answer: for somebody signed in, for a program, and each refusal.

    A refusal may come before it is known who asks.
    """
    user: Any = getattr(request, "user", None)
    refused = response.status_code >= HTTPStatus.BAD_REQUEST
    return refused or "Authorization" in request.headers or bool(user and user.is_authenticated)
