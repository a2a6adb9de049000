"""Every gate of a corrective action refuses, and says what is missing and where it is fixed."""

from datetime import date, timedelta
from typing import Any

import pytest
from django.core.exceptions import PermissionDenied

from andon.accounts.models import Site, User
from andon.accounts.roles import Role
from andon.accounts.testing import a_person
from andon.modules.actions import services
from andon.modules.actions.models import CorrectiveAction
from andon.organization.testing import with_settings
from andon.records import services as records
from andon.records.workflow import Refusal, Refused
from andon.signing import dial
from andon.signing.models import Level

from .factories import (
    DONE,
    OPENED,
    done,
    fresh,
    implemented,
    opened,
    planned,
    verified,
    with_action,
)

pytestmark = pytest.mark.django_db


def missing_for(
    record: CorrectiveAction, step: str, by: User, day: date = OPENED, **data: Any
) -> list[str]:
    with pytest.raises(Refusal) as refused:
        records.perform(fresh(record), step, by=by, day=day, data=data)
    assert all(item.fix for item in refused.value.items), "each says where it is fixed"
    return [str(item) for item in refused.value.items]


# -- analysed and planned ------------------------------------------------------------------


def test_everything_that_is_missing_is_listed_at_once(site: Site, manager: User) -> None:
    record = opened(manager, site, problem="")

    assert missing_for(record, "settle", manager) == [
        "The problem is not stated: what, where, since when, how much.",
        "No cause of the occurrence is verified yet: show that it is the cause.",
        "It is not fixed how the effect will be judged.",
    ]


def test_a_proposed_cause_is_not_enough(site: Site, manager: User) -> None:
    record = opened(manager, site)
    row = services.add_cause(record, by=manager, text="The drill wanders")

    assert any(
        "No cause of the occurrence" in text for text in missing_for(record, "settle", manager)
    )

    services.judge_cause(record, by=manager, cause=row.pk, verified=False, how="Drill is straight")
    assert any(
        "No cause of the occurrence" in text for text in missing_for(record, "settle", manager)
    )


def test_an_ordinary_case_under_light_needs_no_escape_or_system_cause(
    site: Site, manager: User
) -> None:
    assert planned(manager, site).state == "planned"


@pytest.mark.parametrize("flag", ["major", "customer_case"])
def test_a_serious_case_also_needs_the_cause_of_the_escape_and_in_the_system(
    site: Site, manager: User, flag: str
) -> None:
    record = opened(manager, site, baseline="8 %", **{flag: True})
    verified(record, manager)

    missing = missing_for(record, "settle", manager)

    assert "No cause of the escape is verified: why was it not noticed in time?" in missing
    assert "No cause in the system is verified: what let the cause arise?" in missing


def test_the_regulated_profile_asks_for_all_causes_always(site: Site, manager: User) -> None:
    with_settings(profile="regulated")
    record = opened(manager, site, baseline="8 %")
    verified(record, manager)

    assert len(missing_for(record, "analyse", manager)) == 2


def test_a_stricter_profile_asks_for_a_baseline_or_why_there_is_none(
    site: Site, manager: User
) -> None:
    with_settings(profile="standard")
    record = opened(manager, site)
    verified(record, manager)

    assert missing_for(record, "analyse", manager) == [
        "There is no baseline: say how much or how often, or why it is not measurable."
    ]
    records.edit(record, {"not_measurable": "happened once"}, by=manager, version=None)
    assert records.perform(fresh(record), "analyse", by=manager).state == "analysed"


def test_every_verified_cause_needs_an_action(site: Site, manager: User) -> None:
    record = with_action(opened(manager, site), manager)
    verified(record, manager, text="The jig is worn")

    assert "The cause “The jig is worn” has no action against it." in missing_for(
        record, "settle", manager
    )


