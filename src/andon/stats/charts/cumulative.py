"""The cumulative sum: how far, for how long and since when the mean has moved."""

import math
from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from andon.stats.charts.chart import LIMITS_ONLY, Baseline, ControlChart, Panel, known
from andon.stats.charts.individuals import estimated, line_warnings
from andon.stats.inputs import (
    ArgumentError,
    Floats,
    Values,
    above,
    listed,
    points,
    positive,
    real,
    series,
    used,
    whole,
)
from andon.stats.results import Result

_BLOCK = 4096


@dataclass(frozen=True, kw_only=True)
class OneSidedSum(Panel):
    """One of the two sums as a chart; its neighbours depend on each other: only the limit."""

    @property
    def fitting_rules(self) -> frozenset[str] | None:
        """Neighbours share most of their values: only the limit."""
        return LIMITS_ONLY


@dataclass(frozen=True, kw_only=True)
class CusumChart(Result):
    """Both sums in sigmas, where they pass ``h``, and what they say about the new mean.

    Attributes
    ----------
    c_plus, c_minus : list
        Sums for a rise and for a fall, both not negative.
    n_plus, n_minus : list
        Points since the sum was last 0.
    signals_up, signals_down : list of int
        Points (from 1) where the sum is above ``h``.
    since_up, since_down : list of int
        For each of these, the first point since the sum was 0: where the change probably began.
    new_mean_up, new_mean_down : list of float
        For each of these, the estimated new mean.
    """

    center: float | None = None
    sigma: float | None = None
    k: float
    h: float
    c_plus: list[float | None]
    c_minus: list[float | None]
    n_plus: list[int | None]
    n_minus: list[int | None]
    signals_up: list[int]
    signals_down: list[int]
    since_up: list[int]
    since_down: list[int]
    new_mean_up: list[float]
    new_mean_down: list[float]
    n_baseline: int = 0

    def given(self) -> dict[str, object]:
        """The arguments that freeze target and sigma for a chart of later points (phase 2)."""
        return {"center": self.center, "sigma": self.sigma}

    def panels(self) -> tuple[ControlChart, ...]:
        """The sum for a rise above 0, and the sum for a fall drawn below 0."""
        fall = [None if value is None else -value for value in self.c_minus]
        return (
            self._panel("C+", self.c_plus, self.signals_up, ucl=self.h),
            self._panel("C-", fall, self.signals_down, lcl=-self.h),
        )

    def _panel(
        self,
        statistic: str,
        values: list[float | None],
        beyond: list[int],
        *,
        lcl: float | None = None,
        ucl: float | None = None,
    ) -> OneSidedSum:
        return OneSidedSum(
            n=self.n,
            n_missing=self.n_missing,
            method=self.method,
            warnings=self.warnings,
            statistic=statistic,
            values=values,
            center=0.0,
            lcl=lcl,
            ucl=ucl,
            beyond=beyond,
            n_baseline=self.n_baseline,
        )


