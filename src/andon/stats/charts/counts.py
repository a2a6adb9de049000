"""Control charts of counts: p, np, c and u, and Laney's p' and u' for large or uneven lots."""

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from andon.stats.charts.chart import Baseline, known, outside
from andon.stats.charts.count_lines import AttributeChart, CountKind, Lines, proportion_meant
from andon.stats.charts.individuals import mean_range_sigma
from andon.stats.charts.sizes import ratios, scale
from andon.stats.inputs import (
    ArgumentError,
    Floats,
    Values,
    amounts,
    flat,
    listed,
    real,
    used,
)
from andon.stats.sentences import NO_DATA, NOT_COUNTS, Sentence, gettext_noop, too_few

NO_SPREAD = Sentence(
    "zero_variance",
    gettext_noop("Every point shows none or all, so the limits fall on the centre line."),
)


def p_chart(
    d: Values,
    n: Values | float,
    *,
    center: float | None = None,
    sigma: float | None = None,
    baseline: Baseline = None,
    exclude: Sequence[int] = (),
) -> AttributeChart:
    r"""Chart of the proportion nonconforming.

    :math:`\bar p = \sum d / \sum n`, limits
    :math:`\bar p \pm 3\sqrt{\bar p(1-\bar p)/n_i}` within 0..1 [1]_.

    Parameters
    ----------
    d, n : sequence of float or None
        Nonconforming units and units inspected, in time order; ``d <= n`` (one n for all points
        may be a number). A point with n = 0 has no value and breaks runs.
    center, sigma : float, optional
        Known proportion and known standard deviation of one unit (phase 2); the default sigma is
        the binomial :math:`\sqrt{p(1-p)}`.
    baseline : slice, optional
        Points the estimate comes from (Python slice); default all.
    exclude : sequence of int
        Points (from 1) plotted but left out of the estimate.

    Returns
    -------
    AttributeChart

    Raises
    ------
    ValueError
        For negative or infinite counts, ``d > n``, or lists of different length.

    References
    ----------
    .. [1] NIST/SEMATECH e-Handbook of Statistical Methods, 6.3.3.2; ISO 7870-2:2013.

    Examples
    --------
    >>> chart = p_chart([12, 15, 8, 10, 4], [50, 50, 50, 50, 50])
    >>> round(chart.center, 3), round(chart.ucl, 3), chart.beyond
    (0.196, 0.364, [])
    """
    return _chart("p", d, n, _Given(center, sigma, baseline, exclude))


def np_chart(
    d: Values,
    n: Values | float,
    *,
    center: float | None = None,
    sigma: float | None = None,
    baseline: Baseline = None,
    exclude: Sequence[int] = (),
) -> AttributeChart:
    r"""Chart of the number nonconforming: :math:`n_i\bar p \pm 3\sqrt{n_i\bar p(1-\bar p)}`.

    As `p_chart`, drawn as numbers within 0..n. A given ``center`` from 0 to 1 is a proportion; one
    above 1 is the mean number as it is plotted, for samples of one size.

    References
    ----------
    .. [1] NIST/SEMATECH e-Handbook of Statistical Methods, 6.3.3.2; ISO 7870-2:2013.

    Examples
    --------
    >>> np_chart([12, 15, 8, 10, 4], [50, 50, 50, 50, 50]).center
    9.8
    """
    level = proportion_meant(center, n)
    return _chart("np", d, n, _Given(level, sigma, baseline, exclude))


def c_chart(
    c: Values,
    *,
    center: float | None = None,
    sigma: float | None = None,
    baseline: Baseline = None,
    exclude: Sequence[int] = (),
) -> AttributeChart:
    r"""Chart of the number of events in equal periods: :math:`\bar c \pm 3\sqrt{\bar c}`, floor 0.

    Parameters as in `p_chart`; ``sigma`` is the standard deviation of one period.

    References
    ----------
    .. [1] NIST/SEMATECH e-Handbook of Statistical Methods, 6.3.3.1; ISO 7870-2:2013.

    Examples
    --------
    >>> chart = c_chart([21, 24, 16, 12])
    >>> chart.center, round(chart.ucl, 2)
    (18.25, 31.07)
    """
    ones = np.ones(amounts(c, "c").size)
    return _chart("c", c, ones, _Given(center, sigma, baseline, exclude))


def u_chart(
    c: Values,
    n: Values | float,
    *,
    center: float | None = None,
    sigma: float | None = None,
    baseline: Baseline = None,
    exclude: Sequence[int] = (),
) -> AttributeChart:
    r"""Chart of events per unit of exposure.

    :math:`\bar u = \sum c / \sum n`, limits :math:`\bar u \pm 3\sqrt{\bar u/n_i}`, floor 0 [1]_.
    Parameters as in `p_chart`; ``n`` is the exposure (units, hours, shipped lines) and may be any
    positive number.

    References
    ----------
    .. [1] NIST/SEMATECH e-Handbook of Statistical Methods, 6.3.3.1; ISO 7870-2:2013.

    Examples
    --------
    >>> chart = u_chart([10, 12, 8, 14], [5, 5, 5, 5])
    >>> chart.center, round(chart.ucl, 2)
    (2.2, 4.19)
    """
    return _chart("u", c, n, _Given(center, sigma, baseline, exclude))


