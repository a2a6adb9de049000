"""Two proportions, before and after: tests, intervals, power and sample size."""

import math
from dataclasses import dataclass

import numpy as np

from andon.stats.comparison.rates import exact_interval
from andon.stats.inputs import ArgumentError, Floats, fraction, whole
from andon.stats.results import Result
from andon.stats.sentences import NO_DATA, Sentence, gettext_noop
from andon.stats.special import normal_cdf, normal_quantile

SMALLEST_EXPECTED = 5
NO_VARIATION = Sentence(
    "no_variation", gettext_noop("Both periods show none, or all: there is nothing to compare.")
)
ZERO_COUNT = Sentence(
    "zero_count", gettext_noop("One count is 0, so the interval of the ratio is the exact one.")
)


@dataclass(frozen=True, kw_only=True)
class TwoProportionTest(Result):
    """Period 1 is before, period 2 after; ``diff`` is p1 - p2, ``ratio`` p2 / p1."""

    p1: float | None = None
    p2: float | None = None
    diff: float | None = None
    ci: list[float] | None = None
    z2: float | None = None
    p_two_sided: float | None = None
    p_one_sided_decrease: float | None = None
    fisher_p_two_sided: float | None = None
    fisher_p_one_sided_decrease: float | None = None
    use_fisher: bool = False
    ratio: float | None = None
    ratio_ci: list[float] | None = None
    relative_change: float | None = None
    relative_change_ci: list[float] | None = None
    p_fall_at_least: float | None = None


def two_proportion_test(
    x1: int, n1: int, x2: int, n2: int, *, confidence: float = 0.95, fall: float = 0.25
) -> TwoProportionTest:
    r"""Tests and intervals for the change from ``x1 / n1`` to ``x2 / n2``.

    Pooled :math:`z^2 = (p_1-p_2)^2 / (\bar p\bar q(1/n_1+1/n_2))` without continuity correction,
    Wald interval of :math:`p_1 - p_2` clipped to -1..1, Fisher's exact test (two-sided: all tables
    no likelier than the one seen), and the ratio by logarithms:
    :math:`\ln(p_2/p_1) \pm z\sqrt{1/x_1 - 1/n_1 + 1/x_2 - 1/n_2}` [1]_ [2]_. With a zero count
    the ratio's interval is the exact conditional one of two Poisson rates.

    Parameters
    ----------
    x1, n1, x2, n2 : int
        Counts before and after, each ``0 <= x <= n``.
    confidence : float
        Of both intervals, two-sided.
    fall : float
        ``p_fall_at_least`` tests p2 = (1 - fall) p1 against a larger fall.

    Returns
    -------
    TwoProportionTest
        ``use_fisher`` says that an expected count is below 5, where z is not to be trusted.

    Raises
    ------
    ValueError
        For values no count can have.

    References
    ----------
    .. [1] J. L. Fleiss, Statistical Methods for Rates and Proportions; R: prop.test, fisher.test.
    .. [2] D. Katz and others, Biometrics 34 (1978) 469.

    Examples
    --------
    >>> result = two_proportion_test(64, 1500, 41, 1490)
    >>> round(result.diff, 4), round(result.p_two_sided, 4), round(result.relative_change, 3)
    (0.0151, 0.0244, -0.355)
    """
    x1, n1, x2, n2 = whole(x1, "x1"), whole(n1, "n1"), whole(x2, "x2"), whole(n2, "n2")
    level, fall = fraction(confidence, "confidence"), fraction(fall, "fall")
    for name, x, n in (("x1", x1, n1), ("x2", x2, n2)):
        if x > n:
            raise ArgumentError(name, f"must not exceed n{name[1]}")
    method = f"pooled z, Wald, Fisher exact, ratio by logarithms, {level:g}"
    if n1 == 0 or n2 == 0:
        return TwoProportionTest(n=n1 + n2, n_missing=0, method=method, warnings=(NO_DATA,))
    table = _Table(x1, n1, x2, n2)
    smaller, two_sided = table.fisher()
    ratio_ci = table.ratio_interval(level)
    ratio = table.p2 / table.p1 if x1 else None
    return TwoProportionTest(
        n=n1 + n2,
        n_missing=0,
        method=method,
        warnings=table.warnings(),
        p1=table.p1,
        p2=table.p2,
        diff=table.p1 - table.p2,
        ci=table.wald(level),
        z2=None if table.z is None else table.z**2,
        p_two_sided=None if table.z is None else 2 * normal_cdf(-abs(table.z)),
        p_one_sided_decrease=None if table.z is None else normal_cdf(-table.z),
        fisher_p_two_sided=two_sided,
        fisher_p_one_sided_decrease=smaller,
        use_fisher=table.smallest_expected() < SMALLEST_EXPECTED,
        ratio=ratio,
        ratio_ci=ratio_ci,
        relative_change=None if ratio is None else ratio - 1,
        relative_change_ci=None if ratio_ci is None else [end - 1 for end in ratio_ci],
        p_fall_at_least=table.p_fall(fall),
    )


