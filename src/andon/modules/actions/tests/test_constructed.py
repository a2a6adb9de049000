"""Each verdict on data made for it, through records and KPI observations (design, 3.3)."""

from collections.abc import Sequence
from datetime import date, timedelta
from random import Random
from typing import Any

import pytest

from andon.accounts.models import Site, User
from andon.modules.actions import services
from andon.modules.actions.models import Cause, CorrectiveAction, Verdict
from andon.modules.kpis import services as kpis
from andon.modules.kpis.models import Signal
from andon.records import services as records
from andon.records.workflow import Refusal
from andon.trail.services import SYSTEM, audited

from .factories import (
    DONE,
    OPENED,
    a_kpi,
    case,
    done,
    fresh,
    observed,
    opened,
    weeks_after,
    with_action,
)

pytestmark = pytest.mark.django_db
BEFORE, AFTER = 20, 12
WINDOW = timedelta(weeks=AFTER)
CHECK = DONE + WINDOW


def story(
    site: Site,
    by: User,
    before: Sequence[int],
    after: Sequence[int],
    *,
    size: int = 1000,
    signal_at: int | None = None,
    **promise: Any,
) -> CorrectiveAction:
    """Tell one action: observe, open (from a signal), plan a quarter less, do it, observe on."""
    since = OPENED - timedelta(weeks=2) if signal_at is not None else date(2030, 1, 1)
    kpi = a_kpi(by, site, active_from=since)
    weeks = [OPENED - timedelta(weeks=n) for n in range(len(before), 0, -1)]
    observed(kpi, by, weeks, list(before), size)
    action = with_action(opened(by, site, kpi=kpi), by)
    if signal_at is not None:
        signal = Signal.objects.filter(kpi=kpi, day=weeks[signal_at]).first()
        assert signal is not None, "the point must have signalled"
        records.link(action, "raised_from", signal, by=by)
    values: dict[str, Any] = {
        "target_change": 25,
        "baseline_from": weeks[0],
        "baseline_until": OPENED - timedelta(days=1),
        "window_days": WINDOW.days,
        "day": OPENED,
    }
    services.promise_change(action, by=by, kpi=kpi, **{**values, **promise})
    action = done(records.perform(fresh(action), "settle", by=by, day=OPENED), by)
    observed(kpi, by, weeks_after(len(after)), list(after), size)
    return fresh(action)


def judged(action: CorrectiveAction) -> Verdict:
    verdict = action.verdict(CHECK)
    assert verdict is not None
    return verdict


def refused(action: CorrectiveAction, by: User) -> str:
    with pytest.raises(Refusal) as caught:
        records.perform(fresh(action), "effective", by=by, day=CHECK, data={"verdict_note": "x"})
    return str(caught.value)


def around(level: int, count: int, spread: int, seed: int) -> list[int]:
    chance = Random(seed)
    return [level + chance.randint(-spread, spread) for _ in range(count)]


def test_a_clear_fall_is_effective(site: Site, manager: User, engineer: User) -> None:
    action = story(site, manager, around(80, BEFORE, 8, 1), around(50, AFTER, 6, 2))

    assert judged(action).outcome == "effective"
    closed = records.perform(
        action, "effective", by=engineer, day=CHECK, data={"verdict_note": "Looked at the chart"}
    )
    assert closed.state == "effective"


def test_a_true_fall_hidden_by_overdispersion_is_inconclusive(
    site: Site, manager: User, engineer: User
) -> None:
    """Pooled counts would be sure of a fall by a third; weeks that swing so much are not."""
    before = [
        20,
        150,
        60,
        170,
        25,
        90,
        160,
        30,
        140,
        45,
        110,
        20,
        150,
        70,
        30,
        130,
        55,
        165,
        40,
        80,
    ]
    after = [70, 15, 110, 30, 100, 20, 55, 95, 25, 65, 15, 40]
    action = story(site, manager, before, after)

    verdict = judged(action)

    assert verdict.outcome == "inconclusive"
    assert any("vary" in text and "pure counting" in text for text in verdict.warnings)
    assert "may be chance" in refused(action, engineer)


