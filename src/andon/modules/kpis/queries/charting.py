"""The control chart of a KPI, with its signals and their answers, and the causes beside it."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date

from django.utils.translation import gettext as _

from andon import stats
from andon.accounts.models import User
from andon.modules.kpis.models import Formula, Kpi, PointNote, Signal
from andon.modules.kpis.models.judging import FIRM, Hit, Judgement, digits_of, judge, shown
from andon.modules.kpis.models.periods import ONE_DAY, start_of
from andon.modules.kpis.models.places import Where
from andon.modules.kpis.models.series import Key, Point, points
from andon.modules.production import queries as production
from andon.modules.production.models import CauseKind
from andon.records.models import Record
from andon.ui import charts

from . import answering
from .restating import Restatement, restatements

SIGNALS_SHOWN = 50
NOTES_READ = 2000
CAUSES_SHOWN = 8
SCRAP_CAUSES = (Formula.SCRAP, Formula.FIRST_PASS)
STOP_CAUSES = (Formula.DOWNTIME, Formula.OEE)


@dataclass(frozen=True)
class ChartSignal:
    """One signal of the chart, in a sentence, with the record that asks for its answer."""

    hit: Hit
    label: str
    record: Signal | None


@dataclass(frozen=True)
class KpiChart:
    """Everything the page of a KPI shows of its numbers."""

    kpi: Kpi
    points: list[Point]
    judgement: Judgement
    notes: dict[Key, list[PointNote]]
    signals: list[ChartSignal]
    drawing: charts.Chart | None
    capability: stats.Capability | None = None
    # Every signal of the KPI, also those that no rule of the chart raised, the newest first.
    records: tuple[Signal, ...] = ()
    restated: tuple[Restatement, ...] = ()

    @property
    def others(self) -> list[Signal]:
        """The signals that stand beside those of the chart: off target, missing, raised by hand."""
        drawn = {one.record.pk for one in self.signals if one.record}
        return [signal for signal in self.records if signal.pk not in drawn][:SIGNALS_SHOWN]

    @property
    def last(self) -> Point | None:
        """The newest point with data."""
        return next((point for point in reversed(self.points) if point.value is not None), None)

    @property
    def center(self) -> float | None:
        """The centre line of the newest phase."""
        return self.judgement.center[-1] if self.judgement.center else None

    @property
    def lcl(self) -> float | None:
        return self.judgement.lcl[-1] if self.judgement.lcl else None

    @property
    def ucl(self) -> float | None:
        return self.judgement.ucl[-1] if self.judgement.ucl else None

    @property
    def is_stable(self) -> bool:
        """Whether nothing signals since the newest phase began."""
        begins = self.judgement.stages[-1][0] if self.judgement.stages else 0
        return all(hit.at < begins for hit in self.judgement.hits)

    @property
    def firm_from(self) -> int:
        return FIRM


def chart(
    kpi: Kpi, *, viewer: User, until: date | None = None, where: Where | None = None
) -> KpiChart:
    """Return the chart of the newest points of ``kpi``; about six bounded queries.

    The chart of a part (``where``) has its own limits; answers belong to the whole.
    """
    found = points(kpi, until=until, where=where)
    notes: dict[Key, list[PointNote]] = defaultdict(list)
    for row in PointNote.objects.filter(kpi=kpi).select_related("by").order_by("pk")[:NOTES_READ]:
        notes[row.key].append(row)
    left_out = {key for key, rows in notes.items() if any(row.leaves_out for row in rows)}
    judged = judge(
        kpi, found, list(kpi.phases.select_related("record").order_by("day", "sequence")), left_out
    )
    records = answering.of_kpi(kpi, viewer) if where is None else []
    by_rule = {(row.rule, row.day, row.sequence): row for row in records if row.rule}
    signals = [
        ChartSignal(hit, found[hit.at].label, by_rule.get((hit.rule, *found[hit.at].key)))
        for hit in judged.hits
    ]
    restated = restatements(kpi) if where is None else []
    said = _Said(dict(notes), records, restated)
    drawing = _drawing(kpi, found, judged, said) if found else None
    return KpiChart(
        kpi, found, judged, said.notes, signals[::-1][:SIGNALS_SHOWN], drawing,
        _capability(kpi, found, judged, left_out), tuple(records), tuple(restated),
    )  # fmt: skip


def may_split(kpi: Kpi | None, record: Record, viewer: User) -> bool:
    """Return whether ``viewer`` may split the baseline at ``record``, and nobody did yet."""
    if kpi is None or not kpi.is_dated or not viewer.may("kpis.manage", record.site_id):
        return False
    return not kpi.phases.filter(record_id=record.pk).exists()


def _capability(
    kpi: Kpi, found: list[Point], judged: Judgement, left_out: set[Key]
) -> stats.Capability | None:
    """Return how the newest phase fits the specification limits; None without limits or data."""
    if not kpi.has_spec:
        return None
    begins = judged.stages[-1][0] if judged.stages else 0
    values = [
        None if point.value is None or point.key in left_out else float(point.value)
        for point in found[begins:]
    ]
    lower, upper = (None if limit is None else float(limit) for limit in kpi.spec)
    result = stats.capability(values, lsl=lower, usl=upper)
    return result if result.sentence else None


@dataclass(frozen=True)
class _Said:
    """What people said about points: notes, signals with their answers, restatements."""

    notes: dict[Key, list[PointNote]]
    records: Sequence[Signal]
    restated: Sequence[Restatement]

    def answers(self, found: Sequence[Point]) -> dict[int, str]:
        """Return the answers of the points at which every signal is answered, by position."""
        by_key = answering.at_points(self.records)
        return {
            at: _together(by_key[point.key])
            for at, point in enumerate(found)
            if point.key in by_key and all(signal.answer for signal in by_key[point.key])
        }

    def waiting(self, found: Sequence[Point]) -> dict[int, str]:
        """Return what is to be answered, and by whom, of the other points with signals."""
        by_key = answering.at_points(self.records)
        return {
            at: _together(by_key[point.key])
            for at, point in enumerate(found)
            if point.key in by_key and not all(signal.answer for signal in by_key[point.key])
        }

    def noted(self, found: Sequence[Point]) -> dict[int, str]:
        """Return notes and restatements at the position of their point, the oldest first."""
        texts: dict[Key, list[str]] = defaultdict(list)
        for one in self.restated[::-1]:
            texts[one.key].append(one.sentence)
        for key, rows in self.notes.items():
            texts[key] += [row.text for row in rows]
        return {
            at: " ".join(texts[point.key]) for at, point in enumerate(found) if point.key in texts
        }


def _together(signals: Sequence[Signal]) -> str:
    return " ".join(answering.in_words(signal) for signal in signals)


def _drawing(kpi: Kpi, found: list[Point], judged: Judgement, people: _Said) -> charts.Chart:
    said: dict[int, list[str]] = defaultdict(list)
    for hit in judged.hits:
        said[hit.at].append(hit.sentence)
    for at, text in people.waiting(found).items():
        said[at].append(text)
    return charts.control_chart(
        [point.value for point in found],
        labels=[point.label for point in found],
        center=judged.center,
        lcl=judged.lcl,
        ucl=judged.ucl,
        caption=_caption(kpi, found, judged),
        name=kpi.name,
        label_name=kpi.get_period_display().split(",")[0],
        unit=kpi.unit,
        digits=digits_of(kpi),
        signals=said,
        answers=people.answers(found),
        notes=people.noted(found),
        stages=[charts.Stage(at, reason) for at, reason in judged.stages],
        target=[point.target for point in found],
        spec=kpi.spec,
    )


def _caption(kpi: Kpi, found: list[Point], judged: Judgement) -> str:
    return _("%(kpi)s, %(first)s to %(last)s. %(chart)s: centre %(center)s.") % {
        "kpi": kpi.name,
        "first": found[0].label,
        "last": found[-1].label,
        "chart": judged.chart_name,
        "center": shown(kpi, judged.center[-1] if judged.center else None),
    }


def causes(kpi: Kpi, *, viewer: User, found: list[Point]) -> charts.Chart | None:
    """Return the Pareto of the causes behind a computed KPI over the newest 13 points."""
    if kpi.formula not in (*SCRAP_CAUSES, *STOP_CAUSES) or not found:
        return None
    part = found[-13:]
    scrap = kpi.formula in SCRAP_CAUSES
    totals = production.pareto_by_cause(
        viewer,
        CauseKind.SCRAP if scrap else CauseKind.STOP,
        since=start_of(kpi.period, part[0].day),
        until=(part[-1].end or part[-1].day + ONE_DAY) - ONE_DAY,
        scope=production.Scope(site=kpi.site_id, line=kpi.line_id, item=kpi.item_id),
    )
    if not totals:
        return None
    pareto = stats.pareto(
        [total.name for total in totals],
        [float(total.total) for total in totals],
        keep=CAUSES_SHOWN,
        other=_("Other causes"),
    )
    return charts.pareto_chart(
        pareto.names,
        pareto.counts,
        cumulative=[value or 0 for value in pareto.cumulative_percent],
        caption=_("Causes from %(first)s to %(last)s, the largest first.")
        % {"first": part[0].label, "last": part[-1].label},
        count_name=_("Scrapped") if scrap else _("Lost minutes"),
    )
