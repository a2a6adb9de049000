"""Tells the trail by which request a write came in."""

from collections.abc import Callable

from django.http import HttpRequest, HttpResponse

from andon.trail.edge import client_address, edge


class EdgeMiddleware:
    """Gives each request an id and names it, with its address, in what it writes."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        via = "api" if request.path.startswith("/api/") else "page"
        given = request.META.get("andon.request_id", "")  # by the outermost edge
        with edge(via=via, address=client_address(request), request_id=given) as entered:
            request.META["andon.request_id"] = entered.request_id  # for the log, also afterwards
            response = self.get_response(request)
            response.headers.setdefault("X-Request-ID", entered.request_id)
        return response
