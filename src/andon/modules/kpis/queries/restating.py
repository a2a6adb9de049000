"""The log of restatements: which published values of closed periods changed, when, by what and why.

It is read from the observations and their batches, which nobody can change: no entry can be
forgotten, whether a person corrected, a file came late or a batch was undone.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from decimal import Decimal
from typing import Any, NamedTuple

from django.db.models import Count, Q
from django.utils.translation import gettext as _

from andon.modules.kpis.models import Kpi, Observation, PointNote, periods
from andon.modules.kpis.models.judging import shown
from andon.modules.kpis.models.series import Key, point_of
from andon.modules.production.models import ImportBatch
from andon.modules.production.models.batches import Stage
from andon.records.history import told
from andon.trail.models import AuditEntry
from andon.trail.sealing import RECORDS

# More rows than these of one KPI are not walked; the newest come first.
ROWS_READ, PERIODS_READ = 4000, 400
CAUSES_READ, CAUSES_NAMED = 300, 5


@dataclass(frozen=True)
class Restatement:
    """One change of a published value; None before or after means no data."""

    kpi: Kpi
    key: Key
    label: str
    batch: ImportBatch
    at: datetime | None
    by: str
    why: str
    before: Decimal | None = None
    after: Decimal | None = None
    # When the value before was published.
    since: datetime | None = None
    # The batches of facts that came in, or were undone, since then.
    causes: tuple[str, ...] = ()

    @property
    def was(self) -> str:
        return shown(self.kpi, self.before)

    @property
    def now(self) -> str:
        return shown(self.kpi, self.after)

    @property
    def sentence(self) -> str:
        return _("Restated: %(was)s became %(now)s.") % {"was": self.was, "now": self.now}


class _Event(NamedTuple):
    """A batch was published, or undone (then ``back`` is true)."""

    order: tuple[Any, ...]
    batch: ImportBatch
    back: bool


class _Undone(NamedTuple):
    at: datetime | None
    by: str


def restatements(kpi: Kpi) -> list[Restatement]:
    """Return the restatements of ``kpi``, the newest first; one query when there are none."""
    touched = _touched(kpi)
    if not touched:
        return []
    rows = _rows(kpi, touched)
    batches = {row.batch_id: row.batch for row in rows}
    undone = _undone([batch for batch in batches.values() if batch.stage == Stage.VOID])
    events = sorted(_events(batches.values(), undone), key=lambda event: event.order)
    log = _Log(kpi, events, undone, _whys(kpi))
    by_key: dict[Key, list[Observation]] = defaultdict(list)
    for row in rows:
        by_key[row.day, 0 if kpi.is_dated else row.sequence].append(row)
    found = [one for key, several in by_key.items() for one in log.walk(key, several)]
    found.sort(key=lambda one: (one.at.timestamp() if one.at else 0, one.key), reverse=True)
    return _with_causes(kpi, found)


def _touched(kpi: Kpi) -> list[Any]:
    """Return the days (or numbers of samples) whose rows came in more than one batch, or went."""
    name = "day" if kpi.is_dated else "sequence"
    rows = Observation.objects.filter(kpi=kpi, batch__published_at__isnull=False)
    counted = rows.order_by(f"-{name}").values_list(name).annotate(
        batches=Count("batch", distinct=True), gone=Count("pk", filter=Q(current=False))
    )  # fmt: skip
    return [row[0] for row in counted.filter(Q(batches__gt=1) | Q(gone__gt=0))[:PERIODS_READ]]


def _rows(kpi: Kpi, touched: Sequence[Any]) -> list[Observation]:
    where = {"day__in" if kpi.is_dated else "sequence__in": touched}
    rows = Observation.objects.filter(kpi=kpi, batch__published_at__isnull=False, **where)
    return list(rows.select_related("batch__published_by").order_by("-pk")[:ROWS_READ])


def _undone(batches: Iterable[ImportBatch]) -> dict[int, _Undone]:
    """Return when and by whom each of the undone ``batches`` was undone, from the trail."""
    pks = [str(batch.pk) for batch in batches]
    label = ImportBatch._meta.label_lower
    entries = AuditEntry.objects.filter(stream=RECORDS, model=label, object_id__in=pks)
    last = {entry.object_id: entry for entry in entries.order_by("seq")} if pks else {}
    return {
        int(one.entry.object_id): _Undone(one.entry.at, one.actor) for one in told(last.values())
    }


def _events(batches: Iterable[ImportBatch], undone: dict[int, _Undone]) -> Iterable[_Event]:
    for batch in batches:
        yield _Event((batch.published_at, batch.pk, False), batch, back=False)
        if batch.stage == Stage.VOID:
            at = undone[batch.pk].at if batch.pk in undone else batch.published_at
            yield _Event((at, batch.pk, True), batch, back=True)


def _whys(kpi: Kpi) -> dict[tuple[int, Key], str]:
    """Return what was written with a correction, by batch and point."""
    notes = PointNote.objects.filter(kpi=kpi, batch__isnull=False).order_by("-pk")[:ROWS_READ]
    return {(note.batch_id or 0, note.key): note.text for note in notes}


@dataclass(frozen=True)
class _Log:
    """What is needed to walk the batches of a KPI again, one period at a time."""

    kpi: Kpi
    events: Sequence[_Event]
    undone: dict[int, _Undone]
    whys: dict[tuple[int, Key], str]

    def walk(self, key: Key, rows: Sequence[Observation]) -> Iterator[Restatement]:
        """Yield each change of the value of one period, in the order of the batches."""
        by_batch: dict[int, list[Observation]] = defaultdict(list)
        for row in rows:
            by_batch[row.batch_id].append(row)
        known = {row.pk: row for row in rows}
        live: dict[int, Observation] = {}
        since: datetime | None = None
        for event in self.events:
            mine = by_batch.get(event.batch.pk, [])
            if not mine:
                continue
            before = _value(self.kpi, key, live.values())
            for row in mine:
                _apply(live, known, row, back=event.back)
            after = _value(self.kpi, key, live.values())
            if since is not None and before != after:
                yield replace(self._entry(key, event), before=before, after=after, since=since)
            since = event.order[0] or since

    def _entry(self, key: Key, event: _Event) -> Restatement:
        batch = event.batch
        at, by = batch.published_at, str(batch.published_by or _("the system"))
        why = self.whys.get((batch.pk, key), "")
        why = why or _("Late import: %s") % (batch.file_name or batch)
        if event.back:
            at, by = self.undone.get(batch.pk, _Undone(None, ""))
            why = _("Undone: %s") % batch.void_reason
        label = periods.label(self.kpi.period, *key)
        return Restatement(self.kpi, key, label, batch, at, by, why)


def _apply(
    live: dict[int, Observation], known: dict[int, Observation], row: Observation, *, back: bool
) -> None:
    """Let a row count and what it replaces no longer; or the other way round."""
    if back:
        live.pop(row.pk, None)
        if row.replaces in known:
            live[row.replaces] = known[row.replaces]
    else:
        live[row.pk] = row
        live.pop(row.replaces or 0, None)


def _value(kpi: Kpi, key: Key, rows: Iterable[Observation]) -> Decimal | None:
    """Return the value of one period from the rows that count, as the series computes it."""
    there = list(rows)
    tops, bottoms, values = (
        [getattr(row, name) for row in there if getattr(row, name) is not None]
        for name in ("numerator", "denominator", "value")
    )
    mean = sum(values, Decimal(0)) / len(values) if values else None
    sums = {"top": _total(tops), "bottom": _total(bottoms), "mean": mean, "rows": len(there)}
    return point_of(kpi, {"day": key[0], "sequence": key[1], **sums}).value


def _total(amounts: Sequence[Decimal]) -> Decimal | None:
    return sum(amounts, Decimal(0)) if amounts else None


def _with_causes(kpi: Kpi, found: list[Restatement]) -> list[Restatement]:
    """Name the batches of facts behind the restatements of a computed KPI."""
    if not kpi.is_computed or not found:
        return found
    rows = ImportBatch.objects.filter(model__startswith="production.", first_day__isnull=False)
    if kpi.site_id:
        rows = rows.filter(site=kpi.site_id)
    days = [one.key[0] for one in found]
    later = rows.filter(last_day__gte=min(days)).exclude(published_at=None).order_by("-pk")
    batches = list(later.exclude(stage=Stage.DRAFT)[:CAUSES_READ])
    return [_with_cause(kpi, one, batches) for one in found]


def _with_cause(kpi: Kpi, one: Restatement, batches: Sequence[ImportBatch]) -> Restatement:
    if one.since is None or one.at is None:
        return one
    start, end = one.key[0], periods.next_start(kpi.period, one.key[0])
    causes = [
        f"{batch} ({batch.file_name or batch.kind_name})"
        for batch in batches
        if (batch.first_day or end) < end
        and (batch.last_day or start) >= start
        and batch.published_at is not None
        and one.since < batch.published_at <= one.at
    ]
    return replace(one, causes=tuple(causes[:CAUSES_NAMED]))
