"""Limits and signals of a KPI's points, phase by phase; pure, on ``andon.stats``."""

from __future__ import annotations

from collections.abc import Callable, Collection, Sequence
from dataclasses import dataclass, field
from decimal import Decimal
from typing import Any

from django.utils.formats import number_format
from django.utils.translation import gettext as _

from andon import stats

from .choices import ChartKind, Direction
from .definitions import Kpi
from .parts import Phase
from .series import Key, Point

# Fewer points than these give limits that will still move.
FIRM = 20
# Fewer points than these raise no signal.
ENOUGH = 8


@dataclass(frozen=True)
class Hit:
    """One signal of a chart: the point that completed it, and the sentence."""

    rule: str
    at: int
    first: int
    last: int
    sentence: str
    # Whether it points the way we want; None where a side has no meaning.
    good: bool | None


@dataclass
class Judgement:
    """What the chart of a KPI says; the lines are in the unit of the KPI, one value a point."""

    center: list[float | None] = field(default_factory=list)
    lcl: list[float | None] = field(default_factory=list)
    ucl: list[float | None] = field(default_factory=list)
    hits: list[Hit] = field(default_factory=list)
    # (first point, reason) of each phase after the first.
    stages: list[tuple[int, str]] = field(default_factory=list)
    chart: str = ""
    reason: str = ""
    warnings: list[str] = field(default_factory=list)
    provisional: bool = False

    @property
    def chart_name(self) -> str:
        return str(ChartKind(self.chart).label) if self.chart else ""


@dataclass(frozen=True)
class _Stretch:
    """The points of one phase, and which of them the limits rest on."""

    start: int
    points: Sequence[Point]
    reason: str = ""
    baseline: slice | None = None
    exclude: tuple[int, ...] = ()


def digits_of(kpi: Kpi) -> int:
    """Return how many decimals a value is shown with; money has two."""
    if len(kpi.unit) == 3 and kpi.unit.isupper():  # noqa: PLR2004  (a currency: EUR)
        return 2
    return 2 if kpi.factor == 100 or not kpi.unit else (1 if kpi.factor > 1 else 3)  # noqa: PLR2004


def shown(kpi: Kpi, value: Decimal | float | None) -> str:
    """Return a value with its unit, for reading."""
    if value is None:
        return _("No data")
    text = number_format(
        round(float(value), digits_of(kpi)), digits_of(kpi), use_l10n=True, force_grouping=True
    )
    return f"{text} {kpi.unit}" if kpi.unit else text


def judge(
    kpi: Kpi, points: Sequence[Point], phases: Sequence[Phase] = (), left_out: Collection[Key] = ()
) -> Judgement:
    """Draw the lines of every phase and list the signals, in order of their points."""
    result = Judgement()
    for stretch in _stretches(points, phases, left_out):
        _judge_stretch(kpi, stretch, result)
    return result


def latest_hits(
    kpi: Kpi, points: Sequence[Point], phases: Sequence[Phase], left_out: Collection[Key], at: int
) -> list[Hit]:
    """Return the signals that the point ``at`` completes, seen with the points up to it only.

    So the answer does not depend on when it is asked, unless older points change.
    """
    stretch = _stretches(points[: at + 1], phases, left_out)[-1]
    there = sum(point.value is not None for point in stretch.points)
    if there < ENOUGH or points[at].value is None:
        return []
    alone = Judgement()
    _judge_stretch(kpi, stretch, alone)
    return [hit for hit in alone.hits if hit.at == at]


def _stretches(
    points: Sequence[Point], phases: Sequence[Phase], left_out: Collection[Key]
) -> list[_Stretch]:
    begins = {0: ("", None)} | {
        at: (phase.label, phase.frozen_key)
        for phase in sorted(phases, key=lambda one: one.key)
        if (at := _position(points, phase.key)) is not None
    }
    starts = sorted(begins)
    result = []
    for start, stop in zip(starts, [*starts[1:], len(points)], strict=True):
        part = points[start:stop]
        reason, frozen = begins[start]
        kept = sum(point.key <= frozen for point in part) if frozen else 0
        result.append(
            _Stretch(
                start,
                part,
                reason,
                slice(0, kept) if kept else None,
                tuple(n for n, point in enumerate(part, start=1) if point.key in left_out),
            )
        )
    return result


def _position(points: Sequence[Point], key: Key) -> int | None:
    """Return the first point at or after ``key``; None when it lies beyond the last."""
    return next((at for at, point in enumerate(points) if point.key >= key), None)


def _judge_stretch(kpi: Kpi, stretch: _Stretch, into: Judgement) -> None:
    size = len(stretch.points)
    if stretch.start:
        into.stages.append((stretch.start, stretch.reason))
    try:
        chart = _drawn(kpi, stretch, into)
    except ValueError as error:
        into.warnings.append(_("These points cannot have limits: %s.") % error)
        for line in (into.center, into.lcl, into.ucl):
            line.extend([None] * size)
        return
    for line, level in ((into.center, chart.center), (into.lcl, chart.lcl), (into.ucl, chart.ucl)):
        line.extend(_scaled(chart.along(level), kpi.factor))
    into.warnings.extend(translated(warning) for warning in chart.warnings if chart.n)
    into.provisional = chart.n_baseline < FIRM
    into.hits.extend(_hits(kpi, chart, stretch))


def _drawn(kpi: Kpi, stretch: _Stretch, into: Judgement) -> stats.ControlChart:
    """Return the chart of one phase and note which it is and why."""
    options = {"baseline": stretch.baseline, "exclude": stretch.exclude}
    if not kpi.is_ratio:
        into.chart, into.reason = ChartKind.IMR, _("One measured value in each period.")
        return stats.imr_chart(_floats(p.value for p in stretch.points), **options)  # type: ignore[arg-type]
    there = [p if p.denominator else None for p in stretch.points]
    top = _floats(p and p.numerator for p in there)
    bottom = _floats(p and p.denominator for p in there)
    if kpi.chart == ChartKind.AUTO:
        choice = stats.choose_chart(top, bottom, kind=kpi.counting)  # type: ignore[arg-type]
        into.chart, into.reason = choice.chart, translated(choice.reason)
    else:
        into.chart, into.reason = kpi.chart, _("Fixed in the definition of the KPI.")
    return stats.draw(into.chart, top, bottom, **options)  # type: ignore[arg-type]


def _floats(values: Any) -> list[float | None]:
    return [None if value is None else float(value) for value in values]


def _scaled(values: Sequence[float | None], factor: int) -> list[float | None]:
    return [None if value is None else value * factor for value in values]


def _hits(kpi: Kpi, chart: stats.ControlChart, stretch: _Stretch) -> list[Hit]:
    if not chart.n:
        return []
    show: Callable[[float], str] = lambda value: shown(kpi, value * kpi.factor)  # noqa: E731
    found = stats.signals(chart, labels=[point.label for point in stretch.points], show=show)
    wanted = "below" if kpi.direction == Direction.LOWER else "above"
    return [
        Hit(
            rule=signal.rule,
            at=stretch.start + signal.point - 1,
            first=stretch.start + signal.first - 1,
            last=stretch.start + signal.last - 1,
            sentence=translated(signal.sentence),
            good=signal.side == wanted if signal.side else None,
        )
        for signal in found
    ]


def translated(sentence: stats.Sentence) -> str:
    """Return a sentence of the statistics in the language of the page."""
    return _(sentence.text) % sentence.values
