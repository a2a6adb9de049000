"""Hotelling's T-squared: several characteristics of one product judged together."""

from collections.abc import Sequence

import numpy as np

from andon.stats.charts.chart import Baseline
from andon.stats.charts.t2_limits import (
    HotellingChart,
    T2Limits,
    false_alarm,
    given_covariance,
    given_mean,
    variable_names,
)
from andon.stats.inputs import ArgumentError, Floats, matrix, used
from andon.stats.special import beta_quantile


def hotelling_t2_individuals(
    x: Sequence[Sequence[float | None]] | Floats,
    alpha: float | None = None,
    *,
    center: Sequence[float] | None = None,
    sigma: Sequence[Sequence[float]] | None = None,
    names: Sequence[str] | None = None,
    baseline: Baseline = None,
    exclude: Sequence[int] = (),
) -> HotellingChart:
    r"""T² of single observations of p characteristics.

    :math:`T^2_i = (x_i - \bar x)'S^{-1}(x_i - \bar x)` with the sample covariance S of m points.
    Phase 1 limit :math:`\frac{(m-1)^2}{m}B_{1-\alpha;\,p/2,\,(m-p-1)/2}`, phase 2 limit
    :math:`\frac{p(m+1)(m-1)}{m(m-p)}F_{1-\alpha;\,p,\,m-p}` [1]_ [2]_.

    Parameters
    ----------
    x : matrix (m, p)
        One row for each point in time order, one column for each characteristic. A row with a
        missing value has no T².
    alpha : float, optional
        Chance of a false alarm at one point; default :math:`1-(1-0.0027)^p`.
    center, sigma : vector (p) and matrix (p, p), optional
        Known means and covariances (phase 2): the limit is then that of chi-square.
    names : sequence of str, optional
        Names of the characteristics in ``contributions``; default x1, x2, ...
    baseline : slice, optional
        Points the estimates come from (Python slice, or its start and stop); default all.
    exclude : sequence of int
        Points (from 1) plotted but left out of the estimates.

    Returns
    -------
    HotellingChart
        T² and limits are None with the warning ``singular`` if S cannot be inverted or m <= p.

    Raises
    ------
    ValueError
        For rows of different length, infinite values, alpha outside (0, 1), or given means and
        covariances of another size.

    References
    ----------
    .. [1] D. C. Montgomery, Introduction to Statistical Quality Control, chapter 11.
    .. [2] N. D. Tracy, J. C. Young and R. L. Mason, J. Quality Technology 24 (1992) 88.

    Examples
    --------
    >>> x = [[5.0, 3.1], [5.2, 3.0], [4.9, 2.8], [5.1, 3.2], [5.0, 2.9], [4.8, 3.0]]
    >>> chart = hotelling_t2_individuals(x, 0.05)
    >>> [round(t2, 2) for t2 in chart.t2], round(chart.ucl_phase1, 2)
    ([0.6, 2.38, 2.02, 2.02, 0.6, 2.38], 3.6)
    """
    rows = _rows(x, "x", width=0)
    there = ~np.isnan(rows).any(axis=1)
    mask = used(len(rows), baseline=baseline, exclude=exclude) & there
    p = rows.shape[1]
    lines = T2Limits(p=p, alpha=false_alarm(alpha, p), names=variable_names(names, p))
    given = (given_mean(center, p), given_covariance(sigma, p))
    mean, covariance = (
        own if own is not None else estimate
        for own, estimate in zip(given, _moments(rows[mask]), strict=True)
    )
    m = int(mask.sum())
    ucl1 = ucl2 = None
    if given[1] is not None:
        ucl2 = lines.chi_square()
    elif m > p > 0:
        # With one point more than characteristics all T² are equal: no limit of phase 1.
        if m > p + 1:
            ucl1 = (m - 1) ** 2 / m * beta_quantile(1 - lines.alpha, p / 2, (m - p - 1) / 2)
        ucl2 = p * (m + 1) * (m - 1) / (m * (m - p)) * lines.f_quantile(m - p)
    return lines.chart(
        rows,
        mean,
        covariance,
        ucl1,
        ucl2,
        estimated=mask & (given[1] is None),
        missing=int((~there).sum()),
        needed=p + 2,
        method="T-squared of single observations; "
        + ("mean and covariance given" if given[1] is not None else "sample covariance"),
    )


def _rows(data: object, name: str, *, width: int) -> Floats:
    """A matrix; one of no rows and ``width`` columns for an empty list."""
    return np.empty((0, width)) if isinstance(data, list) and not data else matrix(data, name)


def _moments(rows: Floats) -> tuple[Floats | None, Floats | None]:
    """Mean and covariance (m - 1) of complete rows."""
    if not len(rows):
        return None, None
    mean = rows[0] + (rows - rows[0]).mean(axis=0)
    if len(rows) <= rows.shape[1]:
        return mean, None
    rest = rows - mean
    return mean, rest.T @ rest / (len(rows) - 1)


