"""What a nonconformity cost: typed, from rates, taken back, recovered."""

from datetime import date
from decimal import Decimal

import pytest
from django.core.exceptions import ValidationError
from django.test import Client

from andon.accounts.models import Site, User
from andon.accounts.roles import Role
from andon.accounts.testing import a_person
from andon.modules.nonconformities import services
from andon.modules.nonconformities.models import Nonconformity
from andon.organization import services as organization
from andon.organization.models import CostKind, CostRate
from andon.records.workflow import Refused

from .factories import ready_to_decide, reported


def fresh(record: Nonconformity) -> Nonconformity:
    found: Nonconformity = Nonconformity.objects.get(pk=record.pk)
    return found


def test_the_cost_is_the_sum_of_its_lines_less_what_was_recovered(
    site: Site, manager: User
) -> None:
    record = reported(manager, site)

    services.add_cost(record, by=manager, kind="claim", amount=Decimal("1200.50"), what="Letter")
    services.add_cost(record, by=manager, kind="recovered", amount=Decimal(200))

    assert fresh(record).cost == Decimal("1000.50")


def test_an_amount_taken_back_no_longer_counts_and_stays_to_be_seen(
    site: Site, manager: User
) -> None:
    record = reported(manager, site)
    line = services.add_cost(record, by=manager, kind="freight", amount=Decimal(80))

    services.take_back_cost(record, by=manager, line=line.pk, reason="another case")

    assert (fresh(record).cost, record.cost_lines.count()) == (0, 1)
    with pytest.raises(Refused, match="not there any more"):
        services.take_back_cost(record, by=manager, line=line.pk, reason="twice")


@pytest.mark.parametrize("amount", ["0", "-5", "0.001"])
def test_an_amount_of_nothing_is_refused(site: Site, manager: User, amount: str) -> None:
    record = reported(manager, site)

    with pytest.raises(ValidationError):
        services.add_cost(record, by=manager, kind="other", amount=Decimal(amount))


def test_scrap_costs_what_the_rate_says_on_the_day_of_the_decision(
    site: Site, manager: User
) -> None:
    admin = a_person(Role.ADMIN)
    for amount, day in (("2.50", date(2026, 1, 1)), ("9", date(2100, 1, 1))):
        rate = CostRate(kind=CostKind.SCRAP, amount=Decimal(amount), from_date=day)
        organization.add(rate, by=admin)
    record = ready_to_decide(manager, site)

    (proposal,) = services.proposed_costs(record)
    services.take_over_costs(record, by=manager)

    assert proposal.amount == Decimal("100.00")
    assert fresh(record).cost == Decimal("100.00")
    with pytest.raises(Refused, match="no further cost"):
        services.take_over_costs(fresh(record), by=manager)


def test_without_a_rate_no_cost_is_made_up(site: Site, manager: User) -> None:
    record = ready_to_decide(manager, site)

    assert services.proposed_costs(record) == []


def test_the_page_takes_an_amount_and_shows_the_total(
    site: Site, manager: User, client: Client
) -> None:
    record = reported(manager, site)
    client.force_login(manager)

    client.post(
        f"{record.get_absolute_url()}costs/",
        {"kind": "claim", "amount": "1200.50", "what": "Their letter of 3 May"},
    )

    page = client.get(record.get_absolute_url()).content.decode()
    assert "1,200.50" in page
    assert "Their letter of 3 May" in page
