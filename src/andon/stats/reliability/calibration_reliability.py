"""Calibration interval from how often instruments came back within their tolerance."""

import math
from dataclasses import dataclass

import numpy as np

from andon.stats.inputs import ArgumentError, Floats, Values, amounts, fraction, series
from andon.stats.results import Result, Value
from andon.stats.scales import LEAST
from andon.stats.sentences import NO_DATA, Sentence, gettext_noop, number, percent
from andon.stats.special import normal_quantile

ALWAYS_IN = Sentence(
    "no_failures",
    gettext_noop("Every instrument was within tolerance: only a lower bound can be given."),
)
ALWAYS_OUT = Sentence(
    "no_variation", gettext_noop("Every instrument was out of tolerance: no model can be fitted.")
)
NO_SHAPE = Sentence(
    "not_estimable",
    gettext_noop("The Weibull model cannot be fitted: too few intervals, or no wear over time."),
)
OUTSIDE = Sentence(
    "extrapolated",
    gettext_noop("The interval at the target lies outside the intervals that were observed."),
)
_CLOSE = 1e-11
_MOST_STEPS = 300
_FIRST_DAMPING = 1e-3
_WORST_CONDITION = 1e12
_LARGEST_LOG = 500.0
_LARGEST_POWER = 600.0
_WEIBULL_IS_BETTER = 3.841458820694124  # chi-square 0.95 with 1 degree of freedom


@dataclass(frozen=True, kw_only=True)
class ExponentialReliability(Value):
    """R(t) = exp(-rate t); without any instrument out of tolerance only the two bounds."""

    rate: float | None = None
    loglik: float | None = None
    interval_at_target: float | None = None
    interval_ci: list[float] | None = None
    rate_upper: float | None = None
    interval_lower: float | None = None


@dataclass(frozen=True, kw_only=True)
class WeibullReliability(Value):
    """R(t) = exp(-(t / scale)^shape)."""

    shape: float
    scale: float
    loglik: float
    interval_at_target: float
    interval_ci: list[float]


@dataclass(frozen=True, kw_only=True)
class IntervalReliability(Result):
    """``chosen`` is the model the data call for, ``interval`` its interval at the target."""

    exponential: ExponentialReliability | None = None
    weibull: WeibullReliability | None = None
    chosen: str | None = None
    interval: float | None = None
    sentence: Sentence | None = None


