"""What a control chart says, in sentences: each signal once, at the point that raised it."""

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from itertools import chain

import numpy as np

from andon.stats.charts.chart import ControlChart
from andon.stats.charts.cumulative import CusumChart
from andon.stats.charts.rules import DEFAULT_RULES, run_rules
from andon.stats.inputs import ArgumentError, Floats, listing
from andon.stats.sentences import Sentence, gettext_noop, number

_WINDOWS = {"n2": 9, "we4": 8, "n3": 6, "n4": 14, "n5": 3, "we2": 3, "n6": 5, "we3": 5}
_WINDOWS |= {"n7": 15, "n8": 8, "n1": 1, "we1": 1}
_LIMITS = ("n1", "we1")


@dataclass(frozen=True)
class Signal:
    """One signal.

    ``rule`` and ``point`` (the one that completed the pattern first) identify it and stay the
    same when later points prolong it; ``first`` to ``last`` is the stretch it covers so far.
    ``side`` is ``above``, ``below`` or empty (for trends: rising, falling).
    """

    rule: str
    point: int
    first: int
    last: int
    side: str
    sentence: Sentence

    def __str__(self) -> str:
        return str(self.sentence)


def signals(
    chart: ControlChart | CusumChart,
    *,
    rules: Iterable[str] = DEFAULT_RULES,
    restarts: Sequence[int] = (),
    labels: Sequence[str] | None = None,
    show: Callable[[float], str] = number,
) -> list[Signal]:
    """The signals of ``chart`` in order of their points.

    Successive points that complete the same pattern are one signal, except beyond the limits,
    where every point is its own. The first rule (n1, we1) asks the limits of the chart, the
    others its centre and `ControlChart.spread`. Rules that make no sense for the statistic are
    not asked: ``chart.fitting_rules`` names those that do (n1 to n4 for ranges and s, only the
    limits for sums and moving averages). Where limits start anew (`ControlChart.restarts`), so do
    the counters.

    Parameters
    ----------
    chart : ControlChart or CusumChart
        Any chart of this package; of cumulative sums both panels are asked.
    rules : iterable of str
        Ids of `run_rules`.
    restarts : sequence of int
        Points (from 1) at which the counters start again.
    labels : sequence of str, optional
        Names of the points, such as "2026-W12"; default "Point 12".
    show : callable
        Turns a value into text, such as `percent`.

    Raises
    ------
    ValueError
        For something else than a chart, a rule that is unknown, or ``labels`` that are not as
        many as the points.

    Examples
    --------
    >>> from andon.stats import p_chart, percent
    >>> chart = p_chart([2, 1, 2, 3, 9, 1, 2], [50] * 7)
    >>> print(signals(chart, show=percent)[0])
    Point 5: 18 % lies above the upper limit of 15.6 %.
    """
    if isinstance(chart, CusumChart):
        panels = [
            signals(panel, rules=rules, restarts=restarts, labels=labels, show=show)
            for panel in chart.panels()
        ]
        return sorted(chain(*panels), key=lambda signal: (signal.point, signal.rule))
    if not isinstance(chart, ControlChart):
        raise ArgumentError("chart", "must be a control chart of this package")
    size = len(chart.values)
    names = [f"Point {i}" for i in range(1, size + 1)]
    if labels is not None:
        names = [str(name) for name in listing(labels, "labels")]
    if not callable(show):
        raise ArgumentError("show", "must be a function that turns a number into text")
    if len(names) != size:
        raise ArgumentError("labels", f"must be as many as the points ({size})")
    away, found = _found(chart, listing(rules, "rules"), listing(restarts, "restarts"))
    say = _Speaker(chart, names, show)
    result = []
    for rule, hits in found.items():
        sides = _sides(rule, hits, away)
        for start, stop in _groups(hits, sides, merge=_WINDOWS[rule] > 1):
            result.append(say.signal(rule, hits[start], hits[stop], sides[start]))
    return sorted(result, key=lambda signal: (signal.point, signal.rule))


