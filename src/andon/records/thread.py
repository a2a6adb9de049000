"""The thread of a record: what it came from, what came of it, and which links are missing."""

from collections.abc import Iterable
from dataclasses import dataclass

from django.db.models import Q
from django.utils.functional import Promise

from andon.accounts.models import User

from .links import LINK_KINDS
from .models import Link, Record

# A thread is for people; beyond this many records it says that it was cut.
LONGEST = 60


@dataclass(frozen=True)
class Gap:
    """A link that should be there: what is missing and where it is made."""

    text: str | Promise
    url: str = ""
    label: str | Promise = ""


@dataclass(frozen=True)
class Tie:
    """One link, read in words."""

    source: str
    words: str
    target: str
    why: str


@dataclass(frozen=True)
class Stage:
    """One column of the drawing: the records of one kind."""

    title: str
    records: tuple[Record, ...]


@dataclass(frozen=True)
class Thread:
    """A whole thread, ready to draw from left to right."""

    stages: tuple[Stage, ...]
    ties: tuple[Tie, ...]
    gaps: tuple[tuple[Record, Gap], ...]
    hidden: int
    cut: bool

    @property
    def size(self) -> int:
        return sum(len(stage.records) for stage in self.stages)


def thread_of(record: Record, *, viewer: User) -> Thread:
    """Follow every link from ``record``; records that ``viewer`` may not see are only counted."""
    links, ids = _reached(record.pk)
    kinds = _by_kind(ids, viewer)
    seen = {row.pk: row for rows in kinds.values() for row in rows}
    stages = [
        Stage(str(kind._meta.verbose_name_plural).capitalize(), tuple(rows))
        for kind, rows in sorted(kinds.items(), key=lambda pair: pair[0].thread_rank)
        if rows
    ]
    ties = tuple(_ties(links, seen))
    gaps = tuple((row, gap) for row in seen.values() for gap in row.gaps())
    return Thread(tuple(stages), ties, gaps, len(ids) - len(seen), len(ids) >= LONGEST)


def links_of(record: Record, viewer: User) -> list[tuple[Link, str, Record]]:
    """Return each live link as (link, words read from here, the other record if visible)."""
    here = Q(record_id=record.pk) | Q(target_id=record.pk)
    drawn = sorted(Link.objects.filter(here, ended_date=None), key=lambda one: one.pk)
    ids = [link.target_id if link.record_id == record.pk else link.record_id for link in drawn]
    seen = Record.objects.visible_to(viewer).filter(pk__in=ids) if ids else ()
    others = {row.pk: row for row in seen}
    outward = [link.record_id == record.pk for link in drawn]
    return [
        (
            link,
            str(LINK_KINDS[link.kind].label if out else LINK_KINDS[link.kind].reverse),
            others[pk],
        )
        for link, pk, out in zip(drawn, ids, outward, strict=True)
        if pk in others
    ]


def _reached(start: int) -> tuple[list[Link], set[int]]:
    ids, frontier, links = {start}, {start}, dict[int, Link]()
    while frontier and len(ids) < LONGEST:
        found = Link.objects.filter(ended_date=None)
        step = [
            *found.filter(record_id__in=frontier)[:LONGEST],
            *found.filter(target_id__in=frontier)[:LONGEST],
        ]
        links.update({link.pk: link for link in step})
        reached = {pk for link in step for pk in (link.record_id, link.target_id)}
        frontier = set(sorted(reached - ids)[: LONGEST - len(ids)])
        ids |= frontier
    return list(links.values()), ids


def _by_kind(ids: set[int], viewer: User) -> dict[type[Record], list[Record]]:
    names = set(Record.objects.filter(pk__in=ids).values_list("kind", flat=True))
    return {
        kind: list(
            kind._default_manager.visible_to(viewer)
            .filter(pk__in=ids)
            .select_related("site", "owner")
            .order_by("opened_date", "pk")
        )
        for kind in Record.kinds()
        if kind.slug() in names
    }


def _ties(links: Iterable[Link], seen: dict[int, Record]) -> Iterable[Tie]:
    for link in sorted(links, key=lambda one: one.pk):
        if link.record_id in seen and link.target_id in seen:
            yield Tie(
                seen[link.record_id].number,
                str(LINK_KINDS[link.kind].label),
                seen[link.target_id].number,
                link.why,
            )
