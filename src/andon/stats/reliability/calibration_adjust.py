"""Calibration interval of one kind of instrument: test it, or adjust it."""

import math
from dataclasses import dataclass

from andon.stats.comparison.rates import exact_interval
from andon.stats.inputs import ArgumentError, fraction, positive, real, whole
from andon.stats.results import Result
from andon.stats.scales import certainty
from andon.stats.sentences import NO_DATA, Sentence, gettext_noop, number, percent

BOUND_USED = Sentence(
    "bound_used",
    gettext_noop("All were in tolerance, or none: the exact one-sided limit stands in."),
)
NEEDS_NUMBER = Sentence(
    "too_few",
    gettext_noop("All were in tolerance, or none: give n, so that a limit can stand in."),
)
CAPPED = Sentence("capped", gettext_noop("The change is larger than policy allows at one time."))


@dataclass(frozen=True, kw_only=True)
class IntervalAdjustment(Result):
    """``interval`` is what the formula gives, ``recommended`` what policy lets it become.

    ``reliability_used`` is the observed share, or the limit that stood in for 0 or 1.
    """

    interval: float | None = None
    recommended: float | None = None
    reliability_used: float | None = None
    interval_ci: list[float | None] | None = None
    sentence: Sentence | None = None


def calibration_interval_adjust(
    interval: float,
    observed_reliability: float,
    target_reliability: float = 0.95,
    *,
    n: int | None = None,
    confidence: float = 0.95,
    smallest_factor: float = 0.5,
    largest_factor: float = 1.5,
) -> IntervalAdjustment:
    r"""New interval from the share in tolerance at the old one.

    With :math:`R(t) = e^{-\lambda t}`: new = old :math:`\ln R_{target}/\ln R_{observed}` [1]_.
    A share of 1 or 0 has no such ratio; with ``n`` the exact one-sided limit stands in:
    :math:`\alpha^{1/n}` for 1 and :math:`1-\alpha^{1/n}` for 0.

    Parameters
    ----------
    interval : float
        The interval so far, in any unit of time.
    observed_reliability : float
        Share found in tolerance, 0 to 1.
    target_reliability : float
        Share wanted at the end of the interval.
    n : int, optional
        Calibrations behind the observed share; also gives ``interval_ci`` (its upper end is None
        where there is none).
    confidence : float
        Of the interval (two-sided) and of the limit that stands in (one-sided).
    smallest_factor, largest_factor : float
        Policy: ``recommended`` stays between these multiples of the old interval.

    Returns
    -------
    IntervalAdjustment

    Raises
    ------
    ValueError
        For shares outside 0 to 1 (the target: strictly), an interval not above 0, or factors the
        wrong way round.

    References
    ----------
    .. [1] NCSL International RP-1; ILAC-G24.

    Examples
    --------
    >>> result = calibration_interval_adjust(12, 0.8, 0.95)
    >>> round(result.interval, 3), result.recommended
    (2.758, 6.0)
    """
    old, level = positive(interval, "interval"), certainty(confidence, "confidence")
    target = fraction(target_reliability, "target_reliability")
    seen = real(observed_reliability, "observed_reliability")
    if not 0 <= seen <= 1:
        raise ArgumentError("observed_reliability", "must lie from 0 to 1")
    size = None if n is None else whole(n, "n", least=1)
    low, high = _factors(smallest_factor, largest_factor)
    method = "exponential reliability, one interval"
    log_share = math.log(seen) if 0 < seen < 1 else _log_limit(seen, size, 1 - level)
    if log_share is None:
        return IntervalAdjustment(n=0, n_missing=0, method=method, warnings=(NEEDS_NUMBER,))
    new = old * (math.log(target) / log_share)
    recommended = min(max(new, low * old), high * old)
    warnings = () if 0 < seen < 1 else (BOUND_USED,)
    return IntervalAdjustment(
        n=size or 0,
        n_missing=0,
        method=method,
        warnings=warnings if recommended == new else (*warnings, CAPPED),
        interval=new,
        recommended=recommended,
        reliability_used=seen if 0 < seen < 1 else math.exp(log_share),
        interval_ci=None if size is None else _interval(old, target, seen, size, level),
        sentence=_change(seen, target, old, recommended),
    )


