"""The verdict: effective, not effective or inconclusive, and what stands in its way."""

from datetime import date, timedelta
from decimal import Decimal
from typing import Any

import pytest

from andon.accounts.models import Site, User
from andon.modules.actions import queries, services
from andon.modules.actions.models import CorrectiveAction
from andon.modules.actions.models.meanwhile import changed_meanwhile
from andon.modules.actions.models.verdicts import phases
from andon.modules.kpis import services as kpis
from andon.modules.kpis.models import Kpi
from andon.modules.nonconformities.tests.factories import a_code
from andon.organization.testing import ItemFactory
from andon.records import services as records
from andon.records.workflow import Refusal, Refused

from .factories import (
    DONE,
    OPENED,
    WEEKS_BEFORE,
    case,
    done,
    fresh,
    implemented,
    observed,
    on_a_kpi,
    opened,
    planned,
    weeks_after,
)

pytestmark = pytest.mark.django_db
CHECK = DONE + timedelta(days=56)
BETTER = [52, 49, 55, 50, 51, 48, 53, 50]
SAME = [80, 84, 78, 82, 79, 81, 80, 83]
A_LITTLE = [66, 58, 63, 60, 65, 59, 64, 61]


def after(action: CorrectiveAction, by: User, counts: list[int], size: int = 1000) -> None:
    assert action.kpi is not None
    observed(action.kpi, by, weeks_after(len(counts)), counts, size)


def refused(action: CorrectiveAction, by: User, day: date = CHECK) -> list[str]:
    with pytest.raises(Refusal) as caught:
        close(action, by, day)
    assert all(item.fix for item in caught.value.items)
    return [str(item) for item in caught.value.items]


def close(action: CorrectiveAction, by: User, day: date = CHECK) -> CorrectiveAction:
    return records.perform(
        fresh(action), "effective", by=by, day=day, data={"verdict_note": "Looked at the chart"}
    )


def observed_again(kpi: Kpi, by: User, week: date, count: int) -> None:
    kpis.observe(
        kpi,
        by=by,
        on=week,
        numerator=Decimal(count),
        denominator=Decimal(1000),
        reason="counted again",
        day=week + timedelta(days=8),
    )


# -- by a KPI ------------------------------------------------------------------------------


def test_a_real_fall_that_meets_the_promise_is_effective(
    site: Site, manager: User, engineer: User
) -> None:
    record = on_a_kpi(manager, site)
    after(record, manager, BETTER)

    verdict = fresh(record).verdict(CHECK)

    assert verdict is not None
    assert (verdict.outcome, verdict.elapsed, verdict.shortfalls) == ("effective", True, ())
    assert verdict.interval.startswith("−36")
    assert verdict.p == "p < 0.0001"
    closed = close(record, engineer)
    assert closed.state == "effective"
    assert "change of −36" in closed.checks.get().reasons


def test_no_change_is_not_effective_and_cannot_be_closed_as_effective(
    site: Site, manager: User, engineer: User
) -> None:
    record = on_a_kpi(manager, site)
    after(record, manager, SAME)

    verdict = fresh(record).verdict(CHECK)

    assert verdict is not None
    assert verdict.outcome == "not_effective"
    missing = refused(record, engineer)
    assert any("what is seen may be chance" in text for text in missing)
    assert any("nor does any value in the interval" in text for text in missing)


def test_a_small_fall_is_inconclusive(site: Site, manager: User, engineer: User) -> None:
    record = on_a_kpi(manager, site)
    after(record, manager, A_LITTLE)

    verdict = fresh(record).verdict(CHECK)

    assert verdict is not None
    assert verdict.outcome == "inconclusive"
    assert any("does not meet the target" in text for text in refused(record, engineer))


def test_too_little_data_says_how_much_more_is_needed(site: Site, manager: User) -> None:
    record = on_a_kpi(manager, site)
    after(record, manager, [2, 1, 2], size=30)

    verdict = fresh(record).verdict(CHECK)

    assert verdict is not None
    assert verdict.outcome == "inconclusive"
    assert any("Not enough data" in text for text in verdict.reasons)


def test_without_any_data_after_it_stays_open(site: Site, manager: User, engineer: User) -> None:
    record = on_a_kpi(manager, site)

    assert "There are no values after the action yet." in refused(record, engineer)


def test_the_least_exposure_must_be_reached(site: Site, manager: User, engineer: User) -> None:
    record = on_a_kpi(manager, site, minimum_exposure=Decimal(10000))
    after(record, manager, BETTER)

    assert refused(record, engineer) == ["The minimum exposure is not reached: 8,000 of 10,000."]


