"""Confidence intervals of repeatability, reproducibility and GRR."""

import math
from collections.abc import Sequence
from dataclasses import dataclass
from itertools import combinations, product

from andon.stats.capabilities.intervals import chi2_quantile
from andon.stats.comparison.f_distribution import f_quantile
from andon.stats.inputs import Values, fraction
from andon.stats.measurement.crossed import CrossedModel, unit_interval
from andon.stats.measurement.mean_squares import Square
from andon.stats.measurement.study import Labels, crossed_study
from andon.stats.results import Result
from andon.stats.sentences import NO_DATA, ZERO_VARIANCE, Sentence, gettext_noop

_FEW_DF = 5
_WIDE = Sentence(
    "wide_interval",
    gettext_noop("Few operators or parts: the upper limits of their variation are wide by nature."),
)


@dataclass(frozen=True, kw_only=True)
class GrrIntervals(Result):
    """Standard deviations with two-sided limits [low, high], in the unit of the readings.

    ``ev`` repeatability, ``av`` reproducibility (operator and kept interaction), ``grr`` both,
    ``pv`` parts. None where not estimable.
    """

    confidence: float
    ev: float | None = None
    av: float | None = None
    grr: float | None = None
    pv: float | None = None
    ev_ci: list[float] | None = None
    av_ci: list[float] | None = None
    grr_ci: list[float] | None = None
    pv_ci: list[float] | None = None
    pooled: bool = False


def grr_confidence_intervals(
    part: Labels,
    operator: Labels,
    y: Values,
    confidence: float = 0.95,
    pool_interaction_if_p_above: float = 0.05,
) -> GrrIntervals:
    r"""Confidence intervals for the standard deviations of a crossed gage study.

    Repeatability: :math:`\sqrt{SS_E/\chi^2}`, exact. The others by modified large-sample limits
    [1]_ [2]_ for sums and differences of mean squares :math:`\sum c_i MS_i`, exact when all but one
    mean square are 0; limits below 0 become 0. With the interaction kept: reproducibility
    :math:`(MS_O + (p-1)MS_{PO} - p MS_E)/(pr)`, GRR
    :math:`(MS_O + (p-1)MS_{PO} + p(r-1)MS_E)/(pr)`. Pooled: :math:`(MS_O - MS_E)/(pr)` and
    :math:`(MS_O + (pr-1)MS_E)/(pr)`.

    Parameters
    ----------
    part, operator, y, pool_interaction_if_p_above
        As in `grr_anova`.
    confidence : float
        Two-sided, 0 to 1.

    Returns
    -------
    GrrIntervals

    Raises
    ------
    ValueError
        As `grr_anova`, and for a confidence outside 0 to 1.

    References
    ----------
    .. [1] R. K. Burdick, C. M. Borror, D. C. Montgomery, J. Quality Technology 35 (2003) 342.
    .. [2] N. Ting, R. K. Burdick, F. A. Graybill, S. Jeyaratnam, T.-F. C. Lu, J. Statistical
       Computation and Simulation 35 (1990) 135.

    Examples
    --------
    >>> result = grr_confidence_intervals(
    ...     [1, 1, 2, 2, 3, 3] * 2,
    ...     ["A"] * 6 + ["B"] * 6,
    ...     [9.9, 10.1, 12.0, 12.1, 14.0, 13.9, 10.2, 10.1, 12.2, 12.2, 14.1, 14.3],
    ...     confidence=0.9,
    ... )
    >>> round(result.ev, 3), [round(limit, 3) for limit in result.ev_ci]
    (0.088, [0.063, 0.15])
    """
    level = fraction(confidence, "confidence")
    limit = unit_interval(pool_interaction_if_p_above, "pool_interaction_if_p_above")
    study = crossed_study(part, operator, y)
    method = f"chi-square and modified large-sample limits, {level:g} two-sided"
    if study is None:
        return GrrIntervals(
            n=0, n_missing=len(part), method=method, warnings=(NO_DATA,), confidence=level
        )
    model = CrossedModel.of(study.cube, limit)
    variances = model.variances()
    tail = (1 - level) / 2
    return GrrIntervals(
        n=study.cube.size,
        n_missing=study.n_missing,
        method=f"{method}, {model.interaction_words}",
        warnings=_warnings(model),
        confidence=level,
        ev=_root(variances["repeatability"]),
        av=_root(variances["reproducibility"]),
        grr=_root(variances["grr"]),
        pv=_root(variances["part"]),
        ev_ci=_sd_limits([(1.0, model.repeatability)], tail),
        av_ci=_sd_limits(_reproducibility(model), tail),
        grr_ci=_sd_limits(_grr(model), tail),
        pv_ci=_sd_limits(_parts(model), tail),
        pooled=model.pooled,
    )


