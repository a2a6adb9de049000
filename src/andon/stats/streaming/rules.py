"""Run rules for points that arrive one by one."""

import math
from dataclasses import dataclass, field

from andon.stats.inputs import ArgumentError, listing, one_of, real
from andon.stats.registers import BITS, Registers, advance
from andon.stats.streaming.state import Running, number


@dataclass
class StreamingRules(Running):
    """The run rules, told at each point which of them it completes.

    Exactly the answers of `run_rules` over the whole series, at any time, from eleven small
    numbers. Lines that change begin a new phase (`restart`), as in `run_rules` with ``restarts``.

    Parameters
    ----------
    center, sigma : float
        Centre and sigma of the plotted statistic.
    rules : sequence of str
        Rule ids of `run_rules`.

    Raises
    ------
    ArgumentError
        For an unknown rule, a negative sigma, or values that are not finite numbers.

    Examples
    --------
    >>> watch = StreamingRules(0, 2, ["n1", "we4"])
    >>> [watch.add(value) for value in (1, 2, 1, 2, 1, 1, 2, 1, 9)][-2:]
    [['we4'], ['n1', 'we4']]
    """

    center: float
    sigma: float
    rules: list[str] = field(default_factory=lambda: ["n1", "we4"])
    registers: Registers = field(default_factory=Registers)
    n: int = 0
    n_missing: int = 0

    def __post_init__(self) -> None:
        self.rules = _known(self.rules)
        self._set(self.center, self.sigma)

    def add(self, value: float | None) -> list[str]:
        """The rules that this point completes; None or NaN is a point that is missing."""
        x = number(value)
        self.n, self.n_missing = self.n + (x is not None), self.n_missing + (x is None)
        point = math.nan if x is None else x
        self.registers, bits = advance(self.registers, point, self.center, self.sigma, point)
        return [rule for rule in self.rules if bits & BITS[rule]]

    def restart(self, *, center: float | None = None, sigma: float | None = None) -> None:
        """Begin a new phase: all counters start again, with new lines if they are given."""
        self._set(self.center if center is None else center, self.sigma if sigma is None else sigma)
        self.registers = Registers()

    def _set(self, center: float, sigma: float) -> None:
        self.center, self.sigma = real(center, "center"), real(sigma, "sigma")
        if self.sigma < 0:
            raise ArgumentError("sigma", "must not be negative")


def _known(rules: object) -> list[str]:
    return [one_of(rule, tuple(BITS), "rules") for rule in listing(rules, "rules")]
