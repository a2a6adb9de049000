"""The outermost edge: each request gets an id, and a line and a count when it is answered (LG1)."""

import logging
import re
import time
import uuid
from collections.abc import Callable

from django.db import DatabaseError
from django.http import Http404, HttpRequest, HttpResponse
from django.utils.cache import patch_cache_control

from andon.portal.operations import metrics, views

Next = Callable[[HttpRequest], HttpResponse]

# An id that a proxy of ours may have given; anything else is not repeated in log and trail.
REQUEST_ID = re.compile(r"\A[A-Za-z0-9][A-Za-z0-9._-]{7,63}\Z")
NO_ROUTE = "(none)"
PROBES: dict[str, Callable[[HttpRequest], HttpResponse]] = {
    "/healthz": views.healthz,
    "/readyz": views.readyz,
    "/metrics": views.numbers,
}
# What a client may send as a method is without end; what is counted is not.
METHODS = frozenset({"GET", "HEAD", "POST", "PUT", "PATCH", "DELETE", "OPTIONS"})

log = logging.getLogger("andon.access")


class AccessMiddleware:
    """Stands outside of everything, so that a refusal is counted and told as well."""

    def __init__(self, get_response: Next) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        sent = request.headers.get("X-Request-ID", "")
        request_id = sent if REQUEST_ID.match(sent) else uuid.uuid4().hex
        request.META["andon.request_id"] = request_id
        begun = time.perf_counter()
        response = self.get_response(request)
        seconds = time.perf_counter() - begun
        response.headers["X-Request-ID"] = request_id
        _tell(request, response.status_code, seconds)
        return response

    def process_exception(self, _request: HttpRequest, error: Exception) -> None:
        """Count what the database could not do; the answer is given elsewhere."""
        if isinstance(error, DatabaseError):
            metrics.count_error(type(error).__name__)


class ProbeMiddleware:
    """Answers probes before anything that needs a session or the database."""

    def __init__(self, get_response: Next) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        view = PROBES.get(request.path)
        if view is None:
            return self.get_response(request)
        try:
            response = view(request)
        except Http404:
            response = HttpResponse("Not found", status=404, content_type="text/plain")
        patch_cache_control(response, no_store=True)
        return response


def route_of(request: HttpRequest) -> str:
    """Return the pattern of the address, never the address: that may hold a secret."""
    if request.path in PROBES:
        return request.path[1:]
    match = request.resolver_match
    return match.route if match is not None else NO_ROUTE


def _tell(request: HttpRequest, status: int, seconds: float) -> None:
    method = request.method if request.method in METHODS else "other"
    route = route_of(request)
    metrics.count(str(method), route, status, seconds)
    told = {"method": method, "route": route, "status": status, "ms": round(seconds * 1000, 1)}
    log.info("answered", extra={"request": request, "access": told})
