"""What all control charts share, and the chart of individual values with moving ranges."""

import math
from collections.abc import Sequence
from dataclasses import dataclass
from typing import ClassVar, Literal, TypeAlias

import numpy as np
from numpy.lib.stride_tricks import sliding_window_view

from andon.stats.charts.factors import d2, d3
from andon.stats.inputs import (
    ArgumentError,
    Floats,
    Values,
    above,
    below,
    listed,
    points,
    real,
    series,
    used,
    whole,
)
from andon.stats.results import Result
from andon.stats.sentences import NO_DATA, ZERO_VARIANCE, Sentence, too_few
from andon.stats.special import normal_quantile
from andon.stats.summary import accurate_mean

Line: TypeAlias = float | list[float | None] | None

_SHORTEST_SPAN = 2


@dataclass(frozen=True, kw_only=True)
class ControlChart(Result):
    """A chart: what is plotted, its lines, and the points beyond them.

    Attributes
    ----------
    values : list
        The plotted statistic, None where a point has no value.
    center, lcl, ucl, sigma
        One number, or a list if it varies from point to point; None if not estimable. ``sigma``
        is the estimate used; `spread` is that of the plotted statistic.
    beyond : list of int
        Points (from 1) strictly outside the limits.
    n_baseline : int
        Points the lines were estimated from (0: they were given).
    """

    values: list[float | None]
    center: Line = None
    sigma: Line = None
    lcl: Line = None
    ucl: Line = None
    beyond: list[int]
    n_baseline: int = 0

    fitting_rules: ClassVar[frozenset[str] | None] = None
    """Run rules that make sense for the statistic; None: all."""

    @property
    def spread(self) -> Line:
        """Sigma of the plotted statistic."""
        return self.sigma

    @property
    def restarts(self) -> tuple[int, ...]:
        """Points (from 1) at which the counters of the run rules start again."""
        return ()

    def panels(self) -> tuple["ControlChart", ...]:
        """The charts to draw one below the other, this one first."""
        return (self,)

    def given(self) -> dict[str, object]:
        """The arguments that freeze these lines for a chart of later points (phase 2)."""
        return {"center": self.center, "sigma": self.sigma}

    def along(self, line: Line) -> list[float | None]:
        """``line`` (such as ``chart.ucl``) as one value for each point, for drawing."""
        if isinstance(line, list):
            return line
        return [line] * len(self.values)


@dataclass(frozen=True, kw_only=True)
class Panel(ControlChart):
    """The lower panel of a chart: ranges, standard deviations or a one-sided sum."""

    statistic: str

    fitting_rules: ClassVar[frozenset[str] | None] = frozenset({"n1", "n2", "n3", "n4"}) | {
        "we1",
        "we4",
    }


@dataclass(frozen=True, kw_only=True)
class ImrChart(ControlChart):
    """Individuals and moving ranges; ``mr`` has None where a range has no full span."""

    center: float | None = None
    sigma: float | None = None
    lcl: float | None = None
    ucl: float | None = None
    mr: list[float | None]
    mr_center: float | None = None
    mr_lcl: float | None = None
    mr_ucl: float | None = None
    mr_beyond: list[int]
    span: int = 2

    def panels(self) -> tuple[ControlChart, ...]:
        """Individuals, then moving ranges."""
        moving = Panel(
            n=sum(value is not None for value in self.mr),
            n_missing=self.n_missing,
            method=self.method,
            warnings=self.warnings,
            statistic="MR",
            values=self.mr,
            center=self.mr_center,
            sigma=None if self.sigma is None else d3(self.span) * self.sigma,
            lcl=self.mr_lcl,
            ucl=self.mr_ucl,
            beyond=self.mr_beyond,
            n_baseline=self.n_baseline,
        )
        return self, moving