@dataclass(frozen=True)
class _Table:
    x1: int
    n1: int
    x2: int
    n2: int

    @property
    def p1(self) -> float:
        return self.x1 / self.n1

    @property
    def p2(self) -> float:
        return self.x2 / self.n2

    @property
    def pooled(self) -> float:
        return (self.x1 + self.x2) / (self.n1 + self.n2)

    @property
    def z(self) -> float | None:
        variance = self.pooled * (1 - self.pooled) * (1 / self.n1 + 1 / self.n2)
        return (self.p1 - self.p2) / math.sqrt(variance) if variance else None

    def smallest_expected(self) -> float:
        return min(self.n1, self.n2) * min(self.pooled, 1 - self.pooled)

    def wald(self, confidence: float) -> list[float]:
        variance = self.p1 * (1 - self.p1) / self.n1 + self.p2 * (1 - self.p2) / self.n2
        half = normal_quantile(0.5 + confidence / 2) * math.sqrt(variance)
        middle = self.p1 - self.p2
        return [max(-1.0, middle - half), min(1.0, middle + half)]

    def log_error(self) -> float:
        return math.sqrt(max(0.0, 1 / self.x1 - 1 / self.n1) + max(0.0, 1 / self.x2 - 1 / self.n2))

    def ratio_interval(self, confidence: float) -> list[float] | None:
        if not self.x1:
            return None
        if not self.x2:
            return rate_ratio_interval(self.x1, self.n1, self.x2, self.n2, confidence)
        reach = math.exp(normal_quantile(0.5 + confidence / 2) * self.log_error())
        return [self.p2 / self.p1 / reach, self.p2 / self.p1 * reach]

    def p_fall(self, fall: float) -> float | None:
        if not self.x1 or not self.x2 or not self.log_error():
            return None
        return normal_cdf(math.log(self.p2 / self.p1 / (1 - fall)) / self.log_error())

    def fisher(self) -> tuple[float, float]:
        """P(X2 <= x2) and the two-sided p, given the margins."""
        support, chance = _hypergeometric(self.n1, self.n2, self.x1 + self.x2, self.x2)
        seen = chance[support == self.x2][0]
        smaller = float(chance[support <= self.x2].sum())
        # R's fisher.test forgives the same relative rounding.
        two_sided = float(chance[chance <= seen * (1 + 1e-7)].sum())
        return min(1.0, smaller), min(1.0, two_sided)

    def warnings(self) -> tuple[Sentence, ...]:
        if self.z is None:
            return (NO_VARIATION,)
        return (ZERO_COUNT,) if not self.x2 or not self.x1 else ()


def _hypergeometric(n1: int, n2: int, total: int, seen: int) -> tuple[Floats, Floats]:
    """Support and probabilities of X2 given the margins, as far as they are not nil.

    Ratios of neighbouring probabilities are summed as logarithms from one end of the window: no
    large factorials, and exact after normalising.
    """
    low, high = max(0, total - n1), min(n2, total)
    mean = total * n2 / (n1 + n2)
    spread = math.sqrt(max(1.0, mean * n1 / (n1 + n2)))
    low = max(low, min(seen, math.floor(mean - 40 * spread)))
    high = min(high, max(seen, math.ceil(mean + 40 * spread)))
    k = np.arange(low, high + 1, dtype=np.float64)
    up = np.log(total - k[:-1]) + np.log(n2 - k[:-1])
    down = np.log(k[:-1] + 1) + np.log(n1 - total + k[:-1] + 1)
    logs = np.concatenate(([0.0], np.cumsum(up - down)))
    chance = np.exp(logs - logs.max())
    return k, chance / chance.sum()


