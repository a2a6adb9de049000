"""Causes, actions and the promise: what people write, and what is refused."""

from datetime import date, timedelta
from decimal import Decimal
from typing import Any

import pytest

from andon.accounts.models import Site, User
from andon.modules.actions import queries, services
from andon.modules.actions.models import Cause
from andon.records import services as records
from andon.records.workflow import Refused

from .factories import (
    BEFORE,
    DONE,
    OPENED,
    WEEKS_BEFORE,
    a_kpi,
    case,
    fresh,
    implemented,
    observed,
    opened,
    planned,
    verified,
    with_action,
)

pytestmark = pytest.mark.django_db


def test_causes_hang_below_each_other_as_a_tree(site: Site, manager: User) -> None:
    record = opened(manager, site)
    top = services.add_cause(record, by=manager, text="Bore too wide")
    services.add_cause(record, by=manager, text="Drill wanders", parent=top.pk)
    services.add_cause(record, by=manager, text="Nobody saw it", kind="escape")

    tree = queries.tree(fresh(record))

    assert [branch.cause.text for branch in tree] == ["Bore too wide", "Nobody saw it"]
    assert [branch.cause.text for branch in tree[0].deeper] == ["Drill wanders"]


def test_a_cause_of_another_record_is_no_parent(site: Site, manager: User) -> None:
    foreign = services.add_cause(opened(manager, site), by=manager, text="Elsewhere")

    with pytest.raises(Refused, match="not in the list"):
        services.add_cause(opened(manager, site), by=manager, text="x", parent=foreign.pk)


def test_a_cause_is_judged_with_what_shows_it(site: Site, manager: User) -> None:
    record = opened(manager, site)
    row = services.add_cause(record, by=manager, text="Drill wanders")

    with pytest.raises(Refused, match="how you know"):
        services.judge_cause(record, by=manager, cause=row.pk, verified=True, how=" ")


@pytest.mark.parametrize(
    ("text", "warns"),
    [
        ("Human error", True),
        ("operator mistake", True),
        ("Retrain the operators!", True),
        ("Lack of attention", True),
        ("Operator error: both parts look the same from above", False),
        ("The drill wanders", False),
        ("No training plan for the new press", False),
    ],
)
def test_a_cause_that_only_blames_is_warned_about_and_not_refused(
    text: str, *, warns: bool
) -> None:
    assert Cause(text=text).only_blames is warns


def test_after_the_plan_causes_and_promise_no_longer_change(site: Site, manager: User) -> None:
    record = planned(manager, site)

    with pytest.raises(Refused, match="causes no longer change"):
        services.add_cause(record, by=manager, text="Another")
    with pytest.raises(Refused, match="no longer changes"):
        services.promise_no_recurrence(record, by=manager, window_days=1)
    with pytest.raises(Refused, match="done, not dropped"):
        services.drop_item(record, by=manager, item=record.live_items[0].pk, reason="late")


def test_a_dropped_action_no_longer_counts(site: Site, manager: User) -> None:
    record = with_action(opened(manager, site), manager)
    services.drop_item(record, by=manager, item=record.live_items[0].pk, reason="Too dear")

    assert len(fresh(record).causes_without_action()) == 1


def test_an_action_is_moved_to_a_later_day_only_with_a_reason(site: Site, manager: User) -> None:
    record = planned(manager, site)
    item = record.live_items[0].pk

    with pytest.raises(Refused, match="later than"):
        services.extend_item(record, by=manager, item=item, due_date=DONE, reason="steel")
    with pytest.raises(Refused, match="reason"):
        services.extend_item(
            record, by=manager, item=item, due_date=DONE + timedelta(days=7), reason=" "
        )
    row = services.extend_item(
        record, by=manager, item=item, due_date=DONE + timedelta(days=7), reason="Steel is late"
    )
    assert row.due_date == DONE + timedelta(days=7)
    assert [one.reason for one in record.item_extensions.all()] == ["Steel is late"]


def test_an_action_is_done_after_the_plan_and_not_in_the_future(site: Site, manager: User) -> None:
    early = with_action(opened(manager, site), manager)
    with pytest.raises(Refused, match="plan has to be confirmed"):
        services.finish_item(early, by=manager, item=early.live_items[0].pk, note="Built in")

    record = planned(manager, site)
    item = record.live_items[0].pk
    for day in (OPENED - timedelta(days=1), DONE + timedelta(days=1)):
        with pytest.raises(Refused, match="between"):
            services.finish_item(
                record, by=manager, item=item, note="Built in", done_date=day, day=DONE
            )


def test_nothing_is_added_when_everything_is_done(site: Site, manager: User) -> None:
    record = implemented(manager, site)

    with pytest.raises(Refused, match="successor"):
        services.add_item(record, by=manager, what="More", owner=manager, due_date=DONE)


