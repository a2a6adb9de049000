"""Figures that others are divided by: large enough that no quotient leaves the numbers."""

from andon.stats.inputs import ArgumentError, fraction, positive, real

LEAST = 1e-100
"""The inverse of the largest value taken; a quotient of the two can still be squared up."""
_LEAST_SURE = 1e-9


def divisor(value: object, name: str) -> float:
    """``value`` as a number of at least `LEAST`, else ArgumentError."""
    number = positive(value, name)
    if number < LEAST:
        raise ArgumentError(name, f"must be {LEAST:g} or more; use another unit")
    return number


def divisor_or_zero(value: object, name: str) -> float:
    """``value`` as 0 or a number of at least `LEAST`, else ArgumentError."""
    number = real(value, name)
    if number < 0:
        raise ArgumentError(name, "must not be negative")
    return divisor(number, name) if number else 0.0


def multiplier(value: object, name: str) -> float:
    """``value`` as a factor from 1e-6 to 1e6, else ArgumentError."""
    number = positive(value, name)
    if not 1e-6 <= number <= 1e6:  # noqa: PLR2004
        raise ArgumentError(name, "must lie between 1e-6 and 1e6")
    return number


def certainty(value: object, name: str) -> float:
    """``value`` as a confidence that still has a finite bound, else ArgumentError."""
    level = fraction(value, name)
    if level < _LEAST_SURE:
        raise ArgumentError(name, f"must lie between {_LEAST_SURE:g} and 1")
    return level
