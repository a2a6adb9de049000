"""Two proportions, before and after: tests, intervals, power and sample size."""

import math
from dataclasses import dataclass

from andon.stats.comparison.conditional import fisher_p
from andon.stats.comparison.designs import two_proportion_power
from andon.stats.comparison.rates import rate_ratio_interval
from andon.stats.comparison.statements import RELATIVE_CHANGE, statement
from andon.stats.inputs import ArgumentError, fraction, whole
from andon.stats.results import Result
from andon.stats.sentences import NO_DATA, Sentence, gettext_noop, percent
from andon.stats.special import normal_cdf, normal_quantile

SMALLEST_EXPECTED = 5
LEAST_POWER = 0.5
NO_VARIATION = Sentence(
    "no_variation", gettext_noop("Both periods show none, or all: there is nothing to compare.")
)
ZERO_COUNT = Sentence(
    "zero_count", gettext_noop("One count is 0, so the interval of the ratio is the exact one.")
)
SMALL_EXPECTED = Sentence(
    "small_expected",
    gettext_noop(
        "An expected count is below 5: read the p of Fisher's exact test, not the one of z."
    ),
)
_FALL = gettext_noop(
    "The fall of the rate (before less after) lies between %(low)s and %(high)s (%(confidence)s "
    "interval; estimate %(estimate)s; %(p)s for no change)."
)
_NOT_ENOUGH = gettext_noop(
    "Not enough data: a fall by %(fall)s would show with a chance of only %(chance)s."
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
    power: float | None = None
    sentence: Sentence | None = None


def two_proportion_test(
    x1: int, n1: int, x2: int, n2: int, *, confidence: float = 0.95, fall: float = 0.25
) -> TwoProportionTest:
    r"""Tests and intervals for the change from ``x1 / n1`` to ``x2 / n2``.

    Pooled :math:`z^2 = (p_1-p_2)^2 / (\bar p\bar q(1/n_1+1/n_2))` without continuity correction,
    Wald interval of :math:`p_1 - p_2` clipped to -1..1, Fisher's exact test (two-sided: all tables
    no likelier than the one seen; normal beyond some 600 million events), and the ratio by
    logarithms:
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
        ``use_fisher`` says that an expected count is below 5, where z is not to be trusted
        (warning ``small_expected``). ``power`` is the chance of a one-sided z test at level
        1 - ``confidence`` to show a fall by ``fall``; below one half the warning is
        ``not_enough_data``. ``sentence`` gives the relative change, interval first (the
        difference where the ratio has no finite interval).

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
    return _compared(_Table(x1, n1, x2, n2), level, fall, method)


def _compared(table: "_Table", level: float, fall: float, method: str) -> TwoProportionTest:
    z, ratio_ci = table.z, table.ratio_interval(level)
    ratio = table.p2 / table.p1 if table.x1 else None
    change = None if ratio is None else ratio - 1
    change_ci = None if ratio_ci is None else [end - 1 for end in ratio_ci]
    power = table.power(fall, 1 - level)
    exact, fewer = fisher_p(table.n1, table.n2, table.x1 + table.x2, table.x2)
    use_fisher = table.smallest_expected() < SMALLEST_EXPECTED
    p_z = None if z is None else 2 * normal_cdf(-abs(z))
    return TwoProportionTest(
        n=table.n1 + table.n2,
        n_missing=0,
        method=method,
        warnings=table.warnings(power, fall),
        p1=table.p1,
        p2=table.p2,
        diff=table.p1 - table.p2,
        ci=table.wald(level),
        z2=None if z is None else z**2,
        p_two_sided=p_z,
        p_one_sided_decrease=None if z is None else normal_cdf(-z),
        fisher_p_two_sided=exact,
        fisher_p_one_sided_decrease=fewer,
        use_fisher=use_fisher,
        ratio=ratio,
        ratio_ci=ratio_ci,
        relative_change=change,
        relative_change_ci=change_ci,
        p_fall_at_least=table.p_fall(fall),
        power=power,
        sentence=table.sentence(change, change_ci, exact if use_fisher else p_z, level),
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

    def power(self, fall: float, alpha: float) -> float | None:
        """Chance of the one-sided z test to show a fall by ``fall``; None without a level."""
        if not 0 < self.p1 < 1:
            return None
        to = (1 - fall) * self.p1
        return two_proportion_power(self.p1, to, self.n1, self.n2, alpha)

    def sentence(
        self, change: float | None, change_ci: list[float] | None, p: float | None, level: float
    ) -> Sentence | None:
        if change is None or change_ci is None:
            return statement(
                "difference",
                _FALL,
                estimate=self.p1 - self.p2,
                ci=self.wald(level),
                confidence=level,
                p=p,
                show=percent,
            )
        return statement(
            "relative_change",
            RELATIVE_CHANGE,
            estimate=change,
            ci=change_ci,
            confidence=level,
            p=p,
            show=percent,
        )

    def warnings(self, power: float | None, fall: float) -> tuple[Sentence, ...]:
        if self.z is None:
            return (NO_VARIATION,)
        found = [ZERO_COUNT] if not self.x2 or not self.x1 else []
        if self.smallest_expected() < SMALLEST_EXPECTED:
            found.append(SMALL_EXPECTED)
        if power is not None and power < LEAST_POWER:
            values = {"fall": percent(fall), "chance": percent(power)}
            found.append(Sentence("not_enough_data", _NOT_ENOUGH, values))
        return tuple(found)
