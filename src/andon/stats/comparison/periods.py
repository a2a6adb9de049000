"""The points of one period of time, before or after an action, and how they scatter."""

import math
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Literal, TypeAlias

import numpy as np

from andon.stats.charts.sizes import ratios
from andon.stats.inputs import ArgumentError, Floats, Values, series, used
from andon.stats.summary import accurate_mean, scatter

MetricKind: TypeAlias = Literal["proportion", "rate", "measured", "value"]
KINDS = ("proportion", "rate", "measured", "value")

_PAIRS_FOR_LAG = 8
_HIGHEST_LAG = 0.8
_SERIAL_POINT = 0.84


@dataclass(frozen=True)
class Periods:
    """Period points of a metric in time order: numerators and denominators of equal length.

    A ``value`` metric (no denominator, such as a monthly cost) leaves ``denominators`` out.
    """

    numerators: Values
    denominators: Values | None = None


@dataclass(frozen=True)
class Phase:
    """Checked points of one phase; NaN where a point has no value or is left out."""

    top: Floats
    bottom: Floats
    missing: int

    @classmethod
    def of(
        cls, periods: Periods, kind: MetricKind, name: str, exclude: Sequence[int] = ()
    ) -> "Phase":
        """The points of ``periods`` without the excluded ones; ValueError names ``name``."""
        if not isinstance(periods, Periods):
            raise ArgumentError(name, "must be Periods: numerators and denominators")
        if kind == "value":
            top = series(periods.numerators, f"{name}.numerators")
            bottom, missing = np.ones(top.size), int(np.isnan(top).sum())
        elif periods.denominators is None:
            raise ArgumentError(name, f"a {kind} needs denominators")
        else:
            names = (f"{name}.numerators", f"{name}.denominators")
            share = kind == "proportion"
            top, bottom, missing = ratios(
                periods.numerators, periods.denominators, names, share=share
            )
        mask = used(top.size, baseline=None, exclude=exclude) & ~np.isnan(top)
        return cls(np.where(mask, top, np.nan), np.where(mask, bottom, np.nan), missing)

    @property
    def size(self) -> int:
        """Points with a value."""
        return int((~np.isnan(self.top)).sum())

    @property
    def amount(self) -> float:
        return float(np.nansum(self.top))

    @property
    def exposure(self) -> float:
        return float(np.nansum(self.bottom))

    @property
    def values(self) -> Floats:
        return self.top / self.bottom

    @property
    def level(self) -> float:
        """The metric over the whole phase (at least one point)."""
        return self.amount / self.exposure

    def complement(self) -> "Phase":
        """The same points counted from the other end: good instead of bad."""
        return Phase(self.bottom - self.top, self.bottom, self.missing)

    def as_values(self) -> "Phase":
        """Each point's ratio as one value of equal weight."""
        return Phase(self.values, np.where(np.isnan(self.top), np.nan, 1.0), self.missing)

    def mean(self) -> float:
        return accurate_mean(self.values[~np.isnan(self.top)])

    def sd(self) -> float | None:
        return scatter(self.values[~np.isnan(self.top)])

    def residuals(self, *, binomial: bool) -> Floats:
        """Pearson residuals about the level; all NaN where the level leaves no variance."""
        level = self.level
        variance = self.bottom * level * ((1 - level) if binomial else 1)
        result = np.full(self.top.size, np.nan)
        np.divide(self.top - self.bottom * level, np.sqrt(variance), out=result, where=variance > 0)
        return result

    def deviations(self) -> Floats:
        return self.values - self.mean()


@dataclass(frozen=True)
class Dispersion:
    """How much the points scatter beyond counting, and how they hang together.

    ``factor`` is the square of Laney's sigma z in the sense of design and LANEY: the effective
    exposure is the exposure divided by it. ``inflation`` is what autocorrelation adds.
    """

    factor: float
    df: float
    lag1: float | None
    inflation: float

    @property
    def total(self) -> float:
        return self.factor * self.inflation


def dispersion(before: Phase, after: Phase, *, kind: MetricKind) -> Dispersion:
    r"""Pearson dispersion pooled over both phases, with the lag-1 check.

    :math:`\hat\phi = \sum z_i^2/(k_1+k_2-2)` about each phase's own level. It estimates Laney's
    :math:`\sigma_z^2`, with fewer degrees of freedom lost and slow movements included. Counts are
    never taken to scatter less than chance (:math:`\hat\phi \ge 1`, and then df is infinite).
    """
    if kind == "value":
        lag, inflation = serial([before.deviations(), after.deviations()])
        return Dispersion(1.0, math.inf, lag, inflation)
    residuals = [phase.residuals(binomial=kind == "proportion") for phase in (before, after)]
    there = [part for part in residuals if not np.isnan(part).all()]
    df = sum(int((~np.isnan(part)).sum()) - 1 for part in there)
    factor = sum(float(np.nansum(part**2)) for part in there) / df if df > 0 else 1.0
    lag, inflation = serial(there)
    if kind != "measured" and factor <= 1:
        return Dispersion(1.0, math.inf, lag, inflation)
    return Dispersion(factor, df if df > 0 else math.inf, lag, inflation)


def serial(parts: Sequence[Floats]) -> tuple[float | None, float]:
    r"""Lag-1 autocorrelation pooled within phases, and the variance inflation it calls for.

    A mean of autocorrelated points varies :math:`(1+r)/(1-r)` times as much [1]_, with r first
    corrected by :math:`(1+3r)/m` for its bias over m pairs [2]_. It applies as soon as r exceeds
    its one-sided 20 % point :math:`0.84/\sqrt m`: an interval a little too wide costs a few
    weeks, one too narrow calls chance a success (docs/statistics.md has the simulation). Fewer
    than 8 pairs tell nothing (None, 1).

    References
    ----------
    .. [1] G. E. P. Box, G. M. Jenkins, Time Series Analysis, 2.1.
    .. [2] M. G. Kendall, Biometrika 41 (1954) 403.
    """
    products = [part[1:] * part[:-1] for part in parts]
    pairs = sum(int((~np.isnan(part)).sum()) for part in products)
    squares = sum(float(np.nansum(part**2)) for part in parts)
    if pairs < _PAIRS_FOR_LAG or squares == 0:
        return None, 1.0
    lag = sum(float(np.nansum(part)) for part in products) / squares
    corrected = lag + (1 + 3 * lag) / pairs
    if corrected <= _SERIAL_POINT / math.sqrt(pairs):
        return lag, 1.0
    held = min(corrected, _HIGHEST_LAG)
    return lag, (1 + held) / (1 - held)