def test_the_ordinary_case_fits_on_one_page(site: Site, manager: User) -> None:
    record = services.plan_simply(
        opened(manager, site),
        by=manager,
        problem="Bores too wide",
        cause="The drill wanders",
        how="With a guide bush it stays",
        what="Add guide bushes",
        owner=manager,
        due_date=DONE,
        window_days=60,
    )

    assert records.perform(record, "settle", by=manager).state == "planned"


def test_one_page_is_written_whole_or_not_at_all(site: Site, manager: User) -> None:
    record = opened(manager, site, problem="As it was")

    with pytest.raises(Refused):
        services.plan_simply(
            record,
            by=manager,
            problem="New",
            cause="The drill wanders",
            how=" ",
            what="Add guide bushes",
            owner=manager,
            due_date=DONE,
            window_days=60,
        )

    assert (fresh(record).problem, fresh(record).all_causes) == ("As it was", [])


# -- the promise ---------------------------------------------------------------------------


@pytest.fixture
def promise(site: Site, manager: User) -> dict[str, Any]:
    kpi = a_kpi(manager, site)
    observed(kpi, manager, WEEKS_BEFORE, BEFORE)
    return {
        "kpi": kpi,
        "target_change": Decimal(25),
        "baseline_from": WEEKS_BEFORE[0],
        "baseline_until": OPENED - timedelta(days=1),
        "window_days": 56,
        "day": OPENED,
        "by": manager,
    }


@pytest.mark.parametrize(
    ("changed", "sentence"),
    [
        ({"target_change": None}, "either a change in % or a level"),
        ({"target_value": Decimal(6)}, "either a change in % or a level"),
        ({"target_change": Decimal(101)}, "more than 100 %"),
        ({"baseline_until": WEEKS_BEFORE[0]}, "ends after it begins"),
        ({"baseline_until": OPENED + timedelta(days=1)}, "before today"),
        (
            {"baseline_from": date(2024, 1, 1), "baseline_until": date(2024, 6, 1)},
            "no more than one value",
        ),
    ],
)
def test_a_promise_that_cannot_be_judged_is_refused(
    site: Site,
    manager: User,
    promise: dict[str, Any],
    changed: dict[str, Any],
    sentence: str,
) -> None:
    with pytest.raises(Refused, match=sentence):
        services.promise_change(opened(manager, site), **{**promise, **changed})


def test_numbered_samples_have_no_before_and_after(
    site: Site, manager: User, promise: dict[str, Any]
) -> None:
    kpi = a_kpi(manager, site, code="SAMPLES", period="sample")

    with pytest.raises(Refused, match="no dates"):
        services.promise_change(opened(manager, site), **{**promise, "kpi": kpi})


def test_a_promise_is_replaced_until_the_plan_is_confirmed(
    site: Site, manager: User, promise: dict[str, Any]
) -> None:
    record = opened(manager, site)
    services.promise_change(record, **promise)

    services.promise_no_recurrence(record, by=manager, window_days=30)

    criterion = fresh(record).criterion
    assert criterion is not None
    assert (criterion.method, criterion.target_change) == ("no_recurrence", None)


def test_points_that_triggered_the_action_are_left_out_of_the_baseline(
    site: Site, manager: User, promise: dict[str, Any]
) -> None:
    record = opened(manager, site)

    services.promise_change(record, **promise, left_out=[WEEKS_BEFORE[-1] + timedelta(days=2)])

    assert [row.period_start for row in record.left_out.all()] == [WEEKS_BEFORE[-1]]


# -- what it hangs together with -------------------------------------------------------------


def test_one_corrective_action_corrects_many_nonconformities(site: Site, manager: User) -> None:
    record = opened(manager, site)
    cases = [case(manager, site, title=f"Bore {n}", suspect_quantity=None) for n in range(3)]

    for one in cases:
        services.take_on(record, by=manager, case=one)

    assert [row.pk for row in fresh(record).cases] == [one.pk for one in cases]
    assert all(one.has_corrective_action for one in cases)


def test_a_void_nonconformity_is_not_taken_on(site: Site, manager: User) -> None:
    one = records.perform(
        case(manager, site), "void", by=manager, data={"void_reason": "entered twice"}
    )

    with pytest.raises(Refused, match="is void"):
        services.take_on(opened(manager, site), by=manager, case=one)


def test_the_thread_names_what_is_missing(site: Site, manager: User) -> None:
    record = opened(manager, site)
    assert [str(gap.text) for gap in record.gaps()] == ["Not linked to what it corrects."]

    services.take_on(record, by=manager, case=case(manager, site))

    assert fresh(record).gaps() == []


def test_AZ4_the_promise_is_not_edited_by_hand(site: Site, manager: User) -> None:
    record = opened(manager, site)
    verified(record, manager)

    for name, value in (("kpi", None), ("cut_in_date", DONE), ("verdict_note", "fine")):
        with pytest.raises(Refused, match="not changed by hand"):
            records.edit(record, {name: value}, by=manager, version=None)
