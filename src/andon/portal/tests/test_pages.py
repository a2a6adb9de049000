"""Home, my work and search: what is mine, is it all right, what changed, where is it."""

from datetime import date, timedelta

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext

from andon.accounts.models import Site, User
from andon.accounts.roles import Role
from andon.accounts.testing import SiteFactory, a_person
from andon.modules.nonconformities.tests.factories import reported
from andon.organization import clock
from andon.portal import queries

pytestmark = pytest.mark.django_db


@pytest.fixture
def site() -> Site:
    site: Site = SiteFactory.create(code="ABC1")
    return site


@pytest.fixture
def manager(site: Site) -> User:
    return a_person(Role.MANAGER, site)


@pytest.fixture
def page(client: Client, manager: User) -> Client:
    client.force_login(manager)
    return client


def test_an_empty_home_teaches_and_offers_the_first_step(page: Client) -> None:
    text = page.get("/").content.decode()

    assert "Nothing waits for you" in text
    assert "/nonconformities/new/" in text


def test_my_work_is_mine_open_and_the_soonest_due_first(
    page: Client, manager: User, site: Site
) -> None:
    day = clock.today(site)
    later = reported(manager, site, due_date=day + timedelta(days=9))
    late = reported(manager, site, due_date=day - timedelta(days=1))
    undated = reported(manager, site)
    reported(a_person(Role.MANAGER, site), site)

    work = queries.my_work(manager, day)

    assert [task.record.number for task in work.tasks] == [
        late.number,
        later.number,
        undated.number,
    ]
    assert (work.count, work.overdue) == (3, 1)
    assert "One of your tasks is overdue." in page.get("/").content.decode()


def test_my_work_costs_eight_queries_however_much_it_is(manager: User, site: Site) -> None:
    for _more in range(12):
        reported(manager, site)
    day = clock.today(site)

    with CaptureQueriesContext(connection) as asked:
        queries.my_work(manager, day)

    assert len(asked) <= 8


def test_home_says_what_changed_since_yesterday_and_who_did_it(
    page: Client, manager: User, site: Site
) -> None:
    record = reported(manager, site, title="Burr on the edge")

    happened = page.get("/").context["happened"]

    assert [one.record.number for one in happened] == [record.number]
    assert happened[0].told.actor == manager.display_name


def test_home_shows_nothing_of_another_site(page: Client) -> None:
    elsewhere: Site = SiteFactory.create(code="ABC2")
    record = reported(a_person(Role.MANAGER, elsewhere), elsewhere, due_date=date(2026, 1, 1))

    text = page.get("/").content.decode()

    assert record.number not in text


def test_a_whole_number_leads_straight_to_the_record(
    page: Client, manager: User, site: Site
) -> None:
    record = reported(manager, site)

    answer = page.get("/search/", {"q": record.number.lower()})

    assert answer["Location"] == record.get_absolute_url()


def test_search_finds_records_clauses_and_terms(page: Client, manager: User, site: Site) -> None:
    reported(manager, site, title="Calibration label missing")

    hits = page.get("/search/", {"q": "calibration"}).context["hits"]
    terms = page.get("/search/", {"q": "nonconformity"}).context["hits"].terms

    assert [record.title for record in hits.records] == ["Calibration label missing"]
    assert "nonconformity" in [term.term for term in terms]


def test_capa_is_another_word_for_corrective_action(page: Client) -> None:
    hits = page.get("/search/", {"q": "CAPA"}).context["hits"]

    assert "corrective action" in [term.term for term in hits.terms]


@pytest.mark.parametrize("typed", ["", "  ", "%_'\"*(", "-", "x" * 5000, "ä ö", "NEAR(", "a OR"])
def test_awful_words_find_nothing_and_break_nothing(page: Client, typed: str) -> None:
    assert page.get("/search/", {"q": typed}).status_code == 200
