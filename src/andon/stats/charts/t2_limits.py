"""Limits and results of T-squared charts, and which characteristic stands behind a signal."""

import math
from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from andon.stats.charts.chart import LIMITS_ONLY, ControlChart
from andon.stats.charts.sizes import scale
from andon.stats.inputs import (
    ArgumentError,
    Bools,
    Floats,
    above,
    flat,
    fraction,
    listed,
    listing,
    matrix,
    points,
    series,
)
from andon.stats.results import Value
from andon.stats.sentences import NO_DATA, Sentence, gettext_noop, too_few
from andon.stats.special import beta_quantile

SINGULAR = Sentence(
    "singular",
    gettext_noop(
        "T² cannot be computed: a characteristic does not vary, one follows from the others, or "
        "there are too few points for so many characteristics."
    ),
)
_SMALLEST_EIGENVALUE = 1e-10
_NO_VARIANCE = 1e-200  # below it the inverse overflows
_LEAST_ALARM = 1e-12
ALARM = 0.0027
"""Chance of a false alarm of one characteristic on its own 3 sigma chart."""


@dataclass(frozen=True, kw_only=True)
class Contribution(Value):
    """What each characteristic adds to T² of one point: T² less the T² of all the others."""

    point: int
    t2: float
    by_variable: dict[str, float]


@dataclass(frozen=True, kw_only=True)
class HotellingChart(ControlChart):
    """T² (also ``values``) with its limits.

    ``ucl_phase1`` judges the points the estimates come from, ``ucl_phase2`` all others; ``ucl``
    has the one that applies to each point. ``contributions`` explain the points beyond it.
    """

    t2: list[float | None]
    ucl_phase1: float | None = None
    ucl_phase2: float | None = None
    alpha: float
    mean: list[float] | None = None
    covariance: list[list[float]] | None = None
    contributions: list[Contribution]

    @property
    def fitting_rules(self) -> frozenset[str] | None:
        """T² is skewed and has no lower side: only the limit."""
        return LIMITS_ONLY

    def given(self) -> dict[str, object]:
        """The arguments that freeze mean and covariance for a chart of later points (phase 2)."""
        return {"center": self.mean, "sigma": self.covariance}


@dataclass(frozen=True)
class T2Limits:
    """How many characteristics there are, their names, and the chance of a false alarm."""

    p: int
    alpha: float
    names: list[str]

    def f_quantile(self, df: int) -> float:
        """The F with P(F <= f) = 1 - alpha for p and ``df`` degrees of freedom."""
        share = beta_quantile(1 - self.alpha, self.p / 2, df / 2)
        return df / self.p * share / (1 - share)

    def chi_square(self) -> float:
        from scipy.special import gammainccinv  # noqa: PLC0415  heavy, and only for phase 2

        return 2 * float(gammainccinv(self.p / 2, self.alpha))

    def chart(
        self,
        rows: Floats,
        mean: Floats | None,
        covariance: Floats | None,
        ucl_phase1: float | None,
        ucl_phase2: float | None,
        *,
        estimated: Bools,
        missing: int,
        needed: int,
        method: str,
        times: float = 1.0,
    ) -> HotellingChart:
        """The chart of ``times`` times the quadratic form of each row."""
        precision = _inverse(covariance)
        empty = rows.size == 0 or bool(np.isnan(rows).any(axis=1).all())
        few = needed if 0 < estimated.sum() < needed else None
        t2 = np.full(len(rows), np.nan)
        away = np.empty((0, self.p))
        if precision is None or mean is None or (ucl_phase1 is None and ucl_phase2 is None):
            precision = mean = covariance = ucl_phase1 = ucl_phase2 = None
        else:
            away = rows - mean
            t2 = times * np.einsum("ij,jk,ik->i", away, precision, away)
        ucl = np.where(estimated, _number(ucl_phase1), _number(ucl_phase2))
        ucl[np.isnan(t2)] = np.nan
        beyond = points(above(t2, ucl))
        return HotellingChart(
            n=len(rows) - missing,
            n_missing=missing,
            method=method,
            warnings=self._warnings(precision, empty=empty, few=few),
            values=listed(t2),
            ucl=flat(ucl),
            beyond=beyond,
            n_baseline=int(estimated.sum()),
            t2=listed(t2),
            ucl_phase1=ucl_phase1,
            ucl_phase2=ucl_phase2,
            alpha=self.alpha,
            mean=None if mean is None else list(mean.tolist()),
            covariance=None if covariance is None else list(covariance.tolist()),
            contributions=[
                self._contribution(point, float(t2[point - 1]), away[point - 1], precision, times)
                for point in beyond
                if precision is not None
            ],
        )

    def _contribution(
        self, point: int, t2: float, away: Floats, precision: Floats, times: float
    ) -> Contribution:
        # T2 less T2 without j is (P d)_j^2 / P_jj, by the inverse of a partitioned matrix.
        parts = times * ((precision @ away) / np.sqrt(np.diag(precision))) ** 2
        by_variable = dict(zip(self.names, parts.tolist(), strict=True))
        return Contribution(point=point, t2=t2, by_variable=by_variable)

    def _warnings(
        self, precision: Floats | None, *, empty: bool, few: int | None
    ) -> tuple[Sentence, ...]:
        if empty:
            return (NO_DATA,)
        singular = (SINGULAR,) if precision is None else ()
        return singular if few is None else (*singular, too_few(few))


def false_alarm(alpha: float | None, p: int) -> float:
    """``alpha``, or the chance that one of ``p`` independent 3 sigma charts gives an alarm."""
    if alpha is None:
        return -math.expm1(p * math.log1p(-ALARM))
    if fraction(alpha, "alpha") < _LEAST_ALARM:
        raise ArgumentError("alpha", f"must be {_LEAST_ALARM:g} or more")
    return float(alpha)


def variable_names(names: Sequence[str] | None, p: int) -> list[str]:
    """Names of ``p`` characteristics, all different."""
    chosen = (
        [f"x{j}" for j in range(1, p + 1)]
        if names is None
        else [str(name) for name in listing(names, "names")]
    )
    if len(chosen) != p or len(set(chosen)) != p:
        raise ArgumentError("names", f"must be {p} different names")
    return chosen


def given_mean(center: Sequence[float] | None, p: int) -> Floats | None:
    if center is None:
        return None
    mean = series(center, "center")
    if mean.size != p or np.isnan(mean).any():
        raise ArgumentError("center", f"must be {p} means, none of them missing")
    return mean


def given_covariance(sigma: Sequence[Sequence[float]] | None, p: int) -> Floats | None:
    if sigma is None:
        return None
    given = matrix(sigma, "sigma")
    if given.shape != (p, p) or not np.allclose(given, given.T):
        raise ArgumentError("sigma", f"must be a symmetric matrix of {p} by {p} covariances")
    for variance in np.diag(given):
        scale(variance, "sigma")
    return given


def _inverse(covariance: Floats | None) -> Floats | None:
    """The inverse, or None where the correlation matrix says there is none."""
    if covariance is None or not covariance.size or not (np.diag(covariance) > _NO_VARIANCE).all():
        return None
    spread = np.sqrt(np.diag(covariance))
    scale = np.outer(spread, spread)
    correlation = covariance / scale
    if np.linalg.eigvalsh(correlation)[0] < _SMALLEST_EIGENVALUE:
        return None
    return np.asarray(np.linalg.inv(correlation) / scale)


def _number(limit: float | None) -> float:
    return math.nan if limit is None else limit
