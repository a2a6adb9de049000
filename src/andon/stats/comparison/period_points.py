"""Period points before and after: the change with scatter between points and autocorrelation."""

from collections.abc import Sequence
from dataclasses import dataclass, replace

from andon.stats.comparison.changes import compare
from andon.stats.comparison.periods import KINDS, MetricKind, Periods, Phase, dispersion
from andon.stats.comparison.statements import RELATIVE_CHANGE, statement
from andon.stats.comparison.verdict_texts import Facts
from andon.stats.inputs import ArgumentError, fraction
from andon.stats.results import Result
from andon.stats.sentences import Sentence, gettext_noop, percent


@dataclass(frozen=True, kw_only=True)
class PeriodComparison(Result):
    """Levels, their difference (after less before) and relative change, each with interval.

    ``dispersion`` is the scatter between points beyond counting (variance), ``lag1`` their
    autocorrelation; ``effective_before`` and ``effective_after`` are the exposures divided by
    both.
    """

    before: float | None = None
    after: float | None = None
    difference: float | None = None
    difference_ci: list[float] | None = None
    relative_change: float | None = None
    relative_change_ci: list[float] | None = None
    p: float | None = None
    p_decrease: float | None = None
    dispersion: float | None = None
    lag1: float | None = None
    effective_before: float | None = None
    effective_after: float | None = None
    sentence: Sentence | None = None


def compare_periods(
    before: Periods,
    after: Periods,
    *,
    kind: MetricKind = "proportion",
    exclude: Sequence[int] = (),
    confidence: float = 0.95,
) -> PeriodComparison:
    r"""The change of a metric between two phases, from its period points.

    The interval and tests of `effectiveness` without a target: the variance of counting is
    multiplied by the scatter between points :math:`\hat\phi` and by what autocorrelation adds,
    so the effective exposure is :math:`n/\hat\phi`. `two_proportion_test` on the sums alone
    calls ordinary scatter from week to week a change.

    Parameters
    ----------
    before, after : Periods
        Period points in time order, each with its exposure.
    kind : {"proportion", "rate", "measured", "value"}
        As in `effectiveness`.
    exclude : sequence of int
        Points of ``before`` (from 1) to leave out.
    confidence : float
        Of the intervals, two-sided.

    Returns
    -------
    PeriodComparison
        ``p`` is two-sided, ``p_decrease`` one-sided for a fall. Without points all None with
        ``no_data``; where the error cannot be told, levels without interval
        (``no_interval``, ``no_baseline``).

    Raises
    ------
    ValueError
        For points that no such metric can have.

    References
    ----------
    .. [1] D. B. Laney, Quality Engineering 14 (2002) 531; P. McCullagh, J. A. Nelder,
       Generalized Linear Models, 4.5.

    Examples
    --------
    >>> before = Periods([80, 84, 78, 82, 79, 81], [1000] * 6)
    >>> after = Periods([52, 49, 55, 50, 51, 48], [1000] * 6)
    >>> result = compare_periods(before, after)
    >>> round(result.relative_change, 3), [round(end, 3) for end in result.relative_change_ci]
    (-0.37, [-0.451, -0.276])
    """
    if kind not in KINDS:
        raise ArgumentError("kind", f"must be one of {', '.join(KINDS)}")
    level = fraction(confidence, "confidence")
    first, second = Phase.of(before, kind, "before", exclude), Phase.of(after, kind, "after")
    common = PeriodComparison(
        n=first.size + second.size,
        n_missing=first.missing + second.missing,
        method=f"no comparison of {kind}",
    )
    if not first.size or not second.size:
        return replace(common, warnings=(Facts.no_points(before=not first.size),))
    return _compared(common, first, second, kind, level)


def _compared(
    common: PeriodComparison, first: Phase, second: Phase, kind: MetricKind, level: float
) -> PeriodComparison:
    spread = dispersion(first, second, kind=kind)
    change = compare(first, second, kind, spread, level) if first.level else None
    start, end = first.level, second.level
    levels = replace(
        common,
        before=start,
        after=end,
        difference=end - start,
        relative_change=(end - start) / abs(start) if start else None,
        dispersion=None if kind == "value" else spread.factor,
        lag1=spread.lag1,
        effective_before=first.exposure / spread.total if spread.total else None,
        effective_after=second.exposure / spread.total if spread.total else None,
    )
    if change is None:
        return replace(levels, warnings=(_NO_INTERVAL if start else _NO_BASELINE,))
    ends, below = change.interval(level), change.p_not_below(start)
    p = min(1.0, 2 * min(below, 1 - below))
    relative = [(one - start) / abs(start) for one in ends]
    return replace(
        levels,
        method=change.method,
        difference_ci=[one - start for one in ends],
        relative_change_ci=relative,
        p=p,
        p_decrease=below,
        sentence=statement(
            "relative_change",
            RELATIVE_CHANGE,
            estimate=levels.relative_change,
            ci=relative,
            confidence=level,
            p=p,
            show=percent,
        ),
    )


_NO_INTERVAL = Sentence(
    "no_interval", gettext_noop("The points do not show how much of the change is chance.")
)
_NO_BASELINE = Sentence(
    "no_baseline", gettext_noop("The level before is zero, so there is no change to measure.")
)
