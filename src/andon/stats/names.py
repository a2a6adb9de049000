"""What parts, people, causes and categories may be called, and how they are listed."""

import math
from typing import Any, TypeAlias

import numpy as np

from andon.stats.inputs import LARGEST, ArgumentError, listing

Name: TypeAlias = str | int | float | bool | None

_MOST_DIGITS = 10**15
"""Beyond it neighbouring whole numbers become one when they are read as float64."""


_ALLOWED = "must be texts or finite numbers of at most 15 digits"


def name_of(value: object, argument: str) -> Name:
    """``value`` as a text or number of Python's own, None if missing (None, NaN, masked).

    ArgumentError for anything else, infinite numbers, and whole ones of more than 15 digits.
    """
    if value is None or value is np.ma.masked:
        return None
    if isinstance(value, str):
        return str(value)
    if isinstance(value, bool | np.bool_):
        return bool(value)
    if isinstance(value, np.timedelta64):  # which numpy counts among its integers
        raise ArgumentError(argument, _ALLOWED)
    if isinstance(value, int | np.integer) and abs(int(value)) <= _MOST_DIGITS:
        return int(value)
    if isinstance(value, float | np.floating):
        number = float(value)
        if math.isnan(number) or abs(number) <= LARGEST:
            return None if math.isnan(number) else number
    raise ArgumentError(argument, _ALLOWED)


def names_of(values: object, argument: str) -> list[Name]:
    """Each of ``values`` by `name_of`, else ArgumentError."""
    return [name_of(value, argument) for value in column(values, argument)]


def column(values: object, argument: str) -> list[Any]:
    """``values`` as a list with None where masked, also from a data frame, else ArgumentError."""
    if hasattr(values, "tolist") and not isinstance(values, np.ndarray | np.generic):
        values = values.tolist()
    return [None if value is np.ma.masked else value for value in listing(values, argument)]