def cusum_chart(
    x: Values,
    k: float = 0.5,
    h: float = 5.0,
    center: float | None = None,
    sigma: float | None = None,
    *,
    n: int = 1,
    head_start: float | bool = False,
    baseline: Baseline = None,
    exclude: Sequence[int] = (),
) -> CusumChart:
    r"""Tabular cumulative sums for a rise and for a fall of the mean.

    With :math:`z_i = (x_i - \mu_0)\sqrt n/\sigma`:
    :math:`C^+_i = \max(0, C^+_{i-1} + z_i - k)` and
    :math:`C^-_i = \max(0, C^-_{i-1} - z_i - k)`; a signal where one is above h. At a signal the
    new mean is estimated as :math:`\mu_0 \pm (k + C/N)\sigma/\sqrt n`, with N the points since
    the sum was last 0 [1]_ [2]_ [3]_.

    Parameters
    ----------
    x : sequence of float or None
        Values or subgroup means in time order, in their own unit. A missing point has no sums;
        they go on from the ones before.
    k, h : float
        Reference value (half the shift to find) and decision interval, in sigmas.
    center, sigma : float, optional
        Target and sigma of one value (phase 2); default the mean and the moving range sigma of
        ``x``.
    n : int
        Values behind each mean in ``x``: a given ``sigma`` is divided by its root. An estimated
        sigma comes from the means themselves and is not divided.
    head_start : float or bool
        Both sums start here, in sigmas; True: at h/2, the fast initial response.
    baseline : slice, optional
        Points the estimates come from (Python slice, or its start and stop); default all.
    exclude : sequence of int
        Points (from 1) left out of the estimates; they still count for the sums.

    Returns
    -------
    CusumChart

    Raises
    ------
    ValueError
        For a negative ``k`` or ``head_start``, ``h`` not above 0, ``n`` below 1, infinite values.

    References
    ----------
    .. [1] NIST/SEMATECH e-Handbook of Statistical Methods, 6.3.2.3.
    .. [2] ISO 7870-4:2011.
    .. [3] D. C. Montgomery, Introduction to Statistical Quality Control, chapter 9; the head
       start is that of Lucas and Crosier, Technometrics 24 (1982) 199.

    Examples
    --------
    >>> chart = cusum_chart([10, 9, 11, 12, 13, 12], 0.5, 3, 10, 1)
    >>> chart.c_plus, chart.signals_up, chart.since_up
    ([0.0, 0.0, 0.5, 2.0, 4.5, 6.0], [5, 6], [3, 3])
    >>> round(chart.new_mean_up[-1], 2)
    12.0
    """
    values = series(x, "x")
    k, h, size = _not_negative(k, "k"), positive(h, "h"), whole(n, "n", least=1)
    fast = isinstance(head_start, bool | np.bool_) and bool(head_start)
    start = h / 2 if fast else _not_negative(head_start, "head_start")
    center, sigma = known(center, sigma)
    there = ~np.isnan(values)
    mask = used(values.size, baseline=baseline, exclude=exclude) & there
    middle, spread = estimated(values, mask, center, sigma)
    one = spread if spread is None or sigma is None else spread / math.sqrt(size)
    z = _standard(values, middle, one)
    up, down = _Side.of(z, k, h, start), _Side.of(-z, k, h, start)
    level, step = middle or 0.0, one or 0.0
    return CusumChart(
        n=int(there.sum()),
        n_missing=int(values.size - there.sum()),
        method=f"tabular cumulative sums, k = {k:g}, h = {h:g}, start {start:g}; "
        + ("sigma given" if sigma is not None else "sigma from the mean moving range"),
        warnings=line_warnings(int(there.sum()), middle, spread),
        center=middle,
        sigma=spread,
        k=k,
        h=h,
        c_plus=listed(up.sums),
        c_minus=listed(down.sums),
        n_plus=up.counted(),
        n_minus=down.counted(),
        signals_up=up.signals,
        signals_down=down.signals,
        since_up=up.since(),
        since_down=down.since(),
        new_mean_up=[level + shift * step for shift in up.shifts(k)],
        new_mean_down=[level - shift * step for shift in down.shifts(k)],
        n_baseline=0 if center is not None and sigma is not None else int(mask.sum()),
    )


@dataclass(frozen=True)
class _Side:
    """One sum, the points in it since 0, and the point after the last 0 (NaN where missing)."""

    sums: Floats
    length: Floats
    first: Floats
    signals: list[int]

    @classmethod
    def of(cls, z: Floats, k: float, h: float, start: float) -> "_Side":
        there = np.flatnonzero(~np.isnan(z))
        sums, length, first = (np.full(z.size, np.nan) for _ in range(3))
        sums[there] = _sums(z[there] - k, start)
        order = np.arange(1, there.size + 1)
        last: NDArray[np.int64] = np.maximum.accumulate(np.where(sums[there] == 0, order, 0))
        length[there] = order - last
        begins = np.append(there, z.size)[last]
        first[there] = begins + 1
        return cls(sums, length, first, points(above(sums, h)))

    def counted(self) -> list[int | None]:
        return [None if value is None else int(value) for value in listed(self.length)]

    def since(self) -> list[int]:
        return [int(self.first[point - 1]) for point in self.signals]

    def shifts(self, k: float) -> list[float]:
        """Estimated shift in sigmas at each signal."""
        at = [point - 1 for point in self.signals]
        return [float(k + self.sums[i] / self.length[i]) for i in at]


def _sums(steps: Floats, start: float) -> Floats:
    """max(0, sum + step) from ``start`` on: each path minus its lowest value below 0 so far.

    In blocks, so that rounding cannot grow with the length of the series.
    """
    result = np.empty(steps.size)
    level = start
    for begin in range(0, steps.size, _BLOCK):
        path = level + np.cumsum(steps[begin : begin + _BLOCK])
        path -= np.minimum(np.minimum.accumulate(path), 0)
        result[begin : begin + _BLOCK] = path
        level = float(path[-1])
    return result


def _standard(values: Floats, center: float | None, sigma: float | None) -> Floats:
    """Values in sigmas from the centre; without scatter only points on the centre have one."""
    if center is None or sigma is None:
        return np.full(values.size, np.nan)
    away = values - center
    if sigma == 0:
        return np.where(away == 0, 0.0, np.nan)
    return np.asarray(away / sigma)


def _not_negative(value: object, name: str) -> float:
    number = real(value, name)
    if number < 0:
        raise ArgumentError(name, "must not be negative")
    return number
