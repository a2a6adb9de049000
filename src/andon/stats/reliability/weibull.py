"""Weibull life distribution from times to failure, some of them not yet ended."""

import math
from dataclasses import dataclass

import numpy as np

from andon.stats.inputs import ArgumentError, Bools, Floats, Values, fraction, series
from andon.stats.results import Result
from andon.stats.sentences import (
    NO_DATA,
    ZERO_VARIANCE,
    Sentence,
    gettext_noop,
    number,
    percent,
)
from andon.stats.special import normal_quantile

NO_FAILURES = Sentence(
    "no_failures", gettext_noop("No unit has failed, so no life can be estimated.")
)
NONPOSITIVE = Sentence(
    "nonpositive", gettext_noop("Some times are not above 0, as a Weibull life must be.")
)
NOT_ESTIMABLE = Sentence(
    "not_estimable",
    gettext_noop("All failures fall on the longest time: the shape has no finite estimate."),
)
TOO_WIDE = Sentence(
    "too_wide", gettext_noop("The times differ by more than a factor of 10^12: check their unit.")
)
FEW_FAILURES = Sentence(
    "few_failures", gettext_noop("Fewer than 10 failures: the intervals are rough.")
)
_ENOUGH_FAILURES = 10
_WIDEST = 1e12
_B10 = 0.1
_CLOSE = 1e-12
_MOST_STEPS = 200


@dataclass(frozen=True, kw_only=True)
class WeibullFit(Result):
    """``b10`` is the time by which 10 % have failed; ``mean_life`` the expected life."""

    shape: float | None = None
    scale: float | None = None
    loglik: float | None = None
    shape_ci: list[float] | None = None
    scale_ci: list[float] | None = None
    b10: float | None = None
    b10_ci: list[float] | None = None
    mean_life: float | None = None
    n_failed: int = 0
    n_censored: int = 0
    sentence: Sentence | None = None


def weibull_fit(t: Values, failed: Values | None = None, confidence: float = 0.95) -> WeibullFit:
    r"""Two-parameter Weibull distribution by maximum likelihood, with right censoring.

    :math:`R(t) = \exp(-(t/\eta)^\beta)`. The shape solves
    :math:`\sum t^\beta\ln t/\sum t^\beta - 1/\beta = \overline{\ln t}_{failed}` (Newton kept in a
    bracket), the scale is :math:`(\sum t^\beta/r)^{1/\beta}`. Intervals are Wald on the
    logarithms, from the observed information; the B10 life by the delta method [1]_.

    Parameters
    ----------
    t : sequence of float or None
        Time to failure, or time so far of a unit that has not failed; any unit of time.
    failed : sequence of 0 and 1, optional
        1 where the unit failed at ``t``, 0 where it still worked; default all failed.
    confidence : float
        Of the intervals, two-sided.

    Returns
    -------
    WeibullFit
        ``shape`` below 1: early failures; about 1: by chance; above: wear. All None where a time
        is not above 0, nothing failed, or all failures fall on the longest time.

    Raises
    ------
    ValueError
        For an infinite time, lengths that differ, or other values than 0 and 1.

    References
    ----------
    .. [1] W. Q. Meeker and L. A. Escobar, Statistical Methods for Reliability Data (1998),
       chapter 8; NIST e-Handbook 8.4.1.2.

    Examples
    --------
    >>> result = weibull_fit([55, 70, 82, 100, 100], [1, 1, 1, 0, 0])
    >>> round(result.shape, 2), round(result.scale, 1), result.n_censored
    (3.46, 99.2, 2)
    """
    times, level = series(t, "t"), fraction(confidence, "confidence")
    flags = np.ones(times.size) if failed is None else series(failed, "failed")
    if flags.size != times.size:
        raise ArgumentError("failed", "must have as many values as t")
    there = ~np.isnan(times) & ~np.isnan(flags)
    if not np.isin(flags[there], (0, 1)).all():
        raise ArgumentError("failed", "must be 1 (failed) or 0 (still working)")
    times, ended = times[there], flags[there] == 1
    missing = int((~there).sum())
    method = f"Weibull, maximum likelihood with right censoring, {level:g}"
    problem = _problem(times, ended)
    failures, working = int(ended.sum()), int((~ended).sum())
    if problem is not None:
        return WeibullFit(
            n=int(times.size),
            n_missing=missing,
            method=method,
            warnings=(problem,),
            n_failed=failures,
            n_censored=working,
        )
    fit = _Fit.of(np.log(times), ended)
    return WeibullFit(
        n=int(times.size),
        n_missing=missing,
        method=method,
        warnings=(FEW_FAILURES,) if failures < _ENOUGH_FAILURES else (),
        shape=fit.shape,
        scale=math.exp(fit.log_scale),
        loglik=fit.loglik,
        shape_ci=fit.shape_ci(level),
        scale_ci=fit.quantile_ci(1 - math.exp(-1), level),
        b10=fit.quantile(_B10),
        b10_ci=fit.quantile_ci(_B10, level),
        mean_life=math.exp(fit.log_scale + math.lgamma(1 + 1 / fit.shape)),
        sentence=_sentence(fit, level),
        n_failed=failures,
        n_censored=working,
    )


