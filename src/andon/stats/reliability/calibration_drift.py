"""Calibration interval from the drift that the as-found errors show."""

import math
from dataclasses import dataclass, field, replace

import numpy as np

from andon.stats.inputs import ArgumentError, Floats, Values, fraction, positive, real, series
from andon.stats.results import Result
from andon.stats.scales import divisor_or_zero
from andon.stats.sentences import NO_DATA, Sentence, gettext_noop, number, percent, too_few
from andon.stats.special import t_cdf, t_quantile

NO_CROSSING = Sentence(
    "no_drift", gettext_noop("The errors do not drift, so no interval follows from them.")
)
ALREADY_OUT = Sentence(
    "out_of_tolerance",
    gettext_noop("The prediction band leaves the tolerance already at the start."),
)
ONE_TIME = Sentence(
    "singular", gettext_noop("All errors were found after the same time: no drift can be seen.")
)
EXTRAPOLATED = Sentence(
    "extrapolated",
    gettext_noop("The interval is longer than any time observed: the drift may change by then."),
)
_FOR_A_LINE = 3
_DRAWN = 25
_FARTHEST = 1e6  # in times observed: a drift that slow is rounding


@dataclass(frozen=True, kw_only=True)
class IntervalDrift(Result):
    """``side`` names the limit the band meets first; ``band`` gives the drawing its two lines."""

    interval: float | None = None
    side: str | None = None
    slope: float | None = None
    intercept: float | None = None
    slope_ci: list[float] | None = None
    p: float | None = None
    s: float | None = None
    df: int | None = None
    times: list[float] = field(default_factory=list)
    predicted: list[float] = field(default_factory=list)
    band_low: list[float] = field(default_factory=list)
    band_high: list[float] = field(default_factory=list)
    sentence: Sentence | None = None


def calibration_interval_drift(
    time: Values,
    error: Values,
    tolerance: float,
    lower_tolerance: float | None = None,
    confidence: float = 0.95,
) -> IntervalDrift:
    r"""Time at which the next as-found error may reach the tolerance.

    Least squares of the error on the time since the last adjustment. The prediction band
    :math:`b_0 + b_1 t \pm t_{n-2}\,s\sqrt{1 + 1/n + (t-\bar t)^2/S_{tt}}` meets a limit where a
    quadratic in t is 0; the first such time after 0 is the interval [1]_ [2]_.

    Parameters
    ----------
    time : sequence of float
        Time since the last adjustment, 0 or more, in any unit of time.
    error : sequence of float
        As-found error (reading minus reference), in the unit of the tolerance.
    tolerance : float
        Largest allowed error, above 0.
    lower_tolerance : float, optional
        Smallest allowed error; default ``-tolerance``.
    confidence : float
        Of the band and of the slope's interval, two-sided.

    Returns
    -------
    IntervalDrift
        ``interval`` is None for fewer than three errors, one single time, no drift at all, or a
        band outside the tolerance from the start (then with the warning ``out_of_tolerance``).

    Raises
    ------
    ValueError
        For lengths that differ, negative times, or limits the wrong way round.

    References
    ----------
    .. [1] ILAC-G24, control chart and drift methods; NCSL International RP-1.
    .. [2] N. R. Draper and H. Smith, Applied Regression Analysis, 1.4.

    Examples
    --------
    >>> found = calibration_interval_drift([3, 6, 9, 12], [0.11, 0.19, 0.31, 0.4], 1.0)
    >>> round(found.slope, 4), round(found.interval, 1), found.side
    (0.033, 25.7, 'upper')
    """
    x, y, missing = _pairs(time, error)
    high, level = positive(tolerance, "tolerance"), fraction(confidence, "confidence")
    low = -high if lower_tolerance is None else real(lower_tolerance, "lower_tolerance")
    if low >= high:
        raise ArgumentError("lower_tolerance", "must be below tolerance")
    method = f"least squares of error on time, prediction band, {level:g}"
    empty = IntervalDrift(n=int(x.size), n_missing=missing, method=method, warnings=_problem(x))
    if empty.warnings:
        return empty
    line = _Line.of(x, y)
    interval, side, warnings = line.interval(low, high, level)
    if interval is not None and interval > x.max():
        warnings = (EXTRAPOLATED,)
    times, predicted, half = line.drawn(max(float(x.max()), interval or 0.0), level)
    reach = t_quantile(0.5 + level / 2, line.df) * line.slope_error
    return replace(
        empty,
        warnings=warnings,
        interval=interval,
        side=side,
        slope=line.slope,
        intercept=line.intercept,
        slope_ci=[line.slope - reach, line.slope + reach],
        p=line.p,
        s=line.s,
        df=line.df,
        times=times.tolist(),
        predicted=predicted.tolist(),
        band_low=(predicted - half).tolist(),
        band_high=(predicted + half).tolist(),
        sentence=None if interval is None else _sentence(interval, level),
    )


