"""Power and sample size: how many units or values a comparison needs."""

import math
from dataclasses import dataclass

from andon.stats.charts.sizes import SMALLEST
from andon.stats.inputs import MOST, ArgumentError, fraction, positive, real, whole
from andon.stats.results import Result
from andon.stats.sentences import Sentence, gettext_noop, number, percent
from andon.stats.special import normal_cdf, normal_quantile, t_quantile

_FEWEST = 1.5
_LEAST_ALPHA = 1e-12
_MOST_ALPHA = 1 - 1e-15
_FAR = 1e5
_TOO_MANY = f"more than {MOST:,} values"


@dataclass(frozen=True, kw_only=True)
class Power(Result):
    power: float
    sentence: Sentence | None = None


@dataclass(frozen=True, kw_only=True)
class SampleSize(Result):
    """``n`` is the exact solution per group, ``n_ceil`` the units to take."""

    n: float  # type: ignore[assignment]
    n_ceil: int
    sentence: Sentence | None = None


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
    size = positive(n, "n")
    if size < 1:
        raise ArgumentError("n", "must be 1 or more")
    power = two_proportion_power(p1, p2, size, size, alpha / sides)
    words = {"n": number(size), "chance": percent(power), "p1": percent(p1), "p2": percent(p2)}
    return Power(
        n=int(size),
        n_missing=0,
        method=_DESIGN,
        power=power,
        sentence=Sentence("power", _POWER_PROPORTIONS, words),
    )


def two_proportion_power(p1: float, p2: float, n1: float, n2: float, tail: float) -> float:
    """Chance to see a change from ``p1`` to ``p2`` in its own direction at level ``tail``."""
    mean = (p1 * n1 + p2 * n2) / (n1 + n2)
    null = -normal_quantile(min(tail, _MOST_ALPHA)) * math.sqrt(
        mean * (1 - mean) * (1 / n1 + 1 / n2)
    )
    spread = math.sqrt(p1 * (1 - p1) / n1 + p2 * (1 - p2) / n2)
    return normal_cdf((abs(p1 - p2) - null) / spread)


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
    critical = -normal_quantile(alpha / sides)
    mean = (p1 + p2) / 2
    null = critical * math.sqrt(2 * mean * (1 - mean))
    spread = wanted * math.sqrt(p1 * (1 - p1) + p2 * (1 - p2))
    if abs(p1 - p2) * math.sqrt(MOST) < null + spread:
        raise ArgumentError("p2", f"is so close to p1 that it would take {_TOO_MANY}")
    n = ((null + spread) / (p1 - p2)) ** 2
    words = {"n": _count(n), "chance": percent(power), "p1": percent(p1), "p2": percent(p2)}
    return SampleSize(
        n=n,
        n_missing=0,
        method=_DESIGN,
        n_ceil=math.ceil(n),
        sentence=Sentence("sample_size", _SIZE_PROPORTIONS, words),
    )


def power_two_means(
    n: float, delta: float, sd: float = 1.0, *, alpha: float = 0.05, sides: int = 2
) -> Power:
    r"""Chance of the two-sample t test to see a difference ``delta`` with ``n`` values a group.

    :math:`P(T > t_{1-\alpha/k;\nu})` of the noncentral t with :math:`\nu = 2(n-1)` and
    noncentrality :math:`\sqrt{n/2}\,\delta/\sigma`; the far tail of a two-sided test is left out
    [1]_.

    Parameters
    ----------
    n : float
        Values in each group, 1.5 (one degree of freedom in all) or more.
    delta, sd : float
        Difference of the means and standard deviation of one value, in the same unit.
    alpha : float
        Level of the test.
    sides : {1, 2}
        One- or two-sided.

    Returns
    -------
    Power

    Raises
    ------
    ValueError
        For a design no test can have.

    References
    ----------
    .. [1] J. Cohen, Statistical Power Analysis; R: power.t.test.

    Examples
    --------
    >>> round(power_two_means(20, 1.0).power, 4)
    0.869
    """
    difference, scale = _check_means(delta, sd, alpha, sides)
    size = real(n, "n")
    if not _FEWEST <= size <= MOST:
        raise ArgumentError("n", f"must lie between {_FEWEST:g} and {MOST:,}")
    power = _t_power(size, difference / scale, alpha / sides)
    words = {"n": number(size), "chance": percent(power), "delta": number(difference)}
    return Power(
        n=int(size),
        n_missing=0,
        method=_T_DESIGN,
        power=power,
        sentence=Sentence("power", _POWER_MEANS, words),
    )


