"""Defining KPIs: what they are, their targets over time, and the phases of their limits."""

from datetime import date
from decimal import Decimal
from typing import Any

from django.core.exceptions import PermissionDenied
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from andon.accounts import names
from andon.accounts.models import Site, User
from andon.accounts.stale import refuse_when_stale
from andon.modules.kpis.models import Kpi, Observation, Target
from andon.modules.kpis.models.recipes import sources_of
from andon.organization import clock
from andon.organization.models import Process
from andon.records.workflow import Refused
from andon.trail.services import audited

from .allowed import locked, require

MANAGE = "kpis.manage"
# What the numbers already observed mean; it does not change under them.
SETTLED = (
    "code", "formula", "expression", "counting", "unit", "period", "site", "line", "item",
    "fixed_denominator",
)  # fmt: skip


def define(kpi: Kpi, *, by: User, day: date | None = None) -> Kpi:
    """Add a KPI; it is in use from ``active_from`` on (today if that is empty)."""
    with audited(by, reason=gettext_lazy("KPI defined")):
        day = day or clock.today(kpi.site)
        kpi.defined_date = day
        kpi.active_from = getattr(kpi, "active_from", None) or day
        _settle(kpi)
        require_definer(by, kpi)
        _check(kpi)
        kpi.save(force_insert=True)
    return kpi


def _settle(kpi: Kpi) -> None:
    """Give the texts one form; what is computed knows itself what it counts."""
    if not kpi.source and kpi.is_computed:
        kpi.source = sources_of(kpi)
    for name in ("code", "name", "question", "unit", "source"):
        setattr(kpi, name, names.one_line(getattr(kpi, name)))
    kpi.expression = kpi.expression.strip()
    if kpi.recipe is not None:
        kpi.counting = kpi.recipe.counting


def require_definer(by: User, kpi: Kpi) -> None:
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
        require_definer(by, stored)
        refuse_when_stale(stored, changes, mark)
        moved = {name for name, value in changes.items() if getattr(stored, name) != value}
        _refuse_new_meaning(stored, moved)
        for name in moved:
            setattr(stored, name, changes[name])
        _settle(stored)
        require_definer(by, stored)
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


def set_target(
    kpi: Kpi,
    *,
    value: Decimal,
    from_date: date,
    by: User,
    reason: str = "",
    site: Site | None = None,
    process: Process | None = None,
) -> Target:
    """Set the target from a day on, for all or for a site or process.

    Earlier periods keep the target they had.
    """
    with audited(by, reason=gettext_lazy("target set")):
        fresh = locked(kpi)
        require(by, MANAGE, fresh)
        if fresh.site_id and site and site.pk != fresh.site_id:
            raise Refused(_("This KPI is of %s alone; leave the site empty.") % fresh.site)
        about = {"kpi": fresh, "from_date": from_date, "site": site, "process": process}
        same = Target.objects.filter(**about).first()
        if same is not None and not reason.strip():
            raise Refused(
                _("There is a target from this day already (%s); say why it changes.") % same
            )
        row = same or Target(**about)
        row.value, row.reason, row.by = value, reason.strip(), by
        row.clean_fields(exclude=["kpi", "by", "site", "process"])
        row.save()
    kpi.__dict__.pop("known_targets", None)
    return row
