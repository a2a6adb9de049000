"""Calibration interval that reacts to every single outcome."""

import math
from collections.abc import Sequence
from dataclasses import dataclass

from andon.stats.inputs import ArgumentError, fraction, positive
from andon.stats.results import Result
from andon.stats.sentences import NO_DATA


@dataclass(frozen=True, kw_only=True)
class IntervalReaction(Result):
    """``intervals`` after each calibration; ``interval`` the last, for the next calibration."""

    interval: float
    intervals: list[float]
    increase_factor: float
    decrease_factor: float


def calibration_interval_reaction(
    interval: float,
    in_tolerance: Sequence[bool | int | None],
    target_reliability: float = 0.95,
    *,
    increase: float = 0.1,
    shortest: float | None = None,
    longest: float | None = None,
) -> IntervalReaction:
    r"""Interval that reacts to every calibration: longer after "in", much shorter after "out".

    In: times :math:`1+a`. Out: times :math:`(1+a)^{-R/(1-R)}`, so that the steps balance where
    the share R is in tolerance (:math:`R\ln(1+a) + (1-R)\ln(1-b) = 0`) [1]_. Simple and cheap,
    but it wanders: prefer the reliability or the drift method where there are data.

    Parameters
    ----------
    interval : float
        The interval so far, in any unit of time.
    in_tolerance : sequence of bool
        Outcomes in time order; None (not judged) changes nothing.
    target_reliability : float
        Share of calibrations that shall find the instrument in tolerance.
    increase : float
        The step a, 0.1 for a tenth.
    shortest, longest : float, optional
        The interval never leaves these.

    Returns
    -------
    IntervalReaction

    Raises
    ------
    ValueError
        For outcomes that are not true or false, or limits the wrong way round.

    References
    ----------
    .. [1] NCSL International RP-1, simple response method (A1); ILAC-G24, staircase method.

    Examples
    --------
    >>> result = calibration_interval_reaction(12, [True, True, False], 0.8)
    >>> [round(value, 2) for value in result.intervals]
    [13.2, 14.52, 9.92]
    """
    current, step = positive(interval, "interval"), positive(increase, "increase")
    target = fraction(target_reliability, "target_reliability")
    low = 0.0 if shortest is None else positive(shortest, "shortest")
    high = math.inf if longest is None else positive(longest, "longest")
    if low > high:
        raise ArgumentError("shortest", "must not exceed longest")
    longer, shorter = 1 + step, (1 + step) ** (-target / (1 - target))
    intervals = []
    for outcome in in_tolerance:
        if outcome not in (True, False, None):
            raise ArgumentError("in_tolerance", "must be true or false for each calibration")
        factor = 1.0 if outcome is None else longer if outcome else shorter
        current = min(max(current * factor, low), high)
        intervals.append(current)
    missing = sum(outcome is None for outcome in in_tolerance)
    return IntervalReaction(
        n=len(intervals) - missing,
        n_missing=missing,
        method="simple reaction, steps balanced at the target",
        warnings=() if intervals else (NO_DATA,),
        interval=current,
        intervals=intervals,
        increase_factor=longer,
        decrease_factor=shorter,
    )