def rate_ratio_interval(
    x1: float, n1: float, x2: float, n2: float, confidence: float
) -> list[float]:
    """Exact conditional interval of (x2 / n2) / (x1 / n1) for Poisson counts, x1 > 0.

    Given x1 + x2, x2 is binomial with share r n2 / (n1 + r n2); its Clopper-Pearson ends are
    solved for r. Effective counts may be fractions.

    >>> [round(end, 3) for end in rate_ratio_interval(20, 100, 8, 100, 0.95)]
    [0.152, 0.948]
    """
    low, high = exact_interval(x2, x1, confidence)
    return [end / (1 - end) * n1 / n2 for end in (low, high)]


@dataclass(frozen=True, kw_only=True)
class Power(Result):
    power: float


@dataclass(frozen=True, kw_only=True)
class SampleSize(Result):
    """``n`` is the exact solution per group, ``n_ceil`` the units to take."""

    n: float  # type: ignore[assignment]
    n_ceil: int


def power_two_proportions(
    n: float, p1: float, p2: float, *, alpha: float = 0.05, sides: int = 2
) -> Power:
    r"""Chance to see a change from ``p1`` to ``p2`` with ``n`` units in each period.

    :math:`\Phi\big((\sqrt n|p_1-p_2| - z_\alpha\sqrt{2\bar p\bar q})
    / \sqrt{p_1q_1+p_2q_2}\big)` [1]_.

    References
    ----------
    .. [1] J. L. Fleiss, Statistical Methods for Rates and Proportions; R: power.prop.test.

    Examples
    --------
    >>> round(power_two_proportions(50, 0.5, 0.75).power, 4)
    0.7402
    """
    _check_design(p1, p2, alpha, sides)
    if n <= 0:
        raise ArgumentError("n", "must be above 0")
    critical = normal_quantile(1 - alpha / sides)
    mean = (p1 + p2) / 2
    null = critical * math.sqrt(2 * mean * (1 - mean))
    spread = math.sqrt(p1 * (1 - p1) + p2 * (1 - p2))
    power = normal_cdf((math.sqrt(n) * abs(p1 - p2) - null) / spread)
    return Power(n=int(n), n_missing=0, method=_DESIGN, power=power)


def sample_size_two_proportions(
    p1: float, p2: float, *, power: float = 0.8, alpha: float = 0.05, sides: int = 2
) -> SampleSize:
    """Units per period to see a change from ``p1`` to ``p2`` with this ``power``.

    Inverse of `power_two_proportions`.

    Examples
    --------
    >>> sample_size_two_proportions(0.04, 0.03, sides=1).n_ceil
    4176
    """
    _check_design(p1, p2, alpha, sides)
    wanted = normal_quantile(fraction(power, "power"))
    if p1 == p2:
        raise ArgumentError("p2", "must differ from p1")
    critical = normal_quantile(1 - alpha / sides)
    mean = (p1 + p2) / 2
    null = critical * math.sqrt(2 * mean * (1 - mean))
    spread = wanted * math.sqrt(p1 * (1 - p1) + p2 * (1 - p2))
    n = ((null + spread) / (p1 - p2)) ** 2
    return SampleSize(n=n, n_missing=0, method=_DESIGN, n_ceil=math.ceil(n))


_DESIGN = "normal approximation, pooled variance under no change, unpooled under the change"


def _check_design(p1: float, p2: float, alpha: float, sides: int) -> None:
    fraction(p1, "p1")
    fraction(p2, "p2")
    fraction(alpha, "alpha")
    if sides not in {1, 2}:
        raise ArgumentError("sides", "must be 1 or 2")