def imr_chart(
    x: Values,
    *,
    span: int = 2,
    ranges: Literal["mean", "median"] = "mean",
    screen: bool = False,
    center: float | None = None,
    sigma: float | None = None,
    baseline: slice | None = None,
    exclude: Sequence[int] = (),
) -> ImrChart:
    r"""Chart of individual values and moving ranges.

    :math:`\bar x \pm 3\hat\sigma` with :math:`\hat\sigma = \overline{MR}/d_2(w)`; the ranges have
    the centre :math:`\overline{MR} = d_2\hat\sigma` and the limits
    :math:`\max(0, d_2 \mp 3 d_3)\hat\sigma` [1]_ [2]_.

    Parameters
    ----------
    x : sequence of float or None
        Values in time order and in their own unit. None or NaN is a missing point: no moving
        range reaches over it.
    span : int
        Values in one moving range.
    ranges : {"mean", "median"}
        ``median`` divides the median range by its expectation, :math:`\sqrt2\,\Phi^{-1}(3/4)` =
        0.954, and resists single jumps (span 2 only).
    screen : bool
        Leave ranges above their own upper limit (3.27 mean ranges) out, once.
    center, sigma : float, optional
        Known values (phase 2); what is not given is estimated.
    baseline : slice, optional
        Part of ``x`` the estimates come from (Python slice); default all.
    exclude : sequence of int
        Points (from 1) plotted but left out of the estimates, with their moving ranges.

    Returns
    -------
    ImrChart

    Raises
    ------
    ValueError
        For an infinite value, an impossible span, or an excluded point that does not exist.

    References
    ----------
    .. [1] NIST/SEMATECH e-Handbook of Statistical Methods, 6.3.2.2.
    .. [2] ISO 7870-2:2013.

    Examples
    --------
    >>> chart = imr_chart([49.6, 47.6, 49.9, 51.3, 47.8, 51.2, 52.6, 52.4, 53.6, 52.1])
    >>> round(chart.center, 2), round(chart.lcl, 2), round(chart.ucl, 2), chart.beyond
    (50.81, 45.82, 55.8, [])
    """
    values = series(x, "x")
    span = whole(span, "span", least=_SHORTEST_SPAN)
    center, sigma = known(center, sigma)
    _check(span, ranges)
    usable = np.where(used(values.size, baseline=baseline, exclude=exclude), values, np.nan)
    there = usable[~np.isnan(usable)]
    middle = accurate_mean(there) if center is None and there.size else center
    spread = sigma
    if spread is None:
        spread = _sigma(moving_ranges(usable, span), span=span, ranges=ranges, screen=screen)
    moving = moving_ranges(values, span)
    lines = _Lines.of(middle, spread, span)
    return ImrChart(
        n=int((~np.isnan(values)).sum()),
        n_missing=int(np.isnan(values).sum()),
        method=_method(span, ranges, screen=screen, given=sigma is not None),
        warnings=_warnings(there.size, middle, spread, span),
        values=listed(values),
        center=middle,
        sigma=spread,
        lcl=lines.lcl,
        ucl=lines.ucl,
        beyond=outside(values, lines.lcl, lines.ucl),
        n_baseline=0 if center is not None and sigma is not None else int(there.size),
        mr=listed(moving),
        mr_center=lines.mr_center,
        mr_lcl=lines.mr_lcl,
        mr_ucl=lines.mr_ucl,
        mr_beyond=outside(moving, lines.mr_lcl, lines.mr_ucl),
        span=span,
    )


def moving_ranges(x: Floats, span: int = 2) -> Floats:
    """Range of each ``span`` neighbours at the last of them; NaN where one is missing."""
    result = np.full(x.size, np.nan)
    if x.size >= span:
        windows = sliding_window_view(x, span)
        result[span - 1 :] = (
            np.abs(np.diff(x))
            if span == _SHORTEST_SPAN
            else windows.max(axis=1) - windows.min(axis=1)
        )
    return result


def mean_range_sigma(x: Floats) -> float | None:
    """Sigma from the mean moving range of span 2; None without any two neighbours."""
    return _sigma(moving_ranges(x), span=2, ranges="mean", screen=False)


def outside(values: Floats, lcl: Floats | float | None, ucl: Floats | float | None) -> list[int]:
    """Points strictly outside the limits; a point on a limit is inside."""
    if lcl is None or ucl is None:
        return []
    return points(above(values, ucl) | below(values, lcl))


def _sigma(moving: Floats, *, span: int, ranges: str, screen: bool) -> float | None:
    moving = moving[~np.isnan(moving)]
    if not moving.size:
        return None
    if ranges == "median":
        return float(np.median(moving)) / (math.sqrt(2) * normal_quantile(0.75))
    mean = float(moving.mean())
    if screen:
        limit = mean * (1 + 3 * d3(span) / d2(span))
        mean = float(moving[moving <= limit].mean())
    return mean / d2(span)


@dataclass(frozen=True)
class _Lines:
    lcl: float | None = None
    ucl: float | None = None
    mr_center: float | None = None
    mr_lcl: float | None = None
    mr_ucl: float | None = None

    @classmethod
    def of(cls, center: float | None, sigma: float | None, span: int) -> "_Lines":
        if center is None or sigma is None:
            return cls()
        middle, half = d2(span) * sigma, 3 * d3(span) * sigma
        return cls(
            lcl=center - 3 * sigma,
            ucl=center + 3 * sigma,
            mr_center=middle,
            mr_lcl=max(0.0, middle - half),
            mr_ucl=middle + half,
        )


def known(center: object, sigma: object) -> tuple[float | None, float | None]:
    """Given lines as finite numbers, sigma not negative, None where not given."""
    middle = None if center is None else real(center, "center")
    spread = None if sigma is None else real(sigma, "sigma")
    if spread is not None and spread < 0:
        raise ArgumentError("sigma", "must not be negative")
    return middle, spread


def _check(span: int, ranges: str) -> None:
    if ranges not in {"mean", "median"}:
        raise ArgumentError("ranges", "must be 'mean' or 'median'")
    if ranges == "median" and span != _SHORTEST_SPAN:
        raise ArgumentError("span", "the median moving range is defined for a span of 2")


def _warnings(
    size: int, center: float | None, sigma: float | None, span: int
) -> tuple[Sentence, ...]:
    if center is None:
        return (NO_DATA,)
    if sigma is None:
        return (NO_DATA if size == 0 else too_few(span),)
    return (ZERO_VARIANCE,) if sigma == 0 else ()


def _method(span: int, ranges: str, *, screen: bool, given: bool) -> str:
    if given:
        return "individuals; sigma given"
    screened = ", large ranges screened once" if screen else ""
    return f"individuals; sigma from the {ranges} moving range of span {span}{screened}"
