"""Charts of subgroups: means with ranges, and means with standard deviations."""

from collections.abc import Sequence
from typing import Literal, TypeAlias

import numpy as np

from andon.stats.charts.chart import Baseline, known, outside
from andon.stats.charts.factors import c4, d2, d3
from andon.stats.charts.subgroups import Rows, Subgroups, for_sizes
from andon.stats.charts.xbar_lines import MeanLines, SpreadLines, XbarRChart, XbarSChart
from andon.stats.inputs import Bools, flat, listed, one_of, used
from andon.stats.sentences import NO_DATA, ZERO_VARIANCE, Sentence, too_few

Estimator: TypeAlias = Literal["mean", "mvlue", "pooled"]


def xbar_r_chart(
    subgroups: Rows,
    *,
    estimator: Literal["mean", "mvlue"] = "mean",
    center: float | None = None,
    sigma: float | None = None,
    baseline: Baseline = None,
    exclude: Sequence[int] = (),
) -> XbarRChart:
    r"""Chart of subgroup means and ranges.

    :math:`\hat\sigma` is the mean of :math:`R_i/d_2(n_i)`, which for equal sizes is
    :math:`\bar R/d_2`; the centre is the mean of all values. Limits are
    :math:`\bar{\bar x} \pm 3\hat\sigma/\sqrt{n_i}` for means, and
    :math:`(d_2(n_i) \pm 3d_3(n_i))\hat\sigma`, never below 0, for ranges [1]_ [2]_.

    Parameters
    ----------
    subgroups : sequence of sequences of float or None, or array (subgroups, values)
        Subgroups in time order, of one size or of several, in their own unit; None or NaN is
        left out. A subgroup with one value counts for the centre and has no range.
    estimator : {"mean", "mvlue"}
        ``mvlue`` weights each range with :math:`(d_2/d_3)^2`, the smallest variance; it differs
        from ``mean`` for unequal sizes only.
    center, sigma : float, optional
        Known mean and known sigma of one value (phase 2); what is not given is estimated.
    baseline : slice, optional
        Subgroups the estimates come from (Python slice, or its start and stop); default all.
    exclude : sequence of int
        Subgroups (from 1) plotted but left out of the estimates.

    Returns
    -------
    XbarRChart
        Lines are lists where sizes differ.

    Raises
    ------
    ValueError
        For infinite values or texts, a flat list, or when all subgroups hold a single value.

    References
    ----------
    .. [1] D. C. Montgomery, Introduction to Statistical Quality Control, chapter 6.
    .. [2] ISO 7870-2:2013.

    Examples
    --------
    >>> chart = xbar_r_chart([[5.1, 4.9, 5.0], [5.2, 5.0, 5.1], [4.8, 5.0, 4.9]])
    >>> round(chart.xbar_center, 3), round(chart.xbar_ucl, 3), round(chart.r_ucl, 3)
    (5.0, 5.205, 0.515)
    """
    one_of(estimator, ("mean", "mvlue"), "estimator")
    groups = Subgroups.of(subgroups)
    mask = used(groups.sizes.size, baseline=baseline, exclude=exclude)
    center, sigma = known(center, sigma)
    estimate = groups.sigma_r(mask, weighted=estimator == "mvlue") if sigma is None else sigma
    upper = MeanLines.of(groups, mask, center, estimate)
    lower = SpreadLines.of(
        groups.r, for_sizes(d2, groups.sizes), for_sizes(d3, groups.sizes), estimate
    )
    return XbarRChart(
        n=int(groups.sizes.sum()),
        n_missing=groups.n_missing,
        method=_method("ranges, R/d2", estimator, given=sigma is not None),
        warnings=_warnings(groups, upper.center, estimate),
        values=listed(groups.mean),
        center=upper.center,
        sigma=estimate,
        sigma_plotted=flat(upper.sigma),
        lcl=flat(upper.lcl),
        ucl=flat(upper.ucl),
        beyond=outside(groups.mean, upper.lcl, upper.ucl),
        n_baseline=_estimated_from(groups, mask, center, sigma),
        sizes=list(groups.sizes.tolist()),
        xbar_center=upper.center,
        xbar_lcl=flat(upper.lcl),
        xbar_ucl=flat(upper.ucl),
        sigma_mvlue_r=groups.sigma_r(mask, weighted=True),
        r=listed(groups.r),
        r_center=flat(lower.center),
        r_lcl=flat(lower.lcl),
        r_ucl=flat(lower.ucl),
        r_sigma=flat(lower.sigma),
        r_beyond=outside(groups.r, lower.lcl, lower.ucl),
    )