def test_an_early_look_is_no_verdict(site: Site, manager: User, engineer: User) -> None:
    record = on_a_kpi(manager, site)
    after(record, manager, BETTER)

    assert any(
        "the window has not passed" in text
        for text in refused(record, engineer, CHECK - timedelta(days=1))
    )


def test_a_promised_level_is_in_the_unit_of_the_kpi(
    site: Site, manager: User, engineer: User
) -> None:
    record = on_a_kpi(manager, site, target_change=None, target_value=Decimal(6))
    after(record, manager, BETTER)

    verdict = fresh(record).verdict(CHECK)

    assert verdict is not None
    assert ("Promised", "6.00 %") in verdict.levels
    assert close(record, engineer).state == "effective"


def test_a_triggering_point_left_in_would_promise_too_much(site: Site, manager: User) -> None:
    """With the spike in the baseline, the way back to normal would look like an improvement."""
    record = on_a_kpi(manager, site, left_out=[WEEKS_BEFORE[-1]])
    kpi = record.kpi
    assert kpi is not None
    observed_again(kpi, manager, WEEKS_BEFORE[-1], 400)
    after(record, manager, SAME)

    verdict = fresh(record).verdict(CHECK)

    assert verdict is not None
    assert dict(verdict.levels)["Before"] == "8.05 %"


def test_the_chart_has_limits_of_their_own_after_the_action(site: Site, manager: User) -> None:
    record = on_a_kpi(manager, site)
    after(record, manager, BETTER)

    chart = queries.chart_of(fresh(record), day=CHECK)

    assert chart is not None
    assert "before and after" in chart.caption
    first, last = chart.rows[0], chart.rows[-1]
    assert (first[0], last[0]) == ("2025-W50", "2026-W21")
    center = chart.columns.index("Center line")
    assert (first[center], last[center]) == (8.05, 5.1)


def test_the_week_in_which_the_action_took_hold_is_neither_before_nor_after(
    site: Site, manager: User
) -> None:
    record = on_a_kpi(manager, site)
    after(record, manager, BETTER)
    assert record.criterion is not None
    assert record.kpi is not None

    _all, before, behind = phases(
        record.kpi, record.criterion, cut_in=DONE + timedelta(days=2), until=CHECK
    )

    assert before.points[-1].day == WEEKS_BEFORE[-1]
    assert behind.points[0].day == DONE + timedelta(weeks=1)


# -- watched longer ------------------------------------------------------------------------


def test_an_inconclusive_one_is_watched_longer_once(
    site: Site, manager: User, engineer: User
) -> None:
    record = on_a_kpi(manager, site)
    after(record, manager, A_LITTLE)

    with pytest.raises(Refused, match="judge then"):
        services.extend_window(record, by=engineer, days=28, reason="few", day=DONE)
    longer = services.extend_window(record, by=engineer, days=28, reason="Too few weeks", day=CHECK)

    assert (longer.state, fresh(record).due_date) == ("implemented", CHECK + timedelta(days=28))
    assert [check.decision for check in record.checks.all()] == ["inconclusive"]
    with pytest.raises(Refused, match="once already"):
        services.extend_window(
            record, by=engineer, days=28, reason="again", day=CHECK + timedelta(days=28)
        )


def test_a_clear_verdict_is_not_put_off(site: Site, manager: User, engineer: User) -> None:
    record = on_a_kpi(manager, site)
    after(record, manager, SAME)

    with pytest.raises(Refused, match="verdict is not open"):
        services.extend_window(record, by=engineer, days=28, reason="hope", day=CHECK)


# -- recurrences ---------------------------------------------------------------------------


@pytest.fixture
def again(site: Site, manager: User) -> dict[str, Any]:
    """Return what makes a case look like the same problem: item and defect."""
    return {"item": ItemFactory.create(), "defect": a_code(manager)}


def watched(manager: User, site: Site, again: dict[str, Any]) -> CorrectiveAction:
    action = planned(manager, site, window_days=60)
    services.take_on(action, by=manager, case=case(manager, site, **again))
    return done(fresh(action), manager)


LATER = DONE + timedelta(days=60)


def test_a_later_case_with_the_same_item_and_defect_waits_to_be_judged(
    site: Site, manager: User, engineer: User, again: dict[str, Any]
) -> None:
    record = watched(manager, site, again)
    later = case(manager, site, DONE + timedelta(days=5), **again)

    assert refused(record, engineer, LATER) == [
        f"{later.number} looks like a recurrence; judge whether it is one."
    ]
    services.judge_recurrence(
        record, by=engineer, case=later, counts=False, why="Another cause: broken drill"
    )
    assert close(record, engineer, LATER).state == "effective"


