"""Events per exposure: the interval of one rate and the exact comparison of two."""

import math
from dataclasses import dataclass, replace

from andon.stats.charts.sizes import SMALLEST, scale
from andon.stats.comparison.conditional import binomial_p
from andon.stats.comparison.proportions import NO_VARIATION
from andon.stats.comparison.rates import exact_interval
from andon.stats.comparison.statements import RELATIVE_CHANGE, statement
from andon.stats.inputs import ArgumentError, amount, fraction, whole
from andon.stats.results import Result
from andon.stats.sentences import NO_DATA, Sentence, gettext_noop, percent
from andon.stats.special import betainc

_LEAST_EXPOSURE = 1e-300


@dataclass(frozen=True, kw_only=True)
class PoissonRate(Result):
    """``n`` counts the events; ``upper`` is the one-sided bound."""

    rate: float | None = None
    ci: list[float] | None = None
    upper: float | None = None
    sentence: Sentence | None = None


def poisson_rate_ci(x: int, t: float, confidence: float = 0.95) -> PoissonRate:
    r"""Rate of ``x`` events in an exposure ``t`` with its exact interval.

    :math:`\chi^2_{\alpha/2;\,2x}/2t` to :math:`\chi^2_{1-\alpha/2;\,2x+2}/2t` (Garwood), through
    gamma quantiles; the lower end is 0 for x = 0. ``upper`` is the one-sided bound
    :math:`\chi^2_{1-\alpha;\,2x+2}/2t` [1]_.

    Parameters
    ----------
    x : int
        Events (defects, stops, complaints).
    t : float
        Exposure (hours, units, lines); the rate is per unit of it.
    confidence : float
        Between 0 and 1.

    Returns
    -------
    PoissonRate
        All None for an exposure of 0 without events.

    Raises
    ------
    ValueError
        For values no count can have, or events without exposure.

    References
    ----------
    .. [1] F. Garwood, Biometrika 28 (1936) 437; R: poisson.test.

    Examples
    --------
    >>> result = poisson_rate_ci(0, 100)
    >>> result.rate, [round(end, 4) for end in result.ci], round(result.upper, 4)
    (0.0, [0.0, 0.0369], 0.03)
    """
    from scipy.special import gammaincinv  # noqa: PLC0415

    x, t = whole(x, "x"), _exposure(x, t, "t")
    level = fraction(confidence, "confidence")
    method = f"exact Poisson interval, {level:g}"
    if t == 0:
        return PoissonRate(n=0, n_missing=0, method=method, warnings=(NO_DATA,))
    tail = (1 - level) / 2
    low = float(gammaincinv(x, tail)) / t if x else 0.0
    ci = [low, float(gammaincinv(x + 1, 1 - tail)) / t]
    return PoissonRate(
        n=x,
        n_missing=0,
        method=method,
        rate=x / t,
        ci=ci,
        upper=float(gammaincinv(x + 1, level)) / t,
        sentence=statement("rate", _RATE, estimate=x / t, ci=ci, confidence=level),
    )


@dataclass(frozen=True, kw_only=True)
class PoissonRateTest(Result):
    """Rate 1 is before, rate 2 after; ``rate_ratio`` is rate 1 / rate 2 as in R.

    An end of ``ci`` that is infinite (no events after) is None. ``relative_change`` is
    rate 2 / rate 1 - 1.
    """

    rate1: float | None = None
    rate2: float | None = None
    rate_ratio: float | None = None
    ci: list[float | None] | None = None
    p_two_sided: float | None = None
    p_one_sided_decrease: float | None = None
    relative_change: float | None = None
    relative_change_ci: list[float | None] | None = None
    sentence: Sentence | None = None