def xbar_s_chart(
    subgroups: Rows,
    *,
    estimator: Estimator = "mean",
    center: float | None = None,
    sigma: float | None = None,
    baseline: Baseline = None,
    exclude: Sequence[int] = (),
) -> XbarSChart:
    r"""Chart of subgroup means and standard deviations.

    :math:`\hat\sigma` is the mean of :math:`s_i/c_4(n_i)`. Limits are
    :math:`\bar{\bar x} \pm 3\hat\sigma/\sqrt{n_i}` for means, and
    :math:`(c_4 \pm 3\sqrt{1 - c_4^2})\hat\sigma`, never below 0, for s [1]_ [2]_. The result
    also carries ``sigma_mvlue_s`` (weights :math:`c_4^2/(1-c_4^2)`), ``sigma_pooled``
    (:math:`\sqrt{SSE/\nu}/c_4(\nu + 1)` with :math:`\nu = \sum(n_i - 1)`) and
    ``sigma_mvlue_r`` (ranges, weights :math:`(d_2/d_3)^2`) [3]_.

    Parameters
    ----------
    subgroups, center, sigma, baseline, exclude
        As in `xbar_r_chart`.
    estimator : {"mean", "mvlue", "pooled"}
        Which estimate of sigma the limits use: the plain mean, the one with the weights of
        smallest variance, or the pooled one.

    Returns
    -------
    XbarSChart
        Lines are lists where sizes differ.

    Raises
    ------
    ValueError
        As `xbar_r_chart`.

    References
    ----------
    .. [1] D. C. Montgomery, Introduction to Statistical Quality Control, chapter 6.
    .. [2] ISO 7870-2:2013.
    .. [3] I. W. Burr, Statistical Quality Control Methods (1976), chapter 4.

    Examples
    --------
    >>> chart = xbar_s_chart([[5.1, 4.9, 5.0], [5.2, 5.0, 5.1], [4.8, 5.0, 4.9]])
    >>> round(chart.sigma, 4), round(chart.s_center, 4), round(chart.s_ucl, 4)
    (0.1128, 0.1, 0.2568)
    """
    groups = Subgroups.of(subgroups)
    mask = used(groups.sizes.size, baseline=baseline, exclude=exclude)
    center, sigma = known(center, sigma)
    options = _sigmas_s(groups, mask)
    estimate = options[one_of(estimator, tuple(options), "estimator")] if sigma is None else sigma
    upper = MeanLines.of(groups, mask, center, estimate)
    unbiased = for_sizes(c4, groups.sizes)
    lower = SpreadLines.of(groups.s, unbiased, np.sqrt(1 - unbiased**2), estimate)
    return XbarSChart(
        n=int(groups.sizes.sum()),
        n_missing=groups.n_missing,
        method=_method("standard deviations, s/c4", estimator, given=sigma is not None),
        warnings=_warnings(groups, upper.center, estimate),
        values=listed(groups.mean),
        center=upper.center,
        sigma=estimate,
        sigma_plotted=flat(upper.sigma),
        lcl=flat(upper.lcl),
        ucl=flat(upper.ucl),
        beyond=outside(groups.mean, upper.lcl, upper.ucl),
        n_baseline=_estimated_from(groups, mask, center, sigma),
        sizes=list(groups.sizes.tolist()),
        xbar_center=upper.center,
        xbar_lcl=flat(upper.lcl),
        xbar_ucl=flat(upper.ucl),
        sigma_mvlue_r=groups.sigma_r(mask, weighted=True),
        s=listed(groups.s),
        s_center=flat(lower.center),
        s_lcl=flat(lower.lcl),
        s_ucl=flat(lower.ucl),
        s_sigma=flat(lower.sigma),
        s_beyond=outside(groups.s, lower.lcl, lower.ucl),
        sigma_mvlue_s=options["mvlue"],
        sigma_pooled=options["pooled"],
    )


def _sigmas_s(groups: Subgroups, mask: Bools) -> dict[str, float | None]:
    return {
        "mean": groups.sigma_s(mask, weighted=False),
        "mvlue": groups.sigma_s(mask, weighted=True),
        "pooled": groups.sigma_pooled(mask),
    }


def _estimated_from(
    groups: Subgroups, mask: Bools, center: float | None, sigma: float | None
) -> int:
    given = center is not None and sigma is not None
    return 0 if given else int((mask & (groups.sizes > 0)).sum())


def _warnings(groups: Subgroups, center: float | None, sigma: float | None) -> tuple[Sentence, ...]:
    if center is None or not groups.sizes.any():
        return (NO_DATA,)
    if sigma is None:
        return (too_few(2),)
    return (ZERO_VARIANCE,) if sigma == 0 else ()


def _method(source: str, estimator: Estimator, *, given: bool) -> str:
    if given:
        return "subgroup means; sigma given"
    how = {
        "mean": "plain mean",
        "mvlue": "weights of smallest variance",
        "pooled": "pooled sum of squares, corrected by c4",
    }
    return f"subgroup means; sigma within subgroups from {source}, {how[estimator]}"
