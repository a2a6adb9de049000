"""The one way to write controlled rows: ``with audited(by, reason=…)`` (AT1, AT2)."""

import functools
import random
import sqlite3
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, ParamSpec, Protocol, TypeVar

from django.db import OperationalError, connection, transaction
from django.utils.functional import Promise

from andon.trail import capture, checkpoints
from andon.trail.edge import current_edge, edge
from andon.trail.gate import opened
from andon.trail.sealing import Actor, NotAudited, Transaction, current

if TYPE_CHECKING:
    from andon.trail.models import AuditedModel

__all__ = ["SYSTEM", "NotAudited", "audited", "edge", "rebaseline", "retrying"]

ATTEMPTS = 3
_P = ParamSpec("_P")
_R = TypeVar("_R")


class Identified(Protocol):
    """Anything that acts and has an id: a user, or `SYSTEM`."""

    @property
    def pk(self) -> Any: ...


@dataclass(frozen=True)
class SYSTEM:
    """A named part of the system that acts by itself: ``SYSTEM("import")``."""

    pk: str


@contextmanager
def audited(
    by: Identified, *, reason: str | Promise = "", via: str | None = None
) -> Iterator[Transaction]:
    """Write what happens inside, and the entries that say so, together or not at all.

    The outermost block is the transaction and seals its entries last of all; an inner one is
    a savepoint, and its rollback drops its entries. Nobody else may act inside.

    Raises
    ------
    NotAudited
        The actor has no id, or is not the one of the block around.
    """
    actor = actor_of(by)
    if (outer := current.get()) is not None:
        with _inner(outer, actor, reason=str(reason), via=via):
            yield outer
        return
    block = Transaction(actor, str(reason), via or current_edge().via)
    with transaction.atomic(durable=True):
        token = current.set(block)
        try:
            with opened(to_the_end=True):
                yield block
                block.seal()
            if block.weighty:
                checkpoints.after_commit(block.weighty)
        finally:
            current.reset(token)


def retrying(function: Callable[_P, _R]) -> Callable[_P, _R]:
    """Run the whole of ``function`` again when the database could not serialise it (AT2)."""

    @functools.wraps(function)
    def attempt(*args: _P.args, **kwargs: _P.kwargs) -> _R:
        for attempts in range(1, ATTEMPTS + 1):
            try:
                return function(*args, **kwargs)
            except OperationalError as error:
                inside = connection.in_atomic_block
                if attempts == ATTEMPTS or inside or not _passing(error):
                    raise
            time.sleep(random.uniform(0.01, 0.05) * attempts)  # noqa: S311  (no secret)
        raise AssertionError  # pragma: no cover

    return attempt


def rebaseline(model: "type[AuditedModel]") -> int:
    """Seal the state of every row of ``model`` anew, after its form has changed (AT8).

    For a migration that raised `trail_state_version`; shows every field as it is now.
    """
    written = 0
    block = capture.transaction_for(model)
    keys = model._base_manager.order_by("pk").values_list("pk", flat=True)
    for pks in capture.chunks(list(keys)):
        for row in capture.rows(model, pks).values():
            capture.write(
                block,
                "rebaselined",
                row.instance,
                old={},
                new=row.state,
                changed=list(row.state),
            )
            written += 1
    return written


@contextmanager
def _inner(outer: Transaction, actor: Actor, *, reason: str, via: str | None) -> Iterator[None]:
    if actor != outer.actor:
        raise NotAudited("Another actor cannot write inside somebody's audited block.")
    kept = outer.reason, outer.via
    outer.reason, outer.via = reason or outer.reason, via or outer.via
    try:
        with transaction.atomic():
            yield
    finally:
        outer.reason, outer.via = kept


def actor_of(by: Identified) -> Actor:
    """Return who acts by kind and id; raises `NotAudited` for somebody without an id."""
    if by.pk is None or by.pk == "":
        raise NotAudited("Somebody without an id cannot act.")
    return Actor("system" if isinstance(by, SYSTEM) else "user", str(by.pk))


def _passing(error: OperationalError) -> bool:
    """Whether the same work may succeed when tried again: busy, 40001 or 40P01."""
    cause = error.__cause__
    if isinstance(cause, sqlite3.OperationalError):
        return cause.sqlite_errorcode & 0xFF == sqlite3.SQLITE_BUSY
    return getattr(cause, "sqlstate", "") in {"40001", "40P01"}
