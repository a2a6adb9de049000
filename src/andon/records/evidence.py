"""What a module says about a requirement: evidence and its state, never conformity.

A rule reports what the records show. Whether that is enough is said by a named assessor
(`andon.assurance`), because a record's presence is not conformity.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from dataclasses import dataclass
from datetime import date
from enum import StrEnum
from typing import TYPE_CHECKING, Any, TypeVar

from .models import Record

if TYPE_CHECKING:
    from django.utils.functional import Promise

    from andon.accounts.models import User

CAPPED = 1000
T = TypeVar("T")


class State(StrEnum):
    """How much the records show on a day; the stored words never change."""

    CURRENT = "current"
    PARTIAL = "partial"
    STALE = "stale"
    NONE = "none"


@dataclass(frozen=True, slots=True)
class EvidenceRecord:
    """One record that speaks for the requirement, newest first in a list."""

    number: str
    title: str
    url: str
    day: date | None = None


@dataclass(frozen=True, slots=True)
class Missing:
    """One thing that is not there, with the place where it is put right."""

    text: str | Promise
    url: str
    label: str | Promise


@dataclass(frozen=True, slots=True)
class Start:
    """The button that starts the work the evidence comes from."""

    label: str | Promise
    url: str


@dataclass(frozen=True, slots=True)
class Evidence:
    """The answer of one rule for one person on one day.

    `counted` may be capped by the rule; `records` holds a few of them, newest first.
    """

    state: State
    records: tuple[EvidenceRecord, ...] = ()
    missing: tuple[Missing, ...] = ()
    fix: Start | None = None
    counted: int = 0


@dataclass(frozen=True, slots=True)
class Rule:
    """Which requirements a module's records speak for, and the function that looks.

    `requirements` holds ids of the 2015 edition; later editions follow by the map of
    `andon.standard`. Ids that only exist in another edition stand in `extra`, by edition.
    """

    name: str
    requirements: tuple[str, ...]
    title: str | Promise
    text: str | Promise
    ask: Callable[[User, date], Evidence]
    extra: tuple[tuple[str, str], ...] = ()


def newest(kind: type[Record], person: User, **only: Any) -> Any:
    """Return the newest thousand of ``kind`` that ``person`` may see, void ones left out.

    A rule asks only these, so that its answer costs the same however many there are; the shell
    gives them in order by its index, without sorting.
    """
    shell = Record.objects.visible_to(person).filter(kind=kind.slug(), **only)
    rows = shell.exclude(state=kind.workflow.void) if kind.workflow.void else shell
    return kind._default_manager.filter(pk__in=rows.order_by("-pk").values("pk")[:CAPPED])


_round: ContextVar[dict[object, Any] | None] = ContextVar("round_of_questions", default=None)


@contextmanager
def one_round() -> Iterator[None]:
    """Ask several rules at once; what they look up in common is looked up once."""
    token = _round.set({})
    try:
        yield
    finally:
        _round.reset(token)


def once_a_round(key: object, look: Callable[[], T]) -> T:
    """Return what ``look`` finds, inside a round only the first time for ``key``."""
    found = _round.get()
    if found is None:
        return look()
    if key not in found:
        found[key] = look()
    answer: T = found[key]
    return answer
