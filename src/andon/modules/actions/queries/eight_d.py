"""The 8D report: a view over the record in a form, for the page and for the PDF."""

from __future__ import annotations

from collections.abc import Callable

from django.utils import translation

from andon.modules.actions.models.shipped import Form
from andon.organization import queries as organization
from andon.ui.paper.sheet import Part, Sheet

from . import parts_action as action
from . import parts_problem as problem
from .told import Told

_WRITERS: dict[str, Callable[[Told, str], Part]] = {
    "customer": problem.customer,
    "parts": problem.parts,
    "dates": problem.dates,
    "team": problem.team,
    "problem": problem.problem,
    "is_is_not": problem.is_is_not,
    "cases": problem.cases,
    "containment": problem.containment,
    "occurrence": problem.causes("occurrence"),
    "escape": problem.causes("escape"),
    "system": problem.causes("system"),
    "fishbone": problem.fishbone,
    "whys": problem.whys,
    "planned": action.planned,
    "done": action.done,
    "effect": action.effect,
    "chart": action.chart,
    "prevention": action.prevention,
    "across": action.across,
    "timeline": action.history,
    "close": action.close,
}


def sheet_of(form: Form, told: Told) -> Sheet:
    """Return the 8D report of a record in ``form``; the PDF and the page show the same parts."""
    with translation.override(form.language):
        return Sheet(
            title=told.action.title,
            heading=form.heading,
            number=told.action.number,
            organisation=organization.settings().name,
            author=str(told.action.owner),
            language=form.language,
            form=form.edition,
            text=form.text,
            logo=form.logo,
            compact=form.compact,
            parts=[_WRITERS[key](told, title) for key, title in form.sections if key in _WRITERS],
        )
