"""What tests of the clause map need: a rule that says what it is told, and a verdict."""

from datetime import date, timedelta
from typing import Any

from andon.accounts.models import User
from andon.assurance import services
from andon.assurance.models import Assessment, Verdict
from andon.records.evidence import Evidence, Rule, State
from andon.standard import EDITIONS, load_edition

FIRST, LATER = EDITIONS
DAY = date(2026, 6, 1)


def saying(
    state: State | None = None, *requirements: str, name: str = "told", **parts: Any
) -> Rule:
    """Return a rule whose answer is always the same."""
    evidence = Evidence(state or State.NONE, **parts)
    return Rule(
        name=name,
        requirements=requirements or ("8.7.1-1",),
        title="Told",
        text="Says what a test told it.",
        ask=lambda person, day: evidence,  # noqa: ARG005
    )


def a_verdict(
    by: User, verdict: str = Verdict.CONFORMING, *, on: str = "8.7.1-1", **fields: Any
) -> Assessment:
    """Return the assessment of one requirement, made the way the application makes it."""
    edition = load_edition(fields.pop("edition", FIRST))
    day: date = fields.pop("day", DAY)
    fields.setdefault("note", "Looked at three lots in the store.")
    fields.setdefault("expires_on", day + timedelta(days=365))
    return services.assess(edition.by_id[on], verdict, by=by, day=day, **fields)
