"""Running limits of charts of individuals and of subgroups."""

import math
from collections.abc import Sequence
from dataclasses import dataclass, field

from andon.stats.charts.factors import c4, d2, d3
from andon.stats.inputs import ArgumentError, one_of, whole
from andon.stats.moments import Moments
from andon.stats.names import column
from andon.stats.streaming.state import Running, number

_SMALLEST, _LARGEST = 2, 1000


@dataclass(frozen=True, kw_only=True)
class Limits:
    """Lines of a chart of values and of its chart of scatter; None while not estimable."""

    n: int
    center: float | None
    sigma: float | None
    lcl: float | None
    ucl: float | None
    spread_center: float | None
    spread_lcl: float | None
    spread_ucl: float | None


def _limits(
    n: int, middle: float | None, sigma: float | None, size: int, spread: tuple[float, float]
) -> Limits:
    """Limits for means of ``size``; ``spread`` is the centre and sigma of the scatter at 1."""
    if middle is None or sigma is None:
        return Limits(
            n=n, center=middle, sigma=sigma, lcl=None, ucl=None,
            spread_center=None, spread_lcl=None, spread_ucl=None,
        )  # fmt: skip
    half, (about, apart) = 3 * sigma / math.sqrt(size), spread
    return Limits(
        n=n,
        center=middle,
        sigma=sigma,
        lcl=middle - half,
        ucl=middle + half,
        spread_center=about * sigma,
        spread_lcl=max(0.0, about - 3 * apart) * sigma,
        spread_ucl=(about + 3 * apart) * sigma,
    )


@dataclass
class StreamingMoments(Running):
    """Running mean and standard deviation (n - 1), by the same joining as long series.

    Examples
    --------
    >>> running = StreamingMoments()
    >>> for value in (10000001, 10000003, None, 10000002):
    ...     running.add(value)
    >>> running.mean, running.sd, running.n, running.n_missing
    (10000002.0, 1.0, 3, 1)
    """

    moments: Moments = field(default_factory=Moments)
    n_missing: int = 0

    def add(self, value: float | None) -> None:
        """Take one value; None or NaN is counted as missing."""
        x = number(value)
        if x is None:
            self.n_missing += 1
        else:
            self.moments = self.moments.joined(Moments.of(x))

    @property
    def n(self) -> int:
        return self.moments.n

    @property
    def mean(self) -> float | None:
        return self.moments.mean if self.moments.n else None

    @property
    def sd(self) -> float | None:
        return self.moments.sd


@dataclass
class StreamingImr(Running):
    """Running limits of individuals and moving ranges of span 2, equal to `imr_chart`.

    Examples
    --------
    >>> running = StreamingImr()
    >>> for value in (49.6, 47.6, 49.9, 51.3, 47.8, 51.2, 52.6, 52.4, 53.6, 52.1):
    ...     running.add(value)
    >>> limits = running.limits()
    >>> round(limits.center, 2), round(limits.lcl, 2), round(limits.ucl, 2)
    (50.81, 45.82, 55.8)
    """

    values: Moments = field(default_factory=Moments)
    ranges: Moments = field(default_factory=Moments)
    last: float | None = None
    n_missing: int = 0

    def add(self, value: float | None) -> None:
        """Take one value; a missing one breaks the moving range."""
        x = number(value)
        if x is None:
            self.n_missing += 1
        else:
            self.values = self.values.joined(Moments.of(x))
            if self.last is not None:
                self.ranges = self.ranges.joined(Moments.of(abs(x - self.last)))
        self.last = x

    def limits(self) -> Limits:
        """The limits from all values so far."""
        middle = self.values.mean if self.values.n else None
        sigma = self.ranges.mean / d2(_SMALLEST) if self.ranges.n else None
        return _limits(self.values.n, middle, sigma, 1, (d2(_SMALLEST), d3(_SMALLEST)))


@dataclass
class StreamingXbar(Running):
    """Running limits of X-bar-R or X-bar-S charts, equal to those of all subgroups at once.

    Sigma is the mean of R/d2(n) (``spread="r"``) or of s/c4(n) (``spread="s"``) of subgroups with
    two values or more; the centre is the mean of all values.

    Parameters
    ----------
    size : int
        Subgroup size the limits are for, 2 to 1000; smaller subgroups are taken too.
    spread : {"r", "s"}
        Range or standard deviation.

    Raises
    ------
    ArgumentError
        For a size outside 2 to 1000, another spread, or a subgroup larger than ``size``.

    Examples
    --------
    >>> running = StreamingXbar(2)
    >>> for subgroup in ([1, 3], [2, 4], [1, 5]):
    ...     running.add(subgroup)
    >>> limits = running.limits()
    >>> round(limits.center, 4), round(limits.sigma, 4), round(limits.spread_ucl, 4)
    (2.6667, 2.3633, 8.7108)
    """

    size: int
    spread: str = "r"
    values: Moments = field(default_factory=Moments)
    sigmas: Moments = field(default_factory=Moments)
    n_missing: int = 0

    def __post_init__(self) -> None:
        self.size = whole(self.size, "size", least=_SMALLEST)
        if self.size > _LARGEST:
            raise ArgumentError("size", f"must be at most {_LARGEST:,}")
        one_of(self.spread, ("r", "s"), "spread")

    def add(self, subgroup: Sequence[float | None]) -> None:
        """Take one subgroup; missing values make it smaller."""
        given = column(subgroup, "subgroup")
        if len(given) > self.size:
            raise ArgumentError("subgroup", f"must not have more than {self.size} values")
        there = [x for x in (number(value, "subgroup") for value in given) if x is not None]
        self.n_missing += len(given) - len(there)
        inside = Moments()
        for x in there:
            inside = inside.joined(Moments.of(x))
        self.values = self.values.joined(inside)
        if inside.sd is not None:
            n = len(there)
            sigma = (max(there) - min(there)) / d2(n) if self.spread == "r" else inside.sd / c4(n)
            self.sigmas = self.sigmas.joined(Moments.of(sigma))

    def limits(self) -> Limits:
        """The limits for full subgroups from all values so far."""
        middle = self.values.mean if self.values.n else None
        sigma = self.sigmas.mean if self.sigmas.n else None
        factor = c4(self.size)
        scatter = (
            (d2(self.size), d3(self.size))
            if self.spread == "r"
            else (factor, math.sqrt(1 - factor**2))
        )
        return _limits(self.values.n, middle, sigma, self.size, scatter)
