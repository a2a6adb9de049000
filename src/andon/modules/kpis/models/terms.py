"""The named sums that formulas are made of, and where each comes from."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from functools import cache, partial
from typing import TYPE_CHECKING, Any

from django.utils.translation import gettext_lazy as _

from andon.modules.production import models as facts
from andon.modules.production import queries as production
from andon.organization.models import CostKind
from andon.records import measures

from . import asking

if TYPE_CHECKING:
    from django.utils.functional import Promise

MINUTES = 60


@dataclass(frozen=True)
class Term:
    """One named sum."""

    name: str
    label: str | Promise
    source: str | Promise
    ask: Callable[[asking.Asked], asking.Found]
    # Facts whose batches, and audited rows whose changes, change this sum.
    batches: tuple[str, ...] = ()
    rows: tuple[str, ...] = ()
    # The day of a fact that says in which period it counts, where it is not that of its batch.
    day_field: str = ""
    at_lines: bool = True
    # Of records there may be none in a period; then the sum is zero and not unknown.
    is_count: bool = False


_FACTS = _("Facts of production")
_ORDERS = _("Order lines")
_PRICED = _("Facts or records, priced by the cost rates in force on their day")
_RATE_ROWS = ("organization.costrate", "organization.item")
_OEE_BATCHES = tuple(
    f"production.{name}" for name in ("output", "stop", "scrap", "rework", "cycletime")
)


def _fact(name: str, label: Any, model: Any, value: str) -> Term:
    return Term(
        name, label, _FACTS, partial(asking.at_lines, model, value), (model._meta.label_lower,)
    )


def _line_pair(
    ask: Any, top: tuple[str, Any], bottom: tuple[str, Any] | None, *batches: str
) -> Iterator[Term]:
    names = tuple(f"production.{name}" for name in batches)
    for named, take in ((top, asking.tops), (bottom, asking.bottoms)):
        if named is not None:
            yield Term(*named, _FACTS, partial(asking.each_line, ask, take), names)


def _order_pair(
    ask: Any, top: tuple[str, Any], bottom: tuple[str, Any], day: str
) -> Iterator[Term]:
    for named, take in ((top, asking.tops), (bottom, asking.bottoms)):
        yield Term(
            *named, _ORDERS, partial(asking.each_site, ask, take), ("production.delivery",),
            day_field=day, at_lines=False,
        )  # fmt: skip


def _minutes(name: str, label: Any, part: str) -> Term:
    ask = partial(asking.each_line, production.oee_by_period, partial(asking.oee, part))
    return Term(name, label, _FACTS, ask, _OEE_BATCHES)


def _receipt(name: str, label: Any) -> Term:
    ask = partial(asking.receipts, name)
    return Term(name, label, _("Receipts"), ask, ("production.receipt",), at_lines=False)


def _cost(name: str, label: Any, kind: str, model: Any, *, per: int = 1) -> Term:
    ask = partial(asking.priced, kind, model, model.value_fields[0], per)
    return Term(name, label, _PRICED, ask, (model._meta.label_lower,), _RATE_ROWS)


def _record_cost(name: str, label: Any, kind: str, measure: str) -> Term:
    rows = (*_RATE_ROWS, measures.known()[measure][0].trail_label())
    return Term(name, label, _PRICED, partial(asking.priced_records, kind, measure), (), rows)


def _shop() -> Iterator[Term]:
    yield _fact("produced", _("pieces produced"), facts.Output, "produced")
    yield _fact("planned_minutes", _("planned minutes"), facts.Output, "planned_minutes")
    yield _fact("scrapped", _("pieces scrapped"), facts.Scrap, "quantity")
    yield _fact("reworked", _("pieces reworked"), facts.Rework, "quantity")
    yield _fact("lost_minutes", _("minutes lost by stops"), facts.Stop, "minutes")
    yield _fact("planned", _("pieces planned"), facts.Plan, "planned")
    yield from _line_pair(
        production.adherence_by_period, ("made_as_planned", _("pieces made as planned")), None,
        "plan", "output",
    )  # fmt: skip
    yield from _line_pair(
        production.first_pass_by_period, ("right_first_time", _("pieces right the first time")),
        None, "output", "scrap", "rework",
    )  # fmt: skip
    yield _minutes("counted_minutes", _("planned minutes with known cycle times"), "planned")
    yield _minutes("running_minutes", _("running minutes of these"), "running")
    yield _minutes("ideal_minutes", _("minutes the pieces should have taken"), "ideal")
    yield _minutes(
        "effective_minutes", _("minutes that good pieces should have taken"), "effective"
    )


def _orders() -> Iterator[Term]:
    yield from _order_pair(
        partial(production.on_time_by_period, promise=production.FIRST),
        ("on_time_lines", _("order lines on time by the first promise")),
        ("due_lines", _("order lines promised first for the period")), "promised",
    )  # fmt: skip
    yield from _order_pair(
        partial(production.on_time_by_period, promise=production.CURRENT),
        ("on_time_lines_now", _("order lines on time by the current promise")),
        ("due_lines_now", _("order lines now promised for the period")), "current_promise",
    )  # fmt: skip
    yield from _order_pair(
        production.lead_time_by_period,
        ("lead_days", _("days from order to delivery, added up")),
        ("lead_lines", _("delivered order lines with a known order day")), "delivered",
    )  # fmt: skip
    yield Term(
        "shipped_lines", _("order lines shipped"), _ORDERS, asking.shipped,
        ("production.delivery",), day_field="delivered", at_lines=False,
    )  # fmt: skip
    yield _receipt("received", _("quantity received from suppliers"))
    yield _receipt("rejected", _("quantity rejected of it"))


def _money() -> Iterator[Term]:
    yield _cost("scrap_cost", _("cost of scrap"), CostKind.SCRAP, facts.Scrap)
    yield _cost("rework_cost", _("cost of rework"), CostKind.REWORKED_PIECE, facts.Rework)
    yield _cost(
        "downtime_cost", _("cost of lost hours"), CostKind.DOWNTIME, facts.Stop, per=MINUTES
    )
    yield _record_cost(
        "nonconformity_cost", _("handling of nonconformities"), CostKind.NONCONFORMITY,
        "nonconformities",
    )  # fmt: skip
    yield _record_cost(
        "complaint_cost", _("handling of complaints"), CostKind.COMPLAINT, "complaints"
    )


def _counts() -> Iterator[Term]:
    for name, (kind, measure) in measures.known().items():
        yield Term(
            name, measure.label, _("Records"), partial(asking.records, name),
            rows=(kind.trail_label(),), day_field=measure.day_field,
            at_lines=measures.narrows_by(kind, "line"), is_count=not measure.amount_field,
        )  # fmt: skip


@cache
def known() -> dict[str, Term]:
    """Return every named sum, facts first."""
    terms = (*_shop(), *_orders(), *_money(), *_counts())
    return {term.name: term for term in terms}
