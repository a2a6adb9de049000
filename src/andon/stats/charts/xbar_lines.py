"""Lines and results of the charts of subgroups."""

from dataclasses import dataclass

import numpy as np

from andon.stats.charts.chart import ControlChart, Line, Panel
from andon.stats.charts.subgroups import Subgroups
from andon.stats.inputs import Bools, Floats
from andon.stats.summary import accurate_mean


@dataclass(frozen=True, kw_only=True)
class XbarChart(ControlChart):
    """Means of subgroups; ``sigma`` is that of one value, ``sigma_plotted`` that of a mean.

    ``xbar_center``, ``xbar_lcl`` and ``xbar_ucl`` are ``center``, ``lcl`` and ``ucl`` under the
    names of the field.
    """

    center: float | None = None
    sigma: float | None = None
    sigma_plotted: Line = None
    sizes: list[int]
    xbar_center: float | None = None
    xbar_lcl: Line = None
    xbar_ucl: Line = None
    sigma_mvlue_r: float | None = None

    @property
    def spread(self) -> Line:
        """Sigma of a subgroup mean."""
        return self.sigma_plotted


@dataclass(frozen=True, kw_only=True)
class XbarRChart(XbarChart):
    """Means and ranges; ``r`` has None where a subgroup has no range."""

    r: list[float | None]
    r_center: Line = None
    r_lcl: Line = None
    r_ucl: Line = None
    r_sigma: Line = None
    r_beyond: list[int]

    def panels(self) -> tuple[ControlChart, ...]:
        """Means, then ranges."""
        lines = (self.r_center, self.r_sigma, self.r_lcl, self.r_ucl)
        return self, _panel(self, "R", self.r, lines, self.r_beyond)


@dataclass(frozen=True, kw_only=True)
class XbarSChart(XbarChart):
    """Means and standard deviations, with the other usual estimates of sigma."""

    s: list[float | None]
    s_center: Line = None
    s_lcl: Line = None
    s_ucl: Line = None
    s_sigma: Line = None
    s_beyond: list[int]
    sigma_mvlue_s: float | None = None
    sigma_pooled: float | None = None

    def panels(self) -> tuple[ControlChart, ...]:
        """Means, then standard deviations."""
        lines = (self.s_center, self.s_sigma, self.s_lcl, self.s_ucl)
        return self, _panel(self, "s", self.s, lines, self.s_beyond)


def _panel(
    chart: XbarChart,
    statistic: str,
    values: list[float | None],
    lines: tuple[Line, Line, Line, Line],
    beyond: list[int],
) -> Panel:
    center, sigma, lcl, ucl = lines
    return Panel(
        n=chart.n,
        n_missing=chart.n_missing,
        method=chart.method,
        warnings=chart.warnings,
        statistic=statistic,
        values=values,
        center=center,
        sigma=sigma,
        lcl=lcl,
        ucl=ucl,
        beyond=beyond,
        n_baseline=chart.n_baseline,
    )


@dataclass(frozen=True)
class MeanLines:
    center: float | None
    sigma: Floats
    lcl: Floats
    ucl: Floats

    @classmethod
    def of(
        cls, groups: Subgroups, mask: Bools, center: float | None, sigma: float | None
    ) -> "MeanLines":
        inside = groups.values(mask)
        if center is None and inside.size:
            center = accurate_mean(inside)
        there = groups.sizes > 0
        spread = np.full(there.size, np.nan)
        if center is not None and sigma is not None:
            spread[there] = sigma / np.sqrt(groups.sizes[there])
        middle = np.nan if center is None else center
        return cls(center, spread, middle - 3 * spread, middle + 3 * spread)


@dataclass(frozen=True)
class SpreadLines:
    center: Floats
    sigma: Floats
    lcl: Floats
    ucl: Floats

    @classmethod
    def of(cls, values: Floats, mean: Floats, sd: Floats, sigma: float | None) -> "SpreadLines":
        """Lines for ranges or s, given their mean and sd in sigmas."""
        one = np.where(np.isnan(values), np.nan, np.nan if sigma is None else sigma)
        center, spread = mean * one, sd * one
        return cls(center, spread, np.maximum(center - 3 * spread, 0), center + 3 * spread)
