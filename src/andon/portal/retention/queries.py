"""What is kept, what is held, what may go."""

from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date
from typing import Any

from django.db.models import Q

from andon.accounts.models import User
from andon.records.models import Record

from .models import Hold, Purge, RetentionClass


@dataclass(frozen=True)
class Kept:
    """One kind: how long its records are kept, and how many may go today."""

    kind: type[Record]
    rule: RetentionClass | None
    due: int

    @property
    def name(self) -> str:
        return str(self.kind._meta.verbose_name_plural).capitalize()


def kept(viewer: User, today: date) -> list[Kept]:
    """Return every kind of record with its class and what of it is due."""
    rules = {rule.kind: rule for rule in RetentionClass.objects.filter(is_active=True)}
    kinds = sorted(Record.kinds(), key=lambda kind: str(kind._meta.verbose_name_plural))
    found = []
    for kind in kinds:
        rule = rules.get(kind.slug())
        found.append(Kept(kind, rule, due(rule, viewer, today).count() if rule else 0))
    return found


def due(rule: RetentionClass, viewer: User, today: date) -> Any:
    """Return the closed records whose time is over, that nothing holds, in no open proposal."""
    last = last_day(rule, today)
    rows = Record.objects.visible_to(viewer).filter(kind=rule.kind, closed_date__lt=last)
    proposed = Purge.objects.filter(stage=Purge.Stage.PROPOSED).values_list("numbers", flat=True)
    waiting = [number for numbers in proposed for number in numbers]
    return rows.exclude(held_filter()).exclude(number__in=waiting).order_by("closed_date", "pk")


def last_day(rule: RetentionClass, today: date) -> date:
    """Return the day before which a record must have been closed to be past its time."""
    year = today.year - rule.years
    leap_day = (today.month, today.day) == (2, 29)
    return date(year, 3, 1) if leap_day else today.replace(year=year)


def in_force() -> list[Hold]:
    """Return the holds that nobody has lifted."""
    return list(Hold.objects.filter(lifted_date=None).select_related("site", "set_by"))


def held_filter(holds: Iterable[Hold] | None = None) -> Q:
    """Return the condition under which a record is held by one of ``holds`` (all in force)."""
    held = Q(pk__in=[])
    for hold in in_force() if holds is None else holds:
        held |= covered(hold)
    return held


def covered(hold: Hold) -> Q:
    """Return the condition under which a record is covered by ``hold``."""
    limits: dict[str, Any] = {
        "kind": hold.kind or None,
        "site": hold.site_id,
        "opened_date__gte": hold.opened_from,
        "opened_date__lte": hold.opened_until,
        "number__in": hold.listed() or None,
    }
    chosen = {name: value for name, value in limits.items() if value is not None}
    return Q(**chosen) if chosen else ~Q(pk__in=[])


def holds_on(records: Iterable[Record]) -> dict[str, list[Hold]]:
    """Return, by number, the holds that cover each of ``records``."""
    ids = [record.pk for record in records]
    found: dict[str, list[Hold]] = defaultdict(list)
    for hold in in_force():
        rows = Record.objects.filter(covered(hold), pk__in=ids)
        for number in rows.values_list("number", flat=True):
            found[number].append(hold)
    return dict(found)