def hotelling_t2_subgroups(
    *variables: Sequence[Sequence[float | None]] | Floats,
    alpha: float | None = None,
    center: Sequence[float] | None = None,
    sigma: Sequence[Sequence[float]] | None = None,
    baseline: Baseline = None,
    exclude: Sequence[int] = (),
    **named: Sequence[Sequence[float | None]] | Floats,
) -> HotellingChart:
    r"""T² of the means of subgroups of p characteristics.

    :math:`T^2_i = n(\bar x_i - \bar{\bar x})'\bar S^{-1}(\bar x_i - \bar{\bar x})` with the
    average covariance within m subgroups of n. Limits
    :math:`\frac{p(m \mp 1)(n-1)}{mn-m-p+1}F_{1-\alpha;\,p,\,mn-m-p+1}`, with minus in phase 1
    and plus in phase 2 [1]_.

    Parameters
    ----------
    *variables, **named : matrices (m, n)
        One matrix for each characteristic: a row is a subgroup, a column one of its pieces, in
        the same order in all matrices. By name (``x1=..., x2=...`` or ``bore=..., length=...``)
        the name is used in ``contributions``. A subgroup with a missing value has no T².
    alpha : float, optional
        Chance of a false alarm at one subgroup; default :math:`1-(1-0.0027)^p`.
    center, sigma : vector (p) and matrix (p, p), optional
        Known means and covariances of single pieces (phase 2): the limit is that of chi-square.
    baseline, exclude
        As in `hotelling_t2_individuals`, in subgroups.

    Returns
    -------
    HotellingChart
        T² and limits are None with the warning ``singular`` if the covariance cannot be inverted.

    Raises
    ------
    ValueError
        For matrices of different shape, subgroups of one piece, infinite values.

    References
    ----------
    .. [1] D. C. Montgomery, Introduction to Statistical Quality Control, chapter 11.

    Examples
    --------
    >>> bore = [[5.0, 5.2, 4.9], [5.1, 5.0, 4.8], [5.3, 5.1, 5.0], [4.9, 5.0, 5.2]]
    >>> length = [[3.1, 3.0, 2.8], [3.2, 2.9, 3.0], [3.0, 3.3, 3.1], [2.9, 3.0, 3.1]]
    >>> chart = hotelling_t2_subgroups(bore=bore, length=length, alpha=0.05)
    >>> [round(t2, 2) for t2 in chart.t2], round(chart.ucl_phase1, 2)
    ([0.69, 0.8, 1.98, 0.17], 8.12)
    """
    chosen = {f"x{j}": data for j, data in enumerate(variables, 1)} | named
    pieces = _pieces(chosen)
    p, size, n = pieces.shape
    there = ~np.isnan(pieces).any(axis=(0, 2))
    mask = used(size, baseline=baseline, exclude=exclude) & there
    m = int(mask.sum())
    lines = T2Limits(p=p, alpha=false_alarm(alpha, p), names=list(chosen))
    means = pieces[:, :, :1] + (pieces - pieces[:, :, :1]).mean(axis=2, keepdims=True)
    known = (given_mean(center, p), given_covariance(sigma, p))
    mean, covariance = known
    if mean is None and m:
        mean = _moments(means[:, mask, 0].T)[0]
    if covariance is None and m * (n - 1) >= p:
        rest = (pieces - means)[:, mask].reshape(p, -1)
        covariance = rest @ rest.T / (m * (n - 1))
    ucl1 = ucl2 = None
    df = m * n - m - p + 1
    if known[1] is not None:
        ucl2 = lines.chi_square()
    elif df > 0 and m > 1:
        ucl1, ucl2 = (p * (m + s) * (n - 1) / df * lines.f_quantile(df) for s in (-1, 1))
    return lines.chart(
        means[:, :, 0].T,
        mean,
        covariance,
        ucl1,
        ucl2,
        estimated=mask & (known[1] is None),
        missing=int((~there).sum()),
        needed=max(2, -(-p // (n - 1))),
        method="T-squared of subgroup means; "
        + ("mean and covariance given" if known[1] is not None else "average covariance within"),
        times=float(n),
    )


def _pieces(chosen: dict[str, Sequence[Sequence[float | None]] | Floats]) -> Floats:
    """All matrices as one array (characteristic, subgroup, piece)."""
    if not chosen:
        raise ArgumentError("x1", "give one matrix for each characteristic: x1, x2, ...")
    read = {name: _rows(data, name, width=2) for name, data in chosen.items()}
    shape = next(iter(read.values())).shape
    for name, data in read.items():
        if data.shape != shape:
            raise ArgumentError(
                name, f"must have {shape[0]} subgroups of {shape[1]}, as the others"
            )
        if shape[1] < 2:  # noqa: PLR2004
            raise ArgumentError(name, "holds single pieces; use hotelling_t2_individuals for these")
    return np.stack(list(read.values()))
