"""What all control charts share: their lines, their panels, and the points beyond them."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import TypeAlias

from andon.stats.charts.sizes import scale
from andon.stats.inputs import Floats, above, below, points, real
from andon.stats.results import Result
from andon.stats.sentences import Sentence, gettext_noop

Line: TypeAlias = float | list[float | None] | None
Baseline: TypeAlias = slice | Sequence[int | None] | None

ENOUGH = 20
"""Points or subgroups from which limits are worth keeping (ISO 7870-2 asks for 20 to 25)."""
_PROVISIONAL = gettext_noop("n = %(n)s: the limits are provisional until there are 20 points.")


@dataclass(frozen=True, kw_only=True)
class ControlChart(Result):
    """A chart: what is plotted, its lines, and the points beyond them.

    Attributes
    ----------
    values : list
        The plotted statistic, None where a point has no value.
    center, lcl, ucl, sigma
        One number, or a list if it varies from point to point; None if not estimable. ``sigma``
        is the estimate used; `spread` is that of the plotted statistic.
    beyond : list of int
        Points (from 1) strictly outside the limits.
    n_baseline : int
        Points the lines were estimated from (0: they were given).
    """

    values: list[float | None]
    center: Line = None
    sigma: Line = None
    lcl: Line = None
    ucl: Line = None
    beyond: list[int]
    n_baseline: int = 0

    @property
    def fitting_rules(self) -> frozenset[str] | None:
        """Run rules that make sense for the statistic; None: all."""
        return None

    @property
    def spread(self) -> Line:
        """Sigma of the plotted statistic."""
        return self.sigma

    @property
    def restarts(self) -> tuple[int, ...]:
        """Points (from 1) at which the counters of the run rules start again."""
        return ()

    @property
    def notes(self) -> tuple[Sentence, ...]:
        """What a reader should keep in mind: here that few points stand behind the lines."""
        if not 0 < self.n_baseline < ENOUGH:
            return ()
        return (Sentence.of("provisional", _PROVISIONAL, n=str(self.n_baseline)),)

    def panels(self) -> tuple["ControlChart", ...]:
        """The charts to draw one below the other, this one first."""
        return (self,)

    def given(self) -> dict[str, object]:
        """The arguments that freeze these lines for a chart of later points (phase 2)."""
        return {"center": self.center, "sigma": self.sigma}

    def rows(self) -> list[dict[str, object]]:
        """One row for each point: its number, its value, the lines there, and if it is beyond."""
        lines = zip(
            self.values, *(self.along(x) for x in (self.center, self.lcl, self.ucl)), strict=True
        )
        beyond = set(self.beyond)
        return [
            {
                "point": point,
                "value": value,
                "center": center,
                "lcl": lcl,
                "ucl": ucl,
                "beyond": point in beyond,
            }
            for point, (value, center, lcl, ucl) in enumerate(lines, 1)
        ]

    def along(self, line: Line) -> list[float | None]:
        """``line`` (such as ``chart.ucl``) as one value for each point, for drawing."""
        if isinstance(line, list):
            return line
        return [line] * len(self.values)


LIMITS_ONLY = frozenset({"n1", "we1"})
SIDES_AND_TRENDS = LIMITS_ONLY | {"n2", "n3", "n4", "we4"}


@dataclass(frozen=True, kw_only=True)
class Panel(ControlChart):
    """The lower panel of a chart: ranges, standard deviations or a one-sided sum."""

    statistic: str

    @property
    def fitting_rules(self) -> frozenset[str] | None:
        """Ranges, standard deviations and sums are skewed: only limits, sides and trends."""
        return SIDES_AND_TRENDS


def outside(values: Floats, lcl: Floats | float | None, ucl: Floats | float | None) -> list[int]:
    """Points strictly outside the limits; a point on a limit is inside."""
    if lcl is None or ucl is None:
        return []
    return points(above(values, ucl) | below(values, lcl))


def known(center: object, sigma: object) -> tuple[float | None, float | None]:
    """Given lines as numbers, sigma 0 or 1e-100 and more, None where not given."""
    middle = None if center is None else real(center, "center")
    return middle, None if sigma is None else scale(sigma, "sigma")
