"""What analyses say about requirements: gauges that were studied, and data that were analysed."""

from datetime import date, timedelta

from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from andon.accounts.models import User
from andon.records.evidence import (
    Evidence,
    EvidenceRecord,
    Missing,
    Rule,
    Start,
    State,
    newest,
)

from .lifecycle import State as Life
from .models import Analysis

SHOWN = 5
WINDOW = timedelta(days=365)
STUDIES = ("grr", "type1", "bias", "linearity", "agreement")


def _answer(person: User, day: date, methods: tuple[str, ...], what: str) -> Evidence:
    """Return what was issued within a year; drafts are what is missing, older ones are stale."""
    rows = newest(Analysis, person)
    rows = rows.filter(method__in=methods) if methods else rows.exclude(method__in=STUDIES)
    recent = rows.filter(opened_date__range=(day - WINDOW, day))
    issued = list(recent.filter(state=Life.ISSUED).order_by("-pk")[:SHOWN])
    drafts = list(recent.filter(state=Life.DRAFT).order_by("-pk")[:SHOWN])
    missing = tuple(
        Missing(
            _("%(number)s has no conclusion yet: %(title)s")
            % {"number": one.number, "title": one.title},
            one.get_absolute_url(),
            _("Write it"),
        )
        for one in drafts
    )
    state = State.CURRENT if issued and not drafts else State.PARTIAL if issued or drafts else None
    if state is None:
        older = rows.filter(state=Life.ISSUED, opened_date__lt=day - WINDOW).exists()
        state = State.STALE if older else State.NONE
    records = tuple(
        EvidenceRecord(one.number, one.title, one.get_absolute_url(), one.closed_date)
        for one in issued
    )
    return Evidence(state, records, missing, Start(what, reverse("analyses:new")), len(issued))


def gauges(person: User, day: date) -> Evidence:
    """Say which gauges were studied within a year."""
    return _answer(person, day, STUDIES, _("Study a gauge"))


def analysed(person: User, day: date) -> Evidence:
    """Say which data were analysed within a year."""
    return _answer(person, day, (), _("Analyse values"))


RULES = (
    Rule(
        name="analyses.gauges",
        requirements=("7.1.5.1-a", "7.1.5.1-2"),
        title=gettext_lazy("Gauges that were studied"),
        text=gettext_lazy(
            "Studies of gauges and appraisers issued within a year: R&R, bias, linearity, kappa."
        ),
        ask=gauges,
    ),
    Rule(
        name="analyses.analysed",
        requirements=("9.1.3-1",),
        title=gettext_lazy("Data that were analysed"),
        text=gettext_lazy("Analyses issued within a year, each with its conclusion."),
        ask=analysed,
    ),
)

__all__ = ["RULES"]
