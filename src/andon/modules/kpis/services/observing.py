"""Observations that people type, and notes on points."""

from collections.abc import Sequence
from datetime import date
from decimal import Decimal

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from andon.accounts.models import User
from andon.modules.kpis.models import Counting, Kpi, Observation, PointNote, Source, periods
from andon.modules.kpis.models.series import Key
from andon.modules.production import services as production
from andon.modules.production.models import ImportBatch
from andon.organization import clock
from andon.records.workflow import Refused
from andon.trail.services import audited

from .allowed import home_of, locked, require
from .detecting import detect

OBSERVE = "kpis.observe"


def observe(
    kpi: Kpi,
    *,
    by: User,
    on: date | None = None,
    sequence: int | None = None,
    numerator: Decimal | None = None,
    denominator: Decimal | None = None,
    value: Decimal | None = None,
    reason: str = "",
    day: date | None = None,
) -> Observation:
    """Record what was observed in the period of ``on`` (or in sample ``sequence``).

    A period that has a value already is only corrected with a ``reason``, which becomes a note
    on the point; the older value stays in its batch. Raises the signals this makes.
    """
    with audited(by, reason=gettext_lazy("observation typed in")):
        fresh = locked(kpi)
        require(by, OBSERVE, fresh)
        today = day or clock.today(home_of(fresh))
        if fresh.is_computed:
            raise Refused(
                _("This KPI is computed from the facts of production; correct the facts.")
            )
        row = _typed_row(fresh, _key(fresh, on, sequence, today), numerator, denominator, value)
        found = _replaced(fresh, row)
        if found is not None and found.values == row.values:
            return found
        if found is not None and not reason.strip():
            raise Refused(
                _("%(period)s has a value already. Say why it is corrected; the old value is kept.")
                % {"period": periods.label(fresh.period, row.day, row.sequence)}
            )
        batch = record_rows(fresh, [row], by=by, source=Source.TYPED)
        if found is not None:
            text = _("Corrected: %s") % reason.strip()
            note(fresh, row.key[1:], text, by=by, day=today, batch=batch)
        detect(fresh, by=by, day=today, since=row.key[1:])
    return row


def _key(kpi: Kpi, on: date | None, sequence: int | None, today: date) -> Key:
    if not kpi.is_dated:
        newest = Observation.objects.current().filter(kpi=kpi).order_by("-sequence").first()
        return kpi.defined_date, sequence or (newest.sequence + 1 if newest else 1)
    if on is None:
        raise Refused(_("Say which period it is."))
    if on > today:
        raise Refused(_("This period lies in the future."))
    return periods.start_of(kpi.period, on), 0


def _typed_row(
    kpi: Kpi,
    key: Key,
    numerator: Decimal | None,
    denominator: Decimal | None,
    value: Decimal | None,
) -> Observation:
    if kpi.is_ratio:
        row = ratio_row(kpi, key, numerator, denominator)
    elif value is None:
        raise Refused(_("Enter a value; if there is none, leave the period without one."))
    else:
        row = Observation(kpi=kpi, day=key[0], sequence=key[1], value=value)
    row.source = Source.TYPED
    row.clean_fields(exclude=["kpi", "batch", "source_row", "replaces", "replaced_by"])
    return row


def ratio_row(
    kpi: Kpi, key: Key, numerator: Decimal | None, denominator: Decimal | None
) -> Observation:
    """Return the unsaved row of a ratio; raise :class:`Refused` when it cannot be one."""
    denominator = kpi.fixed_denominator if denominator is None else denominator
    if numerator is None or denominator is None:
        raise Refused(_("Enter the numerator and the denominator."))
    if trouble := trouble_of_ratio(kpi, numerator, denominator):
        raise Refused(trouble)
    return Observation(
        kpi=kpi, day=key[0], sequence=key[1], numerator=numerator, denominator=denominator
    )


def trouble_of_ratio(kpi: Kpi, numerator: Decimal, denominator: Decimal) -> str:
    """Return what is wrong with a pair of numbers, in a sentence; empty if nothing is."""
    if numerator < 0 or denominator < 0:
        return _("Counts and amounts are not negative.")
    if denominator == 0 and numerator > 0:
        return _("Nothing was inspected, so nothing can have been found: the denominator is 0.")
    if kpi.counting == Counting.PROPORTION and numerator > denominator:
        return _("%(top)s of %(bottom)s is more than all of them.") % {
            "top": f"{numerator.normalize():f}", "bottom": f"{denominator.normalize():f}",
        }  # fmt: skip
    return ""


def _replaced(kpi: Kpi, row: Observation) -> Observation | None:
    """Return the current row of the same period; several imported ones are not typed over."""
    rows = Observation.objects.current().filter(kpi=kpi, day=row.day)
    found: list[Observation] = list(
        rows.filter(sequence=row.sequence) if not kpi.is_dated else rows.order_by("sequence")[:2]
    )
    if len(found) > 1:
        raise Refused(
            _("This period was imported in several rows; undo that batch, or correct the file.")
        )
    return found[0] if found else None


def record_rows(
    kpi: Kpi, rows: Sequence[Observation], *, by: User, source: str
) -> ImportBatch | None:
    """Publish rows of one KPI as one sealed batch; None when they say nothing new."""
    for row in rows:
        row.source = source
    return production.record(
        rows,
        site=home_of(kpi),
        by=by,
        source=ImportBatch.Source.TYPED,
        file_name=f"{kpi.code} ({source})",
    )


def note(
    kpi: Kpi,
    key: Key,
    text: str,
    *,
    by: User,
    leaves_out: bool = False,
    day: date | None = None,
    batch: ImportBatch | None = None,
) -> PointNote:
    """Write what is known about a point; it may be left out of the limits, never off the chart.

    With ``batch`` the note says why its rows replaced what was stored.
    """
    if not text.strip():
        raise Refused(_("Write something first."), fix="#notes")
    with audited(by, reason=gettext_lazy("note on a point")):
        require(by, "kpis.manage" if leaves_out else OBSERVE, kpi)
        row = PointNote(
            kpi=kpi, day=key[0], sequence=key[1], text=text.strip(), leaves_out=leaves_out, by=by,
            made_date=day or clock.today(home_of(kpi)), batch=batch,
        )  # fmt: skip
        row.clean_fields(exclude=["kpi", "by", "batch"])
        row.save()
    return row


__all__ = ["note", "observe", "ratio_row", "record_rows", "trouble_of_ratio"]
