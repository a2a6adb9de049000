"""Run length of Shewhart charts with run rules, by a Markov chain over zones."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Protocol, TypeAlias

import numpy as np

from andon.stats.inputs import ArgumentError, Floats
from andon.stats.special import normal_cdf

Memory: TypeAlias = tuple[int, ...]

# Zone of a point: 1 up to 1 sigma, 2 up to 2, 3 up to 3, 4 beyond; negative below the centre.
_ZONES = (-4, -3, -2, -1, 1, 2, 3, 4)
_EDGES = (-3.0, -2.0, -1.0, 0.0, 1.0, 2.0, 3.0)
_OUTSIDE = 4


class _Rule(Protocol):
    """One rule as a machine: what it must remember, and what a further point makes of it."""

    @property
    def start(self) -> Memory: ...

    def after(self, memory: Memory, zone: int) -> Memory | None:
        """The memory after a point in ``zone``; None for a signal."""


@dataclass(frozen=True)
class _Limits:
    start: Memory = ()

    def after(self, memory: Memory, zone: int) -> Memory | None:
        return None if abs(zone) == _OUTSIDE else memory


@dataclass(frozen=True)
class _OneSide:
    length: int
    start: Memory = (0,)

    def after(self, memory: Memory, zone: int) -> Memory | None:
        side = 1 if zone > 0 else -1
        run = memory[0] + side if memory[0] * side > 0 else side
        return None if abs(run) == self.length else (run,)


@dataclass(frozen=True)
class _SameSide:
    """``least`` of ``window`` points in ``zone`` or beyond; remembers points, newest first."""

    least: int
    window: int
    zone: int

    @property
    def start(self) -> Memory:
        return (0,) * (self.window - 1)

    def after(self, memory: Memory, zone: int) -> Memory | None:
        new = (zone > 0) - (zone < 0) if abs(zone) >= self.zone else 0
        if new and memory.count(new) >= self.least - 1:
            return None
        return self._needed((new, *memory[:-1]))

    def _needed(self, memory: Memory) -> Memory:
        """The same without points that can no longer take part in a pattern."""
        return tuple(
            point if memory[: age + 1].count(point) + self.window - 1 - age >= self.least else 0
            for age, point in enumerate(memory)
        )


@dataclass(frozen=True)
class _Hugging:
    start: Memory = (0,)

    def after(self, memory: Memory, zone: int) -> Memory | None:
        count = memory[0] + 1 if abs(zone) == 1 else 0
        return None if count == 15 else (count,)  # noqa: PLR2004  the rule


@dataclass(frozen=True)
class _Avoiding:
    """Points beyond 1 sigma in a row, and for how long each side has been seen among them."""

    start: Memory = (0, 0)

    def after(self, memory: Memory, zone: int) -> Memory | None:
        if abs(zone) == 1:
            return self.start
        run, other = memory
        side = 1 if zone > 0 else -1
        # run: signed length of the newest stretch on one side; other: points before it.
        if run * side >= 0:
            run = run + side
        else:
            run, other = side, abs(run) + other
        length = abs(run) + other
        if length >= 8 and abs(run) < 8:  # noqa: PLR2004  the rule
            return None
        return (max(-8, min(8, run)), other)


_RULES: dict[str, _Rule] = {
    "n1": _Limits(),
    "we1": _Limits(),
    "n2": _OneSide(9),
    "we4": _OneSide(8),
    "n5": _SameSide(2, 3, 3),
    "we2": _SameSide(2, 3, 3),
    "n6": _SameSide(4, 5, 2),
    "we3": _SameSide(4, 5, 2),
    "n7": _Hugging(),
    "n8": _Avoiding(),
}


def shewhart_run_length(rules: Sequence[str], shift: float) -> float:
    """Average run length of a chart with ``rules`` at a mean shifted by ``shift`` sigmas.

    >>> round(shewhart_run_length(["we1", "we4"], 0), 2)
    152.73
    """
    if isinstance(rules, str) or any(rule not in tuple(_RULES) for rule in rules):
        raise ArgumentError("rules", f"must be a list of these: {', '.join(_RULES)}")
    machines = list(dict.fromkeys(_RULES[rule] for rule in rules))
    return _solve(_transitions(machines), _chances(shift))


def _chances(shift: float) -> Floats:
    below = [0.0, *(normal_cdf(edge - shift) for edge in _EDGES)]
    above = [*(normal_cdf(shift - edge) for edge in _EDGES), 0.0]
    # Each tail from its own side keeps its digits.
    return np.array(
        [
            high - low if low < 0.5 else before - after  # noqa: PLR2004
            for low, high, before, after in zip(
                below, [*below[1:], 1.0], [1.0, *above[:-1]], above, strict=True
            )
        ]
    )


def _transitions(machines: Sequence[_Rule]) -> list[list[int]]:
    """For each reachable memory of all rules, where each zone leads; -1 for a signal."""
    first = tuple(machine.start for machine in machines)
    number, queue, table = {first: 0}, [first], []
    for state in queue:
        row = []
        for zone in _ZONES:
            after = [m.after(own, zone) for m, own in zip(machines, state, strict=True)]
            if any(memory is None for memory in after):
                row.append(-1)
                continue
            target = tuple(memory for memory in after if memory is not None)
            if target not in number:
                number[target] = len(queue)
                queue.append(target)
            row.append(number[target])
        table.append(row)
    return table


def _solve(table: list[list[int]], chance: Floats) -> float:
    """Expected points until a signal from the first state."""
    size = len(table)
    matrix = np.eye(size)
    for state, row in enumerate(table):
        for zone, target in enumerate(row):
            if target >= 0:
                matrix[state, target] -= chance[zone]
    return float(np.linalg.solve(matrix, np.ones(size))[0])
