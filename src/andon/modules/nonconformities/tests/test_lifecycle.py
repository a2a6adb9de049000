"""Every gate of a nonconformity refuses, and says what is missing and where it is fixed."""

from datetime import date
from decimal import Decimal
from typing import Any

import pytest
from django.core.exceptions import PermissionDenied
from django.test import Client

from andon.accounts.models import Site, User
from andon.accounts.roles import Role
from andon.accounts.testing import SiteFactory, a_person
from andon.modules.nonconformities import services
from andon.modules.nonconformities.models import Nonconformity
from andon.organization.testing import with_settings
from andon.records import services as records
from andon.records.workflow import Refusal, Refused

from .factories import ready_to_decide, reported

pytestmark = pytest.mark.django_db


@pytest.fixture
def site() -> Site:
    site: Site = SiteFactory.create(code="ABC1")
    return site


@pytest.fixture
def manager(site: Site) -> User:
    return a_person(Role.MANAGER, site)


def missing_for(record: Nonconformity, step: str, by: User, **data: Any) -> list[str]:
    with pytest.raises(Refusal) as refused:
        records.perform(record, step, by=by, data=data)
    assert all(item.fix for item in refused.value.items), "each says where it is fixed"
    return [str(item) for item in refused.value.items]


def settled(record: Nonconformity, by: User) -> Nonconformity:
    return records.perform(record, "settle", by=by)


def done(*, record: Nonconformity, **how: Any) -> None:
    services.carry_out(record, **how)


def verified(*, record: Nonconformity, **how: Any) -> None:
    services.verify_again(record, **how)


def test_everything_that_is_missing_is_listed_at_once(site: Site, manager: User) -> None:
    record = reported(manager, site, suspect_quantity=None)

    missing = missing_for(record, "settle", manager)

    assert missing == [
        "The severity is not set.",
        "The suspect quantity is not known: count or estimate it.",
    ]


def test_the_suspect_quantity_must_be_known(site: Site, manager: User) -> None:
    record = reported(manager, site, severity="minor", suspect_quantity=None)

    assert "The suspect quantity is not known: count or estimate it." in missing_for(
        record, "settle", manager
    )


def test_what_is_not_contained_needs_a_reason(site: Site, manager: User) -> None:
    record = reported(manager, site, severity="minor")
    services.contain(record, by=manager, place="Stock", quantity=Decimal(90), action="blocked")

    assert "10 of 100 suspect are not contained, and no reason is given." in missing_for(
        record, "settle", manager
    )


def test_the_ledger_must_add_up_to_the_suspect_quantity(site: Site, manager: User) -> None:
    record = reported(manager, site, severity="minor", uncontained_reason="used up")
    services.sort_out(
        record, by=manager, good=Decimal(50), nonconforming=Decimal(10), not_recovered=Decimal(0)
    )

    assert any(
        "add up to 60, but 100 are suspect" in text
        for text in missing_for(record, "settle", manager)
    )


def test_the_dispositions_must_add_up_to_the_confirmed_quantity(site: Site, manager: User) -> None:
    record = reported(manager, site, severity="minor", uncontained_reason="used up")
    services.sort_out(
        record, by=manager, good=Decimal(60), nonconforming=Decimal(40), not_recovered=Decimal(0)
    )
    services.dispose(record, by=manager, disposal="scrap", quantity=Decimal(30))

    assert "The dispositions add up to 30, but 40 are confirmed nonconforming." in missing_for(
        record, "settle", manager
    )


def test_more_than_the_confirmed_quantity_cannot_be_disposed_of(site: Site, manager: User) -> None:
    record = ready_to_decide(manager, site)

    with pytest.raises(Refused, match="Only 0 of the confirmed"):
        services.dispose(record, by=manager, disposal="scrap", quantity=Decimal(1))


def test_more_than_the_suspect_quantity_cannot_be_sorted(site: Site, manager: User) -> None:
    record = reported(manager, site)

    with pytest.raises(Refused, match="Only 100 of 100"):
        services.sort_out(
            record,
            by=manager,
            good=Decimal(101),
            nonconforming=Decimal(0),
            not_recovered=Decimal(0),
        )


def test_use_as_is_needs_a_technical_reason(site: Site, manager: User) -> None:
    record = ready_to_decide(manager, site, disposal="use_as_is")

    assert missing_for(record, "settle", manager) == ["“Use as is 40” needs a technical reason."]


