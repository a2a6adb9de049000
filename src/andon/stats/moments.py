"""Number, mean and scatter that can be joined, for blocks and for points that arrive one by one."""

import math
from typing import NamedTuple

_FOR_SCATTER = 2


class Moments(NamedTuple):
    """Number, mean and sum of squares about the mean; two of them join to those of both.

    >>> Moments.of(1.0).joined(Moments.of(3.0))
    Moments(n=2, mean=2.0, squares=2.0)
    """

    n: int = 0
    mean: float = 0.0
    squares: float = 0.0

    @classmethod
    def of(cls, value: float) -> "Moments":
        return cls(1, value, 0.0)

    @property
    def sd(self) -> float | None:
        """Standard deviation (n - 1); None for fewer than two values."""
        return math.sqrt(self.squares / (self.n - 1)) if self.n >= _FOR_SCATTER else None

    def joined(self, other: "Moments") -> "Moments":
        r"""Both together, by Chan, Golub and LeVeque (1979).

        :math:`M = M_a + M_b + \delta^2 n_a n_b / n` with :math:`\delta = \bar b - \bar a`.
        """
        if not self.n or not other.n:
            return self if self.n else other
        n, apart = self.n + other.n, other.mean - self.mean
        share = other.n / n
        squares = self.squares + other.squares + apart * apart * self.n * share
        return Moments(n, self.mean + apart * share, squares)
