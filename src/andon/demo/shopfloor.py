"""The numbers of the shop floor: what each line made, scrapped and lost; pure and repeatable.

Chance is drawn anew for each line and week, so that a holiday more or less changes only its own
week, and the story stays the same whatever day is today.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from itertools import groupby, pairwise
from math import exp
from random import Random
from statistics import fmean, pstdev

MINUTES = 450
SHORT_STOP = 8
FARTHEST, LONGEST_RUN, LEAST_STEP = 2.2, 5, 1.0


@dataclass(frozen=True)
class Stretch:
    """Weeks in which a rate keeps its level; causes are the shares of it."""

    first: int
    last: int
    level: float
    causes: Mapping[str, float]

    @property
    def weeks(self) -> range:
        return range(self.first, self.last + 1)


@dataclass(frozen=True)
class Machine:
    """How one line works: pieces in a shift, scrap and lost time as shares."""

    line: str
    items: Sequence[str]
    pieces: int
    scrap: Sequence[Stretch]
    scatter: float
    lost: Sequence[Stretch]
    # How much more (or less) than the mean a shift scraps: two regimes where they differ much.
    by_shift: Mapping[str, float] = field(default_factory=lambda: {"E": 1.0, "L": 1.0})
    # Weeks with a cause of their own: week -> (rate, the cause that does it).
    special: Mapping[int, tuple[float, str]] = field(default_factory=dict)


@dataclass(frozen=True)
class ShiftNumbers:
    """One shift: pieces made, scrapped by cause, minutes lost by cause."""

    produced: int
    item: str
    scrap: Mapping[str, int]
    stops: Mapping[str, int]


def week_of(
    machine: Machine, rates: Rates, week: int, shifts: Sequence[tuple[int, str]], seed: int
) -> list[ShiftNumbers]:
    """Return the numbers of the shifts (weekday, shift) that worked in a week."""
    chance = Random(f"{seed}/{machine.line}/{week}")  # noqa: S311  (no secret)
    full = {
        (day, shift): (
            round(machine.pieces * (1 + 0.05 * _near(chance))),
            exp(0.12 * _near(chance)) * machine.by_shift[shift],
            exp(0.5 * _near(chance)),
        )
        for day in range(5)
        for shift in ("E", "L")
    }
    made = [full[key] for key in shifts]
    pieces = [one[0] for one in made]
    scrapped = split(round(sum(pieces) * rates.scrap[week]), [one[0] * one[1] for one in made])
    lost = split(round(MINUTES * len(made) * rates.lost[week]), [one[2] for one in made])
    return [
        ShiftNumbers(
            produced=pieces[at],
            item=machine.items[(week * 2 + day // 2) % len(machine.items)],
            scrap=_by_cause(scrapped[at], rates.why_scrapped(week), chance),
            stops=_worth_a_note(_by_cause(lost[at], rates.why_lost(week), chance)),
        )
        for at, (day, _shift) in enumerate(shifts)
    ]


@dataclass(frozen=True)
class Rates:
    """The rates of each week of one machine."""

    machine: Machine
    scrap: Mapping[int, float]
    lost: Mapping[int, float]

    @classmethod
    def of(cls, machine: Machine, seed: int) -> Rates:
        scrap = _weekly(machine.scrap, machine.scatter, f"{seed}/{machine.line}/scrap")
        scrap |= {week: rate for week, (rate, _cause) in machine.special.items()}
        return cls(machine, scrap, _weekly(machine.lost, 0.08, f"{seed}/{machine.line}/lost"))

    def why_scrapped(self, week: int) -> Mapping[str, float]:
        usual = _at(self.machine.scrap, week)
        if week not in self.machine.special:
            return usual.causes
        rate, cause = self.machine.special[week]
        shares = {code: share * usual.level for code, share in usual.causes.items()}
        return shares | {cause: shares.get(cause, 0.0) + rate - usual.level}

    def why_lost(self, week: int) -> Mapping[str, float]:
        return _at(self.machine.lost, week).causes


def _at(stretches: Sequence[Stretch], week: int) -> Stretch:
    return next(one for one in stretches if week in one.weeks)


def _weekly(stretches: Sequence[Stretch], scatter: float, seed: str) -> dict[int, float]:
    rates: dict[int, float] = {}
    for at, stretch in enumerate(stretches):
        calm = calm_noise(len(stretch.weeks), Random(f"{seed}/{at}"))  # noqa: S311  (no secret)
        for week, away in zip(stretch.weeks, calm, strict=True):
            rates[week] = stretch.level * (1 + scatter * away)
    return rates


def calm_noise(size: int, chance: Random) -> list[float]:
    """Return noise with mean 0 and scatter 1 on which no control chart signals.

    A stretch without special causes is drawn again until it has none by chance either.
    """
    while True:
        drawn = [chance.gauss(0, 1) for _ in range(size)]
        middle, spread = fmean(drawn), pstdev(drawn)
        noise = [(value - middle) / spread for value in drawn]
        if size < LONGEST_RUN or _is_calm(noise):
            return noise


def _is_calm(noise: Sequence[float]) -> bool:
    runs = (len(list(run)) for _side, run in groupby(noise, key=lambda value: value > 0))
    steps = fmean(abs(after - before) for before, after in pairwise(noise))
    return (
        max(abs(value) for value in noise) < FARTHEST
        and max(runs) <= LONGEST_RUN
        and steps >= LEAST_STEP
    )


def _near(chance: Random) -> float:
    return max(-2.0, min(2.0, chance.gauss(0, 1)))


def split(total: int, weights: Sequence[float]) -> list[int]:
    """Share ``total`` out in whole numbers, as near to ``weights`` as they allow."""
    whole = sum(weights)
    if not whole:
        return [0] * len(weights)
    exact = [total * weight / whole for weight in weights]
    shares = [int(part) for part in exact]
    order = sorted(range(len(exact)), key=lambda at: (shares[at] - exact[at], at))
    for at in order[: total - sum(shares)]:
        shares[at] += 1
    return shares


def _by_cause(total: int, causes: Mapping[str, float], chance: Random) -> dict[str, int]:
    weights = [share * exp(0.4 * _near(chance)) for share in causes.values()]
    shared = split(total, weights)
    return {code: count for code, count in zip(causes, shared, strict=True) if count}


def _worth_a_note(stops: dict[str, int]) -> dict[str, int]:
    """Keep what lasted; the short stops are noted with the longest one."""
    if not stops:
        return stops
    longest = max(stops, key=lambda code: stops[code])
    kept = {code: minutes for code, minutes in stops.items() if minutes >= SHORT_STOP}
    kept[longest] = stops[longest]
    kept[longest] += sum(stops.values()) - sum(kept.values())
    return kept
