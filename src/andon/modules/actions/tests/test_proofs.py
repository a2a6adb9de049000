"""Typed actions: each names what proves it, and a request to a supplier waits for its answer."""

from datetime import timedelta
from typing import Any

import pytest
from django.db import IntegrityError
from django.test import Client

from andon.accounts.models import Site, User
from andon.modules.actions import services
from andon.modules.actions.models import ActionItem, CorrectiveAction
from andon.organization.models import Party
from andon.organization.testing import PartyFactory, with_settings
from andon.records import services as records
from andon.records.workflow import Refusal, Refused
from andon.trail.services import audited

from .factories import DONE, OPENED, case, fresh, opened, planned, with_action

pytestmark = pytest.mark.django_db


def request_of(site: Site, manager: User) -> tuple[CorrectiveAction, ActionItem, Party]:
    """Return an action with a confirmed plan that asks a supplier."""
    supplier = PartyFactory.create(code="S-1", is_supplier=True)
    record = with_action(
        opened(manager, site), manager, kind="supplier", party=supplier, what="Allowance back"
    )
    services.promise_no_recurrence(record, by=manager, window_days=60)
    record = records.perform(fresh(record), "settle", by=manager, day=OPENED)
    return record, record.live_items[0], supplier


def test_a_request_to_a_supplier_names_the_supplier_and_others_do_not(
    site: Site, manager: User
) -> None:
    record = opened(manager, site)
    supplier = PartyFactory.create(is_supplier=True)
    values: dict[str, Any] = {"what": "x", "owner": manager, "due_date": DONE}

    with pytest.raises(Refused, match="names the supplier"):
        services.add_item(record, by=manager, kind="supplier", **values)
    with pytest.raises(Refused, match="names the supplier"):
        services.add_item(record, by=manager, kind="task", party=supplier, **values)


def test_a_request_is_done_when_it_is_answered(site: Site, manager: User) -> None:
    record, item, supplier = request_of(site, manager)
    with pytest.raises(Refused, match="when it is answered"):
        services.finish_item(record, by=manager, item=item.pk, note="Sent", day=DONE)

    with pytest.raises(Refused, match="day and words"):
        services.ask_supplier(
            record, by=manager, item=item.pk, party=supplier, sent_date=OPENED,
            answered_date=DONE, day=DONE,
        )  # fmt: skip
    with pytest.raises(Refused, match="before the request"):
        services.ask_supplier(
            record, by=manager, item=item.pk, party=supplier, sent_date=DONE,
            answered_date=OPENED, answer="Yes", day=DONE,
        )  # fmt: skip
    services.ask_supplier(
        record, by=manager, item=item.pk, party=supplier, sent_date=OPENED,
        answered_date=DONE, answer="Back to 0.10 mm", day=DONE,
    )  # fmt: skip

    finished = services.finish_item(record, by=manager, item=item.pk, note="Answered", day=DONE)
    assert finished.has_proof


def test_the_database_knows_no_answer_without_a_request(site: Site, manager: User) -> None:
    _record, item, _supplier = request_of(site, manager)
    item.answered_date = DONE

    with pytest.raises(IntegrityError), audited(manager, reason="past the services"):
        item.save()


def test_a_strict_case_names_what_proves_each_action(site: Site, manager: User) -> None:
    record = planned(manager, site)
    with_settings(profile="standard")
    item = record.live_items[0]
    services.finish_item(record, by=manager, item=item.pk, note="Built in", day=DONE)

    with pytest.raises(Refusal, match="names nothing that proves it"):
        records.perform(fresh(record), "implement", by=manager, day=DONE)

    proof = case(manager, site, DONE - timedelta(days=1))
    services.prove_item(record, by=manager, item=item.pk, proof_record=proof)
    assert records.perform(fresh(record), "implement", by=manager, day=DONE).cut_in_date == DONE


def test_the_ordinary_case_of_light_is_proved_by_its_note(site: Site, manager: User) -> None:
    record = planned(manager, site)
    services.finish_item(
        record, by=manager, item=record.live_items[0].pk, note="Built in", day=DONE
    )

    assert records.perform(fresh(record), "implement", by=manager, day=DONE).cut_in_date == DONE


def test_proof_and_answer_are_typed_on_small_pages(
    client: Client, site: Site, manager: User
) -> None:
    client.force_login(manager)
    record, item, supplier = request_of(site, manager)
    place = f"/actions/{record.number}/items/{item.pk}/"

    sent = client.post(f"{place}request/", {"party": supplier.pk, "sent_date": OPENED.isoformat()})
    unknown = client.post(f"{place}proof/", {"proof_record": "NC-ABC1-1999-0001"})
    named = client.post(f"{place}proof/", {"reference": "SCAR 7"})

    assert (sent.status_code, unknown.status_code, named.status_code) == (303, 422, 303)
    shown = client.get(record.get_absolute_url()).content.decode()
    assert "SCAR 7" in shown
    assert "asked" in shown


def test_a_plan_that_only_trains_is_warned(client: Client, site: Site, manager: User) -> None:
    client.force_login(manager)
    record = with_action(opened(manager, site), manager, kind="training")

    assert (
        "only asks people to know better" in client.get(record.get_absolute_url()).content.decode()
    )
