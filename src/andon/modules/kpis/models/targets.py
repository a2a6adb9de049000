"""Whether points reach their target, and how long they have not."""

from collections.abc import Sequence
from dataclasses import dataclass

from .definitions import Kpi
from .series import Point, with_data

# So many points in a row off target are a level, not a bad week.
IN_A_ROW = 3


@dataclass(frozen=True)
class Stretch:
    """Points in a row off one target, the first one first."""

    points: tuple[Point, ...]

    @property
    def first(self) -> Point:
        return self.points[0]

    @property
    def last(self) -> Point:
        return self.points[-1]


def off_target(kpi: Kpi, point: Point) -> bool | None:
    """Return whether the point misses its target; None without data or without a target."""
    if point.value is None or point.target is None:
        return None
    return not kpi.meets(point.value, point.target)


def off_stretches(kpi: Kpi, points: Sequence[Point]) -> list[Stretch]:
    """Return every stretch of ``IN_A_ROW`` points or more that miss the same target."""
    stretches: list[Stretch] = []
    run: list[Point] = []
    for point in [*with_data(points), None]:
        goes_on = point is not None and off_target(kpi, point)
        if run and (not goes_on or point is None or point.target != run[-1].target):
            if len(run) >= IN_A_ROW:
                stretches.append(Stretch(tuple(run)))
            run = []
        if goes_on and point is not None:
            run.append(point)
    return stretches