def test_regression_to_the_mean_is_not_an_effect(site: Site, manager: User, engineer: User) -> None:
    """One week of 140 raised the signal; without it nothing fell."""
    before = around(80, BEFORE, 6, 3)
    before[-1] = 140
    after = around(80, AFTER, 6, 4)
    action = story(site, manager, before, after, signal_at=-1)

    assert [row.period_start for row in action.left_out.all()] == [OPENED - timedelta(weeks=1)]
    assert judged(action).outcome == "not_effective"
    assert dict(judged(action).levels)["Before"].startswith(("7.9", "8.0", "8.1"))


@pytest.mark.parametrize("stops", [False, True])
def test_a_drift_that_was_under_way_is_not_put_down_to_the_action(
    site: Site, manager: User, engineer: User, stops: bool
) -> None:
    """Scrap fell by two pieces a week for months; the action changed nothing about that."""
    noise = around(0, BEFORE + AFTER, 4, 5)
    level = [110 - 2 * (min(n, BEFORE) if stops else n) for n in range(BEFORE + AFTER)]
    counts = [one + wobble for one, wobble in zip(level, noise, strict=True)]
    action = story(site, manager, counts[:BEFORE], counts[BEFORE:], target_change=20)

    assert judged(action).outcome == "inconclusive"
    assert "cannot be told from that drift" in refused(action, engineer)


def test_a_level_that_climbs_back_is_not_stable(site: Site, manager: User, engineer: User) -> None:
    after = [20 + 4 * n for n in range(AFTER)]
    action = story(site, manager, around(80, BEFORE, 6, 6), after)

    assert judged(action).outcome == "inconclusive"
    assert "not stable" in refused(action, engineer)


def test_too_little_data_is_inconclusive_and_says_so(
    site: Site, manager: User, engineer: User
) -> None:
    before, after = [3, 2, 4, 2, 3, 1, 2, 3, 2, 4], [1, 2, 1, 2]
    action = story(site, manager, before, after, size=40)

    verdict = judged(action)

    assert verdict.outcome == "inconclusive"
    assert any("Not enough data" in text for text in verdict.reasons)
    assert not verdict.enough, "half of what the baseline lets expect was fixed at planning"
    assert action.criterion is not None
    assert action.criterion.minimum_exposure == 243


def test_a_recurrence_counts_only_with_the_same_verified_cause_and_produced_after(
    site: Site, manager: User, engineer: User
) -> None:
    action = story(site, manager, around(80, BEFORE, 8, 1), around(50, AFTER, 6, 2))
    later = case(manager, site, DONE + timedelta(days=20))
    records.link(later, "recurrence_of", action, by=manager)
    assert "looks like a recurrence" in refused(action, engineer)
    say: dict[str, Any] = {"by": engineer, "case": later, "counts": True, "why": "Bush missing"}

    with pytest.raises(Refusal, match="without a day it cannot count"):
        services.judge_recurrence(action, **say)
    with pytest.raises(Refusal, match="before the action took hold"):
        services.judge_recurrence(action, **say, produced_date=OPENED)
    proposed = unverified(action)
    with pytest.raises(Refusal, match="another cause does not count"):
        services.judge_recurrence(action, **say, produced_date=DONE, cause=proposed)
    services.judge_recurrence(action, **say, produced_date=DONE)

    assert judged(fresh(action)).outcome == "inconclusive"
    assert f"{later.number} is a recurrence" in refused(action, engineer)
    assert fresh(action).recurrences.get().cause == action.all_causes[0]


def unverified(action: CorrectiveAction) -> int:
    """Return a cause that nobody verified."""
    with audited(SYSTEM("test")):
        row = Cause.objects.create(record=action, text="Else", by=action.owner, day=OPENED)
    return int(row.pk)


def test_what_else_changed_is_listed_and_kept_with_the_verdict(
    site: Site, manager: User, engineer: User
) -> None:
    action = story(site, manager, around(80, BEFORE, 8, 1), around(50, AFTER, 6, 2))
    assert action.kpi is not None
    start = DONE + timedelta(weeks=2)
    kpis.set_limits(
        action.kpi,
        start=(start, 0),
        reason="New strip supplier",
        document="PCN 7",
        by=manager,
        day=start,
    )

    closed = records.perform(
        fresh(action), "effective", by=engineer, day=CHECK, data={"verdict_note": "Seen"}
    )

    [kept] = closed.checks.get().changes
    assert "New strip supplier" in kept
