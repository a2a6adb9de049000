"""How far the facts behind a computed KPI were read, so that only what changed is read again."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from datetime import date
from functools import reduce
from operator import or_
from typing import Any

from django.db import models
from django.db.models import F, Max, Min, Q

from andon.accounts.models import Site
from andon.modules.production.models import Batched, ImportBatch, Stage
from andon.records.models import Record
from andon.trail.models import AuditEntry
from andon.trail.sealing import RECORDS

from . import facts, periods, terms
from .definitions import Kpi
from .observations import Observation

OBSERVATIONS = "kpis.observation"
# What holds from a day on changes every period after it.
ONWARD = frozenset({"production.cycletime"})
# More changes than these are not walked one by one: then every period is read again.
MOST_CHANGES = 2000


class Reading(models.Model):
    """What a refresh has seen. It can be thrown away: then everything is read once more."""

    kpi = models.OneToOneField(Kpi, models.PROTECT, primary_key=True, related_name="reading")
    # The newest closed period that was looked at.
    last = models.DateField()
    # How often facts of each kind were published or undone at each site.
    marks = models.JSONField(default=dict)
    # The last entry of the trail.
    entry = models.BigIntegerField(default=0)
    # Closed periods whose facts differ from what is stored.
    differs = models.JSONField(default=list)

    def __str__(self) -> str:
        return f"{self.kpi.code}: {self.last}"


def now(kpi: Kpi, day: date, differs: Iterable[date] = ()) -> Reading:
    """Return the unsaved reading of this moment; taken before the facts are read."""
    span = facts.horizon(kpi, day)
    rows = ImportBatch.objects.filter(model__in=_batches(kpi), site__in=_sites(kpi)).order_by()
    marks = rows.values_list("model", "site").annotate(last=Max("moved"))
    newest = AuditEntry.objects.filter(stream=RECORDS).order_by("-seq").values_list("seq").first()
    return Reading(
        kpi=kpi,
        last=span[1] if span else day,
        marks={f"{model}/{site}": last for model, site, last in marks},
        entry=newest[0] if newest else 0,
        differs=[start.isoformat() for start in sorted(differs)],
    )


def unread(kpi: Kpi, day: date) -> list[date] | None:
    """Return the closed periods that must be read, because they are new or were touched.

    None: all of them, because nothing was read yet or too much changed.
    """
    span = facts.horizon(kpi, day)
    seen = Reading.objects.filter(kpi=kpi).first()
    if span is None or seen is None:
        return None
    touched = _touched(kpi, seen)
    if touched is None:
        return None
    starts = {date.fromisoformat(text) for text in seen.differs}
    begin = max(span[0], periods.next_start(kpi.period, seen.last))
    starts.update(periods.starts(kpi.period, begin, span[1]))
    for first, last in touched:
        first, last = max(first, span[0]), min(last, periods.next_start(kpi.period, span[1]))  # noqa: PLW2901
        starts.update(periods.starts(kpi.period, periods.start_of(kpi.period, first), last))
    return sorted(start for start in starts if span[0] <= start <= span[1])


def _terms(kpi: Kpi) -> list[terms.Term]:
    known = terms.known()
    names = kpi.parsed.names if kpi.parsed else frozenset()
    return [known[name] for name in sorted(names) if name in known]


def _batches(kpi: Kpi) -> list[str]:
    labels = {label for term in _terms(kpi) for label in term.batches}
    if kpi.parsed and kpi.parsed.kpis:
        labels.add(OBSERVATIONS)
    return sorted(labels)


def _sites(kpi: Kpi) -> list[int]:
    """Return the sites whose batches matter; another KPI may be at home anywhere."""
    everywhere = kpi.site_id is None or (kpi.parsed is not None and kpi.parsed.kpis)
    return list(Site.objects.values_list("pk", flat=True)) if everywhere else [kpi.site_id or 0]


def _touched(kpi: Kpi, seen: Reading) -> list[tuple[date, date]] | None:
    """Return first and last day of everything that changed since; None when it is too much."""
    batches = _moved(kpi, seen)
    if len(batches) > MOST_CHANGES:
        return None
    touched = [span for batch in batches for span in _days(kpi, batch)]
    changed = _changed_rows(kpi, seen)
    return None if changed is None else touched + changed


def _moved(kpi: Kpi, seen: Reading) -> list[ImportBatch]:
    """Return the batches published or undone since, by the index of site and kind."""
    pairs = [
        Q(model=model, site=site, moved__gt=seen.marks.get(f"{model}/{site}", 0))
        for model in _batches(kpi)
        for site in _sites(kpi)
    ]
    if not pairs:
        return []
    rows = ImportBatch.objects.filter(reduce(or_, pairs)).exclude(stage=Stage.DRAFT)
    return list(rows.order_by("pk")[: MOST_CHANGES + 1])


def _days(kpi: Kpi, batch: ImportBatch) -> Iterator[tuple[date, date]]:
    """Yield the days that the rows of a batch count on, or counted on before."""
    if batch.first_day is None or batch.last_day is None:
        return
    if batch.model == OBSERVATIONS:
        needed = kpi.parsed.kpis if kpi.parsed else frozenset[str]()
        if not Observation.objects.filter(batch=batch, kpi__code__in=needed).exists():
            return
    yield batch.first_day, date.max if batch.model in ONWARD else batch.last_day
    for name in {term.day_field for term in _terms(kpi) if batch.model in term.batches} - {""}:
        model: type[Batched] = batch.row_model
        rows = model._default_manager.filter(batch=batch)
        replaced = model._default_manager.filter(pk__in=rows.values("replaces"))
        for part in (rows, replaced):
            span = part.aggregate(first=Min(name), last=Max(name))
            if span["first"]:
                yield span["first"], span["last"]


def _changed_rows(kpi: Kpi, seen: Reading) -> list[tuple[date, date]] | None:
    """Return the days of records that changed since; None when a rate or too many changed."""
    by_label: dict[str, set[str]] = {}
    for term in _terms(kpi):
        for label in term.rows:
            by_label.setdefault(label, set()).add(term.day_field)
    entries = AuditEntry.objects.filter(
        stream=RECORDS, seq__gt=seen.entry, model__in=sorted(by_label)
    ).values_list("model", "object_id")
    changed = list(entries.order_by("seq")[: MOST_CHANGES + 1])
    kinds = {kind.trail_label(): kind for kind in Record.kinds()}
    if len(changed) > MOST_CHANGES or any(model not in kinds for model, _pk in changed):
        return None
    days: list[tuple[date, date]] = []
    for label in {model for model, _pk in changed}:
        pks = [int(pk) for model, pk in changed if model == label]
        for name in by_label[label]:
            rows = kinds[label]._default_manager.filter(pk__in=pks)
            days += [(d, d) for d in _field(rows, name or "opened_date")]
    return days


def _field(rows: Any, name: str) -> Iterator[date]:
    return iter(rows.exclude(**{name: None}).order_by().values_list(F(name), flat=True).distinct())
