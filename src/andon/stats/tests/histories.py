"""Simulated histories of an action: what the process does, and what the verdict makes of it."""

from collections import Counter
from collections.abc import Callable
from dataclasses import dataclass

import numpy as np

from andon.stats import Periods, effectiveness

LEVEL = 0.08
OUTCOMES = ("effective", "not_effective", "inconclusive")


@dataclass(frozen=True)
class History:
    """Counts and units week by week, and the weeks (from 1) that triggered the action."""

    counts: np.ndarray
    units: np.ndarray
    before: int
    left_out: tuple[int, ...] = ()


Process = Callable[[np.random.Generator], History]


def process(
    *,
    before: int = 26,
    after: int = 13,
    units: int = 1000,
    level: float = LEVEL,
    scatter: float = 0.0,
    memory: float = 0.0,
    fall: float = 0.0,
    drift: float = 0.0,
) -> Process:
    """A process whose log level scatters from week to week, remembers, drifts, and may fall."""

    def made(chance: np.random.Generator) -> History:
        weeks = before + after
        noise = chance.normal(0, 1, weeks)
        wave = np.empty(weeks)
        wave[0] = noise[0]
        for n in range(1, weeks):
            wave[n] = memory * wave[n - 1] + np.sqrt(1 - memory**2) * noise[n]
        levels = level * np.exp(scatter * wave - drift * np.arange(weeks))
        levels[before:] *= 1 - fall
        size = chance.integers(units // 2, units + units // 2, weeks)
        return History(chance.binomial(size, np.minimum(levels, 1)), size, before)

    return made


def after_a_high_point(base: Process, *, left_out: bool) -> Process:
    """The same, looked at only because the last week before was the worst of all."""

    def made(chance: np.random.Generator) -> History:
        while True:
            found = base(chance)
            rates = (found.counts / found.units)[: found.before]
            if rates[-1] == rates.max():
                trigger = (found.before,) if left_out else ()
                return History(found.counts, found.units, found.before, trigger)

    return made


PROCESSES: dict[str, Process] = {
    "pure counting": process(),
    "scatter 0.2": process(scatter=0.2),
    "scatter 0.2, memory 0.3": process(scatter=0.2, memory=0.3),
    "scatter 0.2, memory 0.6": process(scatter=0.2, memory=0.6),
    "12 + 6 weeks of 60 units at 3 %": process(before=12, after=6, units=60, level=0.03),
    "6 + 4 weeks, scatter 0.2": process(before=6, after=4, scatter=0.2),
    "selected after a high point, left out": after_a_high_point(
        process(scatter=0.2), left_out=True
    ),
    "selected after a high point, left in": after_a_high_point(
        process(scatter=0.2), left_out=False
    ),
}
# The level falls by itself, whatever the action does; judged by a target of 15 %.
DRIFTS: dict[str, Process] = {
    "falling 0.5 % a week by itself": process(drift=0.005),
    "falling 1 % a week by itself": process(drift=0.01),
    "falling 2 % a week by itself": process(drift=0.02),
}
EXPOSURES = (100, 300, 1000, 3000)
SCATTERS = {"pure counting": 0.0, "scatter 0.1": 0.1, "scatter 0.2": 0.2}


def falls(units: int, scatter: float, fall: float = 0.25) -> Process:
    """A process that falls for good when the action takes hold."""
    return process(units=units, scatter=scatter, fall=fall)


def verdicts(made: Process, *, histories: int, seed: int, target_change: float) -> dict[str, float]:
    """The share of each verdict among so many histories."""
    chance, found = np.random.default_rng(seed), Counter[str]()
    for _ in range(histories):
        one = made(chance)
        cut = one.before
        verdict = effectiveness(
            Periods(one.counts[:cut], one.units[:cut]),
            Periods(one.counts[cut:], one.units[cut:]),
            target_change=target_change,
            exclude=one.left_out,
        )
        found[verdict.outcome] += 1
    return {outcome: found[outcome] / histories for outcome in OUTCOMES}
