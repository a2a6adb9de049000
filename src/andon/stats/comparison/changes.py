"""How far a level moved between two phases: estimate, interval, tails and power."""

import math
from collections.abc import Callable
from dataclasses import dataclass
from typing import Protocol

from andon.stats.comparison.periods import Dispersion, MetricKind, Phase
from andon.stats.comparison.rates import rate_ratio_interval
from andon.stats.special import betainc, normal_cdf, normal_quantile, t_cdf, t_quantile

SMALLEST_COUNT = 10
"""Effective counts below this are judged by the exact conditional method."""


class Change(Protocol):
    """A change of level, whatever it was computed by."""

    @property
    def method(self) -> str:
        """The estimator in words."""

    def interval(self, confidence: float) -> tuple[float, float]:
        """Ends of the level after, the level before taken as estimated."""

    def p_not_below(self, level: float) -> float:
        """One-sided p of "the level after is ``level`` or more" against less."""


@dataclass(frozen=True)
class LogRatio:
    """Ratio of two levels by logarithms, its error widened by dispersion (KATZ; LANEY)."""

    before: float
    after: float
    error: float
    df: float
    method: str = "ratio by logarithms, widened by the scatter between points"

    def interval(self, confidence: float) -> tuple[float, float]:
        reach = math.exp(t_quantile(0.5 + confidence / 2, self.df) * self.error)
        return self.after / reach, self.after * reach

    def p_not_below(self, level: float) -> float:
        if level <= 0:
            return 1.0
        return t_cdf(math.log(self.after / level) / self.error, self.df)


@dataclass(frozen=True)
class ExactRatio:
    """Ratio of two Poisson rates given their sum, on effective counts."""

    x1: float
    n1: float
    x2: float
    n2: float
    method: str = "exact conditional interval of the ratio on effective counts"

    def interval(self, confidence: float) -> tuple[float, float]:
        ends = rate_ratio_interval(self.x1, self.n1, self.x2, self.n2, confidence)
        low, high = ends or (0.0, math.inf)
        before = self.x1 / self.n1
        return low * before, high * before

    def p_not_below(self, level: float) -> float:
        ratio = level / (self.x1 / self.n1)
        share = ratio * self.n2 / (self.n1 + ratio * self.n2)
        return 1 - betainc(self.x2 + 1, self.x1, share)


@dataclass(frozen=True)
class Complement:
    """A change judged on the rarer other side (late instead of on time)."""

    other: Change

    @property
    def method(self) -> str:
        return self.other.method + ", of the complement"

    def interval(self, confidence: float) -> tuple[float, float]:
        low, high = self.other.interval(confidence)
        return 1 - high, 1 - low

    def p_not_below(self, level: float) -> float:
        return 1 - self.other.p_not_below(1 - level)


@dataclass(frozen=True)
class Difference:
    """Difference of two means by Welch, widened by autocorrelation."""

    after: float
    error: float
    df: float
    method: str = "difference of means (Welch)"

    def interval(self, confidence: float) -> tuple[float, float]:
        half = t_quantile(0.5 + confidence / 2, self.df) * self.error
        return self.after - half, self.after + half

    def p_not_below(self, level: float) -> float:
        return t_cdf((self.after - level) / self.error, self.df)


def compare(
    before: Phase, after: Phase, kind: MetricKind, spread: Dispersion, confidence: float
) -> Change | None:
    """The change between two phases; None where nothing can be said about its error."""
    if kind == "value" or (kind == "measured" and not after.amount):
        return _welch(before.as_values(), after.as_values(), spread.inflation)
    if kind == "proportion" and before.amount + after.amount > 0.5 * (
        before.exposure + after.exposure
    ):
        other = _ratio(before.complement(), after.complement(), kind, spread, confidence)
        return None if other is None else Complement(other)
    return _ratio(before, after, kind, spread, confidence)


def _ratio(
    before: Phase, after: Phase, kind: MetricKind, spread: Dispersion, confidence: float
) -> Change | None:
    if not before.amount or (kind == "measured" and (math.isinf(spread.df) or not spread.factor)):
        return None
    counted = kind != "measured"
    if counted and min(before.amount, after.amount) < SMALLEST_COUNT * spread.total:
        tail = 0.5 + confidence / 2
        # A dispersion from few points is itself uncertain: widen it as t widens the normal.
        widening = (t_quantile(tail, spread.df) / normal_quantile(tail)) ** 2
        scale = spread.total * widening
        exact = ExactRatio(
            before.amount / scale,
            before.exposure / scale,
            after.amount / scale,
            after.exposure / scale,
        )
        # Next to no effective counts: the ratio may be anything.
        return exact if math.isfinite(exact.interval(confidence)[1]) else None
    variance = sum(
        1 / phase.amount - (1 / phase.exposure if kind == "proportion" else 0)
        for phase in (before, after)
    )
    return LogRatio(before.level, after.level, math.sqrt(spread.total * variance), spread.df)


def _welch(before: Phase, after: Phase, inflation: float) -> Change | None:
    parts = []
    for phase in (before, after):
        sd = phase.sd()
        if sd is None:
            return None
        parts.append((sd**2 * inflation / phase.size, phase.size))
    variance = sum(part for part, _ in parts)
    if not variance:
        return None
    df = variance**2 / sum(part**2 / (size - 1) for part, size in parts)
    return Difference(after.mean(), math.sqrt(variance), df)


def power(
    before: Phase,
    after: Phase,
    kind: MetricKind,
    spread: Dispersion,
    *,
    promised: float,
    confidence: float,
    times: float = 1.0,
) -> float | None:
    """Chance that the interval excludes no change if the level after truly is ``promised``.

    ``times`` multiplies the exposure after, to ask what waiting longer would bring.
    """
    z = normal_quantile(0.5 + confidence / 2)
    if kind == "value":
        change = _welch(before, after, spread.inflation)
        if not isinstance(change, Difference):
            return None
        sds = [phase.sd() or 0.0 for phase in (before, after)]
        variance = spread.inflation * (
            sds[0] ** 2 / before.size + sds[1] ** 2 / (after.size * times)
        )
        return normal_cdf(abs(promised - before.mean()) / math.sqrt(variance) - z)
    m1, m2, n1, n2 = before.level, promised, before.exposure, after.exposure * times
    pooled = (m1 * n1 + m2 * n2) / (n1 + n2)
    of = _variance(kind)
    null = z * math.sqrt(spread.total * of(pooled) * (1 / n1 + 1 / n2))
    error = math.sqrt(spread.total * (of(m1) / n1 + of(m2) / n2))
    return normal_cdf((abs(m1 - m2) - null) / error) if error > 0 else None


def _variance(kind: MetricKind) -> Callable[[float], float]:
    if kind == "proportion":
        return lambda m: m * (1 - m)
    return lambda m: m


def needed(ask: Callable[[float], float | None], *, wanted: float, most: float) -> float | None:
    """How many times the present exposure after gives power ``wanted``; None beyond ``most``."""
    top = ask(most)
    if top is None or top < wanted:
        return None
    low, high = 1.0, most
    for _ in range(40):
        middle = math.sqrt(low * high)
        reached = ask(middle)
        low, high = (low, middle) if reached is not None and reached >= wanted else (middle, high)
    return high