def test_the_only_cause_needs_an_action_too(site: Site, manager: User) -> None:
    record = opened(manager, site)
    verified(record, manager, text="The jig is worn")

    assert "The cause “The jig is worn” has no action against it." in missing_for(
        record, "settle", manager
    )


@pytest.mark.parametrize("kind", ["training", "inspection"])
def test_a_major_case_needs_more_than_training_or_inspection(
    site: Site, manager: User, kind: str
) -> None:
    record = with_action(opened(manager, site, major=True), manager, kind=kind)

    assert any("stronger than training" in text for text in missing_for(record, "settle", manager))


def test_a_serious_case_looks_elsewhere(site: Site, manager: User) -> None:
    record = opened(manager, site, major=True)

    assert "Say whether the same sits elsewhere or could turn up there." in missing_for(
        record, "settle", manager
    )


def test_how_the_effect_is_judged_must_be_fixed(site: Site, manager: User) -> None:
    record = with_action(opened(manager, site), manager)

    assert missing_for(record, "settle", manager) == [
        "It is not fixed how the effect will be judged."
    ]


def analysed_under_standard(manager: User, site: Site) -> CorrectiveAction:
    with_settings(profile="standard")
    record = with_action(opened(manager, site, baseline="8 %", elsewhere="Line 2: clean"), manager)
    return records.perform(record, "analyse", by=manager, day=OPENED)


def test_a_stricter_profile_wants_another_person_named_as_verifier(
    site: Site, manager: User, engineer: User
) -> None:
    record = analysed_under_standard(manager, site)
    services.promise_no_recurrence(record, by=manager, window_days=60)

    assert missing_for(record, "plan", manager) == ["Name the person who will verify the effect."]
    services.promise_no_recurrence(record, by=manager, window_days=60, verifier=manager)
    assert missing_for(record, "plan", manager) == [
        "The effect is verified by someone else than the owner: name another person."
    ]
    services.promise_no_recurrence(record, by=manager, window_days=60, verifier=engineer)
    assert records.perform(fresh(record), "plan", by=manager).state == "planned"


def test_under_light_one_step_confirms_cause_and_plan_and_under_standard_two(
    site: Site, manager: User
) -> None:
    record = opened(manager, site)
    offered = [step.name for step, _missing in records.open_steps(record, manager)]
    assert "settle" in offered
    assert "analyse" not in offered

    with_settings(profile="standard")

    offered = [step.name for step, _missing in records.open_steps(record, manager)]
    assert "analyse" in offered
    with pytest.raises(Refused, match="not possible any more"):
        records.perform(record, "settle", by=manager)


# -- implemented ---------------------------------------------------------------------------


def test_everything_must_be_done_before_the_effect_is_watched(site: Site, manager: User) -> None:
    record = planned(manager, site)

    assert missing_for(record, "implement", manager) == ["“Guide bush added” is not done."]


def test_a_serious_case_says_what_became_of_risks_and_system(site: Site, manager: User) -> None:
    record = opened(manager, site, major=True, elsewhere="Line 2: clean", baseline="8 %")
    cause = [verified(record, manager, kind) for kind in ("occurrence", "escape", "system")]
    for key in cause:
        services.add_item(
            record, by=manager, what=f"Act {key}", owner=manager, due_date=DONE, cause=key,
            reference="Photo board" if key != cause[0] else "",
        )  # fmt: skip
    services.promise_no_recurrence(record, by=manager, window_days=60)
    record = records.perform(fresh(record), "settle", by=manager, day=OPENED)
    for item in record.live_items:
        services.finish_item(record, by=manager, item=item.pk, note="Built in", day=DONE)

    assert missing_for(record, "implement", manager, DONE) == [
        f"“Act {cause[0]}” names nothing that proves it.",
        "Say which risks were updated, or why none.",
        "Say what was changed in the management system, or why nothing.",
    ]


def test_the_effect_counts_from_the_day_the_last_action_was_done(site: Site, manager: User) -> None:
    record = implemented(manager, site, window_days=60)

    assert (record.state, fresh(record).cut_in_date) == ("implemented", DONE)
    assert fresh(record).due_date == DONE + timedelta(days=60)