def _problem(x: Floats) -> tuple[Sentence, ...]:
    if x.size < _FOR_A_LINE:
        return (too_few(_FOR_A_LINE) if x.size else NO_DATA,)
    return () if divisor_or_zero(x.max() - x.min(), "time") else (ONE_TIME,)


def _pairs(time: Values, error: Values) -> tuple[Floats, Floats, int]:
    x, y = series(time, "time"), series(error, "error")
    if x.size != y.size:
        raise ArgumentError("error", "must have as many values as time")
    if (x < 0).any():
        raise ArgumentError("time", "must not be negative")
    there = ~np.isnan(x) & ~np.isnan(y)
    return x[there], y[there], int((~there).sum())


@dataclass(frozen=True)
class _Line:
    slope: float
    mean_time: float
    mean_error: float
    spread: float
    s: float
    n: int

    @classmethod
    def of(cls, x: Floats, y: Floats) -> "_Line":
        middle, level = float(x.mean()), float(y.mean())
        spread = float(((x - middle) ** 2).sum())
        slope = float(((x - middle) * (y - level)).sum()) / spread
        left = y - level - slope * (x - middle)
        noise = np.finfo(np.float64).eps * 8 * float(np.abs(y).max())
        s = math.sqrt(float((left * left).sum()) / (x.size - 2))
        return cls(slope, middle, level, spread, s if s > noise else 0.0, int(x.size))

    @property
    def df(self) -> int:
        return self.n - 2

    @property
    def intercept(self) -> float:
        return self.mean_error - self.slope * self.mean_time

    @property
    def slope_error(self) -> float:
        return self.s / math.sqrt(self.spread)

    @property
    def p(self) -> float | None:
        if not self.slope_error:
            return None
        return 2 * t_cdf(-abs(self.slope / self.slope_error), self.df)

    def at(self, t: Floats) -> Floats:
        return self.mean_error + self.slope * (t - self.mean_time)

    def half_width(self, t: Floats, level: float) -> Floats:
        shape = 1 + 1 / self.n + (t - self.mean_time) ** 2 / self.spread
        return t_quantile(0.5 + level / 2, self.df) * self.s * np.sqrt(shape)

    def drawn(self, until: float, level: float) -> tuple[Floats, Floats, Floats]:
        """Times from 0, the line there, and half the width of its band."""
        times = np.linspace(0, until, _DRAWN)
        return times, self.at(times), self.half_width(times, level)

    def interval(
        self, low: float, high: float, level: float
    ) -> tuple[float | None, str | None, tuple[Sentence, ...]]:
        start = np.zeros(1)
        half, first = float(self.half_width(start, level)[0]), float(self.at(start)[0])
        if first + half > high or first - half < low:
            return None, None, (ALREADY_OUT,)
        met = [
            (when, side)
            for side, room, slope in (
                ("upper", high - self.mean_error, self.slope),
                ("lower", self.mean_error - low, -self.slope),
            )
            if (when := self._meets(room, slope, level)) is not None
        ]
        when, side = min(met, default=(math.inf, ""))
        if when > _FARTHEST * (self.mean_time + math.sqrt(self.spread)):
            return None, None, (NO_CROSSING,)
        return when, side, ()

    def _meets(self, room: float, slope: float, level: float) -> float | None:
        """First t >= 0 with ``room - slope u = q s sqrt(1 + 1/n + u^2/S)``, u from the mean."""
        wide = (t_quantile(0.5 + level / 2, self.df) * self.s) ** 2
        a = slope**2 - wide / self.spread
        b, c = -2 * room * slope, room**2 - wide * (1 + 1 / self.n)
        inside = b * b - 4 * a * c
        if inside < 0 or (a == 0 and b == 0):
            return None
        q = -(b + math.copysign(math.sqrt(inside), b)) / 2
        roots = [c / q] if q else []
        roots += [q / a] if a else []
        times = [u + self.mean_time for u in roots if room - slope * u >= 0]
        return min((t for t in times if t >= 0), default=None)


def _sentence(interval: float, level: float) -> Sentence:
    return Sentence.of(
        "calibration_interval",
        gettext_noop(
            "After %(interval)s the next error may reach the tolerance (%(level)s prediction band)."
        ),
        interval=number(interval),
        level=percent(level),
    )
