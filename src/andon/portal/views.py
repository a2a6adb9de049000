"""Home, my work and search."""

from django.http import HttpResponse
from django.shortcuts import redirect, render

from andon.assurance import queries as assurance
from andon.modules.kpis.queries.board import standing
from andon.organization import clock
from andon.organization.policy import policy
from andon.records.pages import Request

from . import queries
from . import work as tasks
from .keeping.alarms import alarms
from .notices.queries import stood_in
from .proof import alarm

BLOCKERS = 3
TILES = 4


def home(request: Request) -> HttpResponse:
    """Answer the three questions of every morning: what is mine, is it all right, what changed."""
    day, person = clock.today(), request.user
    kpis = standing(person, day=day)
    clauses = assurance.clause_map(assurance.edition_in_use(), person=person, day=day)
    context = {
        "day": day,
        "alarms": alarms(person, clock.now()),
        "trail_alarm": alarm.for_person(person, clock.now()),
        "work": queries.my_work(person, day),
        "overdue": queries.overdue(person, day),
        "kpis": kpis,
        "tiles": kpis.tiles[:TILES],
        "happened": queries.since_yesterday(person, clock.now()),
        "map": clauses,
        "obstacles": clauses.tally.obstacles[:BLOCKERS],
        "edition": clauses.edition,
    }
    return render(request, "portal/home.html", context)


def work(request: Request) -> HttpResponse:
    """List what the person has to do, and what those have to do for whom they stand in."""
    day = clock.today()
    mine = queries.my_work(request.user, day, most=queries.COUNTED)
    context = {
        "day": day,
        "alarms": alarms(request.user, clock.now()),
        "work": mine,
        "groups": tasks.grouped(mine.tasks, day),
        "behalf": stood_in.work_for(request.user, clock.now(), day),
    }
    return render(request, "portal/work.html", context)


def search(request: Request) -> HttpResponse:
    """Find records, clauses and terms; a whole record number leads straight to it."""
    typed = request.GET.get("q", "")[:200]
    hits = queries.search(request.user, typed, edition=policy().edition)
    if len(hits.records) == 1 and hits.records[0].number == typed.strip().upper():
        return redirect(hits.records[0].get_absolute_url())
    edition = assurance.edition_in_use()
    return render(request, "portal/search.html", {"hits": hits, "typed": typed, "edition": edition})
