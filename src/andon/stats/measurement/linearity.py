"""Linearity: whether the bias of a gage changes along its range."""

import math
from dataclasses import dataclass
from typing import Any

import numpy as np

from andon.stats.inputs import ArgumentError, Floats, Values, fraction, series
from andon.stats.measurement.mean_squares import rounding_noise
from andon.stats.results import Result, Value
from andon.stats.scales import divisor_or_zero
from andon.stats.sentences import NO_DATA, Sentence, gettext_noop, number, too_few
from andon.stats.special import t_cdf, t_quantile
from andon.stats.summary import accurate_mean

_FOR_LINE = 3
_METHOD = "least squares of bias on reference"
_PERFECT = Sentence(
    "zero_variance",
    gettext_noop("All readings lie exactly on the line, so nothing can be said about chance."),
)
_ONE_REFERENCE = Sentence(
    "too_few", gettext_noop("A line needs at least two different reference values.")
)


@dataclass(frozen=True, kw_only=True)
class BandPoint(Value):
    """The line and its confidence limits at one reference value."""

    reference: float
    fit: float
    lower: float
    upper: float


@dataclass(frozen=True, kw_only=True)
class LinearityStudy(Result):
    """The line ``bias = intercept + slope * reference`` and whether 0 lies in its band.

    Attributes
    ----------
    slope, intercept, slope_se, intercept_se, slope_t, intercept_t, slope_p, intercept_p
        Estimates, standard errors and tests against 0; the slope has no unit.
    r2, s, df
        Share explained, residual standard deviation (unit of the readings), n - 2.
    mean_bias : dict
        Mean bias by reference value (as text).
    linearity : float or None
        Change of the bias over the range of references, absolute slope times that range.
    band : list of BandPoint
        At each reference value.
    acceptable : bool or None
        The zero line lies within the band over the whole range.
    references, biases
        The points of the drawing.
    """

    confidence: float
    slope: float | None = None
    intercept: float | None = None
    slope_se: float | None = None
    intercept_se: float | None = None
    slope_t: float | None = None
    intercept_t: float | None = None
    slope_p: float | None = None
    intercept_p: float | None = None
    r2: float | None = None
    s: float | None = None
    df: int | None = None
    mean_bias: dict[str, float]
    linearity: float | None = None
    band: list[BandPoint]
    acceptable: bool | None = None
    references: list[float]
    biases: list[float]
    report: tuple[Sentence, ...] = ()


def linearity_study(reference: Values, y: Values, confidence: float = 0.95) -> LinearityStudy:
    r"""Least squares of the bias (reading - reference) on the reference value.

    The band of the line is :math:`a + b x \pm t_{1-\alpha/2;n-2}\, s
    \sqrt{1/n + (x-\bar x)^2/S_{xx}}` [1]_. The gage is acceptable if the zero line lies within
    the band everywhere between the smallest and the largest reference.

    Parameters
    ----------
    reference : sequence of float
        The accepted value for each reading, repeated for each.
    y : sequence of float or None
        The readings, same unit; pairs with a missing value are left out.
    confidence : float
        Of the band, two-sided.

    Returns
    -------
    LinearityStudy
        No line for one reference value; no t, p, band and verdict if all points lie on the line.

    Raises
    ------
    ValueError
        For lengths that differ, infinite values or texts, or a confidence outside 0 to 1.

    References
    ----------
    .. [1] AIAG, Measurement Systems Analysis, 4th ed., linearity; R: lm.

    Examples
    --------
    >>> result = linearity_study([2, 2, 4, 4, 6, 6], [2.3, 2.2, 4.1, 4.1, 5.9, 5.8])
    >>> round(result.slope, 3), round(result.intercept, 3), result.acceptable
    (-0.1, 0.467, False)
    """
    x, readings = series(reference, "reference"), series(y, "y")
    level = fraction(confidence, "confidence")
    if x.size != readings.size:
        raise ArgumentError("y", f"must have as many values as reference ({x.size})")
    there = ~np.isnan(x) & ~np.isnan(readings)
    xs, ys = x[there], readings[there]
    apart = float(np.ptp(xs)) if xs.size else 0.0
    line = _Line.of(xs, ys) if divisor_or_zero(apart, "reference") else None
    return LinearityStudy(
        n=int(xs.size),
        n_missing=int(x.size - xs.size),
        method=f"{_METHOD}, band {level:g} two-sided",
        warnings=_warnings(xs, line),
        confidence=level,
        mean_bias={
            f"{value:.15g}": accurate_mean((ys - xs)[xs == value]) for value in np.unique(xs)
        },
        references=xs.tolist(),
        biases=(ys - xs).tolist(),
        **(line.figures(level) if line else {"band": []}),
    )


