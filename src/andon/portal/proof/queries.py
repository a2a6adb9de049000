"""What the screen of the trail asks; each question walks an index, however long the trail is."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import UTC, datetime, time, timedelta
from typing import Any

from django.db.models import Exists, OuterRef, Q, QuerySet

from andon.accounts.models import User
from andon.portal.proof.apps import PERSONAL, READ, SECURITY
from andon.portal.proof.models import TrailReview, Verification
from andon.records.history import Told, told
from andon.records.models import Record
from andon.trail import sealing
from andon.trail.models import AuditEntry, Change, TrailHead

PAGE = 25
LONGEST_EXPORT = 50_000
PEOPLE = 10
# Entries come in the order of their time but for a clock that was put back; by more than a day
# it is not looked for beyond the index.
MARGIN = timedelta(days=1)


@dataclass(frozen=True)
class Shown:
    """One entry as the screen shows it."""

    told: Told
    changes: list[Change]
    detail: dict[str, Any]
    reviews: list[TrailReview]

    @property
    def entry(self) -> AuditEntry:
        return self.told.entry


@dataclass(frozen=True)
class Page:
    """Some entries, the newest first, and where the older ones begin."""

    shown: list[Shown]
    before: int | None


def sees_all(person: User) -> bool:
    """Whether the person may read the trail of every site, and of what belongs to none."""
    return person.may_at(READ, None)


def streams(person: User) -> list[str]:
    """Return the streams that ``person`` may read."""
    both = person.may_at(SECURITY, None)
    return [sealing.RECORDS, sealing.SECURITY] if both else [sealing.RECORDS]


def entries(person: User, asked: dict[str, Any]) -> QuerySet[AuditEntry]:
    """Return the entries that ``person`` may read and ``asked`` for, the newest first.

    Who has no role for all sites reads the trail record by record.
    """
    stream = asked.get("stream") or sealing.RECORDS
    found = AuditEntry.objects.filter(stream=stream).order_by("-seq")
    number = asked.get("number", "")
    if stream not in streams(person) or not (number or sees_all(person)):
        return found.none()
    exact = {"number": number, "action": asked.get("action"), "model": asked.get("model")}
    found = found.filter(**{name: value for name, value in exact.items() if value})
    if asked.get("object"):
        found = found.filter(object_id=asked["object"])
    if (actors := asked.get("actors")) is not None:  # of one, the index gives the order, too
        one = len(actors) == 1
        found = found.filter(actor_id=actors[0]) if one else found.filter(actor_id__in=actors)
    return _visible(_within(found, stream, asked), person)


def page(person: User, asked: dict[str, Any]) -> Page:
    """Return the newest entries below ``asked["before"]``: page 1,000 costs as much as page 1."""
    found = entries(person, asked)
    if asked.get("before") is not None:
        found = found.filter(seq__lt=asked["before"])
    rows = list(found[: PAGE + 1])
    more = rows[PAGE - 1].seq if len(rows) > PAGE else None
    return Page(shown(rows[:PAGE], person), more)


def shown(rows: Iterable[AuditEntry], person: User) -> list[Shown]:
    """Return ``rows`` with people, changes and reviews; personal values only for who may see."""
    listed = told(rows)
    opens = person.may_at(PERSONAL, None)
    reviews = reviews_of([one.entry for one in listed])
    return [
        Shown(
            one,
            one.entry.changes(personal=opens) if one.answer is None else one.answer,
            one.entry.content().get("detail", {}),
            [review for review in reviews if covers(review, one.entry)],
        )
        for one in listed
    ]


def reviews_of(rows: list[AuditEntry]) -> list[TrailReview]:
    """Return the reviews that reach into ``rows``, which are of one stream."""
    if not rows:
        return []
    seqs = [row.seq for row in rows]
    reaching = TrailReview.objects.filter(
        stream=rows[0].stream, first_seq__lte=max(seqs), last_seq__gte=min(seqs)
    )
    return list(reaching.select_related("reviewer")[:100])


def covers(review: TrailReview, entry: AuditEntry) -> bool:
    """Whether ``entry`` was among what was reviewed."""
    if review.stream != entry.stream or not review.first_seq <= entry.seq <= review.last_seq:
        return False
    asked = review.filters
    exact = {"number": entry.number, "action": entry.action, "model": entry.model}
    return (
        all(asked.get(name) in (None, value) for name, value in exact.items())
        and asked.get("object") in (None, entry.object_id)
        and ("actors" not in asked or entry.actor_id in asked["actors"])
    )


def people(typed: str) -> list[str]:
    """Return the ids of those whose name or user name is, or else holds, what was typed."""
    exact = User.objects.filter(Q(username__iexact=typed) | Q(display_name__iexact=typed))
    some = exact if exact.exists() else User.objects.filter(display_name__icontains=typed)
    found = [str(pk) for pk in some.order_by("pk").values_list("pk", flat=True)[:PEOPLE]]
    return found or [typed]  # a part of the system acts by its own name


def latest() -> Verification | None:
    """Return the last verification."""
    return Verification.objects.select_related("asked_by").first()


def lengths() -> list[int]:
    """Return how many entries each stream has, by the numbers of their heads."""
    return list(TrailHead.objects.order_by("stream").values_list("seq", flat=True))


def _within(
    found: QuerySet[AuditEntry], stream: str, asked: dict[str, Any]
) -> QuerySet[AuditEntry]:
    """Keep a period (UTC days), by number first: so the walk begins and ends near it."""
    since, until = asked.get("since"), asked.get("until")
    if since:
        start = datetime.combine(since, time.min, UTC)
        found = found.filter(at__gte=start, seq__gte=_first(stream, start - MARGIN))
    if until:
        end = datetime.combine(until, time.min, UTC) + timedelta(days=1)
        found = found.filter(at__lt=end, seq__lt=_first(stream, end + MARGIN))
    return found


def _first(stream: str, instant: datetime) -> int:
    """Return the number of the first entry at or after ``instant``; one beyond all if none."""
    later = AuditEntry.objects.filter(at__gte=instant, stream=stream).order_by("at")
    seq = later.values_list("seq", flat=True).first()
    return 2**62 if seq is None else seq


def _visible(found: QuerySet[AuditEntry], person: User) -> QuerySet[AuditEntry]:
    """Keep entries of records that ``person`` may see; of other things for who sees all."""
    number = OuterRef("number")
    seen = Exists(Record.objects.visible_to(person).filter(number=number))
    if not sees_all(person):
        return found.filter(seen)
    return found.filter(Q(number="") | seen | ~Exists(Record.objects.filter(number=number)))