def poisson_rate_test(
    x1: int,
    t1: float,
    x2: int,
    t2: float,
    confidence: float = 0.95,
    *,
    ratio: float = 1.0,
) -> PoissonRateTest:
    r"""Exact comparison of two rates of events, ``x1`` in ``t1`` before and ``x2`` in ``t2`` after.

    Given the total, :math:`X_1` is binomial with share :math:`\rho t_1/(\rho t_1 + t_2)` under a
    rate ratio :math:`\rho`. The interval turns the Clopper-Pearson ends of that share; the
    two-sided p sums all outcomes no likelier than the one seen, so it may disagree with the
    central interval near the limit [1]_. Beyond some 600 million events these outcomes are taken as
    far from the expected number as the one seen.

    Parameters
    ----------
    x1, x2 : int
        Events before and after.
    t1, t2 : float
        Exposures in the same unit.
    confidence : float
        Of the interval, two-sided.
    ratio : float
        Rate 1 / rate 2 under test; ``p_one_sided_decrease`` is against a larger one.

    Returns
    -------
    PoissonRateTest
        With warning ``no_variation`` when neither period has an event, ``no_data`` without
        exposure.

    Raises
    ------
    ValueError
        For values no count can have, or events without exposure.

    References
    ----------
    .. [1] J. Przyborowski, H. Wilenski, Biometrika 31 (1940) 313; R: poisson.test.

    Examples
    --------
    >>> result = poisson_rate_test(24, 6, 30, 6)
    >>> result.rate_ratio, [round(end, 3) for end in result.ci], round(result.p_two_sided, 4)
    (0.8, [0.448, 1.415], 0.4966)
    """
    x1, t1 = whole(x1, "x1"), _exposure(x1, t1, "t1")
    x2, t2 = whole(x2, "x2"), _exposure(x2, t2, "t2")
    level, null = fraction(confidence, "confidence"), scale(ratio, "ratio")
    if not null:
        raise ArgumentError("ratio", "must be above 0")
    method = f"exact test of two Poisson rates given their total, {level:g}"
    if not t1 or not t2:
        return PoissonRateTest(n=x1 + x2, n_missing=0, method=method, warnings=(NO_DATA,))
    return _compared((x1, t1), (x2, t2), level, null, method)


def _compared(
    before: tuple[int, float], after: tuple[int, float], level: float, null: float, method: str
) -> PoissonRateTest:
    (x1, t1), (x2, t2) = before, after
    rate1, rate2, total = x1 / t1, x2 / t2, x1 + x2
    common = PoissonRateTest(n=total, n_missing=0, method=method, rate1=rate1, rate2=rate2)
    if not total:
        return replace(common, warnings=(NO_VARIATION,))
    odds = min(max(null * (t1 / t2), _LEAST_EXPOSURE), 1 / _LEAST_EXPOSURE)
    two_sided = binomial_p(total, odds, x1)
    low, high = (_odds(end, t2 / t1) for end in exact_interval(x1, x2, level))
    change, change_ci = rate2 / rate1 - 1 if x1 else None, [_fall(high), _fall(low)]
    return replace(
        common,
        warnings=() if x1 and x2 else (_OPEN,),
        rate_ratio=rate1 / rate2 if x2 else None,
        ci=[low, high],
        p_two_sided=two_sided,
        p_one_sided_decrease=betainc(x1, x2 + 1, odds / (1 + odds)) if x1 else 1.0,
        relative_change=change,
        relative_change_ci=change_ci,
        sentence=statement(
            "relative_change",
            RELATIVE_CHANGE if null == 1 else _AGAINST,
            estimate=change,
            ci=change_ci,
            confidence=level,
            p=two_sided,
            show=percent,
            null=percent(1 / null - 1),
        ),
    )


def _exposure(x: int, t: float, name: str) -> float:
    exposure = amount(t, name)
    if x and not exposure:
        raise ArgumentError(name, "must be above 0, or 0 where there are no events")
    if 0 < exposure < _LEAST_EXPOSURE or x * SMALLEST > exposure:
        raise ArgumentError(name, "is too small: a rate above 1e100 cannot be handled")
    return exposure


def _odds(share: float, times: float) -> float | None:
    ratio = share / (1 - share) * times if share < 1 else math.inf
    return ratio if math.isfinite(ratio) else None


def _fall(ratio: float | None) -> float | None:
    """Relative change rate 2 / rate 1 - 1 from the ratio rate 1 / rate 2 (None: infinite)."""
    if ratio is None:
        return -1.0
    return 1 / ratio - 1 if ratio > 0 and math.isfinite(1 / ratio) else None


_RATE = gettext_noop(
    "The true rate lies between %(low)s and %(high)s per unit of exposure (exact %(confidence)s "
    "interval; %(estimate)s seen)."
)
_AGAINST = gettext_noop(
    "The relative change lies between %(low)s and %(high)s (%(confidence)s interval; estimate "
    "%(estimate)s; %(p)s for a change of %(null)s)."
)
_OPEN = Sentence(
    "zero_count",
    gettext_noop("One period has no events, so one end of the interval of the ratio is open."),
)
