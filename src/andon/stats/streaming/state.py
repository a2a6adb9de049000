"""What a running statistic keeps, as plain data that goes through JSON and back."""

import math
from dataclasses import dataclass, fields
from typing import Any, Self

import numpy as np

from andon.stats.inputs import ArgumentError, listing, real, whole
from andon.stats.moments import Moments
from andon.stats.registers import Registers


def number(value: object, name: str = "value") -> float | None:
    """``value`` as a finite number, None if missing (None, NaN, masked), else ArgumentError."""
    if value is None or value is np.ma.masked:
        return None
    if isinstance(value, float | np.floating) and math.isnan(value):
        return None
    return real(value, name)


@dataclass
class Running:
    """A statistic that takes points; subclasses keep their state in fields of plain data."""

    def state(self) -> dict[str, Any]:
        """All that is needed to go on later, for `json.dumps`."""
        return {item.name: _plain(getattr(self, item.name)) for item in fields(self)}

    @classmethod
    def resume(cls, state: object) -> Self:
        """The statistic as it was when `state` was taken.

        ArgumentError if the state is of another kind.
        """
        kinds = {item.name: item.type for item in fields(cls)}
        if not isinstance(state, dict) or state.keys() != kinds.keys():
            raise ArgumentError("state", f"is not one of {cls.__name__}")
        try:
            return cls(**{name: _read(value, kinds[name]) for name, value in state.items()})
        except ArgumentError as refused:
            # The arguments of the constructor are parts of the state here.
            sentence = f"is not one of {cls.__name__} ({refused})"
            raise ArgumentError("state", sentence) from None


def _plain(value: object) -> object:
    if isinstance(value, Moments | Registers):
        return [None if item != item else item for item in value]  # noqa: PLR0124 -- NaN
    return value


def _read(value: Any, kind: object) -> Any:
    if kind is Moments:
        n, mean, squares = _several(value, Moments._fields)
        return Moments(whole(n, "n"), _finite(mean, "mean"), abs(_finite(squares, "squares")))
    if kind is Registers:
        *bits, last = _several(value, Registers._fields)
        trend = math.nan if last is None else _finite(last, "last")
        return Registers._make([*(whole(bit, "bits") for bit in bits), trend])
    if kind is int:
        return whole(value, "counts")
    if kind == (float | None):
        return None if value is None else _finite(value, "sums")
    return value


def _finite(value: object, name: str) -> float:
    """A sum may be larger than any value taken, so only what is no number is refused."""
    if isinstance(value, bool) or not isinstance(value, int | float) or not math.isfinite(value):
        raise ArgumentError(name, "must be a finite number")
    return float(value)


def _several(values: object, names: tuple[str, ...]) -> list[Any]:
    found = listing(values, "state")
    if len(found) != len(names):
        raise ArgumentError("state", f"must have {len(names)} numbers for {', '.join(names)}")
    return found
