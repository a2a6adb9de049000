"""Sums of squares, mean squares and their F tests."""

from dataclasses import dataclass

import numpy as np

from andon.stats.comparison.f_distribution import f_upper
from andon.stats.inputs import ROUNDING, Floats
from andon.stats.results import Value


@dataclass(frozen=True, kw_only=True)
class AnovaRow(Value):
    """One line of an analysis of variance; ``f`` and ``p`` are None where nothing is tested."""

    df: int
    ss: float
    ms: float | None = None
    f: float | None = None
    p: float | None = None


@dataclass(frozen=True)
class Square:
    """A sum of squares with its degrees of freedom."""

    ss: float
    df: int

    @property
    def ms(self) -> float | None:
        return self.ss / self.df if self.df else None

    def against(self, error: "Square") -> AnovaRow:
        """The line of the table with the F test against ``error``, where there is one."""
        f = self.ms / error.ms if self.ms is not None and error.ms else None
        p = None if f is None else f_upper(f, self.df, error.df)
        return AnovaRow(df=self.df, ss=self.ss, ms=self.ms, f=f, p=p)

    def row(self) -> AnovaRow:
        return AnovaRow(df=self.df, ss=self.ss, ms=self.ms)


def square(deviations: Floats, times: int, df: int, noise: float) -> Square:
    """``times`` the sum of squared deviations; 0 if it is only rounding (``noise`` each)."""
    ss = float(np.sum(deviations * deviations))
    return Square(times * ss if ss > deviations.size * noise**2 else 0.0, df)


def rounding_noise(cube: Floats) -> float:
    """How far a computed mean of these readings may be off by rounding alone."""
    return ROUNDING * float(np.abs(cube).max())