@dataclass(frozen=True)
class _Line:
    """The line through its centre of gravity: bias = height + slope * (x - mean)."""

    levels: Floats
    mean: float
    sxx: float
    n: int
    slope: float
    height: float
    sse: float
    sst: float

    @classmethod
    def of(cls, x: Floats, y: Floats) -> "_Line":
        bias = y - x
        mean, height = accurate_mean(x), accurate_mean(bias)
        away = x - mean
        sxx = float(away @ away)
        slope = float(away @ (bias - height)) / sxx
        rest = bias - height - slope * away
        noise = rounding_noise(np.concatenate((x, y)))
        return cls(
            levels=np.unique(x),
            mean=mean,
            sxx=sxx,
            n=int(x.size),
            slope=slope if abs(slope) * math.sqrt(sxx) > noise else 0.0,
            height=height if abs(height) > noise else 0.0,
            sse=_without_noise(rest, noise),
            sst=_without_noise(bias - height, noise),
        )

    @property
    def s(self) -> float | None:
        return math.sqrt(self.sse / (self.n - 2)) if self.n >= _FOR_LINE else None

    def error(self, x: float) -> float | None:
        """Standard error of the line at ``x``; None without scatter."""
        if not self.s:
            return None
        return self.s * math.sqrt(1 / self.n + (x - self.mean) ** 2 / self.sxx)

    def at(self, x: float) -> float:
        return self.height + self.slope * (x - self.mean)

    def figures(self, confidence: float) -> dict[str, Any]:
        slope_se = self.s / math.sqrt(self.sxx) if self.s else None
        slope_t, slope_p = self._test(self.slope, slope_se)
        intercept_t, intercept_p = self._test(self.at(0.0), self.error(0.0))
        t = t_quantile(0.5 + confidence / 2, self.n - 2) if self.s else None
        acceptable = None if t is None else self._holds_zero(t)
        change = abs(self.slope) * float(np.ptp(self.levels))
        return {
            "slope": self.slope,
            "intercept": self.at(0.0),
            "slope_se": slope_se,
            "intercept_se": self.error(0.0),
            "slope_t": slope_t,
            "intercept_t": intercept_t,
            "slope_p": slope_p,
            "intercept_p": intercept_p,
            "r2": 1 - self.sse / self.sst if self.sst else None,
            "s": self.s,
            "df": self.n - 2 if self.n >= _FOR_LINE else None,
            "linearity": change,
            "band": [] if t is None else [self._band(float(x), t) for x in self.levels],
            "acceptable": acceptable,
            "report": _report(acceptable, change),
        }

    def _test(self, estimate: float, error: float | None) -> tuple[float | None, float | None]:
        if error is None:
            return None, None
        t = estimate / error
        return t, 2 * t_cdf(-abs(t), self.n - 2)

    def _band(self, x: float, t: float) -> BandPoint:
        half = t * (self.error(x) or 0.0)
        fit = self.at(x)
        return BandPoint(reference=x, fit=fit, lower=fit - half, upper=fit + half)

    def _holds_zero(self, t: float) -> bool:
        """0 lies in the band where the square of the line does not exceed that of its half width.

        Their difference is a parabola in x: largest at an end of the range, or at its vertex.
        """
        spread = (t * (self.s or 0.0)) ** 2
        curve = self.slope**2 - spread / self.sxx
        ends = [float(self.levels[0]), float(self.levels[-1])]
        if curve < 0:
            vertex = self.mean - self.height * self.slope / curve
            ends += [vertex] if ends[0] < vertex < ends[1] else []
        excess = [
            self.at(x) ** 2 - spread * (1 / self.n + (x - self.mean) ** 2 / self.sxx) for x in ends
        ]
        return max(excess) <= 0


def _without_noise(rest: Floats, noise: float) -> float:
    square = float(rest @ rest)
    return square if square > rest.size * noise**2 else 0.0


def _warnings(x: Floats, line: _Line | None) -> tuple[Sentence, ...]:
    if not x.size:
        return (NO_DATA,)
    if line is None:
        return (_ONE_REFERENCE,)
    if line.s is None:
        return (too_few(_FOR_LINE),)
    return (_PERFECT,) if line.s == 0 else ()


def _report(acceptable: bool | None, change: float) -> tuple[Sentence, ...]:  # noqa: FBT001 (three answers)
    if acceptable is None:
        return ()
    text = _LINEAR if acceptable else _NOT_LINEAR
    return (Sentence.of("linear" if acceptable else "not_linear", text, change=number(change)),)


_LINEAR = gettext_noop(
    "Zero lies within the band of the line over the whole range: neither bias nor a change of it "
    "is shown (estimated change %(change)s)."
)
_NOT_LINEAR = gettext_noop(
    "Zero does not lie within the band of the line everywhere: the gage is biased somewhere in "
    "its range (estimated change of the bias along it %(change)s)."
)
