"""On time by first and by current promise, lead time, supplier ppm."""

from collections.abc import Iterable
from datetime import date, timedelta
from decimal import Decimal
from typing import Any

import pytest

from andon.accounts.models import Site
from andon.accounts.testing import TESTS
from andon.modules.production import queries, services
from andon.modules.production.imports import import_file
from andon.modules.production.models import Delivery, Receipt
from andon.organization.models import Party
from andon.organization.testing import ItemFactory, PartyFactory
from andon.trail.verify import verify

MONDAY = date(2026, 5, 4)
SUNDAY = MONDAY + timedelta(days=6)


@pytest.fixture
def customer(db: None) -> Party:
    party: Party = PartyFactory.create(code="KAY")
    return party


@pytest.fixture
def line_of(site: Site, customer: Party) -> Any:
    """Record order lines; each is what it says beside its position."""

    def record(*lines: dict[str, Any], **options: Any) -> Any:
        rows = [
            Delivery(
                **{
                    "site": site,
                    "customer": customer,
                    "order_number": "4711",
                    "position": str(position),
                    "promised": MONDAY,
                    "current_promise": MONDAY,
                    **said,
                }
            )
            for position, said in enumerate(lines, start=10)
        ]
        return services.record(rows, site=site, by=TESTS)

    return record


def _week(**options: Any) -> tuple[Any, Any]:
    found = queries.on_time_by_period(None, since=MONDAY, until=SUNDAY, **options)
    return found[0].numerator, found[0].denominator


def test_a_line_is_on_time_by_its_first_promise_whatever_was_promised_later(line_of: Any) -> None:
    wednesday = MONDAY + timedelta(days=2)
    line_of(
        {"delivered": MONDAY},
        {"delivered": wednesday, "current_promise": wednesday},
        {"delivered": wednesday},
    )

    assert _week() == (1, 3)
    assert _week(promise=queries.CURRENT) == (2, 3)


def test_a_cancelled_line_counts_neither_as_on_time_nor_as_late(line_of: Any) -> None:
    line_of({"delivered": MONDAY}, {"is_cancelled": True}, {"delay": 3, "is_cancelled": True})

    assert _week() == (1, 1)


def test_an_open_line_is_late_once_its_promise_has_passed(line_of: Any) -> None:
    line_of({"delivered": MONDAY}, {})

    assert _week(day=MONDAY) == (1, 1)
    assert _week(day=MONDAY + timedelta(days=1)) == (1, 2)
    assert _week() == (1, 2)


def test_a_delay_is_on_time_up_to_its_tolerance(line_of: Any) -> None:
    line_of(
        {"delay": -5},
        {"delay": 0},
        {"delay": 1},
        {"delay": 14, "tolerance": 14},
        {"delay": 15, "tolerance": 14},
    )

    assert _week() == (3, 5)


def test_a_moved_promise_is_a_correction_of_the_same_line(line_of: Any) -> None:
    line_of({})

    batch = line_of({"delivered": MONDAY, "promised": MONDAY - timedelta(days=1)})

    assert (batch.rows_count, batch.corrected) == (1, 1)
    assert Delivery.objects.current().count() == 1
    assert verify().clean


def test_deliveries_narrow_to_customer_and_item_and_know_no_line(
    line_of: Any, customer: Party, line: Any
) -> None:
    item = ItemFactory.create()
    line_of({"delivered": MONDAY, "item": item}, {"delivered": SUNDAY})

    assert _week(scope=queries.Scope(party=customer.pk)) == (1, 2)
    assert _week(scope=queries.Scope(item=item.pk)) == (1, 1)
    assert _week(scope=queries.Scope(line=line.pk)) == (None, None)


def test_lead_time_is_days_per_line_delivered(line_of: Any) -> None:
    line_of(
        {"ordered": MONDAY - timedelta(days=10), "delivered": MONDAY},
        {"ordered": MONDAY - timedelta(days=20), "delivered": MONDAY},
        {"ordered": MONDAY},
    )

    (week,) = queries.lead_time_by_period(None, since=MONDAY, until=SUNDAY)

    said: tuple[Any, ...] = (week.numerator, week.denominator, week.value)
    assert said == (30, 2, 15)


def test_supplier_ppm_is_rejected_per_received(site: Site) -> None:
    supplier, other = PartyFactory.create(is_supplier=True), PartyFactory.create()
    for party, rejected in ((supplier, 3), (other, 500)):
        row = Receipt(site=site, supplier=party, day=MONDAY, received=1000, rejected=rejected)
        services.record([row], site=site, by=TESTS)

    (week,) = queries.rejected_by_period(
        None, since=MONDAY, until=SUNDAY, scope=queries.Scope(party=supplier.pk)
    )

    assert week.value is not None
    assert week.value * 1_000_000 == 3000


@pytest.mark.parametrize(
    ("content", "sentences"),
    [
        (
            "Order;Due;Customer;Delivered\n1;5.5.2026;KAY;x\n2;5.5.2026;KAY;5.5.2026\n",
            ["“x” is not a date."],
        ),
        (
            "Order;Due;Customer;Cancelled\n1;5.5.2026;KAY;maybe\n",
            ["“maybe” is neither yes nor no."],
        ),
        (
            "Order;Due;Customer\n1;5.5.2026;KAY\n1;6.5.2026;KAY\n",
            ["Row 2 says something about KAY, 1 already."],
        ),
    ],
)
def test_what_is_wrong_with_an_order_line_is_said(
    content: str, sentences: Iterable[str], site: Site, customer: Party, today: date
) -> None:
    result = import_file(
        content.encode(),
        target="deliveries",
        site=site,
        by=TESTS,
        day=today,
        file_name="orders.csv",
        answers={"order": "dmy"},
    )

    assert [sentence for _row, _column, sentence in result.errors] == sentences
    assert not Delivery.objects.exists()


def test_receipts_come_in_and_more_rejected_than_received_is_refused(
    site: Site, today: date
) -> None:
    content = "Date;Vendor;Part;Received;Rejected\n25.05.2026;ACME;A-1;100;{}\n"
    options: Any = {"target": "receipts", "site": site, "by": TESTS, "day": today}

    refused = import_file(
        content.format(101).encode(), file_name="r.csv", create_missing=True, **options
    )
    taken = import_file(
        content.format(2).encode(), file_name="r.csv", create_missing=True, **options
    )

    assert refused.errors == [(2, "rejected", "More is rejected than was received.")]
    assert taken.published
    assert Receipt.objects.current().get().rejected == Decimal(2)
    assert Party.objects.get(code="ACME").is_supplier