@pytest.mark.parametrize(
    ("approval", "sentence"),
    [
        ({}, "approval is missing"),
        ({"approval_number": "C-1", "approval_quantity": Decimal(39)}, "approved only 39"),
        ({"approval_number": "C-1", "approval_until": date(2020, 1, 1)}, "ended on"),
    ],
)
def test_a_concession_on_a_customer_requirement_needs_the_customers_approval(
    site: Site, manager: User, approval: dict[str, Any], sentence: str
) -> None:
    record = reported(
        manager, site, severity="minor", customer_requirement=True, uncontained_reason="-"
    )
    services.sort_out(
        record, by=manager, good=Decimal(60), nonconforming=Decimal(40), not_recovered=Decimal(0)
    )
    services.dispose(
        record,
        by=manager,
        disposal="repair",
        quantity=Decimal(40),
        justification="function kept",
        **approval,
    )

    assert any(sentence in text for text in missing_for(record, "settle", manager))


def test_a_shipped_product_needs_a_word_on_the_customer(site: Site, manager: User) -> None:
    record = ready_to_decide(manager, site, shipped=True)

    assert any("the customer is told" in text for text in missing_for(record, "settle", manager))


def test_closing_waits_until_everything_is_carried_out(site: Site, manager: User) -> None:
    record = settled(ready_to_decide(manager, site), manager)

    assert any("0 of 40 carried out" in text for text in missing_for(record, "close", manager))


def test_rework_is_verified_again_before_closing(site: Site, manager: User) -> None:
    record = settled(ready_to_decide(manager, site, disposal="rework"), manager)
    line = record.live_dispositions[0]
    services.carry_out(record, by=manager, line=line.pk, quantity=Decimal(40))

    assert any("not verified again" in text for text in missing_for(record, "close", manager))


def test_a_failed_verification_reopens_only_its_line(site: Site, manager: User) -> None:
    record = settled(ready_to_decide(manager, site, disposal="rework"), manager)
    line = record.live_dispositions[0]
    services.carry_out(record, by=manager, line=line.pk, quantity=Decimal(40))

    services.verify_again(
        record, by=manager, line=line.pk, good=Decimal(30), failed=Decimal(10), note="bore 10.06"
    )

    line.refresh_from_db()
    record = Nonconformity.objects.get(pk=record.pk)
    assert (line.done_quantity, line.verified_quantity, line.verified_ok) == (30, 30, False)
    assert record.state == "decided"
    assert any("30 of 40 carried out" in text for text in missing_for(record, "close", manager))


def test_the_failed_part_is_carried_out_and_verified_again(site: Site, manager: User) -> None:
    record = settled(ready_to_decide(manager, site, disposal="rework"), manager)
    line = record.live_dispositions[0]
    half: dict[str, Any] = {"record": record, "by": manager, "line": line.pk}
    done(quantity=Decimal(40), **half)
    verified(good=Decimal(0), failed=Decimal(40), note="all too wide", **half)

    done(quantity=Decimal(25), **half)
    verified(good=Decimal(25), note="ring gauge", **half)
    done(quantity=Decimal(15), **half)
    verified(good=Decimal(15), note="ring gauge", **half)

    line.refresh_from_db()
    assert (line.verified_quantity, line.verified_ok) == (40, True)
    assert line.reinspections.count() == 3


def test_no_more_is_verified_than_was_carried_out(site: Site, manager: User) -> None:
    record = settled(ready_to_decide(manager, site, disposal="rework"), manager)
    line = record.live_dispositions[0]
    services.carry_out(record, by=manager, line=line.pk, quantity=Decimal(20))

    with pytest.raises(Refused, match="at most 20"):
        services.verify_again(record, by=manager, line=line.pk, good=Decimal(21), note="x")


def test_AZ5_where_duties_are_separate_another_person_verifies(site: Site, manager: User) -> None:
    with_settings(separate_verifier=True)
    record = settled(ready_to_decide(manager, site, disposal="rework"), manager)
    line = record.live_dispositions[0]
    services.carry_out(record, by=manager, line=line.pk, quantity=Decimal(40))

    with pytest.raises(Refused, match="Somebody else"):
        services.verify_again(record, by=manager, line=line.pk, good=Decimal(40), note="x")
    other = a_person(Role.QUALITY, site)
    services.verify_again(record, by=other, line=line.pk, good=Decimal(40), note="ring gauge")


