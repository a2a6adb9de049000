"""Two means: Welch's and the pooled t, the ratio of variances and the rank sum."""

import math
from dataclasses import dataclass, field

import numpy as np

from andon.stats.charts.sizes import scale
from andon.stats.comparison.f_distribution import f_quantile, f_upper
from andon.stats.comparison.ranks import RankSum, rank_sum
from andon.stats.comparison.statements import DIFFERENCE, statement
from andon.stats.comparison.t_test import FOR_SCATTER, Sample, TTest, sample_warnings, t_test
from andon.stats.inputs import Values, fraction, real, series, whole
from andon.stats.results import Result, Value
from andon.stats.sentences import Sentence

_SMALLEST_RATIO = 1e-50


@dataclass(frozen=True, kw_only=True)
class VarianceRatio(Value):
    """Ratio of the variances a / b with its two-sided F test.

    None for 0, or beyond 1e100 times each other.
    """

    f: float | None = None
    df: list[int] | None = None
    p: float | None = None
    ci: list[float] | None = None


@dataclass(frozen=True, kw_only=True)
class TwoSampleT(Result):
    """Differences are a - b; ``mann_whitney`` needs the values, not only their summary."""

    n_a: int = 0
    n_b: int = 0
    mean_a: float | None = None
    mean_b: float | None = None
    sd_a: float | None = None
    sd_b: float | None = None
    difference: float | None = None
    welch: TTest = field(default_factory=TTest)
    pooled: TTest = field(default_factory=TTest)
    variance_ratio: VarianceRatio = VarianceRatio()
    mann_whitney: RankSum = field(default_factory=RankSum)
    sentence: Sentence | None = None


def two_sample_t(a: Values, b: Values, confidence: float = 0.95) -> TwoSampleT:
    r"""Comparison of the means of two independent samples.

    Welch: :math:`t = (\bar a - \bar b)/\sqrt{s_a^2/n_a + s_b^2/n_b}` with Satterthwaite's degrees
    of freedom; pooled: the common variance with :math:`n_a + n_b - 2`; the variance ratio
    :math:`s_a^2/s_b^2` by F; Mann-Whitney's U (pairs with a above b, ties one half) by the normal
    approximation with tie and continuity correction [1]_ [2]_. Report Welch's unless equal
    variances are known.

    Parameters
    ----------
    a, b : sequence of float or None
        The samples, in one unit; missing values are left out.
    confidence : float
        Of all intervals, two-sided.

    Returns
    -------
    TwoSampleT
        Fields that need two values a sample are None with ``too_few``; t and p without scatter
        are None with ``zero_variance``.

    Raises
    ------
    ValueError
        For an infinite value, or a confidence outside 0 to 1.

    References
    ----------
    .. [1] B. L. Welch, Biometrika 34 (1947) 28; NIST e-Handbook 7.3.1 and 7.3.2.
    .. [2] H. B. Mann, D. R. Whitney, Ann. Math. Stat. 18 (1947) 50; R: t.test, var.test,
       wilcox.test.

    Examples
    --------
    >>> result = two_sample_t([10.1, 9.8, 10.4, 10.0], [9.2, 9.5, 9.1, 9.6])
    >>> round(result.difference, 3), [round(end, 2) for end in result.welch.ci]
    (0.725, [0.3, 1.15])
    """
    level = fraction(confidence, "confidence")
    all_a, all_b = series(a, "a"), series(b, "b")
    there_a, there_b = all_a[~np.isnan(all_a)], all_b[~np.isnan(all_b)]
    return _two_samples(
        Sample.of(there_a),
        Sample.of(there_b),
        level,
        missing=all_a.size + all_b.size - there_a.size - there_b.size,
        ranks=rank_sum(there_a, there_b),
    )