def sample_size_two_means(
    delta: float, sd: float = 1.0, *, power: float = 0.8, alpha: float = 0.05, sides: int = 2
) -> SampleSize:
    """Values per group to see a difference ``delta`` of two means with this ``power``.

    Inverse of `power_two_means`, solved for a broken n; ``n_ceil`` (2 or more) is what to take.

    Examples
    --------
    >>> sample_size_two_means(1.0, 1.0, power=0.9).n_ceil
    23
    """
    from scipy.optimize import brentq  # noqa: PLC0415

    difference, scale = _check_means(delta, sd, alpha, sides)
    wanted, effect, tail = fraction(power, "power"), difference / scale, alpha / sides
    if wanted <= tail:
        raise ArgumentError("power", f"must be above alpha / sides ({tail:g})")
    reach = normal_quantile(wanted) - normal_quantile(tail)
    if effect < reach * math.sqrt(2 / MOST):
        raise ArgumentError("delta", f"is so small beside sd that it would take {_TOO_MANY}")
    # The normal approximation brackets the answer: t needs more, and never 10 values more.
    top = 2 * (reach / effect) ** 2 + 2
    while _t_power(top, effect, tail) < wanted:
        top *= 2
    n = _FEWEST
    if _t_power(n, effect, tail) < wanted:
        n = float(brentq(lambda size: _t_power(size, effect, tail) - wanted, n, top, xtol=1e-9))
    words = {"n": _count(max(n, 2)), "chance": percent(power), "delta": number(difference)}
    return SampleSize(
        n=n,
        n_missing=0,
        method=_T_DESIGN,
        n_ceil=max(2, math.ceil(n)),
        sentence=Sentence("sample_size", _SIZE_MEANS, words),
    )


def _t_power(n: float, effect: float, tail: float) -> float:
    from scipy.special import chdtr, nctdtr  # noqa: PLC0415

    df, away = 2 * (n - 1), math.sqrt(n / 2) * effect
    critical = -t_quantile(tail, df)
    if away > _FAR:  # beside it only the scatter of s counts
        return float(chdtr(df, df * min(away / critical, _FAR) ** 2))
    return 1 - float(nctdtr(df, away, critical))


def _check_means(delta: float, sd: float, alpha: float, sides: int) -> tuple[float, float]:
    difference, scale = abs(real(delta, "delta")), positive(sd, "sd")
    if not difference:
        raise ArgumentError("delta", "must not be 0")
    _check_test(alpha, sides)
    return difference, scale


def _count(n: float) -> str:
    return f"{math.ceil(n):,}"


_DESIGN = "normal approximation, pooled variance under no change, unpooled under the change"
_T_DESIGN = "two-sample t, noncentral t, equal groups and equal standard deviations"
_POWER_PROPORTIONS = gettext_noop(
    "With %(n)s units in each period a change from %(p1)s to %(p2)s shows with a chance of "
    "%(chance)s."
)
_SIZE_PROPORTIONS = gettext_noop(
    "To see a change from %(p1)s to %(p2)s with a chance of %(chance)s, %(n)s units are needed in "
    "each period."
)
_POWER_MEANS = gettext_noop(
    "With %(n)s values in each group a difference of %(delta)s shows with a chance of %(chance)s."
)
_SIZE_MEANS = gettext_noop(
    "To see a difference of %(delta)s with a chance of %(chance)s, %(n)s values are needed in each "
    "group."
)


def _check_design(p1: float, p2: float, alpha: float, sides: int) -> None:
    for name, share in (("p1", p1), ("p2", p2)):
        if fraction(share, name) < SMALLEST:
            raise ArgumentError(name, f"must be {SMALLEST:g} or more")
    _check_test(alpha, sides)


def _check_test(alpha: float, sides: int) -> None:
    if fraction(alpha, "alpha") < _LEAST_ALPHA:
        raise ArgumentError("alpha", f"must be {_LEAST_ALPHA:g} or more")
    if isinstance(sides, bool) or whole(sides, "sides") not in {1, 2}:
        raise ArgumentError("sides", "must be 1 or 2")