def _problem(times: Floats, ended: Bools) -> Sentence | None:
    if not times.size:
        return NO_DATA
    if times.min() <= 0:
        return NONPOSITIVE
    if not ended.any():
        return NO_FAILURES
    if times.min() == times.max():
        return ZERO_VARIANCE
    if times.max() > _WIDEST * times.min():
        return TOO_WIDE
    return NOT_ESTIMABLE if times[ended].min() == times.max() else None


@dataclass(frozen=True)
class _Fit:
    """The estimate and the covariance of (ln scale, ln of 1 / shape)."""

    shape: float
    log_scale: float
    loglik: float
    covariance: Floats

    @classmethod
    def of(cls, logs: Floats, ended: Bools) -> "_Fit":
        longest, failures = float(logs.max()), int(ended.sum())
        y = logs - longest  # powers of times relative to the longest cannot overflow
        shape = _shape(y, float(y[ended].mean()))
        log_scale = longest + math.log(np.exp(shape * y).sum() / failures) / shape
        z = shape * (logs - log_scale)
        power = np.exp(z)
        loglik = failures * math.log(shape) + float((z - logs)[ended].sum() - power.sum())
        cross = shape * float((z * power).sum())
        information = [
            [failures * shape**2, cross],
            [cross, failures + float((z * z * power).sum())],
        ]
        return cls(shape, log_scale, loglik, np.asarray(np.linalg.inv(information), np.float64))

    def shape_ci(self, level: float) -> list[float]:
        half = normal_quantile(0.5 + level / 2) * math.sqrt(self.covariance[1, 1])
        return [self.shape * math.exp(-half), self.shape * math.exp(half)]

    def quantile(self, p: float) -> float:
        return math.exp(self.log_scale + math.log(-math.log1p(-p)) / self.shape)

    def quantile_ci(self, p: float, level: float) -> list[float]:
        gradient = np.array([1.0, math.log(-math.log1p(-p)) / self.shape])
        variance = float((np.outer(gradient, gradient) * self.covariance).sum())
        half = normal_quantile(0.5 + level / 2) * math.sqrt(variance)
        return [self.quantile(p) * math.exp(-half), self.quantile(p) * math.exp(half)]


def _shape(y: Floats, mean_failed: float) -> float:
    """Root of the profile score, which rises with the shape; ``y`` are logarithms, longest 0."""
    low, high, shape = 0.0, math.inf, 1 / max(float(y.std()), 1e-9)
    step, rounds = math.inf, 0
    while abs(step) > _CLOSE * shape and rounds < _MOST_STEPS:
        rounds += 1
        weight = np.exp(shape * y)
        total = float(weight.sum())
        mean = float((weight * y).sum()) / total
        score = mean - 1 / shape - mean_failed
        low, high = (shape, high) if score < 0 else (low, shape)
        slope = float((weight * y * y).sum()) / total - mean**2 + 1 / shape**2
        step = score / slope
        middle = 2 * shape if math.isinf(high) else (low + high) / 2
        shape = shape - step if low <= shape - step <= high else middle
    return shape


def _sentence(fit: _Fit, level: float) -> Sentence:
    low, high = fit.shape_ci(level)
    ten = fit.quantile_ci(_B10, level)
    if low > 1:
        text = gettext_noop(
            "The failure rate rises with age (wear): shape %(low)s to %(high)s (%(level)s interval)"
            "; 10 %% have failed between %(first)s and %(last)s."
        )
    elif high < 1:
        text = gettext_noop(
            "The failure rate falls with age (early failures): shape %(low)s to %(high)s (%(level)s"
            " interval); 10 %% have failed between %(first)s and %(last)s."
        )
    else:
        text = gettext_noop(
            "A constant failure rate is possible: shape %(low)s to %(high)s (%(level)s interval)"
            "; 10 %% have failed between %(first)s and %(last)s."
        )
    places = {"low": low, "high": high, "first": ten[0], "last": ten[1]}
    values = {name: number(value) for name, value in places.items()}
    return Sentence("weibull", text, values | {"level": percent(level)})
