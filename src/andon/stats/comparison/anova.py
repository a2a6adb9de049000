"""Means of several groups: one-way analysis of variance, also without equal variances."""

import math
from dataclasses import dataclass

import numpy as np

from andon.stats.comparison.f_distribution import f_upper
from andon.stats.comparison.groups import Groups, GroupValues
from andon.stats.comparison.statements import statement
from andon.stats.inputs import ROUNDING, Floats, fraction
from andon.stats.results import Result, Value
from andon.stats.sentences import NO_DATA, ZERO_VARIANCE, Sentence, gettext_noop, too_few
from andon.stats.special import t_quantile
from andon.stats.summary import accurate_mean

_FEWEST_GROUPS = 2


@dataclass(frozen=True, kw_only=True)
class WelchAnova(Value):
    """Welch's F, which does not assume equal variances."""

    f: float | None = None
    df: list[float] | None = None
    p: float | None = None


@dataclass(frozen=True, kw_only=True)
class Group(Value):
    """One group; ``ci`` is the interval of its mean from the scatter within all groups."""

    name: str
    n: int
    mean: float
    ci: list[float] | None = None


@dataclass(frozen=True, kw_only=True)
class Anova(Result):
    """The table of the analysis, the groups, and the largest difference of two means.

    ``df`` is [between, within]; ``largest_difference_ci`` is Bonferroni's over all pairs.
    """

    f: float | None = None
    p: float | None = None
    df: list[int] | None = None
    ss_between: float | None = None
    ss_within: float | None = None
    ss_total: float | None = None
    ms_between: float | None = None
    ms_within: float | None = None
    eta2: float | None = None
    sd: float | None = None
    groups: tuple[Group, ...] = ()
    welch: WelchAnova = WelchAnova()
    largest_difference: float | None = None
    largest_difference_ci: list[float] | None = None
    sentence: Sentence | None = None


def one_way_anova(groups: GroupValues, confidence: float = 0.95) -> Anova:
    r"""Whether the means of several groups differ, and by how much at most.

    :math:`F = \frac{SS_B/(k-1)}{SS_W/(N-k)}` with
    :math:`SS_B = \sum n_i(\bar x_i-\bar x)^2` and :math:`SS_W = \sum\sum(x_{ij}-\bar x_i)^2`,
    sums about accurate means [1]_. Welch's F beside it needs no equal variances [2]_. The
    largest difference of two means has an interval with Bonferroni's t over all pairs, so it
    holds although the pair was picked.

    Parameters
    ----------
    groups : mapping of str to sequence, or sequence of sequences
        Values of each group in one unit; missing values and empty groups are left out.
    confidence : float
        Of the intervals, two-sided.

    Returns
    -------
    Anova
        F and p are None with ``too_few`` when there are not two groups and one value to spare,
        with ``zero_variance`` when nothing scatters within the groups.

    Raises
    ------
    ValueError
        For something else than lists of finite numbers.

    References
    ----------
    .. [1] NIST e-Handbook 7.4.3; R: aov.
    .. [2] B. L. Welch, Biometrika 38 (1951) 330; R: oneway.test.

    Examples
    --------
    >>> result = one_way_anova({"A": [6.9, 5.4, 5.8], "B": [8.3, 6.8, 7.8], "C": [8.0, 10.5, 8.1]})
    >>> round(result.f, 2), result.df, round(result.p, 3)
    (5.69, [2, 6], 0.041)
    """
    level = fraction(confidence, "confidence")
    found = Groups.of(groups)
    k, size = len(found.parts), found.size
    method = f"one-way analysis of variance, Welch's F beside it, {level:g}"
    if k < _FEWEST_GROUPS or size <= k:
        warning = too_few(_FEWEST_GROUPS + 1) if size else NO_DATA
        return Anova(
            n=size,
            n_missing=found.missing,
            method=method,
            warnings=(warning,),
            groups=_groups(found, None, level),
        )
    return _analysed(found, _Table.of(found), level, method)