def calibration_interval_reliability(
    interval: Values,
    in_tolerance: Values,
    out_of_tolerance: Values,
    target_reliability: float = 0.95,
    confidence: float = 0.95,
) -> IntervalReliability:
    r"""Interval after which the share in tolerance falls to the target.

    Each calibration only says in or out after its interval (current-status data): the likelihood
    is :math:`\sum a_i\ln R(t_i) + b_i\ln(1 - R(t_i))` for :math:`R = e^{-\lambda t}` and for the
    Weibull :math:`e^{-(t/\eta)^\beta}`, whose :math:`\ln(-\ln R)` is a straight line in
    :math:`\ln t`; it is concave, and Newton finds its maximum [1]_ [2]_. The interval's own
    interval is by the delta method on its logarithm.

    Parameters
    ----------
    interval : sequence of float
        Time since the last calibration of each group, above 0, in any unit of time.
    in_tolerance, out_of_tolerance : sequence of int
        Instruments found in and out of tolerance in each group.
    target_reliability : float
        Share that shall still be in tolerance at the end of the interval.
    confidence : float
        Of the intervals, two-sided; of the bounds where none was out, one-sided.

    Returns
    -------
    IntervalReliability
        ``chosen`` is the Weibull only if twice the gain in log-likelihood exceeds 3.84.

    Raises
    ------
    ValueError
        For lengths that differ, an interval not above 0, or numbers that are not counts.

    References
    ----------
    .. [1] NCSL International RP-1, methods of reliability modelling; ILAC-G24.
    .. [2] W. Q. Meeker and L. A. Escobar, Statistical Methods for Reliability Data (1998).

    Examples
    --------
    >>> result = calibration_interval_reliability([6, 12, 24], [57, 51, 42], [3, 9, 18], 0.9)
    >>> round(result.exponential.interval_at_target, 2), result.chosen
    (7.82, 'exponential')
    """
    t, good, bad, missing = _groups(interval, in_tolerance, out_of_tolerance)
    target = fraction(target_reliability, "target_reliability")
    level = fraction(confidence, "confidence")
    method = "maximum likelihood of current-status data, exponential and Weibull"
    n = int(good.sum() + bad.sum())
    if n == 0:
        return IntervalReliability(n=0, n_missing=missing, method=method, warnings=(NO_DATA,))
    if not bad.any() or not good.any():
        why = ALWAYS_OUT if bad.any() else ALWAYS_IN
        one_sided = None if bad.any() else _bounds(t, good, target, level)
        return IntervalReliability(
            n=n, n_missing=missing, method=method, warnings=(why,), exponential=one_sided
        )
    data = _Data(t, good, bad)
    exponential, weibull = data.exponential(target, level), data.weibull(target, level)
    best = _better(exponential, weibull)
    at = best.interval_at_target or 0.0
    chosen = "exponential" if best is exponential else "weibull"
    outside = not t.min() <= at <= t.max()
    return IntervalReliability(
        n=n,
        n_missing=missing,
        method=method,
        warnings=(() if weibull else (NO_SHAPE,)) + ((OUTSIDE,) if outside else ()),
        exponential=exponential,
        weibull=weibull,
        chosen=chosen,
        interval=at,
        sentence=_sentence(best.interval_ci, target, level, chosen) if best.interval_ci else None,
    )


def _better(
    exponential: ExponentialReliability, weibull: WeibullReliability | None
) -> ExponentialReliability | WeibullReliability:
    """The Weibull where the likelihood ratio test (1 degree of freedom, 5 %) calls for it."""
    if weibull and 2 * (weibull.loglik - (exponential.loglik or 0)) > _WEIBULL_IS_BETTER:
        return weibull
    return exponential


def _groups(interval: Values, good: Values, bad: Values) -> tuple[Floats, Floats, Floats, int]:
    t = series(interval, "interval")
    counts = []
    for name, values in (("in_tolerance", good), ("out_of_tolerance", bad)):
        array = amounts(values, name)
        if array.size != t.size:
            raise ArgumentError(name, "must have as many values as interval")
        if (array[~np.isnan(array)] % 1 != 0).any():
            raise ArgumentError(name, "must be whole numbers")
        counts.append(array)
    if (t < LEAST).any():
        raise ArgumentError("interval", f"must be above 0 ({LEAST:g} or more)")
    there = ~np.isnan(t) & ~np.isnan(counts[0]) & ~np.isnan(counts[1])
    some = there & (np.nan_to_num(counts[0] + counts[1]) > 0)
    return t[some], counts[0][some], counts[1][some], int((~there).sum())


def _bounds(t: Floats, good: Floats, target: float, level: float) -> ExponentialReliability:
    """The highest rate at which seeing none out still has the chance 1 - confidence."""
    rate = -math.log(1 - level) / float((good * t).sum())
    return ExponentialReliability(rate_upper=rate, interval_lower=-math.log(target) / rate)


