"""Where a write came in: page, API or command, its request and its address."""

import ipaddress
import uuid
from collections.abc import Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from dataclasses import dataclass

from django.conf import settings
from django.http import HttpRequest


@dataclass(frozen=True)
class Edge:
    """The outer edge of what runs now."""

    via: str = "code"
    request_id: str = ""
    address: str = ""


_edge: ContextVar[Edge] = ContextVar("andon_edge", default=Edge())  # noqa: B039  (frozen)


def current_edge() -> Edge:
    """Return where what runs now came in."""
    return _edge.get()


@contextmanager
def edge(*, via: str, request_id: str = "", address: str = "") -> Iterator[Edge]:
    """Name the way in for every entry written inside the block."""
    entered = Edge(via, request_id or uuid.uuid4().hex, address)
    token = _edge.set(entered)
    try:
        yield entered
    finally:
        _edge.reset(token)


def client_address(request: HttpRequest) -> str:
    """Return who asks: the peer, or behind our own proxies what the outermost of them saw (AU5).

    Each proxy adds at the right whom it heard, so what a client writes itself stands further left
    than the proxies counted and is never read.
    """
    peer = str(request.META.get("REMOTE_ADDR", ""))
    proxies = settings.TRUSTED_PROXY_COUNT
    if not proxies:
        return peer
    told = [each.strip() for each in request.META.get("HTTP_X_FORWARDED_FOR", "").split(",")]
    seen = told[-proxies] if len(told) >= proxies else ""
    try:
        return str(ipaddress.ip_address(seen))
    except ValueError:
        return peer
