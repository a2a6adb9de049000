"""One reading of the settings per request."""

from collections.abc import Callable

from django.http import HttpRequest, HttpResponse

from andon.organization import queries


class SettingsMiddleware:
    """Opens the box in which ``queries.settings`` keeps the row for this request only."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        with queries.read_once():
            return self.get_response(request)
