"""Paretos, clusters and holds count what a person may see, and nothing else."""

from datetime import date, timedelta
from decimal import Decimal
from importlib import import_module
from typing import Any

import pytest
from django.test import Client

from andon.accounts.models import Site, User
from andon.accounts.roles import Role
from andon.accounts.testing import SiteFactory, a_person
from andon.modules.nonconformities import queries, services
from andon.modules.nonconformities.models import Nonconformity
from andon.organization import services as organization
from andon.organization.models import Item, Line, Party
from andon.records import services as records

from .factories import unsaved

DAY = date(2026, 6, 1)


@pytest.fixture
def admin(db: None) -> User:
    return a_person(Role.ADMIN)


def line(admin: User, site: Site, code: str) -> Line:
    row: Line = organization.add(Line(site=site, code=code, name=code), by=admin)
    return row


def case(by: User, site: Site, *, day: date = DAY, **fields: Any) -> Nonconformity:
    return records.create(unsaved(by, site, **fields), by=by, day=day)


def seen(person: User) -> Any:
    return Nonconformity.objects.visible_to(person)


class TestPareto:
    def test_bars_are_counted_weighed_and_sorted(self, site: Site, manager: User) -> None:
        burr = services.add_defect_code(code="BURR", name="Burr", by=manager)
        dent = services.add_defect_code(code="DENT", name="Dent", by=manager)
        for defect, quantity in ((burr, 1), (burr, 2), (dent, 50), (None, 4)):
            case(manager, site, defect=defect, suspect_quantity=Decimal(quantity))

        by_count = queries.pareto(seen(manager), "defect")
        by_quantity = queries.pareto(seen(manager), "defect", weight="quantity")

        assert [(bar.name, int(bar.total)) for bar in by_count] == [
            ("BURR · Burr", 2), ("DENT · Dent", 1), ("Not stated", 1),
        ]  # fmt: skip
        assert [(bar.name, int(bar.total)) for bar in by_quantity] == [
            ("DENT · Dent", 50), ("Not stated", 4), ("BURR · Burr", 3),
        ]  # fmt: skip

    def test_more_values_than_are_looked_at_are_one_bar_and_none_is_lost(
        self, site: Site, manager: User, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        counting = import_module("andon.modules.nonconformities.queries.pareto")
        monkeypatch.setattr(counting, "GROUPS", 2)
        for lot, quantity in (("A", 9), ("B", 5), ("C", 3), ("D", 1), ("E", None)):
            amount = None if quantity is None else Decimal(quantity)
            case(manager, site, lot=lot, suspect_quantity=amount)

        found = queries.pareto(seen(manager), "lot", weight="quantity")

        assert [(bar.name, int(bar.total)) for bar in found] == [
            ("A", 9), ("B", 5), ("All others", 4),
        ]  # fmt: skip

    def test_a_group_adds_up_the_codes_below_it(self, site: Site, manager: User) -> None:
        surface = services.add_defect_code(code="SURFACE", name="Surface", by=manager)
        for name in ("DENT", "SCRATCH"):
            code = services.add_defect_code(code=name, name=name, parent=surface, by=manager)
            case(manager, site, defect=code)

        assert [
            (bar.name, int(bar.total)) for bar in queries.pareto(seen(manager), "defect_group")
        ] == [("SURFACE · Surface", 2)]

    @pytest.mark.parametrize("field", queries.FIELDS)
    @pytest.mark.parametrize("weight", queries.WEIGHTS)
    def test_every_field_can_be_counted_in_every_weight(
        self, site: Site, manager: User, client: Client, field: str, weight: str
    ) -> None:
        record = case(manager, site, severity="minor", lot="L1", origin="Milling")
        services.add_cost(record, by=manager, kind="claim", amount=Decimal(9))
        client.force_login(manager)

        answer = client.get(f"/nonconformities/pareto/?by={field}&weight={weight}&since=2026-01-01")

        assert answer.status_code == 200
        assert answer.context["table"][0][0].total in (1, 100, 9)

    def test_a_bar_leads_to_exactly_its_records(
        self, site: Site, manager: User, client: Client
    ) -> None:
        surface = services.add_defect_code(code="SURFACE", name="Surface", by=manager)
        dent = services.add_defect_code(code="DENT", name="Dent", parent=surface, by=manager)
        inside = case(manager, site, defect=dent, title="A dent")
        case(manager, site, title="Something else")
        client.force_login(manager)

        page = client.get("/nonconformities/pareto/?by=defect_group&since=2026-01-01")
        bar = next(bar for bar, _share in page.context["table"] if bar.query)
        found = client.get(f"/nonconformities/?since=2026-01-01&{bar.query}")

        assert [row.pk for row in found.context["page"].rows] == [inside.pk]

    def test_AZ2_other_sites_are_not_counted(self, site: Site, manager: User) -> None:
        elsewhere = SiteFactory.create(code="FAR")
        case(a_person(Role.MANAGER, elsewhere), elsewhere)
        case(manager, site)

        assert sum(bar.total for bar in queries.pareto(seen(manager), "site")) == 1

    @pytest.mark.parametrize("query", ["by=nothing", "weight=x", "since=yesterday", "by="])
    def test_a_choice_that_does_not_exist_is_named(
        self, manager: User, client: Client, query: str
    ) -> None:
        client.force_login(manager)

        answer = client.get(f"/nonconformities/pareto/?{query}")

        assert answer.status_code == 200
        assert 'role="alert"' in answer.content.decode()


class TestClusters:
    def test_the_same_defect_at_another_line_is_one_cluster(
        self, site: Site, manager: User, admin: User
    ) -> None:
        burr = services.add_defect_code(code="BURR", name="Burr", by=manager)
        for code in ("P1", "P2"):
            case(manager, site, defect=burr, line=line(admin, site, code))

        (found,) = queries.clusters(seen(manager), day=DAY)

        assert str(found.why) == "Same defect at another line"
        assert (found.size, found.lines, found.uncovered) == (2, ("ABC1 P1", "ABC1 P2"), 2)

    def test_complaints_of_one_customer_about_one_item_belong_together(
        self, site: Site, manager: User, admin: User
    ) -> None:
        item = organization.add(Item(number="41-1180", name="Shaft"), by=admin)
        elmot = organization.add(Party(code="ELMOT", name="Elmot", is_customer=True), by=admin)
        for title in ("Noise", "Does not fit"):
            case(manager, site, title=title, item=item, party=elmot, found_at="customer")
        case(manager, site, title="Inside", item=item)

        (found,) = queries.clusters(seen(manager), day=DAY, complaints=True)

        assert str(found.why) == "Same customer, same item"
        assert found.size == 2

    def test_uncoded_titles_with_the_same_words_belong_together(
        self, site: Site, manager: User
    ) -> None:
        case(manager, site, title="Label missing on carton")
        case(manager, site, title="Carton: label missing")
        case(manager, site, title="Thread damaged in housing")

        (found,) = queries.clusters(seen(manager), day=DAY)

        assert found.size == 2

    def test_old_void_and_lonely_cases_make_no_cluster(self, site: Site, manager: User) -> None:
        burr = services.add_defect_code(code="BURR", name="Burr", by=manager)
        case(manager, site, defect=burr)
        case(manager, site, defect=burr, day=DAY - timedelta(days=400))
        void = case(manager, site, defect=burr)
        records.perform(void, "void", by=manager, data={"void_reason": "twice"})

        assert queries.clusters(seen(manager), day=DAY) == []

    def test_the_page_hands_the_chosen_cases_to_one_corrective_action(
        self, site: Site, manager: User, client: Client
    ) -> None:
        burr = services.add_defect_code(code="BURR", name="Burr", by=manager)
        today = date.today()  # noqa: DTZ011 - the page asks for the last half year
        numbers = [case(manager, site, defect=burr, day=today).number for _each in range(2)]
        client.force_login(manager)

        page = client.get("/nonconformities/clusters/").content.decode()
        chosen = "&".join(f"corrects={number}" for number in numbers)
        form = client.get(f"/actions/new/?{chosen}").content.decode()

        assert all(f'value="{number}"' in page for number in numbers)
        assert all(number in form for number in numbers)


class TestHolds:
    def test_what_is_held_is_listed_and_what_nobody_holds_stands_first(
        self, site: Site, manager: User
    ) -> None:
        held = case(manager, site, lot="L1")
        services.contain(held, by=manager, place="Rack Q1", quantity=Decimal(100), action="tagged")
        loose = case(manager, site)
        case(manager, site, category="process", suspect_quantity=None)

        found = queries.holds(seen(manager))

        assert [(hold.case.pk, hold.place) for hold in found] == [
            (loose.pk, ""), (held.pk, "Rack Q1"),
        ]  # fmt: skip
        assert queries.holds(seen(manager), place="rack")[0].lot == "L1"

    def test_EX2_the_export_holds_no_formula(
        self, site: Site, manager: User, client: Client
    ) -> None:
        record = case(manager, site, title="=HYPERLINK(1)")
        services.contain(record, by=manager, place="@cmd", quantity=Decimal(1), action="tagged")
        client.force_login(manager)

        text = client.get("/nonconformities/holds/?format=csv").content.decode()

        assert "'=HYPERLINK(1)" in text
        assert "'@cmd" in text

    def test_a_closed_case_holds_nothing(self, site: Site, manager: User) -> None:
        record = case(manager, site)
        records.perform(record, "void", by=manager, data={"void_reason": "twice"})

        assert queries.holds(seen(manager)) == []
