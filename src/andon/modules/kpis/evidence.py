"""What KPIs say about requirements: how they are defined, observed, analysed, answered (9.1)."""

from datetime import date, timedelta
from typing import Any

from django.db.models import Exists, OuterRef
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
    once_a_round,
)

from .lifecycle import State as Life
from .models import Kpi, Signal, Target
from .models.targets import off_target
from .queries import Tile, tiles
from .queries.board import MOST_TILES

SHOWN = 5
WINDOW = timedelta(days=365)


def _start() -> Start:
    return Start(_("Define a KPI"), reverse("kpis:define"))


def _kpi(kpi: Kpi, day: date | None = None) -> EvidenceRecord:
    return EvidenceRecord(kpi.code, kpi.name, kpi.get_absolute_url(), day)


def _defined(person: User) -> list[Any]:
    targets = Target.objects.filter(kpi=OuterRef("pk"))
    rows = Kpi.objects.visible_to(person).active().annotate(has_target=Exists(targets))
    return list(rows.order_by("-defined_date", "-pk")[:MOST_TILES])


def _tiles(person: User, day: date) -> list[Tile]:
    """Return the board of the day; several rules read it, so it is looked up once a round."""
    return list(once_a_round(("tiles", person.pk, day), lambda: tiles(person, day=day)))


def plan(person: User, _day: date) -> Evidence:
    """Say what is measured, how, when and by whom, from the definitions in use."""
    kpis = _defined(person)
    missing = [
        Missing(
            _("%s has no target.") % kpi.code, reverse("kpis:target", args=[kpi.code]), _("Set one")
        )
        for kpi in kpis
        if not kpi.has_target
    ]
    missing += [
        Missing(
            _("%s has no reaction plan.") % kpi.code,
            reverse("kpis:redefine", args=[kpi.code]),
            _("Write it"),
        )
        for kpi in kpis
        if not kpi.reaction
    ]
    records = tuple(_kpi(kpi, kpi.defined_date) for kpi in kpis[:SHOWN])
    state = State.NONE if not kpis else State.PARTIAL if missing else State.CURRENT
    return Evidence(state, records, tuple(missing[:SHOWN]), _start(), len(kpis))


def results(person: User, day: date) -> Evidence:
    """Say whether the newest closed period of every KPI was observed."""
    found = _tiles(person, day)
    there = [tile for tile in found if tile.point is not None]
    missing = tuple(_not_observed(tile) for tile in found if tile.point is None or tile.missing)
    state = State.CURRENT if there and not missing else State.PARTIAL
    if not there:
        state = State.NONE
    elif all(tile.missing for tile in there) and _all_old(there, day):
        state = State.STALE
    records = tuple(_observed(tile) for tile in there[:SHOWN])
    return Evidence(state, records, missing[:SHOWN], _start(), len(there))


def _not_observed(tile: Tile) -> Missing:
    kpi = tile.kpi
    what = _("%(kpi)s has no value for %(period)s.") % {"kpi": kpi.code, "period": tile.missing}
    if tile.point is None:
        what = _("%s has no values yet.") % kpi.code
    label = _("Compute it") if kpi.is_computed else _("Enter it")
    address = tile.url if kpi.is_computed else reverse("kpis:observe", args=[kpi.code])
    return Missing(what, address, label)


def _observed(tile: Tile) -> EvidenceRecord:
    day = tile.point.day if tile.point and tile.kpi.is_dated else None
    title = f"{tile.kpi.name}: {tile.number} {tile.kpi.unit}".strip()
    return EvidenceRecord(tile.kpi.code, title, tile.url, day)


def _all_old(found: list[Tile], day: date) -> bool:
    """Return whether the newest two periods of every KPI are empty."""
    ends = [tile.point.end for tile in found if tile.point and tile.point.end]
    lengths = {"day": 2, "week": 14, "month": 62}
    longest = max((lengths.get(tile.kpi.period, 0) for tile in found), default=0)
    return bool(ends) and max(ends) + timedelta(days=longest) <= day


