"""Checked numpy arrays from what callers pass, and plain lists back."""

import math
from collections.abc import Sequence
from typing import Any, TypeAlias

import numpy as np
from numpy.typing import NDArray

Floats: TypeAlias = NDArray[np.float64]
Bools: TypeAlias = NDArray[np.bool_]
Values: TypeAlias = Sequence[float | None] | Sequence[float] | Sequence[int] | Floats


class ArgumentError(ValueError):
    """An argument no such function can take; the sentence says which one and what is allowed."""

    def __init__(self, argument: str, sentence: str) -> None:
        super().__init__(f"{argument}: {sentence}")
        self.argument = argument
        self.sentence = sentence


# Comparisons with a computed line forgive the rounding of the line, and no more.
ROUNDING = 64 * float(np.finfo(np.float64).eps)


def series(values: Values, name: str) -> Floats:
    """``values`` as float64 with NaN for missing (a float64 array itself, so never write to it).

    ArgumentError if a value is infinite, a text, or the list is nested.
    """
    array = _numbers(values, name)
    if array.ndim != 1:
        raise ArgumentError(name, "must be one list of numbers, not nested")
    _refuse_infinite(array, name)
    return array


def matrix(values: object, name: str) -> Floats:
    """``values`` as rows of equally many numbers, NaN for missing, else ArgumentError."""
    array = _numbers(values, name)
    if array.ndim != 2:  # noqa: PLR2004
        raise ArgumentError(name, "must be a list of rows with equally many numbers")
    _refuse_infinite(array.ravel(), name)
    return array


def _numbers(values: object, name: str) -> Floats:
    refused = ArgumentError(name, "must be a list of numbers, without texts")
    try:
        raw = np.asarray(values)
        if raw.dtype.kind not in "US" and not _has_texts(raw):
            return np.asarray(raw, dtype=np.float64)
    except (TypeError, ValueError):
        raise refused from None
    raise refused


def _has_texts(raw: NDArray[Any]) -> bool:
    return raw.dtype.kind == "O" and any(isinstance(item, str | bytes) for item in raw.ravel())


def _refuse_infinite(array: Floats, name: str) -> None:
    # The sum is finite or NaN for good data: one pass without a mask as long as the input.
    if array.size and not math.isfinite(float(array.sum())) and np.isinf(array).any():
        raise ArgumentError(name, f"must not be infinite (point {_first(np.isinf(array))})")


def amounts(values: Values, name: str) -> Floats:
    """Like `series`, and ArgumentError if one is negative."""
    array = series(values, name)
    if (array < 0).any():
        raise ArgumentError(name, f"must not be negative (point {_first(array < 0)})")
    return array


def pair(
    above: Values, below: Values, names: tuple[str, str], *, share: bool
) -> tuple[Floats, Floats, int]:
    """Numerators, denominators (both NaN where there is no ratio) and the number missing.

    A denominator of 0 is a point without a value (nothing was made), not a missing one.
    """
    top, bottom = amounts(above, names[0]), amounts(below, names[1])
    if top.size != bottom.size:
        raise ArgumentError(names[1], f"must have as many values as {names[0]}")
    if share and (top > bottom).any():
        raise ArgumentError(names[0], f"must not exceed {names[1]} (point {_first(top > bottom)})")
    missing = np.isnan(top) | np.isnan(bottom)
    empty = missing | (bottom == 0)
    if ((bottom == 0) & (top > 0)).any():
        raise ArgumentError(names[1], f"must not be 0 where {names[0]} is not")
    return np.where(empty, np.nan, top), np.where(empty, np.nan, bottom), int(missing.sum())


def used(
    size: int, *, baseline: slice | Sequence[int | None] | None, exclude: Sequence[int]
) -> Bools:
    """Which of ``size`` points an estimate may use: inside ``baseline`` and not excluded.

    A baseline is a slice, or its start and stop as two numbers (what JSON can carry).
    """
    mask = np.zeros(size, dtype=np.bool_)
    mask[_slice(baseline)] = True
    for point in exclude:
        if not 1 <= whole(point, "exclude") <= size:
            raise ArgumentError("exclude", f"points are counted from 1 to {size}")
        mask[int(point) - 1] = False
    return mask


def _slice(baseline: slice | Sequence[int | None] | None) -> slice:
    if baseline is None or isinstance(baseline, slice):
        return baseline or slice(None)
    ends = list(baseline)
    if len(ends) != 2 or any(end is not None and not isinstance(end, int) for end in ends):  # noqa: PLR2004
        raise ArgumentError("baseline", "must be a slice, or its start and stop")
    return slice(*ends)


def real(value: object, name: str) -> float:
    """``value`` as one finite number, else ArgumentError."""
    try:
        number = float(value)  # type: ignore[arg-type]
    except (TypeError, ValueError):
        raise ArgumentError(name, "must be a number") from None
    if isinstance(value, str | bytes) or not math.isfinite(number):
        raise ArgumentError(name, "must be a finite number")
    return number


def positive(value: object, name: str) -> float:
    """``value`` as a number above 0, else ArgumentError."""
    number = real(value, name)
    if number <= 0:
        raise ArgumentError(name, "must be above 0")
    return number


def fraction(value: object, name: str) -> float:
    """``value`` if it lies strictly between 0 and 1, else ArgumentError."""
    number = real(value, name)
    if not 0 < number < 1:
        raise ArgumentError(name, "must lie between 0 and 1")
    return number


def whole(value: object, name: str, *, least: int = 0) -> int:
    """``value`` as a count of ``least`` or more, else ArgumentError."""
    number = real(value, name)
    if number < least or number != int(number):
        raise ArgumentError(name, f"must be a whole number, {least} or more")
    return int(number)


def limits(lsl: object, usl: object) -> tuple[float | None, float | None]:
    """Specification limits, one of which may be None, else ArgumentError."""
    low = None if lsl is None else real(lsl, "lsl")
    high = None if usl is None else real(usl, "usl")
    if low is None and high is None:
        raise ArgumentError("lsl", "give lsl, usl or both")
    if low is not None and high is not None and low >= high:
        raise ArgumentError("lsl", f"must be below usl ({high:g})")
    return low, high


def listed(array: Floats) -> list[float | None]:
    """``array`` as a list of Python numbers with None for NaN."""
    missing = np.isnan(array)
    if not missing.any():
        return list(array.tolist())
    boxed = array.astype(object)
    boxed[missing] = None
    return list(boxed.tolist())


def flat(array: Floats) -> float | list[float | None] | None:
    """One number if all of ``array`` are equal, else the list; None if there is none."""
    if array.size == 0 or np.isnan(array).all():
        return None
    if (array == array[0]).all():
        return float(array[0])
    return listed(array)


def points(mask: Bools) -> list[int]:
    """The 1-based numbers of the points where ``mask`` holds."""
    return [int(i) for i in np.flatnonzero(mask) + 1]


def above(x: Floats, line: Floats | float) -> Bools:
    """Where ``x`` is strictly above ``line`` by more than rounding; False where missing."""
    noise = ROUNDING * np.maximum(np.abs(x), np.abs(line))
    return np.asarray(x - line > noise, dtype=np.bool_)


def below(x: Floats, line: Floats | float) -> Bools:
    """Where ``x`` is strictly below ``line`` by more than rounding; False where missing."""
    return above(-x, -line)


def _first(mask: Bools) -> int:
    return int(np.argmax(mask)) + 1
