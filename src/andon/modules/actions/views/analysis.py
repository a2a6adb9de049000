"""Pages of the analysis: the tree of causes in two views, looking across, the timeline."""

from django.http import HttpResponse
from django.shortcuts import render
from django.urls import reverse

from andon.modules.actions import queries
from andon.modules.actions.models import CorrectiveAction
from andon.modules.actions.queries import fishbone
from andon.modules.actions.queries.timeline import timeline as events_of
from andon.organization import clock
from andon.records.pages import Request

from .records import PAGES

VIEWS = ("fishbone", "whys")


def tree_of(record: CorrectiveAction, request: Request) -> str:
    """Lead back to the view of the tree somebody came from, or else to the record."""
    asked = request.GET.get("view", "")
    if asked not in VIEWS:
        return record.get_absolute_url() + "#causes"
    return reverse("actions:tree", args=[record.number]) + f"?view={asked}"


def tree(request: Request, number: str) -> HttpResponse:
    """Show the causes as a fishbone or as chains of why; both are the same tree."""
    record = PAGES.find(request, number)
    view = request.GET.get("view", "")
    view = view if view in VIEWS else VIEWS[0]
    may = not record.is_plan_fixed and request.user.may("actions.work", record.site_id)
    context = {
        "pages": PAGES,
        "record": record,
        "view": view,
        "may_plan": may,
        "bones": fishbone.bones(record) if view == "fishbone" else [],
        "svg": fishbone.svg(record) if view == "fishbone" and record.all_causes else "",
        "chains": fishbone.chains(record) if view == "whys" else [],
        "tree": queries.tree(record),
    }
    return render(request, "actions/tree.html", context)


def across_of(record: CorrectiveAction, _request: Request) -> str:
    return reverse("actions:across", args=[record.number])


def across(request: Request, number: str) -> HttpResponse:
    """Show where else the same could sit, as the records propose it, and the answers."""
    record = PAGES.find(request, number)
    context = {
        "pages": PAGES,
        "record": record,
        "day": clock.today(record.site),
        "proposed": record.unanswered_places(),
        "looks": record.looks.select_related("who").order_by("pk"),
        "may_edit": not record.is_final and request.user.may("actions.work", record.site_id),
    }
    return render(request, "actions/across.html", context)


def timeline(request: Request, number: str) -> HttpResponse:
    """Show what happened from the problem first seen to the effect."""
    record = PAGES.find(request, number)
    context = {
        "pages": PAGES,
        "record": record,
        "events": events_of(record, viewer=request.user),
    }
    return render(request, "actions/timeline.html", context)
