"""What the database knows about how the installation is doing, as named numbers."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime

from django.db.models import Count

from andon.organization import clock
from andon.portal.keeping.models import KeepingRun
from andon.portal.notices.models import DutyRun, Mail
from andon.portal.operations import health
from andon.tasks import queries as tasks
from andon.trail.models import TrailHead


@dataclass(frozen=True)
class Figure:
    """One number, or several told apart by labels."""

    name: str
    help: str
    labels: tuple[str, ...] = ()
    values: Sequence[tuple[tuple[str, ...], float]] = ()


def figures() -> Iterator[Figure]:
    """Yield every number; what never happened has none."""
    now = clock.now()
    load = tasks.load()
    counts = (("waiting", load.waiting), ("running", load.running), ("failed", load.failed))
    yield Figure("andon_tasks", "Tasks by state", ("state",), [((n,), c) for n, c in counts])
    yield _age("andon_task_oldest_seconds", "Age of the oldest waiting task", load.oldest, now)
    yield _age("andon_worker_seen_seconds", "Since a worker was seen", tasks.seen_at(), now)
    heads = [((h.stream,), float(h.seq)) for h in TrailHead.objects.order_by("stream")]
    yield Figure("andon_trail_entries", "Entries of the trail", ("stream",), heads)
    mails = Mail.objects.order_by().values_list("status").annotate(Count("pk"))
    yield Figure("andon_mails", "Mails by state", ("state",), [((s,), n) for s, n in mails])
    yield from _duties(now)
    yield from _keeping(now)
    free = [((), float(health.free_bytes()))]
    yield Figure("andon_disk_free_bytes", "Room left for the data", (), free)


def _duties(now: datetime) -> Iterator[Figure]:
    duties = list(DutyRun.objects.all())
    failures = [((duty.name,), float(duty.failures)) for duty in duties]
    yield Figure("andon_duty_failures", "Failures in a row", ("duty",), failures)
    ended = [
        ((duty.name,), (now - duty.ended_at).total_seconds()) for duty in duties if duty.ended_at
    ]
    yield Figure("andon_duty_ended_seconds", "Since it last ended", ("duty",), ended)


def _keeping(now: datetime) -> Iterator[Figure]:
    newest: dict[str, datetime] = {}
    for kind in KeepingRun.Kind.values:
        good = KeepingRun.objects.of(kind).filter(is_good=True).order_by("-started_at")
        if at := good.values_list("started_at", flat=True).first():
            newest[kind] = at
    ages = [((kind,), (now - at).total_seconds()) for kind, at in newest.items()]
    yield Figure("andon_kept_seconds", "Since the last good backup, drill …", ("kind",), ages)


def _age(name: str, text: str, at: datetime | None, now: datetime) -> Figure:
    return Figure(name, text, (), [((), (now - at).total_seconds())] if at else [])
