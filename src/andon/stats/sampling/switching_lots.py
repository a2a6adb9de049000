"""What is told about the lots of a series, checked."""

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from andon.stats.inputs import ArgumentError, listing, whole
from andon.stats.names import column
from andon.stats.sampling.tables import RuleSet

_POINTS_SMALL_AC, _POINTS = 2, 3
_LARGEST_SMALL_AC = 1


@dataclass(frozen=True, kw_only=True)
class LotFacts:
    """All that is told about the lots."""

    rules: RuleSet
    kind: str
    ac: list[int]
    results: list[bool | None]
    allowed: list[bool]
    tighter: list[bool | None]
    early: list[bool | None]
    marginal: frozenset[int]
    irregular: frozenset[int]
    resubmitted: frozenset[int]
    resumed: frozenset[int]

    def points(self, place: int) -> int | None:
        if not self.results[place]:
            return None
        if self._simple(place):
            return _POINTS_SMALL_AC
        return _POINTS if self._hint(place) else None

    def lacks_hint(self, place: int) -> bool:
        accepted = bool(self.results[place])
        return accepted and not self._simple(place) and self._hint(place) is None

    def _simple(self, place: int) -> bool:
        return self.kind == "single" and self.ac[place] <= _LARGEST_SMALL_AC

    def _hint(self, place: int) -> bool | None:
        return self.tighter[place] if self.kind == "single" else self.early[place]


def flags(values: object, name: str) -> list[bool | None]:
    """True, false or None for each lot, else ArgumentError."""
    given = listing(values, name)
    for place, value in enumerate(given, 1):
        if value is not None and not _is_flag(value):
            raise ArgumentError(name, f"must be true, false or None (lot {place})")
    return [None if value is None else bool(value) for value in given]


def _is_flag(value: object) -> bool:
    return isinstance(value, bool | int | float | np.bool_ | np.number) and value in (0, 1)


def hints(values: Sequence[bool | None] | None, size: int, name: str) -> list[bool | None]:
    """One flag a lot, all None if nothing is given, else ArgumentError."""
    if values is None:
        return [None] * size
    given = flags(values, name)
    if len(given) != size:
        raise ArgumentError(name, "must have as many values as results")
    return given


def permissions(allowed: Sequence[bool] | bool, size: int) -> list[bool]:  # noqa: FBT001
    """One permission a lot, else ArgumentError."""
    if isinstance(allowed, bool | np.bool_):
        return [bool(allowed)] * size
    return [bool(flag) for flag in hints(allowed, size, "reduced_allowed")]


def acceptance_numbers(ac: object, size: int) -> list[int]:
    """One acceptance number a lot, else ArgumentError."""
    if not isinstance(ac, Sequence) and np.ndim(ac) == 0:  # type: ignore[arg-type]
        return [whole(ac, "ac")] * size
    numbers = [whole(number, "ac") for number in column(ac, "ac")]
    if len(numbers) != size:
        raise ArgumentError("ac", "must be one number, or as many as results")
    return numbers


def lot_numbers(values: Sequence[int], before: int, size: int, name: str) -> frozenset[int]:
    """The numbers of lots after the ``before`` lots of earlier results, else ArgumentError."""
    numbers = [whole(value, name) for value in listing(values, name)]
    if any(not before < number <= before + size for number in numbers):
        raise ArgumentError(name, f"lots are counted from {before + 1} to {before + size}")
    return frozenset(numbers)
