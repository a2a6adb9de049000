"""The exponentially weighted moving average: small shifts of the mean, seen early."""

import math
from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from andon.stats.charts.chart import LIMITS_ONLY, Baseline, ControlChart, Line, known, outside
from andon.stats.charts.individuals import estimated, line_warnings
from andon.stats.inputs import (
    ArgumentError,
    Floats,
    Values,
    flag,
    flat,
    listed,
    positive,
    series,
    used,
    whole,
)

_NEGLIGIBLE = 1e-20


@dataclass(frozen=True, kw_only=True)
class EwmaChart(ControlChart):
    """Moving averages ``z`` (also ``values``); ``sigma`` is that of one value.

    ``signals`` (also ``beyond``) are the points of z outside the limits.
    """

    center: float | None = None
    sigma: float | None = None
    sigma_plotted: Line = None
    z: list[float | None]
    signals: list[int]

    @property
    def fitting_rules(self) -> frozenset[str] | None:
        """Neighbours share most of their values: only the limits."""
        return LIMITS_ONLY

    @property
    def spread(self) -> Line:
        """Sigma of the moving average."""
        return self.sigma_plotted


def ewma_chart(
    x: Values,
    lam: float = 0.2,
    L: float = 3.0,  # noqa: N803  the letter of the field, and of the reference cases
    center: float | None = None,
    sigma: float | None = None,
    *,
    n: int = 1,
    fixed: bool = False,
    baseline: Baseline = None,
    exclude: Sequence[int] = (),
) -> EwmaChart:
    r"""Chart of the exponentially weighted moving average.

    :math:`z_i = \lambda x_i + (1-\lambda) z_{i-1}` from :math:`z_0` = centre, with the limits
    :math:`\mu_0 \pm L\frac{\sigma}{\sqrt n}\sqrt{\frac{\lambda}{2-\lambda}
    (1-(1-\lambda)^{2i})}` [1]_ [2]_.

    Parameters
    ----------
    x : sequence of float or None
        Values or subgroup means in time order, in their own unit. A missing point has no z; the
        average goes on from the one before.
    lam : float
        Weight of the newest value, above 0 and up to 1 (1: a Shewhart chart).
    L : float
        Half width of the limits in sigmas of z.
    center, sigma : float, optional
        Target and sigma of one value (phase 2); default the mean and the moving range sigma of
        ``x``.
    n : int
        Values behind each mean in ``x``: a given ``sigma`` is divided by its root. An estimated
        sigma comes from the means themselves and is not divided.
    fixed : bool
        Use the limits for large i from the first point on.
    baseline : slice, optional
        Points the estimates come from (Python slice, or its start and stop); default all.
    exclude : sequence of int
        Points (from 1) left out of the estimates; they still move the average.

    Returns
    -------
    EwmaChart

    Raises
    ------
    ValueError
        For ``lam`` outside (0, 1], ``L``, ``n`` or ``sigma`` out of range, infinite values.

    References
    ----------
    .. [1] NIST/SEMATECH e-Handbook of Statistical Methods, 6.3.2.4.
    .. [2] ISO 7870-6:2016.

    Examples
    --------
    >>> chart = ewma_chart([52, 47, 53, 49.3], 0.3, 3, 50, 2.0539)
    >>> [round(z, 3) for z in chart.z], round(chart.ucl[0], 3)
    ([50.6, 49.52, 50.564, 50.185], 51.849)
    """
    values = series(x, "x")
    weight, width, size = positive(lam, "lam"), positive(L, "L"), whole(n, "n", least=1)
    if weight > 1:
        raise ArgumentError("lam", "must be above 0 and not above 1")
    fixed = flag(fixed, "fixed")
    center, sigma = known(center, sigma)
    mask = used(values.size, baseline=baseline, exclude=exclude) & ~np.isnan(values)
    middle, spread = estimated(values, mask, center, sigma)
    there = ~np.isnan(values)
    z, sigma_z = np.full(values.size, np.nan), np.full(values.size, np.nan)
    if middle is not None:
        z[there] = middle + _averages(values[there] - middle, weight)
    if middle is not None and spread is not None:
        one = spread / math.sqrt(size) if sigma is not None else spread
        sigma_z[there] = one * _shrinkage(int(there.sum()), weight, fixed=fixed)
    level = np.nan if middle is None else middle
    lcl, ucl = level - width * sigma_z, level + width * sigma_z
    beyond = outside(z, lcl, ucl)
    return EwmaChart(
        n=int(there.sum()),
        n_missing=int(values.size - there.sum()),
        method=_method(weight, width, given=sigma is not None, fixed=fixed),
        warnings=line_warnings(int(there.sum()), middle, spread),
        values=listed(z),
        center=middle,
        sigma=spread,
        sigma_plotted=flat(sigma_z),
        lcl=flat(lcl),
        ucl=flat(ucl),
        beyond=beyond,
        n_baseline=0 if center is not None and sigma is not None else int(mask.sum()),
        z=listed(z),
        signals=beyond,
    )


def _averages(away: Floats, lam: float) -> Floats:
    """Moving averages of deviations from the start, without a loop over points.

    The weights are a geometric series in the shift S by one point, and
    1/(1 - qS) = (1 + qS)(1 + q^2 S^2)(1 + q^4 S^4)...: each factor is one addition of arrays.
    """
    sums = lam * away
    step, weight = 1, 1 - lam
    while step < sums.size and weight > _NEGLIGIBLE:
        sums[step:] += weight * sums[:-step]
        step, weight = 2 * step, weight * weight
    return sums


def _shrinkage(size: int, lam: float, *, fixed: bool) -> Floats:
    """Sigma of each average in sigmas of one value."""
    settled = math.sqrt(lam / (2 - lam))
    if fixed:
        return np.full(size, settled)
    return np.asarray(settled * np.sqrt(1 - (1 - lam) ** (2.0 * np.arange(1, size + 1))))


def _method(lam: float, width: float, *, given: bool, fixed: bool) -> str:
    source = "sigma given" if given else "sigma from the mean moving range"
    shape = "limits of the settled average" if fixed else "limits of each point"
    return (
        f"exponentially weighted moving average, weight {lam:g}, {width:g} sigma; {source}; {shape}"
    )
