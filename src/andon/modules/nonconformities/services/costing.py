"""What a nonconformity cost: typed amounts, and those that follow from rates."""

from dataclasses import dataclass
from datetime import date
from decimal import Decimal

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from andon.accounts.models import User
from andon.modules.nonconformities.lifecycle import plain
from andon.modules.nonconformities.models import CostLine, CostOf, Disposal, Nonconformity
from andon.organization import clock
from andon.organization.models import CostKind
from andon.organization.queries import rate_on
from andon.records import services as records
from andon.records.workflow import Refused

WORK = "nonconformities.work"
CENT = Decimal("0.01")


@dataclass(frozen=True)
class Proposal:
    """A cost that follows from what was decided and from the rate table."""

    kind: str
    what: str | Promise
    quantity: Decimal
    rate: Decimal

    @property
    def amount(self) -> Decimal:
        return (self.quantity * self.rate).quantize(CENT)


def add_cost(
    nonconformity: Nonconformity,
    *,
    by: User,
    kind: str,
    amount: Decimal,
    what: str = "",
    day: date | None = None,
) -> CostLine:
    """Add an amount to the cost of a nonconformity."""
    with records.changing(nonconformity, by=by, permission=WORK, reason=_("cost added")) as fresh:
        row = CostLine(kind=kind, amount=amount, what=what)
        return _add(fresh, row, by=by, day=day)


def take_back_cost(nonconformity: Nonconformity, *, by: User, line: int, reason: str) -> CostLine:
    """Take an amount back that was wrong; it stays in the history."""
    with records.changing(
        nonconformity, by=by, permission=WORK, reason=_("cost taken back")
    ) as fresh:
        row = fresh.cost_lines.filter(pk=line, withdrawn_reason="").first()
        if row is None:
            raise Refused(_("This amount is not there any more. Look at the record again."))
        row.withdrawn_reason = reason
        row.save()
        _sum_up(fresh)
    found: CostLine = row
    return found


def proposed_costs(nonconformity: Nonconformity) -> list[Proposal]:
    """Return the costs that follow from the dispositions and are not in the lines yet.

    Scrap costs what the item costs on the day of the decision; sorting, rework and claims are
    hours and letters that only people know.
    """
    there = {row.kind for row in nonconformity.costs if not row.withdrawn_reason and row.rate}
    lines = [row for row in nonconformity.live_dispositions if row.disposal == Disposal.SCRAP]
    if not lines or CostOf.SCRAP in there:
        return []
    day = max(row.day for row in lines)
    rate = rate_on(CostKind.SCRAP, day, item=nonconformity.item, line=nonconformity.line)
    if not rate:
        return []
    quantity = sum((row.quantity for row in lines), Decimal(0))
    text = _("%(quantity)s scrapped") % {"quantity": plain(quantity)}
    return [Proposal(CostOf.SCRAP, text, quantity, rate)]


def take_over_costs(
    nonconformity: Nonconformity, *, by: User, day: date | None = None
) -> list[CostLine]:
    """Add every cost that follows from the dispositions and the rates."""
    with records.changing(nonconformity, by=by, permission=WORK, reason=_("cost added")) as fresh:
        found = proposed_costs(fresh)
        if not found:
            raise Refused(
                _("There is no further cost that follows from the rates; type the amount."),
                fix="#cost",
            )
        return [_add(fresh, _line(one), by=by, day=day) for one in found]


def _line(one: Proposal) -> CostLine:
    return CostLine(
        kind=one.kind,
        what=str(one.what),
        amount=one.amount,
        quantity=one.quantity,
        rate=one.rate,
    )


def _add(fresh: Nonconformity, row: CostLine, *, by: User, day: date | None) -> CostLine:
    row.record, row.by, row.day = fresh, by, day or clock.today(fresh.site)
    row.clean_fields(exclude=["record", "by"])
    row.save()
    _sum_up(fresh)
    return row


def _sum_up(fresh: Nonconformity) -> None:
    """Keep the sum beside the lines, so that lists and Paretos need no join."""
    fresh.__dict__.pop("costs", None)  # read anew
    fresh.cost = sum((row.signed for row in fresh.costs), Decimal(0))
