"""What the readings of a gage found out of tolerance are worth."""

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from andon.stats.inputs import (
    ArgumentError,
    Bools,
    Floats,
    Values,
    above,
    below,
    limits,
    listed,
    positive,
    real,
    series,
)
from andon.stats.results import Result
from andon.stats.sentences import NO_DATA, Sentence, gettext_noop

_CLASSES = ("surely good", "uncertain", "surely bad")
_BEYOND_POINTS = Sentence(
    "extrapolated",
    gettext_noop(
        "Some readings lie outside the calibrated points; the error of the nearest point is used."
    ),
)


@dataclass(frozen=True, kw_only=True)
class CorrectedReadings(Result):
    """Readings corrected by the as-found errors, each with its class.

    Attributes
    ----------
    corrected, error, lower, upper : list
        Corrected reading, error taken off, and corrected reading -/+ U; None where missing.
    classes : list
        ``surely good``, ``uncertain``, ``surely bad`` or None, by the interval lower..upper.
    as_read : list
        What had been decided by the reading alone: ``good``, ``bad`` or None.
    surely_good, uncertain, surely_bad : int
        Their numbers.
    to_act_on : list of int
        Readings (from 1) that had passed and are no longer surely good.
    """

    expanded_uncertainty: float
    corrected: list[float | None]
    error: list[float | None]
    lower: list[float | None]
    upper: list[float | None]
    classes: list[str | None]
    as_read: list[str | None]
    surely_good: int
    uncertain: int
    surely_bad: int
    to_act_on: list[int]
    report: tuple[Sentence, ...] = ()


def correct_readings(
    readings: Values,
    points: Values,
    errors: Values,
    lsl: float | None,
    usl: float | None,
    *,
    u: float,
    k: float = 2.0,
) -> CorrectedReadings:
    r"""Readings since the last good calibration, corrected by what the gage was found to do.

    From each reading the signed as-found error (indication - reference) at the nearest calibration
    point is taken off; with U = k u a corrected reading is surely good if :math:`x \pm U` lies
    within the specification, surely bad if it lies wholly outside, else uncertain [1]_.

    Parameters
    ----------
    readings : sequence of float or None
        Readings taken with the gage, in their own unit.
    points, errors : sequence of float
        Calibration points and their as-found errors, same unit, at least one. A reading midway
        between two points takes the lower.
    lsl, usl : float or None
        Specification limits; one may be None.
    u : float
        Standard uncertainty of a corrected reading: of reading and of as-found error together.
    k : float
        Coverage factor.

    Returns
    -------
    CorrectedReadings

    Raises
    ------
    ValueError
        Without points, for lengths that differ, missing errors, impossible limits, u below 0 or k
        not above 0.

    Notes
    -----
    The full as-found error is taken off every reading. If the gage drifted, early readings were
    less wrong than that: where it matters, take the error in between into ``u``.

    References
    ----------
    .. [1] ISO 9001:2015, 7.1.5.2 (validity of earlier results); ISO 10012:2003, 8.3.3.

    Examples
    --------
    >>> result = correct_readings([9.95, 10.06, 10.17], [9, 10], [0.0, 0.08], 9.9, 10.1, u=0.01)
    >>> [round(value, 2) for value in result.corrected], result.classes, result.to_act_on
    ([9.87, 9.98, 10.09], ['surely bad', 'surely good', 'uncertain'], [1])
    """
    values, at = series(readings, "readings"), series(points, "points")
    off = series(errors, "errors")
    low, high = limits(lsl, usl)
    expanded = positive(k, "k") * real(u, "u")
    _check(at, off, expanded)
    order = np.argsort(at, kind="stable")
    nearest = _nearest(values, at[order])
    missing = np.isnan(values)
    error = np.where(missing, np.nan, off[order][nearest])
    corrected = values - error
    judged = _judge(corrected - expanded, corrected + expanded, low, high)
    passed = _judge(values, values, low, high) == 0
    act = [int(i) for i in np.flatnonzero(passed & (judged > 0) & ~missing) + 1]
    counts = np.bincount(judged[~missing], minlength=len(_CLASSES)).tolist()
    return CorrectedReadings(
        n=values.size - int(missing.sum()),
        n_missing=int(missing.sum()),
        method="as-found error of the nearest calibration point taken off; U = k u added",
        warnings=_warnings(values, at),
        expanded_uncertainty=expanded,
        corrected=listed(corrected),
        error=listed(error),
        lower=listed(corrected - expanded),
        upper=listed(corrected + expanded),
        classes=_words(np.array(_CLASSES)[judged], missing),
        as_read=_words(np.where(passed, "good", "bad"), missing),
        surely_good=counts[0],
        uncertain=counts[1],
        surely_bad=counts[2],
        to_act_on=act,
        report=_report(counts, len(act)),
    )


def _words(words: NDArray[np.str_], missing: Bools) -> list[str | None]:
    return [None if gone else str(word) for word, gone in zip(words, missing, strict=True)]


def _check(points: Floats, errors: Floats, expanded: float) -> None:
    if not points.size or np.isnan(points).any():
        raise ArgumentError("points", "give at least one calibration point, none missing")
    if errors.size != points.size or np.isnan(errors).any():
        raise ArgumentError("errors", f"give the as-found error of each point ({points.size})")
    if np.unique(points).size != points.size:
        raise ArgumentError("points", "each calibration point may appear once")
    if expanded < 0:
        raise ArgumentError("u", "must not be negative")


def _nearest(values: Floats, points: Floats) -> NDArray[np.intp]:
    """Index of the nearest of the sorted ``points``; the lower one of two equally near."""
    between = (points[1:] + points[:-1]) / 2
    return np.searchsorted(between, values, side="left").astype(np.intp).clip(0, points.size - 1)


def _judge(lower: Floats, upper: Floats, lsl: float | None, usl: float | None) -> NDArray[np.intp]:
    """0 wholly within the limits, 2 wholly outside (beyond one of them), 1 else."""
    low = -np.inf if lsl is None else lsl
    high = np.inf if usl is None else usl
    good = ~(below(lower, low) | above(upper, high))
    bad = below(upper, low) | above(lower, high)
    return np.where(good, 0, np.where(bad, 2, 1)).astype(np.intp)


def _warnings(values: Floats, points: Floats) -> tuple[Sentence, ...]:
    there = values[~np.isnan(values)]
    if not there.size:
        return (NO_DATA,)
    outside = there.min() < points.min() or there.max() > points.max()
    return (_BEYOND_POINTS,) if outside else ()


def _report(counts: list[int], act: int) -> tuple[Sentence, ...]:
    if not sum(counts):
        return ()
    good, uncertain, bad = (str(count) for count in counts)
    text = _ACT if act else _NO_ACT
    return (Sentence.of("impact", text, good=good, uncertain=uncertain, bad=bad, act=str(act)),)


_ACT = gettext_noop(
    "Surely good: %(good)s, uncertain: %(uncertain)s, surely bad: %(bad)s. %(act)s readings that "
    "had passed need a decision."
)
_NO_ACT = gettext_noop(
    "Surely good: %(good)s, uncertain: %(uncertain)s, surely bad: %(bad)s. No reading that had "
    "passed is in doubt."
)
