"""What is mine to do, over all modules; every question is bounded.

A module whose records hold work beyond the record itself is one line in `SOURCES`.
"""

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Any

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from andon.accounts.models import Site, User
from andon.modules.actions.lifecycle import State as ActionState
from andon.modules.actions.models import ActionItem, CorrectiveAction
from andon.records.models import Record
from andon.records.work import Task
from andon.signing import queries as signatures

WEEK = timedelta(days=7)
LATE, SOON, LATER = "late", "soon", "later"
_RELATED = ("owner", "record__owner", "record__process__owner", "record__site")
Source = Callable[[User, int], Iterable[Task]]


def owned(person: User, most: int) -> Iterable[Task]:
    """Return what ``person`` owns and is open, over all kinds.

    The dated ones come first by the index of open work; undated ones only fill what is left.
    """
    mine: Any = Record.objects.visible_to(person).open().filter(owner_id=person.pk)
    dated = mine.filter(due_date__isnull=False).order_by("due_date", "id")
    ids = list(dated.values_list("id", flat=True)[:most])
    if len(ids) < most:
        undated = mine.filter(due_date=None).order_by("id")
        ids += undated.values_list("id", flat=True)[: most - len(ids)]
    return [Task(record, record.number, record.due_date) for record in records_in_order(ids)]


def planned_for(person: User, most: int) -> Iterable[Task]:
    """Return the actions of plans that ``person`` carries out."""
    mine = ActionItem.objects.filter(owner_id=person.pk, done_date=None, dropped_reason="")
    places = dict(mine.order_by("due_date", "pk").values_list("pk", "record_id")[:most])
    seen = _open_and_seen(person, places.values())
    items = [pk for pk, record_id in places.items() if record_id in seen]
    rows = ActionItem.objects.filter(pk__in=items).select_related(*_RELATED) if items else ()
    return [_of_item(item) for item in sorted(rows, key=lambda row: items.index(row.pk))]


def to_verify(person: User, most: int) -> Iterable[Task]:
    """Return the corrective actions whose effect ``person`` is named to verify."""
    named = CorrectiveAction.objects.filter(
        verifier_id=person.pk, state=ActionState.IMPLEMENTED, closed_date=None
    )
    rows = named.exclude(owner_id=person.pk).order_by("due_date", "pk")
    ids = list(rows.values_list("pk", flat=True)[:most])
    seen = _open_and_seen(person, ids)
    shown = records_in_order([pk for pk in ids if pk in seen])
    label = _("Verify the effect")
    return [Task(record, f"{record.number}-V", record.due_date, label) for record in shown]


def to_sign(person: User, most: int) -> Iterable[Task]:
    """Return the steps that wait for the second signature, which ``person`` may give."""
    waiting = {one.record_id: one for one in signatures.to_sign(person, most)}
    seen = _open_and_seen(person, waiting)
    label = _("Sign as the second person")
    for record in records_in_order([pk for pk in waiting if pk in seen]):
        one = waiting[record.pk]
        if record.version == one.revision:  # else the record went on, and it is signed anew
            address = f"{record.get_absolute_url()}do/{one.step}/"
            yield Task(record, f"{record.number}-S{one.pk}", record.due_date, label, address)


def _open_and_seen(person: User, ids: Iterable[int]) -> set[int]:
    """Return which of the records ``person`` may see and are open; asks nothing about none."""
    wanted = set(ids)
    rows: Any = Record.objects.visible_to(person).open().filter(pk__in=wanted)
    return set(rows.values_list("pk", flat=True)) if wanted else wanted


# Work beyond the records one owns.
SOURCES: tuple[Source, ...] = (planned_for, to_verify, to_sign)


def tasks(person: User, *, most: int) -> list[Task]:
    """Return what ``person`` has to do, the soonest due first, ``most`` of it."""
    return sorted([*owned(person, most), *further(person, most)], key=soonest)[:most]


def further(person: User, most: int) -> list[Task]:
    """Return what ``person`` has to do about records that others own."""
    return [task for source in SOURCES for task in source(person, most)]


def soonest(task: Task) -> tuple[bool, date, int]:
    """Order by due date, what has none last."""
    return (task.due_date is None, task.due_date or date.max, task.record.pk)


def late(site: Site, until: date, *, most: int) -> Iterable[Task]:
    """Return what was due at ``site`` on ``until`` or before and is not done, newest due first."""
    open_there: Any = Record.objects.open().filter(site=site, due_date__lte=until)
    rows = open_there.select_related("owner", "process__owner", "site")
    for record in rows.order_by("-due_date", "-id")[:most]:
        yield Task(record, record.number, record.due_date, person=record.owner)
    items = ActionItem.objects.filter(
        done_date=None, dropped_reason="", due_date__lte=until, record__closed_date=None
    ).filter(record__site=site)
    for item in items.select_related(*_RELATED).order_by("-due_date", "-pk")[:most]:
        yield _of_item(item)


def _of_item(item: ActionItem) -> Task:
    record: Record = item.record.record_ptr  # type: ignore[attr-defined]
    record.site, record.owner = item.record.site, item.record.owner
    record.process = item.record.process
    address = f"{record.get_absolute_url()}#plan"
    uid = f"{record.number}-A{item.pk}"
    return Task(record, uid, item.due_date, item.what, address, item.owner)


def records_in_order(ids: Sequence[int]) -> tuple[Record, ...]:
    """Read the records with these ids; the ids alone were found by an index, without joins."""
    found = Record.objects.filter(pk__in=ids).select_related("site", "owner") if ids else ()
    return tuple(sorted(found, key=lambda record: ids.index(record.pk)))


@dataclass(frozen=True)
class Group:
    """Tasks that belong together, under a heading."""

    key: str
    label: str | Promise
    tasks: tuple[Task, ...]


def grouped(found: Iterable[Task], day: date) -> list[Group]:
    """Return the tasks as overdue, this week and later; groups without tasks are left out."""
    heads = {LATE: _("Overdue"), SOON: _("In the next seven days"), LATER: _("Later")}
    piles: dict[str, list[Task]] = {name: [] for name in heads}
    for task in found:
        piles[_when(task, day)].append(task)
    return [Group(name, heads[name], tuple(pile)) for name, pile in piles.items() if pile]


def _when(task: Task, day: date) -> str:
    if task.due_date is None or task.due_date > day + WEEK:
        return LATER
    return LATE if task.due_date < day else SOON
