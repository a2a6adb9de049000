"""Pages of the trail: what happened, who looked, whether it is whole, what proves it."""

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any
from urllib.parse import urlencode

from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.core.paginator import Paginator
from django.http import HttpResponse, HttpResponseBase
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_GET, require_POST

from andon.accounts.http import Request
from andon.accounts.pages import done
from andon.accounts.policy import allow
from andon.organization import clock
from andon.records.history import told
from andon.store.exporting import counted
from andon.tasks.services import later
from andon.trail.canonical import canonical
from andon.trail.models import AuditEntry, Checkpoint
from andon.ui import sheets

from . import jobs, marks, queries, services
from .apps import READ, REVIEW, VERIFY
from .forms import FilterForm, ReviewForm
from .models import TrailReview, Verification

# A trail of this length is verified while one waits.
AT_ONCE = 20_000
ACTIONS = ("created", "changed", "deleted", "rebaselined", "purged", "erased")


@allow(READ)
@require_GET
def trail(request: Request) -> HttpResponse:
    """Show the entries that were asked for, the newest first."""
    return _trail(request, ReviewForm())


def _trail(request: Request, form: ReviewForm, status: int = 200) -> HttpResponse:
    filters = FilterForm(request.GET, viewer=request.user)
    page = None
    if filters.is_valid():
        page = queries.page(request.user, filters.cleaned_data)
    kept = {name: value for name, value in request.GET.items() if value and name != "before"}
    context = {
        "filters": filters,
        "page": page,
        "filtered": bool(kept),
        "kept": urlencode(kept),
        "older": urlencode({**kept, "before": page.before}) if page and page.before else "",
        "newest": bool(request.GET.get("before")),
        "form": form,
        "may_review": request.user.may_at(REVIEW, None),
        "record_by_record": not queries.sees_all(request.user),
        "actions": ACTIONS,
        "query": request.GET.urlencode(),
    }
    return render(request, "proof/trail.html", context, status=status)


@allow(READ)
@require_GET
def export(request: Request) -> HttpResponseBase:
    """Give out what the filters say as CSV, at most so many entries; that it left is recorded."""
    filters = FilterForm(request.GET, viewer=request.user)
    if not filters.is_valid():
        return _trail(request, ReviewForm(), status=422)
    rows = queries.entries(request.user, filters.cleaned_data)[: queries.LONGEST_EXPORT]
    counted(request, rows.count())
    return sheets.csv_of(_told(rows), COLUMNS, name="trail")


def _told(rows: Any) -> Iterator[Any]:
    """Yield the entries with their people, some at a time; personal values stay hidden."""
    some: list[AuditEntry] = []
    for entry in rows.iterator(chunk_size=500):
        some.append(entry)
        if len(some) == 500:  # noqa: PLR2004  (as many as are read at a time)
            yield from told(some)
            some = []
    yield from told(some)


@dataclass(frozen=True)
class Column:
    """A column of the export."""

    label: object
    value: Any


COLUMNS = (
    Column(gettext_lazy("Entry"), lambda one: one.entry.seq),
    Column(gettext_lazy("Time (UTC)"), lambda one: one.entry.at.isoformat()),
    Column(gettext_lazy("Who"), lambda one: one.actor),
    Column(gettext_lazy("Way in"), lambda one: one.entry.via),
    Column(gettext_lazy("Action"), lambda one: one.entry.action),
    Column(gettext_lazy("What"), lambda one: one.entry.model),
    Column(gettext_lazy("Id"), lambda one: one.entry.object_id),
    Column(gettext_lazy("Record number"), lambda one: one.entry.number),
    Column(gettext_lazy("Reason"), lambda one: one.entry.reason),
    Column(
        gettext_lazy("Before and after"),
        lambda one: canonical({c.field: [c.before, c.after] for c in one.changes}),
    ),
    Column(gettext_lazy("Hash"), lambda one: one.entry.entry_hash),
)


@allow(REVIEW)
@require_POST
def review(request: Request) -> HttpResponse:
    """Record that somebody looked through what the filters in the address show."""
    form, filters = ReviewForm(request.POST), FilterForm(request.GET, viewer=request.user)
    if filters.is_valid() and form.is_valid():
        told_of = form.cleaned_data

        def act() -> object:
            return services.review(
                asked=filters.cleaned_data, by=request.user, now=clock.now(), **told_of
            )

        if done(form, act):
            messages.success(request, _("Your review is recorded."))
            return redirect("proof:reviews")
    return _trail(request, form, status=422)


@allow(READ)
@require_GET
def reviews(request: Request) -> HttpResponse:
    """List who looked through which part of the trail."""
    if not queries.sees_all(request.user):
        raise PermissionDenied(_("Reviews are shown to those with a role for all sites."))
    rows = TrailReview.objects.filter(stream__in=queries.streams(request.user))
    page = Paginator(rows.select_related("reviewer"), 50).get_page(request.GET.get("page"))
    may = request.user.may_at(REVIEW, None)
    return render(request, "proof/reviews.html", {"page": page, "may_review": may})


@allow(READ)
@require_GET
def verification(request: Request) -> HttpResponse:
    """Show the last verifications and what the newest one found."""
    if not queries.sees_all(request.user):
        raise PermissionDenied(_("Verifications are shown to those with a role for all sites."))
    runs = list(Verification.objects.select_related("asked_by").defer("findings", "remarks")[:30])
    context = {"runs": runs, "last": queries.latest(), "may_verify": _may_verify(request)}
    return render(request, "proof/verification.html", context)


@allow(READ)
@require_GET
def run(request: Request, pk: int) -> HttpResponse:
    """Show one verification with its findings."""
    if not queries.sees_all(request.user):
        raise PermissionDenied(_("Verifications are shown to those with a role for all sites."))
    found = get_object_or_404(Verification.objects.select_related("asked_by"), pk=pk)
    return render(request, "proof/run.html", {"run": found})


@allow(VERIFY)
@require_POST
def verify_now(request: Request) -> HttpResponse:
    """Verify at once, or by the worker when the trail is long."""
    if not _may_verify(request):
        raise PermissionDenied(_("Only somebody with a role for all sites may verify."))
    if _length() > AT_ONCE:
        later(
            jobs.verify_now,
            by=request.user,
            label=_("Verification of the trail"),
            permission=VERIFY,
            link=reverse("proof:verification"),
        )
        messages.info(request, _("The worker verifies now; the result will be shown here."))
        return redirect("proof:verification")
    return redirect("proof:run", services.run_verification(by=request.user).pk)


def _may_verify(request: Request) -> bool:
    return request.user.may_at(VERIFY, None)


def _length() -> int:
    return sum(queries.lengths())


@allow(READ)
@require_GET
def checkpoints(request: Request) -> HttpResponse:
    """List the checkpoints, whether each is signed as it should be, and where it is kept."""
    rows = Checkpoint.objects.order_by("-number")
    page = Paginator(rows, 25).get_page(request.GET.get("page"))
    context = {
        "page": page,
        "marks": marks.judged(list(page)),
    }
    return render(request, "proof/checkpoints.html", context)


@allow(READ)
@require_GET
def checkpoint_text(request: Request, pk: int) -> HttpResponse:  # noqa: ARG001
    """Give out the text of a checkpoint, to be kept elsewhere."""
    found = get_object_or_404(Checkpoint, pk=pk)
    answer = HttpResponse(found.text, content_type="text/plain; charset=utf-8")
    answer["Content-Disposition"] = f'attachment; filename="checkpoint-{found.number}.txt"'
    # It is made to be given away, and says nothing of anybody.
    answer.is_stored_file = True  # type: ignore[attr-defined]
    return answer
