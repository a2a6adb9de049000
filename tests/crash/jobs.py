"""Tasks whose effects can be counted afterwards, from the trail or from a file."""

import time
from pathlib import Path
from typing import Any

from django_tasks import task

from andon.accounts.models import Site
from andon.trail.models import AuditEntry

PARTS = 6


@task(takes_context=True)
def in_parts(context: Any, site: int) -> None:
    for number in range(context.done, PARTS):
        with context.part(number + 1, PARTS, f"part {number + 1}") as opened:
            opened.event("counted", Site.objects.get(pk=site), detail={"part": number})
            time.sleep(0.2)


@task(takes_context=True)
def as_a_whole(context: Any, site: int, seconds: float = 0) -> None:
    time.sleep(seconds)
    with context.whole() as opened:
        opened.event("counted", Site.objects.get(pk=site), detail={"whole": 1})


@task
def outside(path: str) -> None:
    """An effect that no database takes back; it goes on once the test says so."""
    begun = Path(path)
    with begun.open("a") as file:
        file.write("begun\n")
    while not begun.with_suffix(".end").exists():
        time.sleep(0.02)


def counted() -> list[Any]:
    """Return the effects that were committed, in their order."""
    entries = AuditEntry.objects.filter(action="counted").order_by("seq")
    return [entry.content()["detail"] for entry in entries]
