"""A sampling plan of one or more stages, followed along all its paths."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from itertools import pairwise
from typing import TypeAlias

import numpy as np

from andon.stats.inputs import ArgumentError, Floats, whole
from andon.stats.names import column
from andon.stats.sampling.populations import Population

Numbers: TypeAlias = int | Sequence[int | None]
NEVER = -1
"""Acceptance number of a stage at which a lot cannot be accepted yet."""


@dataclass(frozen=True)
class Stages:
    """Sample sizes, and the cumulative acceptance and rejection numbers after each."""

    n: tuple[int, ...]
    ac: tuple[int, ...]
    re: tuple[int, ...]

    @classmethod
    def of(cls, n: Numbers, ac: Numbers, re: Numbers | None, lot_size: int | None) -> "Stages":
        """The checked plan; without ``re`` every stage rejects above the last ``ac``."""
        sizes = tuple(whole(size, "n", least=1) for size in _several(n, "n"))
        accept = tuple(_acceptance(number) for number in _several(ac, "ac"))
        if not sizes:
            raise ArgumentError("n", "needs at least one sample size")
        if len(accept) != len(sizes):
            raise ArgumentError("ac", "must have as many numbers as n")
        if accept[-1] == NEVER:
            raise ArgumentError("ac", "must be a number at the last stage")
        given = [accept[-1] + 1] * len(sizes) if re is None else _several(re, "re")
        reject = tuple(whole(number, "re", least=1) for number in given)
        if len(reject) != len(sizes):
            raise ArgumentError("re", "must have as many numbers as n")
        if any(one > other for one, other in pairwise(accept)):
            raise ArgumentError("ac", "must not fall from stage to stage (cumulative numbers)")
        if any(low >= high for low, high in zip(accept, reject, strict=True)):
            raise ArgumentError("re", "must be above ac at every stage")
        for name, numbers in (("n", sizes), ("ac", accept), ("re", reject)):
            if max(numbers, default=0) > _LARGEST:
                raise ArgumentError(name, f"must not exceed {_LARGEST:,}")
        if lot_size is not None and sum(sizes) > lot_size:
            raise ArgumentError("n", "must not add up to more than lot_size")
        return cls(sizes, accept, reject)

    @property
    def has_gap(self) -> bool:
        """Whether the last stage leaves numbers between Ac and Re, as reduced Z1.4 does."""
        return self.re[-1] > self.ac[-1] + 1


def _several(numbers: Numbers, name: str) -> Sequence[int | None]:
    if isinstance(numbers, Sequence) or getattr(numbers, "ndim", 0) != 0:
        return column(numbers, name)
    return [numbers]


def _acceptance(number: object) -> int:
    if number is None or (isinstance(number, int | float | np.number) and number == NEVER):
        return NEVER
    return whole(number, "ac")


_LARGEST = 100_000
"""Larger samples take too long to walk through; they are no acceptance sampling any more."""


@dataclass(frozen=True)
class Step:
    """One stage reached: chances of each total of nonconforming items before and after it.

    ``after`` ends below the rejection number: what is missing in it was rejected.
    """

    size: int
    drawn: int
    accepts_to: int
    rejects_from: int
    before: Floats
    after: Floats

    @property
    def accepted(self) -> float:
        return float(self.after[: self.accepts_to + 1].sum())


def walk(plan: Stages, population: Population) -> Iterator[Step]:
    """The stages in turn; after the last one all below its rejection number is accepted."""
    before, drawn = np.ones(1), 0
    for stage, (size, ac, re) in enumerate(zip(plan.n, plan.ac, plan.re, strict=True), start=1):
        after = _drawn(before, population, size, re, drawn)
        accepts_to = re - 1 if stage == len(plan.n) else ac
        yield Step(size, drawn, accepts_to, re, before, after)
        before, drawn = after.copy(), drawn + size
        before[: ac + 1] = 0


def _drawn(before: Floats, population: Population, size: int, re: int, drawn: int) -> Floats:
    if not population.depletes:
        return np.convolve(before, population.chances(size, re - 1))[:re]
    after = np.zeros(re)
    for found in np.flatnonzero(before[:re]):
        reached = population.chances(size, re - 1 - int(found), drawn=drawn, found=int(found))
        after[found:] += before[found] * reached
    return after


def acceptance(plan: Stages, population: Population) -> float:
    """Chance that the plan accepts."""
    return min(1.0, sum(step.accepted for step in walk(plan, population)))


def sample_number(plan: Stages, population: Population) -> float:
    """Average number of items inspected until the decision, samples always finished."""
    return float(sum(step.size * step.before.sum() for step in walk(plan, population)))


def curtailed_number(plan: Stages, population: Population) -> float:
    """As `sample_number`, but from the second sample on inspection stops at the rejection number.

    The first sample is always finished, so that the quality can be estimated without bias.
    """
    total = 0.0
    for step in walk(plan, population):
        for found in np.flatnonzero(step.before):
            missing = step.rejects_from - int(found)
            drawn = _until(population, step, int(found), missing) if step.drawn else step.size
            total += float(step.before[found]) * drawn
    return total


def _until(population: Population, step: Step, found: int, missing: int) -> float:
    r"""Items seen when stopping at the ``missing``-th nonconforming one, or after the sample.

    :math:`E[\min(T_r, n)] = n P(X_n < r) + E[T_r]\,P(X'_{n+1} > r)`, where X' counts in a
    population with one more item, a nonconforming one (in a process: the same).
    """
    n, r = step.size, missing
    if r <= 0 or population.p == 0:
        return 0.0 if r <= 0 else float(n)
    finished = population.chances(n, r - 1, drawn=step.drawn, found=found).sum()
    if population.depletes:
        lot, bad = population.lot_size - step.drawn + 1, population.bad - found + 1
        expected = r * lot / bad
        more = Population("hypergeometric", bad / lot, lot)
        stopped = 1 - more.chances(n + 1, r).sum()
    else:
        expected = r / population.p
        longer = n if population.model == "poisson" else n + 1
        stopped = 1 - population.chances(longer, r).sum()
    return float(min(n, n * finished + expected * max(0.0, stopped)))


def outgoing(plan: Stages, population: Population, lot_size: int | None) -> float:
    """Average outgoing quality: rejected lots sorted, bad items found replaced by good ones."""
    if lot_size is None:
        return population.p * acceptance(plan, population)
    if not population.depletes:
        left = sum(
            step.accepted * (lot_size - step.drawn - step.size) for step in walk(plan, population)
        )
        return population.p * left / lot_size
    return (
        sum(
            float(
                step.after[: step.accepts_to + 1]
                @ (population.bad - np.arange(step.accepts_to + 1.0))
            )
            for step in walk(plan, population)
        )
        / lot_size
    )


def total_inspection(plan: Stages, population: Population, lot_size: int) -> float:
    """Average total inspection: the samples of accepted lots and all of the rejected ones."""
    accepted = list(walk(plan, population))
    sampled = sum(step.accepted * (step.drawn + step.size) for step in accepted)
    return sampled + (1 - acceptance(plan, population)) * lot_size