def analysis(person: User, day: date) -> Evidence:
    """Say whether what the charts signalled was answered."""
    rows = newest(Signal, person).filter(kpi__is_active=True)
    recent = rows.filter(opened_date__range=(day - WINDOW, day))
    waiting = list(recent.filter(state=Life.RAISED).order_by("due_date", "pk")[:SHOWN])
    answered = list(recent.filter(state=Life.ANSWERED).order_by("-pk")[:SHOWN])
    missing = tuple(
        Missing(
            _("%(number)s waits for its answer: %(title)s")
            % {"number": signal.number, "title": signal.title},
            signal.get_absolute_url(),
            _("Answer it"),
        )
        for signal in waiting
    )
    state = State.PARTIAL if waiting else State.CURRENT if answered else State.NONE
    if state == State.NONE and rows.filter(state=Life.ANSWERED).exists():
        state = State.STALE
    counted = recent.count()
    records = tuple(
        EvidenceRecord(s.number, s.title, s.get_absolute_url(), s.closed_date or s.opened_date)
        for s in [*answered, *waiting][:SHOWN]
    )
    fix = Start(_("Look at the KPI board"), reverse("kpis:board"))
    return Evidence(state, records, missing, fix, counted)


def objectives(person: User, day: date) -> Evidence:
    """Say which KPIs have a target and are watched; that is part of an objective, not all of it."""
    found = [tile for tile in _tiles(person, day) if tile.kpi.known_targets]
    missing = [
        Missing(
            _("An objective also names what is done, by whom, with what and until when."),
            reverse("kpis:board"),
            _("See the KPIs"),
        )
    ]
    missing += [
        Missing(_("%s is off its target.") % tile.kpi.code, tile.url, _("Look at it"))
        for tile in found
        if tile.point and off_target(tile.kpi, tile.point)
    ]
    records = tuple(_observed(tile) for tile in found[:SHOWN])
    state = State.PARTIAL if found else State.NONE
    return Evidence(state, records, tuple(missing[:SHOWN]), _start(), len(found))


def review_input(person: User, day: date) -> Evidence:
    """Offer the KPIs as an input of the management review; the review itself is another record."""
    found = [tile for tile in _tiles(person, day) if tile.point is not None]
    missing = (
        Missing(
            _("No management review has looked at these numbers here."),
            reverse("kpis:board"),
            _("See the KPIs"),
        ),
    )
    records = tuple(_observed(tile) for tile in found[:SHOWN])
    state = State.PARTIAL if found else State.NONE
    return Evidence(state, records, missing if found else (), _start(), len(found))


RULES = (
    Rule(
        name="kpis.plan",
        requirements=("9.1.1-a", "9.1.1-b", "9.1.1-c", "9.1.1-d", "4.4.1-c"),
        title=gettext_lazy("What is measured, how and when"),
        text=gettext_lazy(
            "KPIs in use, each with question, formula, unit, source, period, owner, target and"
            " reaction plan."
        ),
        ask=plan,
    ),
    Rule(
        name="kpis.results",
        requirements=("9.1.1-1", "9.1.1-2"),
        title=gettext_lazy("What was measured"),
        text=gettext_lazy("Observations of the newest closed period of every KPI in use."),
        ask=results,
    ),
    Rule(
        name="kpis.analysis",
        requirements=("9.1.3-1", "9.1.3-a", "9.1.3-c", "9.1.3-g", "4.4.1-g"),
        title=gettext_lazy("What the numbers said, and the answer"),
        text=gettext_lazy("Signals of the last twelve months, each answered with cause or action."),
        ask=analysis,
    ),
    Rule(
        name="kpis.objectives",
        requirements=("6.2.1-b", "6.2.1-e", "6.2.2-e"),
        title=gettext_lazy("Targets that are measured and watched"),
        text=gettext_lazy("KPIs in use with a target, and their newest value against it."),
        ask=objectives,
    ),
    Rule(
        name="kpis.review_input",
        requirements=("9.3.2-c-3",),
        title=gettext_lazy("Process performance for the management review"),
        text=gettext_lazy("The newest values of the KPIs in use."),
        ask=review_input,
    ),
)

__all__ = ["RULES"]