Terms = Sequence[tuple[float, Square]]


def _reproducibility(model: CrossedModel) -> Terms:
    p, _, r = model.shape
    if model.operator.df == 0:
        return ()
    if model.pooled:
        return [(1 / (p * r), model.operator), (-1 / (p * r), model.repeatability)]
    return [
        (1 / (p * r), model.operator),
        ((p - 1) / (p * r), model.interaction),
        (-1 / r, model.error),
    ]


def _grr(model: CrossedModel) -> Terms:
    p, _, r = model.shape
    if model.operator.df == 0:
        return [(1.0, model.repeatability)]
    if model.pooled:
        return [(1 / (p * r), model.operator), (1 - 1 / (p * r), model.repeatability)]
    return [
        (1 / (p * r), model.operator),
        ((p - 1) / (p * r), model.interaction),
        (1 - 1 / r, model.error),
    ]


def _parts(model: CrossedModel) -> Terms:
    _, o, r = model.shape
    if model.part.df == 0:
        return ()
    return [(1 / (o * r), model.part), (-1 / (o * r), model.yardstick)]


def _warnings(model: CrossedModel) -> tuple[Sentence, ...]:
    if model.repeatability.ss == 0:
        return (ZERO_VARIANCE,)
    return (_WIDE,) if min(model.operator.df, model.part.df) < _FEW_DF else ()


def _root(variance: float | None) -> float | None:
    return None if variance is None else math.sqrt(variance)


def _sd_limits(terms: Terms, tail: float) -> list[float] | None:
    """Limits of the square root of the sum of ``terms``; None for none, or without any scatter."""
    if not any(each.ss for _, each in terms):
        return None
    bounds = _MeanSquares(terms, tail)
    middle = sum(c * each.ss / each.df for c, each in terms)
    low, high = middle - math.sqrt(bounds.below()), middle + math.sqrt(bounds.above())
    return [math.sqrt(max(0.0, low)), math.sqrt(max(0.0, high))]


class _MeanSquares:
    """The squared distances from the estimate to its limits, after Ting and others."""

    def __init__(self, terms: Terms, tail: float) -> None:
        self.tail = tail
        self.plus = [(c * each.ss / each.df, each.df) for c, each in terms if c > 0]
        self.minus = [(-c * each.ss / each.df, each.df) for c, each in terms if c < 0]

    def below(self) -> float:
        own = sum((self._g(df) * t) ** 2 for t, df in self.plus)
        own += sum((self._h(df) * t) ** 2 for t, df in self.minus)
        for (t, df), (u, other) in product(self.plus, self.minus):
            f = f_quantile(1 - self.tail, df, other)
            g, h = self._g(df), self._h(other)
            own += t * u * ((f - 1) ** 2 - (g * f) ** 2 - h**2) / f
        if self.minus:
            for (t, df), (u, other) in combinations(self.plus, 2):
                own += t * u * self._together(df, other) / (len(self.plus) - 1)
        return max(0.0, own)

    def above(self) -> float:
        own = sum((self._h(df) * t) ** 2 for t, df in self.plus)
        own += sum((self._g(df) * t) ** 2 for t, df in self.minus)
        for (t, df), (u, other) in product(self.plus, self.minus):
            f = f_quantile(self.tail, df, other)
            h, g = self._h(df), self._g(other)
            own += t * u * ((1 - f) ** 2 - (h * f) ** 2 - g**2) / f
        return max(0.0, own)

    def _together(self, df: int, other: int) -> float:
        both = df + other
        cross = self._g(both) ** 2 * both**2 / (df * other)
        return cross - self._g(df) ** 2 * df / other - self._g(other) ** 2 * other / df

    def _g(self, df: int) -> float:
        return 1 - df / chi2_quantile(1 - self.tail, df)

    def _h(self, df: int) -> float:
        return df / chi2_quantile(self.tail, df) - 1
