"""The readings of a gage study as a block of parts by operators by trials."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import TypeAlias

import numpy as np

from andon.stats.inputs import ArgumentError, Floats, Values, limits, series
from andon.stats.names import Name, names_of
from andon.stats.results import Value
from andon.stats.scales import divisor
from andon.stats.sentences import Sentence, gettext_noop
from andon.stats.summary import accurate_mean

Label: TypeAlias = Name
Labels: TypeAlias = Sequence[Label]

_FEWEST_TRIALS = 2
_MOST_NAMED = 6
ONE_SIDED = Sentence(
    "one_sided",
    gettext_noop("Only one specification limit is given, so there is no percent of tolerance."),
)


@dataclass(frozen=True, kw_only=True)
class Cell(Value):
    """What one operator read on one part: a point of the drawings by part and of interaction."""

    part: Label
    operator: Label
    values: list[float]
    mean: float
    range: float


@dataclass(frozen=True, kw_only=True)
class Level(Value):
    """All readings of one part, or of one operator: a mark of the drawings by part, by operator."""

    name: Label
    n: int
    mean: float
    minimum: float
    maximum: float


@dataclass(frozen=True)
class Study:
    """Balanced readings; ``cube`` has the axes part, operator, trial.

    In a nested study the second axis of labels differs: ``parts[j]`` are the parts of operator j.
    """

    parts: list[list[Label]]
    operators: list[Label]
    cube: Floats
    n_missing: int

    @property
    def shape(self) -> tuple[int, int, int]:
        """Parts (of one operator), operators and trials."""
        parts, operators, trials = self.cube.shape
        return parts, operators, trials

    def cells(self) -> list[Cell]:
        return [
            Cell(
                part=self.parts[j][i],
                operator=operator,
                values=self.cube[i, j].tolist(),
                mean=accurate_mean(self.cube[i, j]),
                range=float(np.ptp(self.cube[i, j])),
            )
            for j, operator in enumerate(self.operators)
            for i in range(self.cube.shape[0])
        ]

    def by_operator(self) -> list[Level]:
        return [_level(name, self.cube[:, j]) for j, name in enumerate(self.operators)]

    def by_part(self) -> list[Level]:
        """One mark for each part that all operators read."""
        return [_level(name, self.cube[i]) for i, name in enumerate(self.parts[0])]

    def by_nested_part(self) -> list[Level]:
        """One mark for each part of each operator."""
        return [
            _level(name, self.cube[i, j])
            for j, names in enumerate(self.parts)
            for i, name in enumerate(names)
        ]


def _level(name: Label, values: Floats) -> Level:
    return Level(
        name=name,
        n=values.size,
        mean=accurate_mean(values.ravel()),
        minimum=float(values.min()),
        maximum=float(values.max()),
    )


def crossed_study(part: Labels, operator: Labels, y: Values) -> Study | None:
    """The study in which every operator reads every part equally often; None without readings.

    ArgumentError if it is not that, naming the cells with too few readings.
    """
    readings = _Readings.of(part, operator, y)
    names, operators = readings.distinct("part"), readings.distinct("operator")
    return readings.study([names] * len(operators), operators)


def nested_study(part: Labels, operator: Labels, y: Values) -> Study | None:
    """The study in which every operator has as many parts of his own; None without readings."""
    readings = _Readings.of(part, operator, y)
    operators = readings.distinct("operator")
    parts = [
        list(dict.fromkeys(p for p, o in readings.cells if o == operator)) for operator in operators
    ]
    most = max(map(len, parts), default=0)
    if short := [str(o) for o, own in zip(operators, parts, strict=True) if len(own) < most]:
        sentence = f"operators must have equally many parts; fewer: {_some(short)}"
        raise ArgumentError("part", sentence)
    return readings.study(parts, operators)


@dataclass(frozen=True)
class _Readings:
    cells: dict[tuple[Label, Label], list[float]]
    n_missing: int

    @classmethod
    def of(cls, part: Labels, operator: Labels, y: Values) -> "_Readings":
        values = series(y, "y")
        parts, operators = _labels(part, "part", values), _labels(operator, "operator", values)
        cells: dict[tuple[Label, Label], list[float]] = {
            cell: [] for cell in zip(parts, operators, strict=True)
        }
        there = ~np.isnan(values)
        for i in np.flatnonzero(there):
            cells[parts[i], operators[i]].append(float(values[i]))
        return cls(cells, int(values.size - there.sum()))

    def distinct(self, side: str) -> list[Label]:
        return list(dict.fromkeys(cell[0 if side == "part" else 1] for cell in self.cells))

    def study(self, parts: list[list[Label]], operators: list[Label]) -> Study | None:
        trials = max(map(len, self.cells.values()), default=0)
        if not trials:
            return None
        own = list(zip(parts, operators, strict=True))
        rows = [
            [self.cells.get((names[i], operator), []) for names, operator in own]
            for i in range(len(parts[0]))
        ]
        self._refuse_gaps(rows, parts, operators, trials)
        if trials < _FEWEST_TRIALS:
            sentence = "each operator must read each part twice or more, or repeatability is hidden"
            raise ArgumentError("y", sentence)
        return Study(parts, operators, np.array(rows), self.n_missing)

    def _refuse_gaps(
        self,
        rows: list[list[list[float]]],
        parts: list[list[Label]],
        operators: list[Label],
        trials: int,
    ) -> None:
        short = [
            f"part {parts[j][i]} by operator {operators[j]} has {len(cell)}"
            for i, row in enumerate(rows)
            for j, cell in enumerate(row)
            if len(cell) < trials
        ]
        if short:
            sentence = f"each cell must have the same number of readings ({trials}): {_some(short)}"
            raise ArgumentError("y", sentence)


def _labels(labels: Labels, name: str, values: Floats) -> list[Label]:
    listed = names_of(labels, name)
    if len(listed) != values.size:
        raise ArgumentError(name, f"must have as many values as y ({values.size})")
    if None in listed:
        missing = listed.index(None) + 1
        raise ArgumentError(name, f"must name each reading (reading {missing} has no name)")
    return listed


def _some(names: list[str]) -> str:
    more = len(names) - _MOST_NAMED
    return "; ".join(names[:_MOST_NAMED]) + (f"; and {more} more" if more > 0 else "")


def tolerance_width(lsl: object, usl: object, tolerance: object) -> float | None:
    """The width of the tolerance from its limits or its width; None if there is none."""
    if lsl is None and usl is None:
        return None if tolerance is None else divisor(tolerance, "tolerance")
    if tolerance is not None:
        raise ArgumentError("tolerance", "give either tolerance or lsl and usl")
    low, high = limits(lsl, usl)
    return None if low is None or high is None else divisor(high - low, "usl")


def one_sided(lsl: object, usl: object) -> tuple[Sentence, ...]:
    """The warning that one limit alone makes no tolerance, where it is due."""
    return (ONE_SIDED,) if (lsl is None) != (usl is None) else ()
