"""Ranks of two samples: Mann-Whitney with the Hodges-Lehmann shift, and medians."""

import math
from dataclasses import dataclass

import numpy as np

from andon.stats.comparison.statements import DIFFERENCE, statement
from andon.stats.inputs import Floats, Values, fraction, series
from andon.stats.results import Result, Value
from andon.stats.sentences import NO_DATA, ZERO_VARIANCE, Sentence, gettext_noop
from andon.stats.special import normal_cdf, normal_quantile

MOST_PAIRS = 4_000_000
TOO_MANY = Sentence(
    "too_many",
    gettext_noop(
        "More than four million pairs: the median of all pairs and its interval are left out."
    ),
)


@dataclass(frozen=True, kw_only=True)
class RankSum(Value):
    """``u`` counts the pairs with a above b, ties one half; ``p`` is two-sided."""

    u: float | None = None
    p: float | None = None


@dataclass(frozen=True, kw_only=True)
class MannWhitney(Result):
    """``shift`` is the Hodges-Lehmann estimate of a - b, ``superiority`` the chance of a above b.

    ``median_a`` and ``median_b`` are those of the samples; their difference is not the shift.
    """

    u: float | None = None
    p: float | None = None
    shift: float | None = None
    ci: list[float] | None = None
    superiority: float | None = None
    median_a: float | None = None
    median_b: float | None = None
    sentence: Sentence | None = None


def mann_whitney(a: Values, b: Values, confidence: float = 0.95) -> MannWhitney:
    r"""Shift between two samples without assuming a distribution.

    U with mean :math:`n_a n_b/2` and tie-corrected variance, continuity 1/2, two-sided. The shift
    is the median of all :math:`n_a n_b` differences; its interval runs between the differences of
    rank :math:`C` and :math:`n_a n_b + 1 - C` with
    :math:`C = \mathrm{round}(n_a n_b/2 - z\sigma_U)`, at least 1 [1]_ [2]_. Two groups of four
    values or fewer cannot reach 95 %.

    Parameters
    ----------
    a, b : sequence of float or None
        The samples, in one unit; missing values are left out.
    confidence : float
        Of the interval of the shift, two-sided.

    Returns
    -------
    MannWhitney
        p is None if all values are equal (``zero_variance``), shift and interval above four
        million pairs (``too_many``).

    Raises
    ------
    ValueError
        For an infinite value, or a confidence outside 0 to 1.

    References
    ----------
    .. [1] H. B. Mann, D. R. Whitney, Ann. Math. Stat. 18 (1947) 50.
    .. [2] J. L. Hodges, E. L. Lehmann, Ann. Math. Stat. 34 (1963) 598; W. J. Conover, Practical
       Nonparametric Statistics, 5.4.

    Examples
    --------
    >>> result = mann_whitney([12, 15, 11, 18, 16, 14], [9, 10, 13, 8, 7, 11])
    >>> result.u, result.shift, round(result.p, 3)
    (33.5, 5.0, 0.016)
    """
    level = fraction(confidence, "confidence")
    all_a, all_b = series(a, "a"), series(b, "b")
    first, second = all_a[~np.isnan(all_a)], all_b[~np.isnan(all_b)]
    pairs = first.size * second.size
    missing = all_a.size + all_b.size - first.size - second.size
    method = f"Mann-Whitney by normal approximation, Hodges-Lehmann shift, {level:g}"
    n = first.size + second.size
    if not pairs:
        return MannWhitney(n=n, n_missing=missing, method=method, warnings=(NO_DATA,))
    test, sigma = rank_sum(first, second), _sigma(first, second)
    shift, ci = _shift(first, second, level, sigma) if pairs <= MOST_PAIRS else (None, None)
    return MannWhitney(
        n=n,
        n_missing=missing,
        method=method,
        warnings=((ZERO_VARIANCE,) if not sigma else ())
        + ((TOO_MANY,) if pairs > MOST_PAIRS else ()),
        u=test.u,
        p=test.p,
        shift=shift,
        ci=ci,
        superiority=(test.u or 0.0) / pairs,
        median_a=float(np.median(first)),
        median_b=float(np.median(second)),
        sentence=statement(
            "difference", DIFFERENCE, estimate=shift, ci=ci, confidence=level, p=test.p
        ),
    )


def rank_sum(a: Floats, b: Floats) -> RankSum:
    """U and its p for samples without missing values; empty if one sample is."""
    if not a.size or not b.size:
        return RankSum()
    ordered = np.sort(b)
    below = np.searchsorted(ordered, a, "left").sum()
    up_to = np.searchsorted(ordered, a, "right").sum()
    u = (int(below) + int(up_to)) / 2
    sigma = _sigma(a, b)
    if not sigma:
        return RankSum(u=u)
    away = max(0.0, abs(u - a.size * b.size / 2) - 0.5)
    return RankSum(u=u, p=min(1.0, 2 * normal_cdf(-away / sigma)))


def _sigma(a: Floats, b: Floats) -> float:
    """Standard deviation of U, corrected for ties."""
    n = a.size + b.size
    ties = np.unique(np.concatenate((a, b)), return_counts=True)[1].astype(np.float64)
    excess = float((ties**3 - ties).sum()) / (n * (n - 1))
    return math.sqrt(max(0.0, a.size * b.size / 12 * (n + 1 - excess)))


def _shift(a: Floats, b: Floats, level: float, sigma: float) -> tuple[float, list[float] | None]:
    differences = np.sort(np.subtract.outer(a, b), axis=None)
    shift = float(np.median(differences))
    if not sigma:
        return shift, None
    reach = normal_quantile(0.5 + level / 2) * sigma
    rank = max(1, round(differences.size / 2 - reach))
    return shift, [float(differences[rank - 1]), float(differences[-rank])]
