"""The formulas of the capability indices, with None for what a specification does not define."""

import math
from dataclasses import dataclass

from andon.stats.capabilities.magnitudes import check_size
from andon.stats.inputs import ArgumentError, limits, real
from andon.stats.sentences import Sentence, gettext_noop
from andon.stats.special import normal_cdf

NATURAL_BOUND = Sentence(
    "natural_bound",
    gettext_noop("A limit at a natural bound is not a specification limit and was left out."),
)


@dataclass(frozen=True)
class Specification:
    """What was asked for; ``target`` is the middle of the tolerance unless it was given."""

    lsl: float | None
    usl: float | None
    target: float | None
    warnings: tuple[Sentence, ...] = ()

    @classmethod
    def of(
        cls,
        lsl: float | None,
        usl: float | None,
        *,
        target: float | None = None,
        lower_bound: float | None = None,
        upper_bound: float | None = None,
    ) -> "Specification":
        """The limits that are no natural bounds, else ArgumentError."""
        low, high = limits(lsl, usl)
        check_size(low or 0.0, "lsl")
        check_size(high or 0.0, "usl")
        floor = -math.inf if lower_bound is None else real(lower_bound, "lower_bound")
        ceiling = math.inf if upper_bound is None else real(upper_bound, "upper_bound")
        natural_low = low is not None and low <= floor
        natural_high = high is not None and high >= ceiling
        kept_low, kept_high = None if natural_low else low, None if natural_high else high
        if kept_low is None and kept_high is None:
            raise ArgumentError("lsl", "give a limit that is not a natural bound")
        aim = None if target is None else real(target, "target")
        check_size(aim or 0.0, "target")
        if aim is None and kept_low is not None and kept_high is not None:
            aim = kept_low / 2 + kept_high / 2
        found = (NATURAL_BOUND,) if natural_low or natural_high else ()
        return cls(kept_low, kept_high, aim, found)


@dataclass(frozen=True)
class Indices:
    """Tolerance over spread (Cp, Pp), the distances to each limit, and the smaller of them."""

    both: float | None = None
    lower: float | None = None
    upper: float | None = None

    @classmethod
    def of(cls, asked: Specification, middle: float | None, low: float, high: float) -> "Indices":
        """With ``low`` and ``high``, the spread of the process below and above its middle.

        For a normal process both are 3 sigma; the percentile method has two.
        """
        if middle is None:
            return cls()
        tolerance = None
        if asked.lsl is not None and asked.usl is not None:
            tolerance = asked.usl - asked.lsl
        return cls(
            over(tolerance, low + high),
            over(None if asked.lsl is None else middle - asked.lsl, low),
            over(None if asked.usl is None else asked.usl - middle, high),
        )

    @property
    def smaller(self) -> float | None:
        """Cpk, Ppk: of the side that exists, or the smaller of both."""
        return min((side for side in (self.lower, self.upper) if side is not None), default=None)


def over(distance: float | None, spread: float) -> float | None:
    """``distance / spread``; None instead of what is infinite or not defined."""
    if distance is None or not spread > 0:
        return None
    ratio = distance / spread
    return ratio if math.isfinite(ratio) else None


def about_target(asked: Specification, mean: float | None, sigma: float | None) -> float | None:
    r"""Cpm: :math:`(U-L)/(6\sqrt{\sigma^2+(\bar x-T)^2})`; None with one limit or no scatter."""
    if mean is None or not sigma or asked.target is None:
        return None
    if asked.lsl is None or asked.usl is None:
        return None
    return over(asked.usl - asked.lsl, 6 * math.hypot(sigma, mean - asked.target))


@dataclass(frozen=True)
class Tails:
    """Parts per million expected beyond each limit; None for a side without a limit."""

    below: float | None = None
    above: float | None = None
    total: float | None = None

    @classmethod
    def normal(cls, asked: Specification, mean: float | None, sigma: float | None) -> "Tails":
        """From the tails of the normal distribution."""
        if mean is None or not sigma:
            return cls()
        low = None if asked.lsl is None else normal_cdf((asked.lsl - mean) / sigma)
        high = None if asked.usl is None else normal_cdf((mean - asked.usl) / sigma)
        return cls.of(low, high)

    @classmethod
    def of(cls, below: float | None, above: float | None) -> "Tails":
        """From the shares beyond each limit."""
        low = None if below is None else 1e6 * below
        high = None if above is None else 1e6 * above
        return cls(low, high, (low or 0.0) + (high or 0.0))
