"""Where a write came in: page, API or command, its request and its address."""

import uuid
from collections.abc import Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from dataclasses import dataclass


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
