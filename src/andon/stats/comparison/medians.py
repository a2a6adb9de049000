"""Medians of several groups: intervals without assuming a distribution, and Mood's test."""

from bisect import bisect_right
from dataclasses import dataclass, replace

import numpy as np

from andon.stats.comparison.groups import Groups, GroupValues
from andon.stats.comparison.statements import statement
from andon.stats.inputs import Floats, fraction
from andon.stats.results import Result, Value
from andon.stats.sentences import NO_DATA, ZERO_VARIANCE, Sentence, gettext_noop, too_few
from andon.stats.special import betainc

_FEWEST_GROUPS = 2
_SMALLEST_EXPECTED = 5


@dataclass(frozen=True, kw_only=True)
class Median(Value):
    """Median of one group; ``ci`` runs between two of its values (None: too few for that)."""

    name: str
    n: int
    above: int
    median: float
    ci: list[float] | None = None


@dataclass(frozen=True, kw_only=True)
class MoodMedianTest(Result):
    """``groups`` with their medians first, then the test whether these are one."""

    grand_median: float | None = None
    chi2: float | None = None
    df: int | None = None
    p: float | None = None
    groups: tuple[Median, ...] = ()
    sentence: Sentence | None = None


def mood_median_test(groups: GroupValues, confidence: float = 0.95) -> MoodMedianTest:
    r"""Whether several groups share one median; outliers do not matter.

    Chi-square (without continuity correction, k - 1 degrees of freedom) of the numbers above and
    not above the median of all values [1]_. Each median's interval runs from the r-th smallest
    to the r-th largest value with the largest r for which
    :math:`2P(B < r) \le 1 - C`, B binomial (n, 1/2), so it holds at least C [2]_.

    Parameters
    ----------
    groups : mapping of str to sequence, or sequence of sequences
        Values of each group in one unit; missing values and empty groups are left out.
    confidence : float
        Of each interval, at least.

    Returns
    -------
    MoodMedianTest
        p is None when no value lies above the grand median (``zero_variance``) or there is only
        one group (``too_few``); ``small_expected`` when an expected number is below 5.

    Raises
    ------
    ValueError
        For something else than lists of finite numbers.

    References
    ----------
    .. [1] A. M. Mood, Introduction to the Theory of Statistics (1950), 16.
    .. [2] W. J. Conover, Practical Nonparametric Statistics, 3.2.

    Examples
    --------
    >>> result = mood_median_test({"A": [3, 4, 5, 6, 7, 8, 9], "B": [8, 9, 10, 11, 12, 13, 14]})
    >>> [group.ci for group in result.groups], round(result.p, 3)
    ([[3.0, 9.0], [8.0, 14.0]], 0.008)
    """
    level, found = fraction(confidence, "confidence"), Groups.of(groups)
    values = found.together()
    common = MoodMedianTest(
        n=found.size,
        n_missing=found.missing,
        method=f"Mood's median test, medians between order statistics, {level:g}",
    )
    if not values.size:
        return replace(common, warnings=(NO_DATA,))
    grand = float(np.median(values))
    medians = tuple(
        _median(name, part, grand, level)
        for name, part in zip(found.names, found.parts, strict=True)
    )
    common = replace(common, grand_median=grand, groups=medians)
    above = sum(group.above for group in medians)
    if len(medians) < _FEWEST_GROUPS:
        return replace(common, warnings=(too_few(_FEWEST_GROUPS),))
    if not above:
        return replace(common, warnings=(ZERO_VARIANCE,))
    return _tested(common, above / values.size, level)


def _tested(common: MoodMedianTest, share: float, level: float) -> MoodMedianTest:
    from scipy.special import chdtrc  # noqa: PLC0415

    sizes = np.array([group.n for group in common.groups])
    above = np.array([group.above for group in common.groups])
    chi2 = float(((above - sizes * share) ** 2 / (sizes * share * (1 - share))).sum())
    p = float(chdtrc(sizes.size - 1, chi2))
    small = float(sizes.min()) * min(share, 1 - share) < _SMALLEST_EXPECTED
    widest = max(common.groups, key=lambda group: abs(group.median - (common.grand_median or 0)))
    return replace(
        common,
        warnings=(_SMALL_EXPECTED,) if small else (),
        chi2=chi2,
        df=int(sizes.size) - 1,
        p=p,
        sentence=statement(
            "median",
            _MEDIAN,
            estimate=widest.median,
            ci=widest.ci,
            confidence=level,
            p=p,
            group=widest.name,
        ),
    )


def _median(name: str, part: Floats, grand: float, level: float) -> Median:
    ordered = np.sort(part)
    rank = _rank(int(part.size), (1 - level) / 2)
    return Median(
        name=name,
        n=int(part.size),
        above=int((part > grand).sum()),
        median=float(np.median(ordered)),
        ci=[float(ordered[rank - 1]), float(ordered[-rank])] if rank else None,
    )


def _rank(n: int, tail: float) -> int:
    """The largest r with P(B < r) <= ``tail`` for B binomial (n, 1/2); 0 if there is none."""
    return bisect_right(range(1, n // 2 + 1), tail, key=lambda r: betainc(n - r + 1, r, 0.5))


_MEDIAN = gettext_noop(
    "The median of %(group)s, farthest from the common one, lies between %(low)s and %(high)s "
    "(%(confidence)s interval; estimate %(estimate)s; %(p)s for one common median)."
)
_SMALL_EXPECTED = Sentence(
    "small_expected",
    gettext_noop("An expected number is below 5, so the p of the chi-square is rough."),
)
