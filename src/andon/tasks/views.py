"""Pages of background work: all of it for the administrator, one's own for everybody."""

from uuid import UUID

from django.http import Http404, HttpResponse
from django.shortcuts import redirect, render
from django.views.decorators.http import require_GET, require_POST

from andon.accounts import clock
from andon.accounts.http import Request
from andon.accounts.policy import allow, signed_in
from andon.tasks import queries, services
from andon.tasks.apps import ADMINISTER
from andon.tasks.models import TaskRun


@allow(ADMINISTER)
@require_GET
def index(request: Request) -> HttpResponse:
    """Show what waits, runs, failed, and was done last."""
    found = queries.newest(TaskRun.objects.visible_to(request.user))
    context = {"runs": found, "load": queries.load(), "idle": not queries.is_there(clock.now())}
    return render(request, "tasks/index.html", context)


@signed_in
@require_GET
def task(request: Request, pk: UUID) -> HttpResponse:
    """Show how far one task is; the page asks again by itself."""
    found = _found(request, pk)
    context = {
        "run": found,
        "administers": request.user.may(ADMINISTER),
        "idle": not found.is_over and not queries.is_there(clock.now()),
    }
    return render(request, "tasks/task.html", context)


@signed_in
@require_POST
def cancel(request: Request, pk: UUID) -> HttpResponse:
    """Cancel a task that is not done."""
    services.cancel(_found(request, pk), by=request.user)
    return redirect("tasks:task", pk)


@allow(ADMINISTER)
@require_POST
def again(request: Request, pk: UUID) -> HttpResponse:
    """Have a task that was given up tried again."""
    services.again(_found(request, pk), by=request.user)
    return redirect("tasks:task", pk)


def _found(request: Request, pk: UUID) -> TaskRun:
    rows = TaskRun.objects.visible_to(request.user).select_related("result", "asked_by", "site")
    found: TaskRun | None = rows.filter(pk=pk).first()
    if found is None:
        raise Http404
    return found
