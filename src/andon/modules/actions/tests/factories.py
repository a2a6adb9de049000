"""Corrective actions as far as a test needs them, made through the services."""

from datetime import date, timedelta
from decimal import Decimal
from typing import Any

from andon.accounts.models import Site, User
from andon.modules.actions import services
from andon.modules.actions.models import CorrectiveAction
from andon.modules.kpis import services as kpis
from andon.modules.kpis.models import Kpi
from andon.modules.nonconformities.models import Nonconformity
from andon.records import services as records

OPENED = date(2026, 3, 2)  # a Monday
DONE = date(2026, 3, 30)  # a Monday, so that the week that begins then is the first after
WEEKS_BEFORE = [OPENED - timedelta(weeks=n) for n in range(12, 0, -1)]


def unsaved(owner: User, site: Site, **fields: Any) -> CorrectiveAction:
    return CorrectiveAction(
        **{"title": "Bore too wide again and again", **fields, "owner": owner, "site": site}
    )


def opened(owner: User, site: Site, **fields: Any) -> CorrectiveAction:
    fields.setdefault("problem", "Bores of bracket 10-0001 are too wide since January")
    return records.create(unsaved(owner, site, **fields), by=owner, day=OPENED)


def case(owner: User, site: Site, day: date = OPENED, **fields: Any) -> Nonconformity:
    row = Nonconformity(**{"title": "Bore too wide", **fields, "owner": owner, "site": site})
    return records.create(row, by=owner, day=day)


def verified(action: CorrectiveAction, by: User, kind: str = "occurrence", **words: Any) -> int:
    """Return the key of a verified cause."""
    text = words.pop("text", f"The drill wanders ({kind})")
    row = services.add_cause(action, by=by, text=text, kind=kind, day=OPENED, **words)
    services.judge_cause(
        action, by=by, cause=row.pk, verified=True, how="Switched on and off", day=OPENED
    )
    return row.pk


def with_action(action: CorrectiveAction, by: User, **fields: Any) -> CorrectiveAction:
    """Give a verified cause and an action against it."""
    cause = verified(action, by)
    values = {"what": "Guide bush added", "kind": "change", "owner": by, "due_date": DONE}
    services.add_item(action, by=by, cause=cause, **{**values, **fields})
    return fresh(action)


def planned(
    owner: User, site: Site, *, window_days: int = 60, verifier: User | None = None, **fields: Any
) -> CorrectiveAction:
    """Return an action with a confirmed plan that promises no recurrence (Light)."""
    action = with_action(opened(owner, site, **fields), owner)
    services.promise_no_recurrence(
        action, by=owner, window_days=window_days, verifier=verifier, day=OPENED
    )
    return records.perform(fresh(action), "settle", by=owner, day=OPENED)


def done(action: CorrectiveAction, by: User, day: date = DONE) -> CorrectiveAction:
    """Carry out every action on ``day`` and say so."""
    for item in action.live_items:
        services.finish_item(action, by=by, item=item.pk, note="Built in, see photo", day=day)
    return records.perform(fresh(action), "implement", by=by, day=day)


def implemented(owner: User, site: Site, **options: Any) -> CorrectiveAction:
    return done(planned(owner, site, **options), owner)


def fresh(action: CorrectiveAction) -> CorrectiveAction:
    found: CorrectiveAction = CorrectiveAction.objects.get(pk=action.pk)
    return found


# -- with a KPI --------------------------------------------------------------------------------


def a_kpi(owner: User, site: Site, **fields: Any) -> Kpi:
    values = {
        "code": "SCRAP-BORE",
        "name": "Scrapped bores",
        "question": "How many bores are scrapped?",
        "formula": "ratio",
        "counting": "proportion",
        "unit": "%",
        "period": "week",
        "source": "Tally sheet",
        "active_from": date(2030, 1, 1),
    }
    return kpis.define(
        Kpi(**{**values, **fields, "site": site, "owner": owner}), by=owner, day=OPENED
    )


def observed(kpi: Kpi, by: User, weeks: list[date], counts: list[int], size: int = 1000) -> None:
    for week, count in zip(weeks, counts, strict=True):
        kpis.observe(
            kpi,
            by=by,
            on=week,
            numerator=Decimal(count),
            denominator=Decimal(size),
            day=week + timedelta(days=7),
        )


BEFORE = [80, 84, 78, 82, 79, 81, 80, 83, 77, 82, 79, 81]


def weeks_after(count: int) -> list[date]:
    return [DONE + timedelta(weeks=n) for n in range(count)]


def on_a_kpi(owner: User, site: Site, **promise: Any) -> CorrectiveAction:
    """Return an implemented action that promises a quarter less scrap within eight weeks."""
    kpi = a_kpi(owner, site)
    observed(kpi, owner, WEEKS_BEFORE, BEFORE)
    action = with_action(opened(owner, site), owner)
    values: dict[str, Any] = {
        "target_change": Decimal(25),
        "baseline_from": WEEKS_BEFORE[0],
        "baseline_until": OPENED - timedelta(days=1),
        "window_days": 56,
    }
    services.promise_change(action, by=owner, kpi=kpi, day=OPENED, **{**values, **promise})
    return done(records.perform(fresh(action), "settle", by=owner, day=OPENED), owner)
