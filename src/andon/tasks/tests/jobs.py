"""Tasks for the tests of this floor."""

from typing import Any

from django_tasks import task

from andon.accounts.models import Site
from andon.tasks.leases import NotAgain

broken = False


@task(takes_context=True)
def rename(context: Any, site: int, name: str) -> str:
    with context.whole({"name": name}, "Renamed.", reason="renamed"):
        found = Site.objects.get(pk=site)
        found.name = name
        found.save()
    return "not kept: the value stands with the effect"


@task(takes_context=True)
def rename_twice(context: Any, site: int) -> None:
    """The second part fails for as long as something is ``broken``."""
    for number in range(context.done, 2):
        with context.part(number + 1, 2, f"part {number + 1}"):
            found = Site.objects.get(pk=site)
            found.name += "+"
            found.save()
            if number and broken:
                raise LookupError("the second part cannot be done yet")


@task
def fail(sentence: str = "the printer is gone") -> None:
    raise LookupError(sentence)


@task
def refuse() -> None:
    raise NotAgain("The import was changed since; look at it again.")


@task
def add(first: int, second: int) -> int:
    return first + second


@task(takes_context=True)
def stop_in_the_middle(context: Any, site: int) -> None:
    from andon.tasks.services import cancel  # noqa: PLC0415

    with context.part(1, 2):
        Site.objects.filter(pk=site).update(name="first")
    cancel(context.run, by=context.by)
    with context.part(2, 2):
        Site.objects.filter(pk=site).update(name="second")
