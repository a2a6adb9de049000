"""Stories told side by side: each waits for its next day, so that numbers rise with the dates."""

from __future__ import annotations

from collections.abc import Generator, Sequence
from datetime import date
from heapq import heapify, heappop, heappush
from typing import TypeAlias

# A story yields the day on which it goes on.
Story: TypeAlias = Generator[date, None, None]


def tell(stories: Sequence[Story], *, until: date) -> None:
    """Let every story go on day by day until ``until``; of one day, the first story goes first."""
    waiting = [(next(story), order, story) for order, story in enumerate(stories)]
    heapify(waiting)
    while waiting:
        day, order, story = heappop(waiting)
        if day > until:
            story.close()
        elif (following := next(story, None)) is not None:
            heappush(waiting, (following, order, story))
