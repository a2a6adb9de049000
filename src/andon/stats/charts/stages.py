"""Charts of several stages: limits set anew where the process changed, or frozen and carried on."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from itertools import pairwise
from typing import Any, TypeAlias

import numpy as np

from andon.stats.charts.chart import ControlChart, Line
from andon.stats.charts.cumulative import CusumChart
from andon.stats.inputs import ArgumentError, flat, listing, whole
from andon.stats.results import Value
from andon.stats.sentences import Sentence

AnyChart: TypeAlias = ControlChart | CusumChart


@dataclass(frozen=True, kw_only=True)
class Exclusion(Value):
    """A point (from 1) left out of an estimate, and why."""

    point: int
    reason: str


@dataclass(frozen=True, kw_only=True)
class Stage(Value):
    """Where a stage starts (point from 1), what it is called, and whose limits it has.

    ``frozen``: the limits of the stage before judge it (phase 2); else it has its own (phase 1,
    or a new level).
    """

    start: int
    label: str = ""
    frozen: bool = False


@dataclass(frozen=True, kw_only=True)
class StagePart(Value):
    """One stage of a chart: points ``first`` to ``last``, and its own chart of these."""

    label: str
    first: int
    last: int
    frozen: bool
    chart: AnyChart


@dataclass(frozen=True, kw_only=True)
class StagedPanel(ControlChart):
    """One panel of a staged chart; run rules start again at each of ``starts``."""

    sigma_plotted: Line = None
    starts: list[int]
    rules: list[str] | None = None

    @property
    def fitting_rules(self) -> frozenset[str] | None:
        """Those of the charts of the stages."""
        return None if self.rules is None else frozenset(self.rules)

    @property
    def spread(self) -> Line:
        """Sigma of the plotted statistic."""
        return self.sigma_plotted

    @property
    def restarts(self) -> tuple[int, ...]:
        """The starts of the stages."""
        return tuple(self.starts)


@dataclass(frozen=True, kw_only=True)
class StagedChart(StagedPanel):
    """A chart of several stages, each with its own chart in ``parts``."""

    parts: list[StagePart]
    exclusions: list[Exclusion]
    lower: list[StagedPanel]

    def panels(self) -> tuple[ControlChart, ...]:
        """The panels of the charts of the stages, joined."""
        return (self, *self.lower)

    def given(self) -> dict[str, object]:
        """The arguments that freeze the lines of the last stage."""
        return self.parts[-1].chart.given()


def staged_chart(
    chart: Callable[..., AnyChart],
    data: Sequence[Any],
    stages: Sequence[Stage],
    *,
    exclusions: Sequence[Exclusion] = (),
    **options: object,
) -> StagedChart:
    """One chart of several stages, each with its own limits or with those of the stage before.

    A stage that is not ``frozen`` is estimated from its own points (phase 1, or a level that
    changed for a known reason); a frozen one is judged by the lines of the stage before
    (phase 2). Moving ranges, sums, averages and the counters of run rules start again at every
    stage [1]_.

    Parameters
    ----------
    chart : callable
        Any chart function of this package, such as `imr_chart`, `p_chart` or `xbar_r_chart`.
    data : sequence
        Its data arguments in their order, each with one entry for each point: ``[x]``, or
        ``[d, n]``, or ``[subgroups]``.
    stages : sequence of Stage
        In order; the first starts at point 1.
    exclusions : sequence of Exclusion
        Points (from 1) plotted but left out of the estimate of their stage, each with its
        reason, which the result keeps.
    **options
        Further arguments of ``chart``, the same for all stages.

    Returns
    -------
    StagedChart

    Raises
    ------
    ValueError
        If stages are not in order, the first is frozen, an exclusion has no reason or no such
        point, or ``chart`` refuses its data.

    References
    ----------
    .. [1] ISO 7870-2:2013, phases 1 and 2.

    Examples
    --------
    >>> from andon.stats import imr_chart
    >>> x = [5.1, 4.9, 5.0, 5.2, 5.9, 6.1, 6.0, 9.0]
    >>> chart = staged_chart(imr_chart, [x], [Stage(start=1), Stage(start=5, frozen=True)])
    >>> [round(line, 2) for line in chart.along(chart.center)][3:6], chart.beyond
    ([5.05, 5.05, 5.05], [5, 6, 7, 8])
    """
    if own := {"baseline", "exclude"} & options.keys():
        raise ArgumentError(min(own), "is set by the stages and their exclusions")
    if not callable(chart):
        raise ArgumentError("chart", "must be a function of this package that draws a chart")
    size = _size(data)
    cuts = _cuts(stages, size)
    _check(exclusions, size)
    parts: list[StagePart] = []
    for stage, (first, after) in zip(stages, pairwise(cuts), strict=True):
        lines = parts[-1].chart.given() if stage.frozen else {}
        inside = [item.point - first + 1 for item in exclusions if first <= item.point < after]
        pieces = [column[first - 1 : after - 1] for column in data]
        one = chart(*pieces, **{**options, **lines, "exclude": inside})
        if not isinstance(one, ControlChart | CusumChart):
            raise ArgumentError("chart", "must be a function of this package that draws a chart")
        parts.append(
            StagePart(
                label=stage.label, first=first, last=after - 1, frozen=stage.frozen, chart=one
            )
        )
    upper, *lower = [
        _joined([part.first for part in parts], panels)
        for panels in zip(*(part.chart.panels() for part in parts), strict=True)
    ]
    shared = {name: getattr(upper, name) for name in upper}
    return StagedChart(**shared, parts=parts, exclusions=list(exclusions), lower=lower)


def _joined(starts: list[int], panels: Sequence[ControlChart]) -> StagedPanel:
    """The panels of the stages one after the other."""

    def line(name: str) -> Line:
        lines = [value for panel in panels for value in panel.along(getattr(panel, name))]
        return flat(np.array(lines, dtype=np.float64))

    rules = panels[0].fitting_rules
    return StagedPanel(
        n=sum(panel.n for panel in panels),
        n_missing=sum(panel.n_missing for panel in panels),
        method=f"{len(panels)} stages: {_different([panel.method for panel in panels])}",
        warnings=_warnings(panels),
        values=[value for panel in panels for value in panel.values],
        center=line("center"),
        sigma=line("sigma"),
        lcl=line("lcl"),
        ucl=line("ucl"),
        sigma_plotted=line("spread"),
        beyond=[
            point + start - 1
            for start, panel in zip(starts, panels, strict=True)
            for point in panel.beyond
        ],
        n_baseline=sum(panel.n_baseline for panel in panels),
        starts=starts,
        rules=None if rules is None else sorted(rules),
    )


def _warnings(panels: Sequence[ControlChart]) -> tuple[Sentence, ...]:
    found = {(item.code, str(item)): item for panel in panels for item in panel.warnings}
    return tuple(found.values())


def _different(texts: Sequence[str]) -> str:
    return "; then ".join(dict.fromkeys(texts))


def _size(data: Sequence[Any]) -> int:
    columns = listing(data, "data")
    if not columns or any(not _is_column(item) for item in columns):
        raise ArgumentError("data", "must be a list of the data arguments, such as [x] or [d, n]")
    if len({len(item) for item in data}) != 1:
        raise ArgumentError("data", "must have as many points in every argument")
    return len(data[0])


def _is_column(item: object) -> bool:
    if isinstance(item, np.ndarray):
        return item.ndim > 0
    return isinstance(item, Sequence) and not isinstance(item, str | bytes)


def _cuts(stages: Sequence[Stage], size: int) -> list[int]:
    """The first point of each stage, and the one after the last."""
    if any(not isinstance(stage, Stage) for stage in listing(stages, "stages")):
        raise ArgumentError("stages", "must be a list of Stage")
    starts = [whole(stage.start, "stages", least=1) for stage in stages]
    if not starts or starts[0] != 1:
        raise ArgumentError("stages", "the first stage must start at point 1")
    if stages[0].frozen:
        raise ArgumentError("stages", "the first stage has no lines before it to freeze")
    cuts = [*starts, max(size, 1) + 1]
    if any(after <= before for before, after in pairwise(cuts)):
        raise ArgumentError("stages", f"starts must rise and not exceed the {size} points")
    return cuts


def _check(exclusions: Sequence[Exclusion], size: int) -> None:
    for item in listing(exclusions, "exclusions"):
        if not isinstance(item, Exclusion):
            raise ArgumentError("exclusions", "must be a list of Exclusion")
        if not str(item.reason or "").strip():
            raise ArgumentError("exclusions", f"point {item.point} needs a reason")
        if not 1 <= whole(item.point, "exclusions") <= size:
            raise ArgumentError("exclusions", f"points are counted from 1 to {size}")
