"""The chart of individual values with moving ranges."""

import math
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Literal

import numpy as np
from numpy.lib.stride_tricks import sliding_window_view

from andon.stats.charts.chart import Baseline, Panel, known, outside
from andon.stats.charts.chart import ControlChart as ControlChart  # noqa: PLC0414  re-export
from andon.stats.charts.factors import d2, d3
from andon.stats.inputs import (
    ArgumentError,
    Bools,
    Floats,
    Values,
    flag,
    listed,
    one_of,
    series,
    used,
    whole,
)
from andon.stats.sentences import NO_DATA, ZERO_VARIANCE, Sentence, too_few
from andon.stats.special import normal_quantile
from andon.stats.summary import accurate_mean

_SHORTEST_SPAN = 2


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
    baseline: Baseline = None,
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
    screen = flag(screen, "screen")
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
        warnings=line_warnings(there.size, middle, spread, span),
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


def estimated(
    x: Floats, mask: Bools, center: float | None, sigma: float | None
) -> tuple[float | None, float | None]:
    """Centre and sigma as given, else the mean and the moving range sigma where ``mask`` holds."""
    usable = np.where(mask, x, np.nan)
    there = usable[~np.isnan(usable)]
    if center is None and there.size:
        center = accurate_mean(there)
    return center, mean_range_sigma(usable) if sigma is None else sigma


def mean_range_sigma(x: Floats) -> float | None:
    """Sigma from the mean moving range of span 2; None without any two neighbours."""
    return _sigma(moving_ranges(x), span=2, ranges="mean", screen=False)


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


def _check(span: int, ranges: str) -> None:
    one_of(ranges, ("mean", "median"), "ranges")
    if ranges == "median" and span != _SHORTEST_SPAN:
        raise ArgumentError("span", "the median moving range is defined for a span of 2")


def line_warnings(
    size: int, center: float | None, sigma: float | None, span: int = 2
) -> tuple[Sentence, ...]:
    """What to know about lines from ``size`` single values: nothing there, too few, all equal."""
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