def test_one_judged_a_recurrence_stands_against_effective_and_is_linked(
    site: Site, manager: User, engineer: User, again: dict[str, Any]
) -> None:
    record = watched(manager, site, again)
    later = case(manager, site, DONE + timedelta(days=5), **again)
    services.judge_recurrence(
        record, by=engineer, case=later, counts=True, why="Bush was missing", produced_date=DONE
    )

    assert refused(record, engineer, LATER) == [f"{later.number} is a recurrence after the action."]
    verdict = fresh(record).verdict(LATER)
    assert verdict is not None
    assert verdict.outcome == "not_effective"
    assert later.links_out.get(kind="recurrence_of").target_id == record.pk


def test_a_recurrence_drawn_by_hand_waits_to_be_judged_and_does_not_count_by_itself(
    site: Site, manager: User, engineer: User, again: dict[str, Any]
) -> None:
    record = watched(manager, site, again)
    later = case(manager, site, DONE + timedelta(days=5))
    records.link(later, "recurrence_of", record.cases[0], by=manager)

    assert refused(record, engineer, LATER) == [
        f"{later.number} looks like a recurrence; judge whether it is one."
    ]
    services.judge_recurrence(
        record, by=engineer, case=later, counts=False, why="Produced in January"
    )
    assert close(record, engineer, LATER).state == "effective"


def test_what_was_produced_before_the_action_took_hold_does_not_count(
    site: Site, manager: User, engineer: User, again: dict[str, Any]
) -> None:
    record = watched(manager, site, again)
    later = case(manager, site, DONE + timedelta(days=5), **again)

    with pytest.raises(Refused, match="before the action took hold"):
        services.judge_recurrence(
            record, by=engineer, case=later, counts=True, why="Same", produced_date=OPENED
        )


def test_a_recurrence_also_stands_against_a_better_number(
    site: Site, manager: User, engineer: User
) -> None:
    record = on_a_kpi(manager, site)
    after(record, manager, BETTER)
    later = case(manager, site, DONE + timedelta(days=5))
    services.judge_recurrence(
        record, by=engineer, case=later, counts=True, why="Bush was missing", produced_date=DONE
    )

    assert refused(record, engineer) == [f"{later.number} is a recurrence after the action."]


# -- after it is closed ----------------------------------------------------------------------


def test_not_effective_is_closed_and_asks_for_a_successor(
    site: Site, manager: User, engineer: User, again: dict[str, Any]
) -> None:
    record = watched(manager, site, again)
    closed = records.perform(
        record, "not_effective", by=engineer, day=LATER, data={"verdict_note": "It came back"}
    )

    assert closed.needs_successor
    assert any("no successor" in str(gap.text) for gap in fresh(closed).gaps())
    fresh_one = services.open_successor(fresh(closed), by=manager, day=LATER)

    assert (fresh_one.state, fresh_one.problem) == ("opened", record.problem)
    assert fresh_one.links_out.get(kind="succeeds").target_id == record.pk
    assert [one.pk for one in fresh_one.cases] == [one.pk for one in record.cases]
    with pytest.raises(Refused, match="succeeds it already"):
        services.open_successor(fresh(closed), by=manager)


def test_an_open_one_has_no_successor(site: Site, manager: User) -> None:
    with pytest.raises(Refused, match="closed corrective action"):
        services.open_successor(implemented(manager, site), by=manager)


@pytest.mark.parametrize("target", ["action", "case"])
def test_a_problem_that_comes_back_after_closure_shows_that_the_effect_did_not_last(
    site: Site, manager: User, engineer: User, again: dict[str, Any], target: str
) -> None:
    record = close(watched(manager, site, again), engineer, LATER)
    assert not fresh(record).is_unsustained

    later = case(manager, site, LATER + timedelta(days=90), **again)
    records.link(
        later, "recurrence_of", record if target == "action" else record.cases[0], by=manager
    )

    reported = fresh(record)
    assert [one.pk for one in reported.reported_again] == [later.pk]
    assert not reported.is_unsustained, "a link alone does not count"
    services.judge_recurrence(
        reported, by=engineer, case=later, counts=True, why="Bush gone", produced_date=LATER
    )

    closed = fresh(record)
    assert (closed.state, closed.is_unsustained) == ("effective", True)
    assert (closed.version, closed.reported_again) == (reported.version, [])
    assert [row.pk for row in CorrectiveAction.objects.unsustained()] == [record.pk]
    successor = services.open_successor(closed, by=manager)
    assert later.pk in [one.pk for one in successor.cases]


def test_other_actions_of_the_same_time_and_place_are_listed(site: Site, manager: User) -> None:
    record = on_a_kpi(manager, site)
    other = implemented(manager, site, title="New coolant")
    opened(manager, site, title="Not done yet")

    found = changed_meanwhile(fresh(record), manager)

    assert [one.name for one in found] == [other.number]
