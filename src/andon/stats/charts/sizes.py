"""Ratios and scales of a size that arithmetic can carry on with."""

import numpy as np

from andon.stats.inputs import LARGEST, ArgumentError, Bools, Floats, Values, pair, real

SMALLEST = 1 / LARGEST
"""A smaller value (but 0) would vanish or overflow when it is squared or divided by."""


def ratios(
    above: Values, below: Values, names: tuple[str, str], *, share: bool
) -> tuple[Floats, Floats, int]:
    """Like `pair`, and ArgumentError for a value or a ratio below 1e-100 (but 0) or above 1e100."""
    top, bottom, missing = pair(above, below, names, share=share)
    with np.errstate(over="ignore"):
        ratio = top / bottom
    checked = ((bottom, names[1]), (top, names[0]), (ratio, f"{names[0]} per {names[1]}"))
    for values, what in checked:
        if _extreme(values).any():
            name = names[1] if values is bottom else names[0]
            raise ArgumentError(
                name, f"{what} must be 0, or lie between {SMALLEST:g} and {LARGEST:g}"
            )
    return top, bottom, missing


def scale(value: object, name: str) -> float:
    """``value`` as a number that is 0 or lies between 1e-100 and 1e100, else ArgumentError."""
    number = real(value, name)
    if number < 0:
        raise ArgumentError(name, "must not be negative")
    if 0 < number < SMALLEST:
        raise ArgumentError(name, f"must be 0, or {SMALLEST:g} or more")
    return number


def _extreme(values: Floats) -> Bools:
    return np.asarray(((values > 0) & (values < SMALLEST)) | (values > LARGEST), dtype=np.bool_)