def _change(seen: float, target: float, old: float, new: float) -> Sentence:
    return Sentence.of(
        "calibration_interval",
        gettext_noop(
            "%(share)s in tolerance against a target of %(target)s: change the interval from"
            " %(old)s to %(new)s."
        ),
        share=percent(seen),
        target=percent(target),
        old=number(old),
        new=number(new),
    )


def _factors(smallest: object, largest: object) -> tuple[float, float]:
    low = positive(smallest, "smallest_factor")
    high = positive(largest, "largest_factor")
    if not low <= 1 <= high:
        raise ArgumentError("smallest_factor", "must be at most 1, and largest_factor at least 1")
    return low, high


def _log_limit(seen: float, size: int | None, alpha: float) -> float | None:
    """Logarithm of the limit, so that it keeps its digits near a share of 1."""
    if size is None:
        return None
    none = math.log(alpha) / size
    return none if seen == 1 else math.log(-math.expm1(none))


def _interval(
    old: float, target: float, seen: float, size: int, level: float
) -> list[float | None]:
    ends = exact_interval(seen * size, (1 - seen) * size, level)
    return [
        0.0 if end == 0 else None if end == 1 else old * math.log(target) / math.log(end)
        for end in ends
    ]


@dataclass(frozen=True, kw_only=True)
class IntervalTest(Result):
    """``verdict``: ``shorten``, ``extend`` or ``keep``; None without a target."""

    observed: float | None = None
    ci: list[float] | None = None
    verdict: str | None = None
    sentence: Sentence | None = None


def calibration_interval_test(
    in_tolerance: int,
    n: int,
    confidence: float = 0.95,
    target_reliability: float | None = None,
) -> IntervalTest:
    """Share found in tolerance, with its exact interval, against the target.

    The interval is changed only where the data contradict the target: ``shorten`` if the whole
    Clopper-Pearson interval lies below it, ``extend`` if above, else ``keep`` [1]_.

    Parameters
    ----------
    in_tolerance, n : int
        Calibrations found in tolerance, and all.
    confidence : float
        Of the interval, two-sided.
    target_reliability : float, optional
        Share wanted at the end of the interval.

    Returns
    -------
    IntervalTest

    Raises
    ------
    ValueError
        For counts that cannot be, or a target outside 0 to 1.

    References
    ----------
    .. [1] NCSL International RP-1, test of the interval in use (method A3).

    Examples
    --------
    >>> result = calibration_interval_test(187, 200, target_reliability=0.85)
    >>> result.observed, [round(end, 3) for end in result.ci], result.verdict
    (0.935, [0.891, 0.965], 'extend')
    """
    good, size = whole(in_tolerance, "in_tolerance"), whole(n, "n")
    level = fraction(confidence, "confidence")
    target = (
        None if target_reliability is None else fraction(target_reliability, "target_reliability")
    )
    if good > size:
        raise ArgumentError("in_tolerance", "must not exceed n")
    method = f"exact binomial (Clopper-Pearson), {level:g}"
    if size == 0:
        return IntervalTest(n=0, n_missing=0, method=method, warnings=(NO_DATA,))
    ci = exact_interval(good, size - good, level)
    verdict = None if target is None else _verdict(ci, target)
    return IntervalTest(
        n=size,
        n_missing=0,
        method=method,
        observed=good / size,
        ci=ci,
        verdict=verdict,
        sentence=None if verdict is None or target is None else _said(ci, target, level, verdict),
    )


def _verdict(ci: list[float], target: float) -> str:
    if ci[1] < target:
        return "shorten"
    return "extend" if ci[0] > target else "keep"


def _said(ci: list[float], target: float, level: float, verdict: str) -> Sentence:
    text = {
        "shorten": gettext_noop(
            "In tolerance: %(low)s to %(high)s (%(level)s interval), below the target of"
            " %(target)s: shorten the interval."
        ),
        "extend": gettext_noop(
            "In tolerance: %(low)s to %(high)s (%(level)s interval), above the target of"
            " %(target)s: the interval may be extended."
        ),
        "keep": gettext_noop(
            "In tolerance: %(low)s to %(high)s (%(level)s interval), which holds the target of"
            " %(target)s: no reason to change the interval."
        ),
    }
    values = {"low": ci[0], "high": ci[1], "level": level, "target": target}
    return Sentence(verdict, text[verdict], {k: percent(v) for k, v in values.items()})
