"""How the requirements of a clause stand together: counts and things to do, never a score."""

from collections import Counter
from dataclasses import dataclass
from functools import cached_property
from operator import attrgetter

from django.utils.translation import gettext

from andon.assurance.answers import WORDS, Answer, Blocker, Rank, Text, Word
from andon.records.evidence import Missing


@dataclass(frozen=True, slots=True)
class Obstacle:
    """Blockers of the same kind with the same words, as one thing to do."""

    rank: Rank
    text: Text
    fix: Missing | None
    answers: tuple[Answer, ...]

    @property
    def spelled_out(self) -> bool:
        """Return whether each requirement is told in its words, not only by its place."""
        return self.rank < Rank.MISSING


@dataclass(frozen=True, slots=True)
class Segment:
    """One part of the bar of a clause, in hundredths of its width."""

    state: str
    word: Word
    count: int
    start: float
    width: float


@dataclass(frozen=True)
class Tally:
    """How the requirements of a clause stand; counts, never a score."""

    answers: tuple[Answer, ...]

    @property
    def total(self) -> int:
        return len(self.answers)

    @cached_property
    def states(self) -> Counter[str]:
        return Counter(answer.state for answer in self.answers)

    @cached_property
    def segments(self) -> list[Segment]:
        """Return the parts of the bar in a fixed order, without empty ones."""
        found, start = [], 0.0
        for state, word in WORDS.items():
            if count := self.states[state]:
                width = round(100 * count / self.total, 2)
                found.append(Segment(str(state), word, count, round(start, 2), width))
                start += width
        return found

    @property
    def words(self) -> list[str]:
        """Return the bar in words."""
        said = [f"{part.count} {str(part.word.label).lower()}" for part in self.segments]
        counts = {"number": self.assessed, "total": self.total}
        return [*said, gettext("%(number)d of %(total)d assessed") % counts]

    @cached_property
    def assessed(self) -> int:
        """Count the verdicts that hold on the day."""
        return sum(1 for answer in self.answers if answer.verdict and not answer.expired)

    @cached_property
    def blockers(self) -> list[Blocker]:
        """Return what somebody must act on, the most pressing first."""
        found = filter(None, (answer.blocker for answer in self.answers))
        return sorted(found, key=attrgetter("rank"))

    @cached_property
    def pressing(self) -> list[Blocker]:
        """Return the blockers that point to something, not merely to nothing yet."""
        return [blocker for blocker in self.blockers if blocker.rank < Rank.NOTHING]

    @cached_property
    def obstacles(self) -> list[Obstacle]:
        """Return what is pressing, each thing to do once, with the requirements it holds up."""
        groups: dict[tuple[Rank, str], list[Blocker]] = {}
        for blocker in self.pressing:
            groups.setdefault((blocker.rank, str(blocker.text)), []).append(blocker)
        return [
            Obstacle(rows[0].rank, rows[0].text, rows[0].fix, tuple(row.answer for row in rows))
            for rows in groups.values()
        ]

    @property
    def untouched(self) -> int:
        """Count the requirements without evidence and without a verdict."""
        return len(self.blockers) - len(self.pressing)
