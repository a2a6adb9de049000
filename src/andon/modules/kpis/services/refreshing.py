"""Computing closed periods from the facts; a closed period is never recomputed in silence."""

from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import date

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from andon.accounts.models import User
from andon.modules.kpis.models import Kpi, Observation, Signal, Source, facts, reading
from andon.modules.kpis.models.stored import differing, stored_sums
from andon.organization import clock
from andon.records.workflow import Refused
from andon.trail.services import audited, retrying

from .allowed import home_of, locked, require
from .detecting import detect, detect_missing
from .observing import OBSERVE, note, record_rows


@dataclass(frozen=True)
class Refreshed:
    """What a refresh did: periods computed, signals raised."""

    kpi: Kpi
    computed: int = 0
    signals: list[Signal] = field(default_factory=list)


@retrying
def refresh(kpi: Kpi, *, by: User, day: date | None = None) -> Refreshed:
    """Compute the closed periods that are not stored yet, and raise what all points say.

    Reads only what is new or was touched since the last time. Doing it again changes nothing. A
    stored period stays as it was stored, also when the facts changed since; `restate` takes the
    new facts over, with a reason.
    """
    with audited(by, reason=gettext_lazy("KPI refreshed")):
        fresh = locked(kpi)
        require(by, OBSERVE, fresh)
        day = day or clock.today(home_of(fresh))
        computed = _compute(fresh, day, by=by) if fresh.is_computed and fresh.is_active else 0
        signals = [*detect(fresh, by=by, day=day), *detect_missing(fresh, by=by, day=day)]
    return Refreshed(fresh, computed, signals)


def _compute(kpi: Kpi, day: date, *, by: User) -> int:
    """Store the closed periods that are not stored; remember what was read."""
    read = reading.now(kpi, day)
    found = facts.closed(kpi, day, reading.unread(kpi, day))
    stored = stored_sums(kpi, found)
    missing = [start for start, one in found.items() if one.rows and start not in stored]
    rows = [row for start in missing for row in _rows(kpi, found[start])]
    if rows:
        record_rows(kpi, rows, by=by, source=Source.COMPUTED)
    read.differs = [one.isoformat() for one in sorted(differing(kpi, found))]
    read.save()
    return len(missing)


def _rows(kpi: Kpi, one: facts.Computed) -> list[Observation]:
    return [
        Observation(
            kpi=kpi, day=one.start, sequence=row.place, numerator=row.numerator,
            denominator=row.denominator, value=row.value,
        )
        for row in one.rows
    ]  # fmt: skip


def restate(
    kpi: Kpi, start: date, *, by: User, reason: str, day: date | None = None
) -> Observation:
    """Replace what is stored of a closed period by what the facts say now; both are kept."""
    if not reason.strip():
        raise Refused(_("Say why the period is restated."))
    with audited(by, reason=gettext_lazy("closed period restated")):
        fresh = locked(kpi)
        require(by, "kpis.manage", fresh)
        today = day or clock.today(home_of(fresh))
        one = facts.closed(fresh, today, [start]).get(start)
        if one is None or not one.rows:
            raise Refused(
                _("The facts say nothing about this period now; it stays as it was stored.")
            )
        rows = _rows(fresh, one)
        batch = record_rows(fresh, rows + _emptied(fresh, rows), by=by, source=Source.COMPUTED)
        text = _("Restated from changed facts: %s") % reason.strip()
        note(fresh, (start, 0), text, by=by, day=today, batch=batch)
        detect(fresh, by=by, day=today, since=(start, 0))
    return rows[0]


def _emptied(kpi: Kpi, rows: Sequence[Observation]) -> list[Observation]:
    """Return a row of nothing for each stored place that the facts do not name any more."""
    kept = [row.sequence for row in rows]
    gone = Observation.objects.current().filter(kpi=kpi, day=rows[0].day).exclude(sequence__in=kept)
    nothing = {"numerator": 0, "denominator": 0} if kpi.is_ratio else {"numerator": 0}
    return [
        Observation(kpi=kpi, day=row.day, sequence=row.sequence, **nothing)
        for row in gone.order_by("sequence")
    ]


__all__ = ["Refreshed", "refresh", "restate"]
