"""Calibration interval that reacts to every single outcome."""

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from andon.stats.inputs import LARGEST, ArgumentError, fraction, positive
from andon.stats.names import column
from andon.stats.results import Result
from andon.stats.scales import LEAST, divisor
from andon.stats.sentences import NO_DATA

_LARGEST_STEP = 10.0


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
        The step a, 0.1 for a tenth; at most 10.
    shortest, longest : float, optional
        The interval never leaves these, nor 1e-100 to 1e100.

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
    current, step = divisor(interval, "interval"), positive(increase, "increase")
    if step > _LARGEST_STEP:
        raise ArgumentError("increase", f"must be at most {_LARGEST_STEP:g}")
    target = fraction(target_reliability, "target_reliability")
    low = LEAST if shortest is None else divisor(shortest, "shortest")
    high = LARGEST if longest is None else divisor(longest, "longest")
    if low > high:
        raise ArgumentError("shortest", "must not exceed longest")
    longer, shorter = 1 + step, (1 + step) ** (-target / (1 - target))
    intervals = []
    outcomes = [_outcome(value) for value in column(in_tolerance, "in_tolerance")]
    for outcome in outcomes:
        factor = 1.0 if outcome is None else longer if outcome else shorter
        current = min(max(current * factor, low), high)
        intervals.append(current)
    missing = outcomes.count(None)
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


def _outcome(value: object) -> bool | None:
    if value is None or (isinstance(value, float) and value != value):  # noqa: PLR0124  NaN
        return None
    if isinstance(value, bool | int | float | np.bool_ | np.number) and value in (0, 1):
        return bool(value)
    raise ArgumentError("in_tolerance", "must be true or false for each calibration")