def _analysed(found: Groups, table: "_Table", level: float, method: str) -> Anova:
    df = [len(found.parts) - 1, found.size - len(found.parts)]
    f = table.between / df[0] / (table.within / df[1]) if table.within else None
    sd = math.sqrt(table.within / df[1])
    difference, ci, names = _largest(found, sd, df[1], level)
    p = None if f is None else f_upper(f, df[0], df[1])
    total = table.between + table.within
    return Anova(
        n=found.size,
        n_missing=found.missing,
        method=method,
        warnings=() if table.within else (ZERO_VARIANCE if not total else _NO_SCATTER_WITHIN,),
        f=f,
        p=p,
        df=df,
        ss_between=table.between,
        ss_within=table.within,
        ss_total=total,
        ms_between=table.between / df[0],
        ms_within=table.within / df[1],
        eta2=table.between / total if total else None,
        sd=sd,
        groups=_groups(found, sd, level),
        welch=_welch(found),
        largest_difference=difference,
        largest_difference_ci=ci,
        sentence=statement(
            "largest_difference",
            _LARGEST,
            estimate=difference,
            ci=ci,
            confidence=level,
            p=p,
            high_group=names[1],
            low_group=names[0],
        ),
    )


@dataclass(frozen=True)
class _Table:
    between: float
    within: float

    @classmethod
    def of(cls, found: Groups) -> "_Table":
        values = found.together()
        middle = accurate_mean(values)
        # Scatter that is only the rounding of the values counts as none.
        noise = (ROUNDING * float(np.abs(values).max())) ** 2 * values.size
        between = sum(part.size * (accurate_mean(part) - middle) ** 2 for part in found.parts)
        within = sum(_squares(part) for part in found.parts)
        return cls(*(total if total > noise else 0.0 for total in (between, within)))


def _squares(part: Floats) -> float:
    return float(np.sum((part - accurate_mean(part)) ** 2))


def _groups(found: Groups, sd: float | None, level: float) -> tuple[Group, ...]:
    df = found.size - len(found.parts)
    result = []
    for name, part in zip(found.names, found.parts, strict=True):
        mean, ci = accurate_mean(part), None
        if sd:
            half = t_quantile(0.5 + level / 2, df) * sd / math.sqrt(part.size)
            ci = [mean - half, mean + half]
        result.append(Group(name=name, n=int(part.size), mean=mean, ci=ci))
    return tuple(result)


def _largest(
    found: Groups, sd: float, df: int, level: float
) -> tuple[float, list[float] | None, tuple[str, str]]:
    """Largest difference of two means, its Bonferroni interval, and the names (low, high)."""
    means = np.array([accurate_mean(part) for part in found.parts])
    low, high = int(means.argmin()), int(means.argmax())
    names = (found.names[low], found.names[high])
    difference = float(means[high] - means[low])
    if not sd or low == high:
        return difference, None, names
    pairs = math.comb(means.size, 2)
    error = sd * math.sqrt(1 / found.parts[low].size + 1 / found.parts[high].size)
    half = t_quantile(1 - (1 - level) / 2 / pairs, df) * error
    return difference, [difference - half, difference + half], names


def _welch(found: Groups) -> WelchAnova:
    parts, k = found.parts, len(found.parts)
    if any(part.size < _FEWEST_GROUPS or not _squares(part) for part in parts):
        return WelchAnova()
    weights = np.array([part.size * (part.size - 1) / _squares(part) for part in parts])
    means = np.array([accurate_mean(part) for part in parts])
    spare = np.array([part.size - 1 for part in parts])
    middle = float((weights * means).sum() / weights.sum())
    lost = float(((1 - weights / weights.sum()) ** 2 / spare).sum())
    top = float((weights * (means - middle) ** 2).sum()) / (k - 1)
    f = top / (1 + 2 * (k - 2) / (k * k - 1) * lost)
    df = [float(k - 1), (k * k - 1) / (3 * lost)]
    return WelchAnova(f=f, df=df, p=f_upper(f, df[0], df[1]))


_LARGEST = gettext_noop(
    "The largest difference of two means, %(high_group)s − %(low_group)s, lies between %(low)s and "
    "%(high)s (%(confidence)s interval over all pairs; estimate %(estimate)s; %(p)s for no "
    "difference between groups)."
)
_NO_SCATTER_WITHIN = Sentence(
    "zero_variance",
    gettext_noop("Values within each group are equal, so their scatter cannot judge the means."),
)