def two_sample_t_from_summary(
    *,
    mean1: float,
    sd1: float,
    n1: int,
    mean2: float,
    sd2: float,
    n2: int,
    confidence: float = 0.95,
) -> TwoSampleT:
    """Like `two_sample_t` from means, standard deviations (n - 1) and sizes alone.

    ``mann_whitney`` stays empty: ranks need the values.

    Parameters
    ----------
    mean1, sd1, mean2, sd2 : float
        Mean and standard deviation of sample 1 (a) and 2 (b), in one unit.
    n1, n2 : int
        Values in each.
    confidence : float
        Of all intervals, two-sided.

    Returns
    -------
    TwoSampleT

    Raises
    ------
    ValueError
        For a negative standard deviation or size.

    References
    ----------
    .. [1] NIST e-Handbook 1.3.5.3 (miles per gallon, AUTO83B).

    Examples
    --------
    >>> result = two_sample_t_from_summary(
    ...     mean1=20.14458, sd1=6.41470, n1=249, mean2=30.48101, sd2=6.10771, n2=79
    ... )
    >>> round(result.pooled.t, 4), result.pooled.df
    (-12.6206, 326)
    """
    level = fraction(confidence, "confidence")
    samples = []
    for end, mean, sd, n in (("1", mean1, sd1, n1), ("2", mean2, sd2, n2)):
        spread, size = scale(sd, f"sd{end}"), whole(n, f"n{end}")
        enough = size >= FOR_SCATTER
        samples.append(Sample(size, real(mean, f"mean{end}"), spread if enough else None))
    return _two_samples(samples[0], samples[1], level, missing=0, ranks=RankSum())


def _two_samples(a: Sample, b: Sample, level: float, *, missing: int, ranks: RankSum) -> TwoSampleT:
    difference = a.mean - b.mean if a.mean is not None and b.mean is not None else None
    welch, pooled, ratio = TTest(), TTest(), VarianceRatio()
    if difference is not None and a.sd is not None and b.sd is not None:
        welch = _welch(difference, a.sd**2 / a.n, b.sd**2 / b.n, (a.n - 1, b.n - 1), level)
        df = a.n + b.n - 2
        variance = ((a.n - 1) * a.sd**2 + (b.n - 1) * b.sd**2) / df
        pooled = t_test(difference, math.sqrt(variance * (1 / a.n + 1 / b.n)), df, level)
        ratio = _variance_ratio(a, b, level)
    return TwoSampleT(
        n=a.n + b.n,
        n_missing=missing,
        method=f"Welch, pooled t, F ratio, Mann-Whitney by normal approximation, {level:g}",
        warnings=sample_warnings(a, b),
        n_a=a.n,
        n_b=b.n,
        mean_a=a.mean,
        mean_b=b.mean,
        sd_a=a.sd,
        sd_b=b.sd,
        difference=difference,
        welch=welch,
        pooled=pooled,
        variance_ratio=ratio,
        mann_whitney=ranks,
        sentence=statement(
            "difference", DIFFERENCE, estimate=difference, ci=welch.ci, confidence=level, p=welch.p
        ),
    )


def _welch(
    difference: float, part_a: float, part_b: float, dfs: tuple[int, int], level: float
) -> TTest:
    variance = part_a + part_b
    if not variance:
        return TTest()
    share_a, share_b = part_a / variance, part_b / variance
    df = 1 / (share_a**2 / dfs[0] + share_b**2 / dfs[1])
    return t_test(difference, math.sqrt(variance), df, level)


def _variance_ratio(a: Sample, b: Sample, level: float) -> VarianceRatio:
    df1, df2 = a.n - 1, b.n - 1
    if not a.sd or not b.sd or not _SMALLEST_RATIO < a.sd / b.sd < 1 / _SMALLEST_RATIO:
        return VarianceRatio(df=[df1, df2])
    f, tail = (a.sd / b.sd) ** 2, (1 - level) / 2
    upper = f_upper(f, df1, df2)
    return VarianceRatio(
        f=f,
        df=[df1, df2],
        p=min(1.0, 2 * min(upper, f_upper(1 / f, df2, df1))),
        ci=[f / f_quantile(1 - tail, df1, df2), f * f_quantile(1 - tail, df2, df1)],
    )
