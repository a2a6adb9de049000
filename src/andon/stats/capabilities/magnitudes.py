"""Values small and large enough for the squares, powers and exponentials of these methods."""

import numpy as np

from andon.stats.inputs import ArgumentError, Floats, Values, series

_SMALLEST, _LARGEST = 1e-60, 1e60


def measured(values: Values, name: str) -> Floats:
    """``values`` as by `series`, else ArgumentError; also if the largest is of no usual size."""
    with np.errstate(over="ignore", invalid="ignore"):
        found = series(values, name)
    check_size(float(np.fmax.reduce(np.abs(found), initial=0.0)), name)
    return found


def check_size(value: float, name: str) -> None:
    """ArgumentError if ``value`` is neither 0 nor of a size that can be squared and cubed."""
    if value and not _SMALLEST <= abs(value) <= _LARGEST:
        raise ArgumentError(name, "must be 0 or of a size between 1e-60 and 1e60; use another unit")
