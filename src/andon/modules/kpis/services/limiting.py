"""The phases of a KPI's limits: each begins at a change that a record or a document shows."""

from datetime import date

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from andon.accounts import names
from andon.accounts.models import User
from andon.modules.kpis.models import Kpi, Phase, periods
from andon.modules.kpis.models.series import Key
from andon.organization import clock
from andon.records.models import Record
from andon.records.workflow import Refusal, Refused
from andon.trail.services import audited

from .allowed import home_of, locked, require
from .defining import MANAGE


def set_limits(
    kpi: Kpi,
    *,
    start: Key,
    reason: str,
    by: User,
    record: Record | None = None,
    document: str = "",
    frozen: Key | None = None,
    day: date | None = None,
) -> Phase:
    """Compute the limits anew from ``start`` on; with ``frozen`` from the points up to there only.

    Limits are never typed in: they follow from points, and a split of them from a change that
    ``record`` (a corrective action, a project, a nonconformity) or ``document`` shows.
    """
    _refuse_undocumented(reason, record, document)
    if frozen is not None and frozen < start:
        raise Refused(_("The limits cannot rest on points before the phase begins."))
    with audited(by, reason=gettext_lazy("limits set")):
        fresh = locked(kpi)
        require(by, MANAGE, fresh)
        row = Phase.objects.filter(kpi=fresh, day=start[0], sequence=start[1]).first()
        row = row or Phase(kpi=fresh, day=start[0], sequence=start[1])
        row.frozen_day, row.frozen_sequence = frozen or (None, 0)
        row.reason, row.by = reason.strip(), by
        row.record, row.document = record, names.one_line(document)
        row.made_date = day or clock.today(home_of(fresh))
        row.clean_fields(exclude=["kpi", "by", "record"])
        row.save()
    return row


def _refuse_undocumented(reason: str, record: Record | None, document: str) -> None:
    """Raise a refusal that names everything a split of the limits lacks."""
    missing = []
    if not reason.strip():
        missing.append(_("Say what changed in the process, or why these points count."))
    if record is None and not document.strip():
        missing.append(
            _("Name the record of the change (such as a corrective action), or its document.")
        )
    if missing:
        raise Refusal([Refused(text) for text in missing])


def split_at(
    kpi: Kpi, *, record: Record, since: date, reason: str, by: User, day: date | None = None
) -> Phase:
    """Compute the limits anew from the first period wholly after ``record`` took hold."""
    first = periods.start_of(kpi.period, since)
    start = first if first == since else periods.next_start(kpi.period, first)
    if not kpi.is_dated:
        raise Refused(_("Samples have no days: choose the point on the page of the KPI."))
    return set_limits(kpi, start=(start, 0), reason=reason, record=record, by=by, day=day)
