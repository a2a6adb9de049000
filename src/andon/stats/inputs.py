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


LARGEST = 1e100
"""A larger value would overflow when it is squared and summed up."""
MOST = 10**10
"""The largest count: exact tests still fit the memory, and no factory makes more of one thing."""


def series(values: Values, name: str) -> Floats:
    """``values`` as float64 with NaN for missing (a float64 array itself, so never write to it).

    ArgumentError if a value is infinite, no number or of an absurd size, or the list is nested.
    """
    array = _numbers(values, name)
    if array.ndim != 1:
        raise ArgumentError(name, "must be one list of numbers, not nested")
    _refuse_extremes(array, name)
    return array


def matrix(values: object, name: str) -> Floats:
    """``values`` as rows of equally many numbers, NaN for missing, else ArgumentError."""
    array = _numbers(values, name)
    if array.ndim != 2:  # noqa: PLR2004
        raise ArgumentError(name, "must be a list of rows with equally many numbers")
    _refuse_extremes(array.ravel(), name)
    return array


def _numbers(values: object, name: str) -> Floats:
    refused = ArgumentError(name, "must be a list of numbers, without texts or dates")
    if isinstance(values, np.ma.MaskedArray):
        values = np.ma.filled(values.astype(np.float64), np.nan)
    try:
        raw = np.asarray(values)
        if raw.dtype.kind in "biuf" or (raw.dtype.kind == "O" and not _has_others(raw)):
            return np.asarray(raw, dtype=np.float64)
    except (TypeError, ValueError, OverflowError):
        raise refused from None
    raise refused


def _has_others(raw: NDArray[Any]) -> bool:
    """Whether there is something that float() would make a number of, but that is none."""
    return any(isinstance(item, str | bytes | complex | np.generic) and not _is_number(item)
               for item in raw.ravel())  # fmt: skip


def _is_number(item: object) -> bool:
    return isinstance(item, np.bool_ | np.integer | np.floating)


def _refuse_extremes(array: Floats, name: str) -> None:
    if not array.size:
        return
    # Two walks without a mask as long as the input; missing values are passed over.
    low, high = float(np.fmin.reduce(array)), float(np.fmax.reduce(array))
    size = max(-low, high)
    if math.isinf(size):
        raise ArgumentError(name, f"must not be infinite (point {_first(np.isinf(array))})")
    if size > LARGEST:
        raise ArgumentError(name, f"must not exceed {LARGEST:g} in size")


def listing(values: object, name: str) -> list[Any]:
    """``values`` as a list, else ArgumentError: one value, a text, a set or a dict is none."""
    if isinstance(values, np.ndarray) and values.ndim:
        return list(values)
    if isinstance(values, Sequence) and not isinstance(values, str | bytes):
        return list(values)
    raise ArgumentError(name, "must be a list")


def one_of(value: object, allowed: Sequence[str], name: str) -> str:
    """``value`` if it is one of the words ``allowed``, else ArgumentError."""
    if not isinstance(value, str) or value not in allowed:
        raise ArgumentError(name, "must be one of " + ", ".join(allowed))
    return value


def flag(value: object, name: str) -> bool:
    """``value`` as true or false, else ArgumentError."""
    if not isinstance(value, bool | np.bool_):
        raise ArgumentError(name, "must be true or false")
    return bool(value)


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
    for point in listing(exclude, "exclude"):
        if not 1 <= whole(point, "exclude") <= size:
            raise ArgumentError("exclude", f"points are counted from 1 to {size}")
        mask[int(point) - 1] = False
    return mask


def _slice(baseline: slice | Sequence[int | None] | None) -> slice:
    refused = ArgumentError("baseline", "must be a slice, or its start and stop")
    if baseline is None:
        return slice(None)
    given = baseline if isinstance(baseline, slice) else None
    ends = [given.start, given.stop, given.step] if given else listing(baseline, "baseline")
    if len(ends) not in {2, 3} or any(end is not None and not _is_index(end) for end in ends):
        raise refused
    if len(ends) == 3 and ends[2] == 0:  # noqa: PLR2004
        raise refused
    return slice(*ends)


def _is_index(end: object) -> bool:
    return isinstance(end, int | np.signedinteger) and not isinstance(end, bool | np.timedelta64)


def real(value: object, name: str) -> float:
    """``value`` as one finite number, else ArgumentError."""
    refused = ArgumentError(name, "must be a finite number")
    if value is np.ma.masked:
        raise refused
    if isinstance(
        value, str | bytes | complex | np.datetime64 | np.timedelta64 | np.complexfloating
    ):
        raise refused
    try:
        number = float(value)  # type: ignore[arg-type]
    except (TypeError, ValueError, OverflowError):
        raise refused from None
    if not math.isfinite(number):
        raise refused
    if abs(number) > LARGEST:
        raise ArgumentError(name, f"must not exceed {LARGEST:g} in size")
    return number


def positive(value: object, name: str) -> float:
    """``value`` as a number above 0, else ArgumentError."""
    number = real(value, name)
    if number <= 0:
        raise ArgumentError(name, "must be above 0")
    return number


def amount(value: object, name: str) -> float:
    """``value`` as a number of 0 or more, else ArgumentError."""
    number = real(value, name)
    if number < 0:
        raise ArgumentError(name, "must not be negative")
    return number


def fraction(value: object, name: str) -> float:
    """``value`` if it lies strictly between 0 and 1, else ArgumentError."""
    number = real(value, name)
    if not 0 < number < 1:
        raise ArgumentError(name, "must lie between 0 and 1")
    return number


def whole(value: object, name: str, *, least: int = 0) -> int:
    """``value`` as a count from ``least`` to `MOST`, else ArgumentError."""
    number = real(value, name)
    if number != int(number) or number < least:
        raise ArgumentError(name, f"must be a whole number, {least} or more")
    if number > MOST:
        raise ArgumentError(name, f"must be at most {MOST:,}")
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