@dataclass(frozen=True)
class _Data:
    t: Floats
    good: Floats
    bad: Floats

    def exponential(self, target: float, level: float) -> ExponentialReliability:
        logs = np.log(self.t)
        start = math.log(float(self.bad.sum() / ((self.good + self.bad) * self.t).sum()))
        beta, information, loglik = self._fit(np.ones((logs.size, 1)), logs, np.array([start]))
        at = -math.log(target) / math.exp(beta[0])
        half = normal_quantile(0.5 + level / 2) * math.sqrt(1 / information[0, 0])
        return ExponentialReliability(
            rate=math.exp(beta[0]),
            loglik=loglik,
            interval_at_target=at,
            interval_ci=(
                [at * math.exp(-half), at * math.exp(half)] if half < _LARGEST_LOG else None
            ),
        )

    def weibull(self, target: float, level: float) -> WeibullReliability | None:
        if self._separated():
            return None
        middle = float(np.log(self.t).mean())
        logs = np.log(self.t) - middle
        start = math.log(float(self.bad.sum() / (self.good + self.bad).sum()))
        design = np.column_stack([np.ones(logs.size), logs])
        beta, information, loglik = self._fit(design, np.zeros(logs.size), np.array([start, 1.0]))
        if beta[1] <= 0 or np.linalg.cond(information) > _WORST_CONDITION:
            return None
        distance = (math.log(-math.log(target)) - beta[0]) / beta[1]
        gradient = np.array([-1.0, -distance]) / beta[1]
        variance = float(gradient @ np.linalg.solve(information, gradient))
        half = normal_quantile(0.5 + level / 2) * math.sqrt(variance)
        if abs(middle + distance) + half > _LARGEST_LOG or abs(beta[0] / beta[1]) > _LARGEST_LOG:
            return None
        at = math.exp(middle + distance)
        return WeibullReliability(
            shape=float(beta[1]),
            scale=math.exp(middle - beta[0] / beta[1]),
            loglik=loglik,
            interval_at_target=at,
            interval_ci=[at * math.exp(-half), at * math.exp(half)],
        )

    def _fit(self, design: Floats, offset: Floats, beta: Floats) -> tuple[Floats, Floats, float]:
        """Maximum of the likelihood in ``ln(-ln R) = offset + design @ beta``.

        Newton with Levenberg's damping: far from the top the curvature may vanish one way.
        """
        best, damping, step, rounds = self._loglik(offset + design @ beta), 0.0, np.ones(1), 0
        while (damping > _CLOSE or np.abs(step).max() > _CLOSE) and rounds < _MOST_STEPS:
            rounds += 1
            score, curvature = self._slopes(offset + design @ beta)
            information = design.T @ (curvature[:, None] * design)
            damped = information + damping * np.diag(np.diag(information))
            step = np.asarray(np.linalg.lstsq(damped, design.T @ score)[0], np.float64)
            value = self._loglik(offset + design @ (beta + step))
            if value < best - _CLOSE * abs(best):
                damping = max(10 * damping, _FIRST_DAMPING)
            else:
                beta, best, damping = beta + step, value, damping / 10
        return beta, information, best

    def _separated(self) -> bool:
        """One time parts all in from all out (or there is one only): no finite slope fits best."""
        good, bad = self.t[self.good > 0], self.t[self.bad > 0]
        return bool(good.max() <= bad.min() or bad.max() <= good.min())

    def _loglik(self, eta: Floats) -> float:
        hazard = np.exp(np.clip(eta, -_LARGEST_LOG, _LARGEST_LOG))
        return float((self.bad * np.log(-np.expm1(-hazard)) - self.good * hazard).sum())

    def _slopes(self, eta: Floats) -> tuple[Floats, Floats]:
        """First and negative second derivative by ``eta``."""
        hazard = np.exp(np.clip(eta, -_LARGEST_LOG, _LARGEST_LOG))
        power = np.minimum(hazard, _LARGEST_POWER)
        pull = self.bad * power / np.expm1(power)
        bend = pull * (1 + power / np.expm1(-power))
        return pull - self.good * hazard, self.good * hazard - bend


def _sentence(ci: list[float], target: float, level: float, chosen: str) -> Sentence:
    model = {
        "exponential": gettext_noop(
            "%(target)s are still in tolerance after %(low)s to %(high)s (%(level)s interval,"
            " constant rate)."
        ),
        "weibull": gettext_noop(
            "%(target)s are still in tolerance after %(low)s to %(high)s (%(level)s interval,"
            " rate that changes with time)."
        ),
    }
    return Sentence.of(
        "calibration_interval",
        model[chosen],
        target=percent(target),
        low=number(ci[0]),
        high=number(ci[1]),
        level=percent(level),
    )
