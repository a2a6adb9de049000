"""Numbers past four digits, and a search that starts at what a person may see."""

from decimal import Decimal

import pytest

from andon.accounts.models import Site, User
from andon.accounts.roles import Role
from andon.accounts.testing import SiteFactory, a_person
from andon.modules.nonconformities.models import Nonconformity
from andon.modules.nonconformities.tests.factories import reported
from andon.portal import queries
from andon.records import numbering, search
from andon.records.models import NumberCounter, Record
from andon.trail.testing import behind_the_back
from andon.ui.sheets import inert

pytestmark = pytest.mark.django_db


@pytest.fixture
def site() -> Site:
    site: Site = SiteFactory.create(code="ABC1")
    return site


@pytest.fixture
def manager(site: Site) -> User:
    return a_person(Role.MANAGER)


def number_them(first: Record, last: int) -> None:
    """Copy the first record's row until there are ``last`` of them, numbered one by one."""
    columns = [f.column for f in Record._meta.concrete_fields if f.name not in ("id", "number")]
    stem = first.number[:-4]
    rest = ", ".join(columns)
    with behind_the_back() as cursor:
        cursor.executemany(
            f"INSERT INTO records_record (id, number, {rest})"
            f" SELECT %s, %s, {rest} FROM records_record WHERE id = %s",
            [(10**6 + n, f"{stem}{n:04d}", first.pk) for n in range(2, last + 1)],
        )


def test_RC3_past_number_9999_verify_raises_no_alarm_and_still_sees_a_hole(
    site: Site, manager: User
) -> None:
    first = reported(manager, site)
    number_them(first, 10_001)
    NumberCounter.objects.update(last=10_001)

    assert list(numbering.holes()) == []

    with behind_the_back() as cursor:
        cursor.execute("DELETE FROM records_record WHERE number LIKE %s", ["%-7000"])
    assert [finding.kind for finding in numbering.holes()] == ["number"]


def test_RC3_a_counter_ahead_of_the_records_is_found(site: Site, manager: User) -> None:
    reported(manager, site)
    NumberCounter.objects.update(last=2)

    assert [finding.kind for finding in numbering.holes()] == ["number"]


def test_AZ2_a_search_finds_what_one_may_see_behind_newer_hits_of_other_sites(
    site: Site, manager: User, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(search, "LOOKED_AT", 3)
    mine = reported(manager, site, title="Weld cracked")
    elsewhere: Site = SiteFactory.create(code="ABC2")
    for _hit in range(4):
        reported(manager, elsewhere, title="Weld cracked")
    narrow = a_person(Role.MANAGER, site)

    found = Nonconformity.objects.visible_to(narrow).found("weld", viewer=narrow)

    assert [record.pk for record in found] == [mine.pk]


def test_a_person_without_a_site_finds_nothing(site: Site, manager: User) -> None:
    reported(manager, site, title="Weld cracked")

    assert search.newest("weld", sites=frozenset()) == []


def test_the_number_of_a_clause_finds_the_clause(manager: User) -> None:
    hits = queries.search(manager, "8.7", edition="9001:2015+A1")

    assert "8.7" in [clause.number for clause in hits.clauses]


def test_EX2_numbers_stay_numbers_in_an_export() -> None:
    assert [inert(value) for value in (-3, Decimal("-1.5"), "-3", True)] == [
        -3,
        Decimal("-1.5"),
        "-3",  # a text that is a number and nothing else
        "True",
    ]
