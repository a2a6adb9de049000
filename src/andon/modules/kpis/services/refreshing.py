"""Computing closed periods from the facts; a closed period is never recomputed in silence."""

from dataclasses import dataclass, field
from datetime import date

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from andon.accounts.models import User
from andon.modules.kpis.models import Kpi, Observation, Signal, Source, facts
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

    Doing it again changes nothing. A stored period stays as it was stored, also when the facts
    changed since; `restate` takes the new facts over, with a reason.
    """
    with audited(by, reason=gettext_lazy("KPI refreshed")):
        fresh = locked(kpi)
        require(by, OBSERVE, fresh)
        day = day or clock.today(home_of(fresh))
        rows = _missing(fresh, day) if fresh.is_active else []
        if rows:
            record_rows(fresh, rows, by=by, source=Source.COMPUTED)
        signals = [*detect(fresh, by=by, day=day), *detect_missing(fresh, by=by, day=day)]
    return Refreshed(fresh, len(rows), signals)


def _missing(kpi: Kpi, day: date) -> list[Observation]:
    found = facts.closed(kpi, day)
    if not found:
        return []
    stored = Observation.objects.current().filter(kpi=kpi, day__gte=min(found))
    there = set(stored.values_list("day", flat=True))
    return [
        Observation(kpi=kpi, day=start, numerator=pair.numerator, denominator=pair.denominator)
        for start, pair in sorted(found.items())
        if start not in there
    ]


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
        pair = facts.closed(fresh, today).get(start)
        if pair is None:
            raise Refused(
                _("The facts say nothing about this period now; it stays as it was stored.")
            )
        row = Observation(
            kpi=fresh, day=start, numerator=pair.numerator, denominator=pair.denominator
        )
        batch = record_rows(fresh, [row], by=by, source=Source.COMPUTED)
        text = _("Restated from changed facts: %s") % reason.strip()
        note(fresh, (start, 0), text, by=by, day=today, batch=batch)
        detect(fresh, by=by, day=today, since=(start, 0))
    return row


__all__ = ["Refreshed", "refresh", "restate"]
