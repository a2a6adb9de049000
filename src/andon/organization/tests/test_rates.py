"""Rates: versions by day, the most specific one, and that what was in force stays."""

from datetime import date
from decimal import Decimal

import pytest
from django.core.exceptions import PermissionDenied, ValidationError
from django.db import IntegrityError

from andon.accounts.roles import Role
from andon.accounts.testing import TESTS, SiteFactory, a_person
from andon.organization import queries, services
from andon.organization.models import CostKind, CostRate
from andon.organization.testing import ItemFactory, LineFactory, with_settings
from andon.trail.services import audited

SPRING, SUMMER = date(2026, 3, 1), date(2026, 7, 1)


def a_rate(kind=CostKind.DOWNTIME, amount="60", from_date=SPRING, **about):
    row = CostRate(kind=kind, amount=Decimal(amount), from_date=from_date, **about)
    return services.add(row, by=TESTS)


def revised(rate, **changes):
    same = {"amount": rate.amount, "from_date": rate.from_date, "reason": rate.reason}
    return services.revise_rate(rate, changes={**same, "is_active": True, **changes}, by=TESTS)


def test_a_rate_holds_from_its_day_until_the_next_version(db):
    rate = a_rate()
    revised(rate, amount=Decimal(75), from_date=SUMMER)

    days = (date(2026, 2, 28), SPRING, date(2026, 6, 30), SUMMER)

    assert [queries.rate_on("downtime", day) for day in days] == [None, 60, 60, 75]


def test_the_rate_of_the_line_comes_before_that_of_all_lines(db):
    line = LineFactory()
    a_rate()
    a_rate(amount="95", line=line, from_date=SUMMER)

    assert queries.rate_on("downtime", SPRING, line=line) == 60
    assert queries.rate_on("downtime", SUMMER, line=line) == 95
    assert queries.rate_on("downtime", SUMMER, line=LineFactory()) == 60


def test_scrap_costs_the_rate_of_the_item_else_its_unit_cost_else_that_of_any_piece(db):
    own, priced, plain = ItemFactory(unit_cost=3), ItemFactory(unit_cost=3), ItemFactory()
    a_rate(CostKind.SCRAP, "2")
    a_rate(CostKind.SCRAP, "5", item=own)

    found = [queries.rate_on("scrap", SPRING, item=item) for item in (own, priced, plain, None)]

    assert found == [5, 3, 2, 2]


def test_an_amount_in_force_is_not_changed_only_followed_by_another(db):
    rate = a_rate()

    with pytest.raises(ValidationError, match="choose the later day"):
        revised(rate, amount=Decimal(75))
    with pytest.raises(ValidationError, match="choose the later day"):
        revised(rate, amount=Decimal(75), from_date=date(2026, 1, 1))

    assert CostRate.objects.get().amount == 60


def test_a_version_typed_by_mistake_is_taken_out_of_use_and_kept(db):
    rate = revised(a_rate(), amount=Decimal(7500), from_date=SUMMER)

    revised(rate, is_active=False)
    a_rate(amount="75", from_date=SUMMER)

    assert queries.rate_on("downtime", SUMMER) == 75
    assert CostRate.objects.count() == 3


def test_two_rates_of_the_same_from_the_same_day_are_refused(db):
    a_rate()

    with pytest.raises(ValidationError, match="a rate from this day"):
        a_rate(amount="75")
    with pytest.raises(IntegrityError), audited(TESTS, reason="twice"):
        CostRate.objects.create(kind=CostKind.DOWNTIME, amount=1, from_date=SPRING)


@pytest.mark.parametrize(
    ("kind", "about", "sentence"),
    [("complaint", "line", "does not depend on the line"), ("downtime", "item", "on the item")],
)
def test_a_cost_is_told_apart_only_by_what_it_depends_on(db, kind, about, sentence):
    named = {"line": LineFactory, "item": ItemFactory}[about]()

    with pytest.raises(ValidationError, match=sentence):
        a_rate(kind, **{about: named})


def test_a_rate_is_of_an_item_or_of_a_line(db):
    with pytest.raises(ValidationError, match="not both"):
        a_rate(CostKind.REWORK, item=ItemFactory(), line=LineFactory())


def test_AZ2_a_rate_of_a_line_is_for_its_site_and_one_of_all_for_everybody(db):
    here, there = LineFactory(), LineFactory()
    everywhere = a_rate()
    of_here = a_rate(line=here)
    a_rate(line=there)
    local = a_person(Role.MANAGER, here.site)

    assert set(CostRate.objects.visible_to(local)) == {everywhere, of_here}
    with pytest.raises(PermissionDenied):
        services.revise_rate(
            everywhere,
            changes={"amount": Decimal(1), "from_date": SUMMER, "reason": ""},
            by=local,
        )


def test_the_page_of_a_rate_makes_a_newer_version(client, db):
    client.force_login(a_person(Role.MANAGER))
    rate = a_rate()
    url = f"/setup/rates/{rate.pk}/"
    mark = client.get(url).context["form"].initial["seen"]
    sent = {"seen": mark, "amount": "75", "is_active": "on", "from_date": "2026-07-01"}

    refused = client.post(url, {**sent, "from_date": "2026-03-01"})
    made = client.post(url, sent)

    assert "choose the later day" in refused.content.decode()
    assert made.status_code == 302
    versions = CostRate.objects.order_by("from_date").values_list("amount", flat=True)
    assert list(versions) == [60, 75]


def test_the_currency_is_a_code_of_three_letters(db):
    SiteFactory()

    assert queries.settings().currency == "EUR"
    assert with_settings(currency="CHF").currency == "CHF"
    with pytest.raises(ValidationError, match="Three capital letters"):
        with_settings(currency="€")
