"""What people ask about the organization."""

from bisect import bisect_right
from collections import defaultdict
from collections.abc import Callable, Hashable, Iterable, Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from datetime import date
from decimal import Decimal
from typing import Any, TypeVar, cast

from django.utils.functional import cached_property

from andon.organization.models import CostKind, CostRate, Item, Line, Settings

# A box that lives as long as one request; without one, every call reads the row.
_box: ContextVar[dict[Hashable, Any] | None] = ContextVar("settings_of_the_request", default=None)
_T = TypeVar("_T")


def settings() -> Settings:
    """Return the settings; before anybody has saved them, those of a new organization."""
    return once("row", _read)


def once(key: Hashable, read: Callable[[], _T]) -> _T:
    """Return what ``read`` finds, in one request only the first time for ``key``."""
    box = _box.get()
    if box is None:
        return read()
    if key not in box:
        box[key] = read()
    return cast("_T", box[key])


def _read() -> Settings:
    return Settings.objects.filter(pk=Settings.ONLY).first() or Settings(pk=Settings.ONLY)


@contextmanager
def read_once() -> Iterator[None]:
    """Read the settings at most once inside the block, which is one request."""
    token = _box.set({})
    try:
        yield
    finally:
        _box.reset(token)


def forget() -> None:
    """Read all this anew at the next question; the services call this after a change."""
    if (box := _box.get()) is not None:
        box.clear()


class Rates:
    """All versions of some kinds of cost, read once, to price many days."""

    def __init__(self, kinds: Iterable[str]) -> None:
        wanted = list(kinds)
        self._versions: dict[tuple[str, str, int], list[tuple[date, Decimal]]] = defaultdict(list)
        rows = CostRate.objects.active().filter(kind__in=wanted).order_by("from_date", "pk")
        for kind, item, line, day, amount in rows.values_list(
            "kind", "item_id", "line_id", "from_date", "amount"
        ):
            about = ("item", item) if item else ("line", line or 0)
            self._versions[kind, *about].append((day, amount))

    @cached_property
    def _unit_costs(self) -> dict[int, Decimal]:
        return dict(Item.objects.exclude(unit_cost=None).values_list("pk", "unit_cost"))

    def on(
        self, kind: str, day: date, *, item: int | None = None, line: int | None = None
    ) -> Decimal | None:
        """Return the amount in force: of the item or line, else the item's cost, else of all."""
        own = self._in_force((kind, "item", item), day) if item else None
        if own is None and item and kind == CostKind.SCRAP:
            own = self._unit_costs.get(item)
        if own is None and line:
            own = self._in_force((kind, "line", line), day)
        return self._in_force((kind, "line", 0), day) if own is None else own

    def _in_force(self, key: tuple[str, str, int], day: date) -> Decimal | None:
        versions = self._versions.get(key, [])
        at = bisect_right(versions, day, key=lambda version: version[0])
        return versions[at - 1][1] if at else None


def rate_on(
    kind: str, day: date, *, item: Item | None = None, line: Line | None = None
) -> Decimal | None:
    """Return what one unit of ``kind`` costs on ``day``; None when nobody has said it."""
    about = {"item": item.pk if item else None, "line": line.pk if line else None}
    return Rates([kind]).on(kind, day, **about)
