"""The pages of the clause map, the vocabulary and the principles."""

from django.contrib import messages
from django.http import Http404, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext_lazy as _

from andon.assurance import queries, services
from andon.assurance.answers import CHANGES, SURE, UNWATCHED, WORDS, Answer
from andon.assurance.forms import AssessmentForm
from andon.assurance.tally import Tally
from andon.organization import clock
from andon.records.pages import Request
from andon.standard import (
    Clause,
    Edition,
    Requirement,
    customary,
    documented_information,
    edition_of_slug,
    load_edition,
    principles,
)

FIRST_FEW = 15
LATER = "9001:2026"


def in_use(_request: Request) -> HttpResponse:
    """Lead to the map of the edition the organization works by."""
    return redirect("assurance:map", queries.edition_in_use().slug)


def clause_map(request: Request, edition: str) -> HttpResponse:
    """Show clauses 4 to 10 as one picture, what is pressing first."""
    shown = _edition(edition)
    found = queries.clause_map(shown, person=request.user, day=clock.today())
    context = _around(shown) | {
        "map": found,
        "words": WORDS.values(),
        "obstacles": found.tally.obstacles[:FIRST_FEW],
        "more": max(0, len(found.tally.obstacles) - FIRST_FEW),
    }
    return render(request, "assurance/map.html", context)


def blockers(request: Request, edition: str) -> HttpResponse:
    """Show everything that stands in the way, and how much nobody has touched yet."""
    shown = _edition(edition)
    found = queries.clause_map(shown, person=request.user, day=clock.today())
    return render(request, "assurance/blockers.html", _around(shown) | {"map": found})


def clause(request: Request, edition: str, number: str) -> HttpResponse:
    """Show a main clause as a picture of its parts, any other with its requirements."""
    shown = _edition(edition)
    here = _clause(shown, number)
    if here.level == 1:
        return _main_clause(request, shown, here)
    found = queries.answers(shown.under(number), person=request.user, day=clock.today())
    by_clause: dict[str, list[Answer]] = {}
    for answer in found:
        by_clause.setdefault(answer.requirement.clause, []).append(answer)
    context = _around(shown) | {
        "clause": here,
        "parent": shown.by_number.get(here.parent),
        "tally": Tally(found),
        "sections": [(shown.by_number[part], rows) for part, rows in by_clause.items()],
        "rules": _rules(found),
        "starts": _starts(found),
        "deltas": _deltas(number),
        "left_out": queries.not_applicable(shown.key) if number == "4.3" else [],
        "may_assess": request.user.may(services.PERMISSION),
        "unwatched": WORDS[UNWATCHED],
    }
    return render(request, "assurance/clause.html", context)


def _main_clause(request: Request, edition: Edition, clause: Clause) -> HttpResponse:
    found = queries.clause_map(edition, person=request.user, day=clock.today())
    branch = next(branch for branch in found.branches if branch.clause == clause)
    context = _around(edition) | {"branch": branch, "deltas": _deltas(clause.number)}
    return render(request, "assurance/main_clause.html", context)


def requirement(request: Request, edition: str, id: str) -> HttpResponse:  # noqa: A002
    """Show one requirement: records, verdict, what was said before, the other edition."""
    row = _requirement(_edition(edition), id)
    answer = _answer(request, row)
    return render(request, "assurance/requirement.html", _about(request, answer))


def assess(request: Request, edition: str, id: str) -> HttpResponse:  # noqa: A002
    """Take the verdict of an assessor."""
    row = _requirement(_edition(edition), id)
    answer = _answer(request, row)
    form = AssessmentForm(
        request.POST or None,
        viewer=request.user,
        day=answer.day,
        offered=answer.records,
        seen=answer.assessment.pk if answer.assessment else 0,
    )
    if request.method == "POST" and form.is_valid():
        data = form.cleaned_data
        said = services.assess(
            row,
            data["verdict"],
            by=request.user,
            note=data["note"],
            justification=data["justification"],
            expires_on=data["expires_on"],
            evidence=form.evidence(),
            seen=data["seen"],
            day=answer.day,
        )
        messages.info(
            request,
            _("%(ref)s is now assessed as: %(verdict)s.")
            % {"ref": row.ref, "verdict": said.get_verdict_display()},
        )
        return redirect("assurance:requirement", edition, row.id)
    return render(request, "assurance/assess.html", _about(request, answer) | {"form": form})


def changes(request: Request) -> HttpResponse:
    """Show what the newer edition changes, clause by clause, and how sure that is."""
    later = load_edition(LATER)
    context = _around(later) | {
        "own": queries.edition_in_use(),
        "deltas": _deltas(""),
        "facts": [(fact, SURE[fact.confidence]) for fact in later.facts],
    }
    return render(request, "assurance/changes.html", context)


def documents(request: Request) -> HttpResponse:
    """Show which documents and records the standard calls for, and which are only customary."""
    context = _around(queries.edition_in_use()) | {
        "items": documented_information(),
        "customary": customary(),
    }
    return render(request, "assurance/documents.html", context)


def seven(request: Request) -> HttpResponse:
    """Show the seven quality management principles."""
    context = {"principles": principles(), "edition": queries.edition_in_use()}
    return render(request, "assurance/principles.html", context)


def _edition(slug: str) -> Edition:
    if found := edition_of_slug(slug):
        return found
    raise Http404


def _clause(edition: Edition, number: str) -> Clause:
    if found := edition.by_number.get(number):
        return found
    raise Http404


def _requirement(edition: Edition, id_: str) -> Requirement:
    if found := edition.by_id.get(id_):
        return found
    raise Http404


def _answer(request: Request, row: Requirement) -> Answer:
    return queries.answers([row], person=request.user, day=clock.today())[0]


def _around(edition: Edition) -> dict[str, object]:
    return {
        "edition": edition,
        "other": queries.other_edition(edition),
        "in_use": queries.edition_in_use().key == edition.key,
    }


def _about(request: Request, answer: Answer) -> dict[str, object]:
    row = answer.requirement
    said = queries.history(row)
    edition = load_edition(row.edition)
    seen = queries.records_seen(said, person=request.user)
    return _around(edition) | {
        "answer": answer,
        "clause": edition.by_number[row.clause],
        "history": [(one, seen.get(one.pk, [])) for one in said],
        "counterparts": queries.counterparts(row),
        "may_assess": request.user.may(services.PERMISSION),
    }


def _rules(found: tuple[Answer, ...]) -> list[object]:
    return list({one.rule.name: one for answer in found for one in answer.found}.values())


def _starts(found: tuple[Answer, ...]) -> list[object]:
    """Return the buttons that start the work, each once, however many rules offer it."""
    fixes = [one.evidence.fix for answer in found for one in answer.found if one.evidence.fix]
    return list({fix.url: fix for fix in fixes}.values())


def _deltas(number: str) -> list[object]:
    """Return the changes in a clause and below it; without a number, all of them."""
    start = f"{number}."
    return [
        (delta, CHANGES[delta.change], SURE[delta.confidence])
        for delta in load_edition(LATER).deltas
        if not number or delta.clause == number or delta.clause.startswith(start)
    ]
