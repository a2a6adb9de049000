"""What a running statistic keeps, as plain data that goes through JSON and back."""

from dataclasses import dataclass, fields
from typing import Any, Self

from andon.stats.inputs import ArgumentError, real
from andon.stats.moments import Moments
from andon.stats.registers import Registers


def number(value: float | None, name: str = "value") -> float | None:
    """``value`` as a finite number, None if it is missing (None or NaN), else ArgumentError."""
    if value is None or value != value:  # noqa: PLR0124 -- NaN is not itself
        return None
    return real(value, name)


@dataclass
class Running:
    """A statistic that takes points; subclasses keep their state in fields of plain data."""

    def state(self) -> dict[str, Any]:
        """All that is needed to go on later, for `json.dumps`."""
        return {item.name: _plain(getattr(self, item.name)) for item in fields(self)}

    @classmethod
    def resume(cls, state: dict[str, Any]) -> Self:
        """The statistic as it was when `state` was taken.

        ArgumentError if the state is of another kind.
        """
        kinds = {item.name: item.type for item in fields(cls)}
        if state.keys() != kinds.keys():
            raise ArgumentError("state", f"is not one of {cls.__name__}")
        return cls(**{name: _read(value, kinds[name]) for name, value in state.items()})


def _plain(value: object) -> object:
    if isinstance(value, Moments | Registers):
        return [None if item != item else item for item in value]  # noqa: PLR0124 -- NaN
    return value


def _read(value: Any, kind: object) -> Any:
    if kind is Moments:
        return Moments(*value)
    if kind is Registers:
        *bits, last = value
        return Registers._make([*bits, float("nan") if last is None else last])
    return value
