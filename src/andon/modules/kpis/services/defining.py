"""Defining KPIs: what they are, their targets over time, and the phases of their limits."""

from datetime import date
from decimal import Decimal
from typing import Any

from django.core.exceptions import PermissionDenied
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from andon.accounts import names
from andon.accounts.models import User
from andon.accounts.stale import refuse_when_stale
from andon.modules.kpis.models import Counting, Formula, Kpi, Observation, Period, Target
from andon.organization import clock
from andon.records.workflow import Refused
from andon.trail.services import audited

from .allowed import locked, require

MANAGE = "kpis.manage"
# What the numbers already observed mean; it does not change under them.
SETTLED = (
    "code", "formula", "counting", "unit", "period", "site", "line", "item", "fixed_denominator",
)  # fmt: skip


def ready_made(formula: str) -> dict[str, Any]:
    """Return the first values of a definition that Andon knows: scrap rate or downtime."""
    if formula == Formula.SCRAP:
        return {
            "formula": Formula.SCRAP, "code": "SCRAP", "name": _("Scrap rate"), "unit": "%",
            "counting": Counting.PROPORTION, "period": Period.WEEK, "direction": "lower",
            "question": _("Which share of what we make is scrapped, and is it getting less?"),
            "source": _("Facts of production: scrapped pieces of produced pieces"),
        }  # fmt: skip
    if formula == Formula.DOWNTIME:
        return {
            "formula": Formula.DOWNTIME, "code": "DOWNTIME", "name": _("Machine downtime"),
            "unit": "%", "counting": Counting.MEASURED, "period": Period.WEEK, "direction": "lower",
            "question": _("How many of the planned hours are lost because machines stand still?"),
            "source": _("Facts of production: lost hours of planned hours"),
        }  # fmt: skip
    return {}


def define(kpi: Kpi, *, by: User, day: date | None = None) -> Kpi:
    """Add a KPI; it is in use from ``active_from`` on (today if that is empty)."""
    with audited(by, reason=gettext_lazy("KPI defined")):
        day = day or clock.today(kpi.site)
        kpi.defined_date = day
        kpi.active_from = getattr(kpi, "active_from", None) or day
        _settle(kpi)
        _require_manager(by, kpi)
        _check(kpi)
        kpi.save(force_insert=True)
    return kpi


def _settle(kpi: Kpi) -> None:
    """Give the texts one form; what is computed knows itself what it counts."""
    for name in ("code", "name", "question", "unit", "source"):
        setattr(kpi, name, names.one_line(getattr(kpi, name)))
    if kpi.formula == Formula.SCRAP:
        kpi.counting = Counting.PROPORTION
    if kpi.formula == Formula.DOWNTIME:
        kpi.counting = Counting.MEASURED


def _require_manager(by: User, kpi: Kpi) -> None:
    """Who defines a KPI of all sites answers for all of them."""
    if not by.may_at(MANAGE, kpi.site_id):
        raise PermissionDenied(
            _("A KPI is defined by those who manage KPIs at its site, or at all sites.")
        )


def _check(kpi: Kpi) -> None:
    kpi.full_clean(exclude=["owner", "defined_date"])


def redefine(kpi: Kpi, changes: dict[str, Any], *, by: User, mark: str | None = None) -> Kpi:
    """Change a definition; what observed numbers mean stays once there are any.

    Raises ``StaleError`` when ``mark`` was made of other values (``accounts.stale.seen``).
    """
    with audited(by, reason=gettext_lazy("KPI redefined")):
        stored = locked(kpi)
        _require_manager(by, stored)
        refuse_when_stale(stored, changes, mark)
        moved = {name for name, value in changes.items() if getattr(stored, name) != value}
        _refuse_new_meaning(stored, moved)
        for name in moved:
            setattr(stored, name, changes[name])
        _settle(stored)
        _require_manager(by, stored)
        _check(stored)
        stored.save()
    return stored


def _refuse_new_meaning(kpi: Kpi, moved: set[str]) -> None:
    settled = sorted(moved & set(SETTLED))
    if settled and Observation.objects.filter(kpi=kpi).exists():
        labels = ", ".join(str(Kpi._meta.get_field(name).verbose_name) for name in settled)  # type: ignore[union-attr]
        raise Refused(
            _(
                "There are observations already, and these would change what they mean: %s."
                " Define a new KPI instead."
            )
            % labels
        )


def set_target(kpi: Kpi, *, value: Decimal, from_date: date, by: User, reason: str = "") -> Target:
    """Set the target from a day on; earlier periods keep the target they had."""
    with audited(by, reason=gettext_lazy("target set")):
        fresh = locked(kpi)
        require(by, MANAGE, fresh)
        same = Target.objects.filter(kpi=fresh, from_date=from_date).first()
        if same is not None and not reason.strip():
            raise Refused(
                _("There is a target from this day already (%s); say why it changes.") % same
            )
        row = same or Target(kpi=fresh, from_date=from_date)
        row.value, row.reason, row.by = value, reason.strip(), by
        row.clean_fields(exclude=["kpi", "by"])
        row.save()
    kpi.__dict__.pop("known_targets", None)
    return row