def test_whether_a_corrective_action_is_needed_is_decided_with_a_reason(
    site: Site, manager: User
) -> None:
    record = settled(ready_to_decide(manager, site), manager)
    services.carry_out(
        record, by=manager, line=record.live_dispositions[0].pk, quantity=Decimal(40)
    )

    assert missing_for(record, "close", manager) == [
        "Decide whether a corrective action is needed."
    ]
    record = records.edit(
        Nonconformity.objects.get(pk=record.pk), {"action_decision": "no"}, by=manager, version=None
    )
    assert missing_for(record, "close", manager) == ["Say why no corrective action is needed."]
    record = records.edit(record, {"action_decision": "yes"}, by=manager, version=None)
    assert any("none is linked" in text for text in missing_for(record, "close", manager))


def test_one_line_with_what_action_and_authority_satisfies_closure(
    site: Site, manager: User
) -> None:
    record = settled(
        ready_to_decide(manager, site, action_decision="no", action_reason="single piece"), manager
    )
    services.carry_out(
        record, by=manager, line=record.live_dispositions[0].pk, quantity=Decimal(40)
    )

    closed = records.perform(record, "close", by=manager)

    assert (closed.state, closed.closed_date is not None) == ("closed", True)
    assert closed.live_dispositions[0].authority == manager


def test_a_process_nonconformity_has_no_quantity_and_needs_its_correction(
    site: Site, manager: User
) -> None:
    record = reported(manager, site, category="process", suspect_quantity=None, severity="minor")

    assert missing_for(record, "settle", manager) == [
        "Write what was done at once (the correction)."
    ]
    with pytest.raises(Refused, match="Only a product"):
        services.contain(record, by=manager, place="Stock", quantity=Decimal(1), action="blocked")


def test_under_light_one_step_contains_and_decides_and_under_standard_two(
    site: Site, manager: User
) -> None:
    record = ready_to_decide(manager, site)
    offered = [step.name for step, _missing in records.open_steps(record, manager)]
    assert "settle" in offered
    assert "contain" not in offered

    with_settings(profile="standard")

    offered = [step.name for step, _missing in records.open_steps(record, manager)]
    assert "contain" in offered
    with pytest.raises(Refused, match="not possible any more"):
        records.perform(record, "settle", by=manager)


def test_the_page_draws_only_the_states_that_happen_under_the_profile(
    client: Client, site: Site, manager: User
) -> None:
    record = ready_to_decide(manager, site)
    client.force_login(manager)

    light = [label for label, _place in client.get(record.get_absolute_url()).context["progress"]]
    with_settings(profile="standard")
    strict = [label for label, _place in client.get(record.get_absolute_url()).context["progress"]]

    assert light == ["Reported", "Decided", "Closed"]
    assert strict == ["Reported", "Contained", "Decided", "Closed"]


def test_a_major_one_is_decided_by_the_quality_manager_where_the_settings_say_so(
    site: Site, manager: User
) -> None:
    with_settings(profile="standard")
    engineer = a_person(Role.QUALITY, site)
    record = records.perform(
        ready_to_decide(manager, site, severity="major"), "contain", by=manager
    )

    with pytest.raises(Refusal, match="decided by the quality manager"):
        records.perform(record, "decide", by=engineer)
    assert records.perform(record, "decide", by=manager).state == "decided"


def test_a_contributor_reports_but_does_not_decide(site: Site, manager: User) -> None:
    operator = a_person(Role.CONTRIBUTOR, site)
    record = ready_to_decide(manager, site)

    assert reported(operator, site).state == "reported"
    with pytest.raises(PermissionDenied):
        records.perform(record, "settle", by=operator)


def test_after_the_decision_its_quantities_no_longer_change(site: Site, manager: User) -> None:
    record = settled(ready_to_decide(manager, site), manager)

    for act in (
        lambda: services.sort_out(
            record, by=manager, good=Decimal(1), nonconforming=Decimal(0), not_recovered=Decimal(0)
        ),
        lambda: services.dispose(record, by=manager, disposal="scrap", quantity=Decimal(1)),
        lambda: services.withdraw(
            record, by=manager, line=record.live_dispositions[0].pk, reason="no"
        ),
    ):
        with pytest.raises(Refused, match="no longer change"):
            act()