def _found(
    chart: ControlChart, rules: list[str], restarts: Sequence[int]
) -> tuple[Floats, dict[str, list[int]]]:
    """Distances from the centre, and the points each fitting rule finds."""
    values, center, spread, ucl = (
        np.array(chart.along(line), dtype=np.float64)
        for line in (chart.values, chart.center, chart.spread, chart.ucl)
    )
    found = dict(run_rules(values, center, spread, rules, restarts=[*restarts, *chart.restarts]))
    fitting = [rule for rule in rules if rule in (chart.fitting_rules or _WINDOWS)]
    beyond = dict.fromkeys(_LIMITS, chart.beyond)
    # Without a centre line only the limits can be crossed, and only the upper one is drawn.
    away = np.where(np.isnan(center), values - ucl, values - center)
    return away, {rule: beyond.get(rule, found[rule]) for rule in fitting}


def _sides(rule: str, hits: list[int], away: Floats) -> list[str]:
    if rule in {"n4", "n7", "n8"}:
        return [""] * len(hits)
    if rule == "n3":
        return ["above" if away[hit - 1] > away[hit - 2] else "below" for hit in hits]
    return ["above" if away[hit - 1] > 0 else "below" for hit in hits]


def _groups(hits: list[int], sides: list[str], *, merge: bool) -> list[tuple[int, int]]:
    groups: list[tuple[int, int]] = []
    for i, hit in enumerate(hits):
        if merge and i and hit == hits[i - 1] + 1 and sides[i] == sides[i - 1]:
            groups[-1] = (groups[-1][0], i)
        else:
            groups.append((i, i))
    return groups


@dataclass(frozen=True)
class _Speaker:
    chart: ControlChart
    names: Sequence[str]
    show: Callable[[float], str]

    def signal(self, rule: str, point: int, last: int, side: str) -> Signal:
        first = point - _WINDOWS[rule] + 1
        limits = self.chart.along(self.chart.ucl if side == "above" else self.chart.lcl)
        value, limit = self.chart.values[point - 1], limits[point - 1]
        sentence = Sentence.of(
            rule,
            _TEXTS[rule, side],
            point=self.names[last - 1],
            first=self.names[first - 1],
            last=self.names[last - 1],
            count=str(last - first + 1),
            value="" if value is None else self.show(value),
            limit="" if limit is None else self.show(limit),
        )
        return Signal(rule, point, first, last, side, sentence)


_OVER = gettext_noop("%(point)s: %(value)s lies above the upper limit of %(limit)s.")
_UNDER = gettext_noop("%(point)s: %(value)s lies below the lower limit of %(limit)s.")
_RUN_OVER = gettext_noop("%(first)s to %(last)s: %(count)s in a row above the centre line.")
_RUN_UNDER = gettext_noop("%(first)s to %(last)s: %(count)s in a row below the centre line.")
_FAR_OVER = gettext_noop("%(first)s to %(last)s: most lie beyond 2 sigma above the centre line.")
_FAR_UNDER = gettext_noop("%(first)s to %(last)s: most lie beyond 2 sigma below the centre line.")
_OFF_OVER = gettext_noop("%(first)s to %(last)s: most lie beyond 1 sigma above the centre line.")
_OFF_UNDER = gettext_noop("%(first)s to %(last)s: most lie beyond 1 sigma below the centre line.")

_TEXTS: dict[tuple[str, str], str] = {
    ("n1", "above"): _OVER,
    ("n1", "below"): _UNDER,
    ("we1", "above"): _OVER,
    ("we1", "below"): _UNDER,
    ("n2", "above"): _RUN_OVER,
    ("n2", "below"): _RUN_UNDER,
    ("we4", "above"): _RUN_OVER,
    ("we4", "below"): _RUN_UNDER,
    ("n3", "above"): gettext_noop("%(first)s to %(last)s: %(count)s in a row, each higher."),
    ("n3", "below"): gettext_noop("%(first)s to %(last)s: %(count)s in a row, each lower."),
    ("n4", ""): gettext_noop("%(first)s to %(last)s: %(count)s in a row alternate up and down."),
    ("n5", "above"): _FAR_OVER,
    ("n5", "below"): _FAR_UNDER,
    ("we2", "above"): _FAR_OVER,
    ("we2", "below"): _FAR_UNDER,
    ("n6", "above"): _OFF_OVER,
    ("n6", "below"): _OFF_UNDER,
    ("we3", "above"): _OFF_OVER,
    ("we3", "below"): _OFF_UNDER,
    ("n7", ""): gettext_noop(
        "%(first)s to %(last)s: %(count)s in a row within 1 sigma; too quiet to be chance."
    ),
    ("n8", ""): gettext_noop(
        "%(first)s to %(last)s: %(count)s in a row beyond 1 sigma on both sides; perhaps two "
        "streams are mixed."
    ),
}
