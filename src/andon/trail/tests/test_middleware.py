"""A write says by which request it came in (AT6)."""

import pytest
from django.http import HttpRequest, HttpResponse
from django.test import RequestFactory

from andon.trail.edge import Edge, current_edge
from andon.trail.middleware import EdgeMiddleware


@pytest.mark.parametrize(("path", "via"), [("/nonconformities/", "page"), ("/api/v1/x", "api")])
def test_AT6_a_request_gives_way_id_and_address(path: str, via: str) -> None:
    seen: list[Edge] = []

    def view(request: HttpRequest) -> HttpResponse:
        seen.append(current_edge())
        return HttpResponse()

    response = EdgeMiddleware(view)(RequestFactory().get(path, REMOTE_ADDR="192.0.2.7"))

    assert (seen[0].via, seen[0].address) == (via, "192.0.2.7")
    assert response.headers["X-Request-ID"] == seen[0].request_id
    assert current_edge().request_id == ""