# -- judged --------------------------------------------------------------------------------


def test_effective_waits_until_the_window_has_passed(site: Site, manager: User) -> None:
    record = implemented(manager, site, window_days=60)

    said = {"verdict_note": "none seen", "same_person_reason": "We are two people"}

    missing = missing_for(record, "effective", manager, DONE + timedelta(days=59), **said)

    assert missing == [
        "The effect is judged from 2026-05-29 on: the window has not passed.",
    ]


def test_effective_needs_a_word_on_what_was_seen(site: Site, manager: User) -> None:
    record = implemented(manager, site)

    assert any("still empty" in text for text in missing_for(record, "effective", manager, DONE))


def test_without_recurrence_it_is_effective_when_the_window_has_passed(
    site: Site, manager: User, engineer: User
) -> None:
    record = implemented(manager, site, window_days=60)
    day = DONE + timedelta(days=60)

    closed = records.perform(
        fresh(record), "effective", by=engineer, day=day, data={"verdict_note": "None in 60 days"}
    )

    assert (closed.state, closed.closed_date) == ("effective", day)
    kept = closed.checks.get()
    assert (kept.decision, kept.computed, kept.by) == ("effective", "effective", engineer)
    assert "no recurrence in 60" in kept.reasons


# -- separation of duties ------------------------------------------------------------------


@pytest.mark.parametrize("step", ["effective", "not_effective"])
def test_light_lets_the_owner_verify_with_the_reason_on_record(
    site: Site, manager: User, step: str
) -> None:
    record = implemented(manager, site)
    day = DONE + timedelta(days=60)

    assert missing_for(record, step, manager, day, verdict_note="None") == [
        "You own this action: give the reason why nobody else verifies its effect."
    ]
    closed = records.perform(
        fresh(record),
        step,
        by=manager,
        day=day,
        data={"verdict_note": "None", "same_person_reason": "We are two people"},
    )
    assert fresh(closed).same_person_reason == "We are two people"


@pytest.mark.parametrize("profile", ["standard", "regulated"])
def test_a_stricter_profile_never_lets_the_owner_verify(
    site: Site, manager: User, engineer: User, profile: str
) -> None:
    record = implemented(manager, site)
    day = DONE + timedelta(days=60)
    with_settings(profile=profile)
    dial.turn({"actions.effective": Level.NONE}, {}, by=manager)  # who signs is tested there
    said = {"verdict_note": "None", "same_person_reason": "We are two people"}

    assert missing_for(record, "effective", manager, day, **said) == [
        "You own this action; its effect is verified by someone else."
    ]
    assert records.perform(fresh(record), "effective", by=engineer, day=day, data=said).is_final


def test_a_process_owner_works_on_it_but_does_not_judge_the_effect(
    site: Site, manager: User
) -> None:
    owner = a_person(Role.OWNER, site)
    record = implemented(owner, site)

    with pytest.raises(PermissionDenied):
        records.perform(
            record, "effective", by=owner, day=DONE + timedelta(days=60), data={"verdict_note": "x"}
        )


def test_a_contributor_reports_only_their_own_action(site: Site, manager: User) -> None:
    operator, other = a_person(Role.CONTRIBUTOR, site), a_person(Role.CONTRIBUTOR, site)
    record = with_action(opened(manager, site), manager, owner=operator)
    services.promise_no_recurrence(record, by=manager, window_days=60)
    record = records.perform(fresh(record), "settle", by=manager, day=OPENED)
    item = record.live_items[0].pk

    with pytest.raises(PermissionDenied):
        services.finish_item(record, by=other, item=item, note="Built in", day=DONE)
    row = services.finish_item(record, by=operator, item=item, note="Built in", day=DONE)
    assert row.done_date == DONE
    assert done(record, manager).state == "implemented"