def laney_p_chart(
    d: Values,
    n: Values | float,
    *,
    center: float | None = None,
    sigma: float | None = None,
    sigma_z: float | None = None,
    baseline: Baseline = None,
    exclude: Sequence[int] = (),
) -> AttributeChart:
    r"""Laney's p' chart: the p chart with the scatter between periods taken in.

    With :math:`z_i = (p_i - \bar p)/s_i` and
    :math:`\sigma_z = \overline{|z_i - z_{i-1}|}/d_2(2)` the limits are
    :math:`\bar p \pm 3 s_i \sigma_z` within 0..1 [1]_. No moving range is screened out.
    Parameters as in `p_chart`, and ``sigma_z`` if it is known.

    References
    ----------
    .. [1] D. B. Laney, Quality Engineering 14 (2002) 531.

    Examples
    --------
    >>> chart = laney_p_chart([60, 140, 90, 110], [1000, 1000, 1000, 1000])
    >>> round(chart.sigma_z, 2), round(chart.ucl, 3)
    (4.67, 0.233)
    """
    return _chart("p", d, n, _Given(center, sigma, baseline, exclude), laney=True, sigma_z=sigma_z)


def laney_u_chart(
    c: Values,
    n: Values | float,
    *,
    center: float | None = None,
    sigma: float | None = None,
    sigma_z: float | None = None,
    baseline: Baseline = None,
    exclude: Sequence[int] = (),
) -> AttributeChart:
    r"""Laney's u' chart: as `laney_p_chart` for events per exposure, floor 0.

    References
    ----------
    .. [1] D. B. Laney, Quality Engineering 14 (2002) 531.

    Examples
    --------
    >>> chart = laney_u_chart([60, 140, 90, 110], [10, 10, 10, 10])
    >>> round(chart.sigma_z, 2), round(chart.ucl, 1)
    (4.43, 23.3)
    """
    return _chart("u", c, n, _Given(center, sigma, baseline, exclude), laney=True, sigma_z=sigma_z)


@dataclass(frozen=True)
class _Given:
    center: float | None
    sigma: float | None
    baseline: Baseline
    exclude: Sequence[int]


def _chart(
    kind: CountKind,
    above: Values,
    exposure: Values | float,
    given: _Given,
    *,
    laney: bool = False,
    sigma_z: float | None = None,
) -> AttributeChart:
    share = kind in {"p", "np"}
    names = ("d" if share else "c", "n")
    if isinstance(exposure, int | float | np.number):
        exposure = np.full(amounts(above, names[0]).size, real(exposure, "n"))
    top, bottom, missing = ratios(above, exposure, names, share=share)
    level, sigma, sigma_z = _checked(given.center, given.sigma, sigma_z, share=share)
    mask = used(top.size, baseline=given.baseline, exclude=given.exclude) & ~np.isnan(top)
    if level is None and mask.any():
        level = float(top[mask].sum() / bottom[mask].sum())
    lines = Lines.of(kind, top, bottom, level, sigma)
    factor = sigma_z if laney else 1.0
    if factor is None and level is not None:
        factor = mean_range_sigma(np.where(mask, lines.z, np.nan))
    scaled = lines.widened(factor)
    return AttributeChart(
        n=int((~np.isnan(top)).sum()),
        n_missing=missing,
        method=_METHODS[kind] + (", scatter between points by Laney's sigma z" if laney else ""),
        warnings=_warnings(top, level, lines, factor, counts=not laney),
        values=listed(lines.values),
        center=flat(lines.center),
        sigma=flat(scaled.sigma),
        lcl=flat(scaled.lcl),
        ucl=flat(scaled.ucl),
        beyond=outside(lines.values, scaled.lcl, scaled.ucl),
        n_baseline=int(mask.sum()) if given.center is None else 0,
        z=listed(lines.z),
        sigma_z=factor if laney and not np.isnan(lines.z).all() else None,
        level=level,
    )


_METHODS: dict[CountKind, str] = {
    "p": "proportion; binomial sigma of each point",
    "np": "number nonconforming; binomial sigma of each point",
    "c": "events per period; Poisson sigma",
    "u": "events per exposure; Poisson sigma of each point",
}


def _checked(
    center: float | None, sigma: float | None, sigma_z: float | None, *, share: bool
) -> tuple[float | None, float | None, float | None]:
    level, spread = known(center, sigma)
    if level is not None and (level < 0 or (share and level > 1)):
        allowed = "must be a proportion, 0 to 1" if share else "must not be negative"
        raise ArgumentError("center", allowed)
    return level, spread, None if sigma_z is None else scale(sigma_z, "sigma_z")


def _warnings(
    top: Floats, level: float | None, lines: Lines, sigma_z: float | None, *, counts: bool
) -> tuple[Sentence, ...]:
    if level is None:
        return (NO_DATA,)
    found = []
    if np.nanmax(lines.sigma, initial=0) == 0:
        found.append(NO_SPREAD)
    elif sigma_z is None:
        found.append(too_few(2))
    there = top[~np.isnan(top)]
    if counts and (there != np.floor(there)).any():
        found.append(NOT_COUNTS)
    return tuple(found)
