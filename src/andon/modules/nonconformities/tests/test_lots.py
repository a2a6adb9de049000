"""A nonconformity spread over several lots: each lot has its own ledger."""

from decimal import Decimal
from typing import Any

import pytest
from django.test import Client

from andon.accounts.models import Site, User
from andon.modules.nonconformities import services
from andon.modules.nonconformities.models import AffectedLot, Nonconformity
from andon.records import services as records
from andon.records.workflow import Refusal, Refused

from .factories import reported


def over_two_lots(by: User, site: Site) -> tuple[Nonconformity, AffectedLot, AffectedLot]:
    record = reported(by, site, severity="minor", suspect_quantity=None)
    first = services.list_lot(record, by=by, lot="L-1", quantity=Decimal(60))
    second = services.list_lot(record, by=by, lot="L-2", quantity=Decimal(40))
    return fresh(record), first, second


def fresh(record: Nonconformity) -> Nonconformity:
    found: Nonconformity = Nonconformity.objects.get(pk=record.pk)
    return found


def test_the_suspect_quantity_is_the_sum_of_the_lots(site: Site, manager: User) -> None:
    record, first, _second = over_two_lots(manager, site)

    services.list_lot(record, by=manager, lot="L-1", quantity=Decimal(70), note="counted again")

    first.refresh_from_db()
    assert (fresh(record).suspect_quantity, first.note) == (110, "counted again")


def test_lots_that_do_not_add_up_refuse_the_decision(site: Site, manager: User) -> None:
    record, _first, _second = over_two_lots(manager, site)
    records.edit(record, {"suspect_quantity": Decimal(90)}, by=manager, version=None)

    with pytest.raises(Refusal, match="The lots add up to 100, but 90 are suspect"):
        records.perform(record, "settle", by=manager)


def test_where_lots_are_listed_sorting_and_deciding_name_one(site: Site, manager: User) -> None:
    record, first, _second = over_two_lots(manager, site)
    sorted_: dict[str, Any] = {
        "good": Decimal(50),
        "nonconforming": Decimal(10),
        "not_recovered": Decimal(0),
    }

    with pytest.raises(Refused, match="Choose the lot"):
        services.sort_out(record, by=manager, **sorted_)
    services.sort_out(record, by=manager, lot=first.pk, **sorted_)
    with pytest.raises(Refused, match="Choose the lot"):
        services.dispose(record, by=manager, disposal="scrap", quantity=Decimal(10))


def test_no_more_of_a_lot_is_sorted_or_decided_than_it_has(site: Site, manager: User) -> None:
    record, first, second = over_two_lots(manager, site)
    services.sort_out(
        record, by=manager, lot=first.pk,
        good=Decimal(50), nonconforming=Decimal(10), not_recovered=Decimal(0),
    )  # fmt: skip

    with pytest.raises(Refused, match="Only 40 of 40 suspect"):
        services.sort_out(
            record, by=manager, lot=second.pk,
            good=Decimal(41), nonconforming=Decimal(0), not_recovered=Decimal(0),
        )  # fmt: skip
    with pytest.raises(Refused, match="Only 0 of the confirmed"):
        services.dispose(record, by=manager, lot=second.pk, disposal="scrap", quantity=Decimal(1))
    with pytest.raises(Refused, match="60 of this lot are sorted already"):
        services.list_lot(record, by=manager, lot="L-1", quantity=Decimal(59))


def test_a_lot_of_another_record_is_not_accepted(site: Site, manager: User) -> None:
    record, _first, _second = over_two_lots(manager, site)
    other = services.list_lot(reported(manager, site), by=manager, lot="L-9", quantity=Decimal(5))

    with pytest.raises(Refused, match="Choose the lot"):
        services.contain(
            record, by=manager, place="Rack", quantity=Decimal(5), action="blocked", lot=other.pk
        )


def test_a_lot_is_found_by_the_search_and_shown_with_its_ledger(
    site: Site, manager: User, client: Client
) -> None:
    record, _first, _second = over_two_lots(manager, site)
    client.force_login(manager)

    page = client.get(record.get_absolute_url()).content.decode()

    assert "L-2" in fresh(record).search_text
    assert "To decide" in page
    assert "L-2" in page


def test_the_form_keeps_what_was_typed_and_says_what_is_wrong(
    site: Site, manager: User, client: Client
) -> None:
    record, first, _second = over_two_lots(manager, site)
    client.force_login(manager)

    answer = client.post(
        f"{record.get_absolute_url()}sorting/",
        {"lot": first.pk, "good": "61", "nonconforming": "0", "not_recovered": "0", "note": "eye"},
    )

    page = answer.content.decode()
    assert answer.status_code == 422
    assert "Only 60 of 60 suspect are left to sort" in page
    assert 'value="61"' in page
