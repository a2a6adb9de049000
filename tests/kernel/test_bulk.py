"""Changing many records at once: seen first, one audited edit each, refusals told."""

from datetime import date
from typing import Any

import pytest
from django.test import Client

from andon.accounts.models import Site, User
from andon.accounts.roles import Role
from andon.accounts.services import grant_role
from andon.accounts.testing import SiteFactory, a_person
from andon.modules.nonconformities.models import Nonconformity
from andon.modules.nonconformities.tests.factories import reported
from andon.records import services as records
from andon.records.models import Extension
from andon.trail.models import AuditEntry
from andon.trail.services import SYSTEM
from andon.trail.verify import verify

pytestmark = pytest.mark.django_db
BULK = "/nonconformities/bulk/"


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


def post(page: Client, rows: list[Any], act: str = "apply", **asked: Any) -> Any:
    ticked = [f"{row.pk}:{row.version}" for row in rows]
    return page.post(BULK, {"which": "chosen", "record": ticked, "act": act, **asked})


def fresh(row: Nonconformity) -> Nonconformity:
    return Nonconformity.objects.get(pk=row.pk)


def test_each_record_gets_one_audited_edit_with_its_reason(
    page: Client, manager: User, site: Site
) -> None:
    rows = [reported(manager, site, due_date=date(2027, 1, 1)) for _n in range(3)]
    other = a_person(Role.QUALITY, site)
    before = AuditEntry.objects.count()

    post(page, rows, owner=other.pk, due_date="2027-02-01", reason="Press down")

    assert {fresh(row).owner_id for row in rows} == {other.pk}
    assert {fresh(row).version for row in rows} == {2}
    assert Extension.objects.filter(reason="Press down", to_date=date(2027, 2, 1)).count() == 3
    entries = AuditEntry.objects.order_by("seq")[before:]
    edits = [entry for entry in entries if entry.model == "nonconformities.nonconformity"]
    assert sorted(entry.number for entry in edits) == sorted(row.number for row in rows)
    assert {entry.reason for entry in edits} == {"changed with others: Press down"}
    assert not verify().findings


def test_a_look_shows_before_and_after_and_writes_nothing(
    page: Client, manager: User, site: Site
) -> None:
    row = reported(manager, site)
    other = a_person(Role.QUALITY, site)

    text = post(page, [row], act="look", owner=other.pk).content.decode()

    assert f"<del>{manager}</del>" in text
    assert f"<ins>{other}</ins>" in text
    assert "1 record will change" in text
    assert fresh(row).version == 1


def test_what_cannot_be_changed_is_listed_with_its_reason_and_the_rest_is_changed(
    page: Client, manager: User, site: Site
) -> None:
    good, void = reported(manager, site), reported(manager, site)
    void = records.perform(void, "void", by=manager, data={"void_reason": "twice"})

    for act in ("look", "apply"):
        answer = post(page, [good, void], act=act, restricted="yes")
        text = answer.content.decode()
        assert [one.record.number for one in answer.context["refused"]] == [void.number]
        assert "no longer changes" in text
        assert void.get_absolute_url() in text

    assert (fresh(good).restricted, fresh(void).restricted) == (True, False)


def test_all_or_none_changes_none_when_one_is_refused(
    page: Client, manager: User, site: Site
) -> None:
    good, void = reported(manager, site), reported(manager, site)
    void = records.perform(void, "void", by=manager, data={"void_reason": "twice"})
    before = AuditEntry.objects.count()

    look = post(page, [good, void], act="look", restricted="yes", together="on")
    answer = post(page, [good, void], restricted="yes", together="on")

    assert 'value="apply"' not in look.content.decode()
    assert "0 records were changed" in answer.content.decode()
    assert (fresh(good).version, AuditEntry.objects.count()) == (1, before)


def test_RC4_a_record_that_moved_on_since_the_look_is_refused(
    page: Client, manager: User, site: Site
) -> None:
    row, other = reported(manager, site), reported(manager, site)
    records.edit(row, {"title": "theirs"}, by=manager, version=1)

    answer = post(page, [row, other], restricted="yes")

    assert [one.record.number for one in answer.context["refused"]] == [row.number]
    assert "Somebody changed this record" in answer.content.decode()
    assert (fresh(row).restricted, fresh(other).restricted) == (False, True)


def test_a_date_that_is_not_later_is_refused_for_that_record_only(
    page: Client, manager: User, site: Site
) -> None:
    late = reported(manager, site, due_date=date(2027, 6, 1))
    soon = reported(manager, site, due_date=date(2027, 1, 1))

    answer = post(page, [late, soon], due_date="2027-03-01", reason="Waiting for steel")

    assert [one.record.number for one in answer.context["refused"]] == [late.number]
    assert fresh(soon).due_date == date(2027, 3, 1)


@pytest.mark.parametrize(
    ("asked", "said"),
    [
        ({}, "Choose what to change"),
        ({"due_date": "2027-03-01"}, "why more time"),
        ({"owner": "999999"}, "valid choice"),
        ({"process": "999999"}, "valid choice"),
    ],
)
def test_a_change_that_is_incomplete_or_unknown_is_asked_for_again(
    page: Client, manager: User, site: Site, asked: dict[str, str], said: str
) -> None:
    row = reported(manager, site)

    answer = post(page, [row], **asked)

    assert answer.status_code == 422
    assert said in answer.content.decode()
    assert fresh(row).version == 1


def test_AZ3_nothing_out_of_sight_is_chosen_or_changed(
    page: Client, manager: User, site: Site
) -> None:
    there = SiteFactory.create()
    boss = a_person(Role.MANAGER)
    elsewhere = reported(boss, there)
    hidden = reported(boss, site, restricted=True)
    mine = reported(manager, site)

    look = page.post(BULK, {"which": "all", "query": "state=open"})
    nothing = post(page, [elsewhere, hidden], restricted="yes")

    assert [row.number for row in look.context["chosen"]] == [mine.number]
    assert nothing.status_code == 409
    assert "Tick the records" in nothing.content.decode()


def test_where_a_person_may_not_edit_the_record_is_refused(client: Client, site: Site) -> None:
    there = SiteFactory.create()
    reader = a_person(Role.MANAGER, site)
    grant_role(reader, Role.CONTRIBUTOR, site=there, from_date=date(2020, 1, 1), by=SYSTEM("test"))
    row = reported(a_person(Role.MANAGER), there)
    client.force_login(reader)

    answer = post(client, [row], restricted="yes")

    assert [one.record.number for one in answer.context["refused"]] == [row.number]
    assert fresh(row).version == 1


def test_transitions_and_other_fields_are_not_offered(
    page: Client, manager: User, site: Site
) -> None:
    row = reported(manager, site)

    post(page, [row], state="closed", title="other", restricted="yes")

    assert (fresh(row).state, fresh(row).title) == ("reported", row.title)


def test_all_on_the_page_and_all_that_match_are_chosen(
    page: Client, manager: User, site: Site
) -> None:
    rows = [reported(manager, site, title="Weld cracked") for _n in range(3)]
    reported(manager, site, title="Label missing")

    matching = page.post(BULK, {"which": "all", "query": "q=weld"})
    on_page = page.post(BULK, {"which": "page", "page": [row.pk for row in rows[:2]]})

    assert len(matching.context["chosen"]) == 3
    assert len(on_page.context["chosen"]) == 2


def test_a_record_that_is_so_already_stays_untouched(
    page: Client, manager: User, site: Site
) -> None:
    row = reported(manager, site)

    answer = post(page, [row], restricted="no")

    assert "stays as it is" in answer.content.decode()
    assert fresh(row).version == 1


def test_nothing_a_person_typed_becomes_markup_in_a_list(
    page: Client, manager: User, site: Site
) -> None:
    reported(manager, site, title='<script>alert("x")</script>', lot='"><img src=x>')

    text = page.get('/nonconformities/?q=script&col="><b>&order="><i>').content.decode()

    assert "<script>alert" not in text
    assert "<b>" not in text
    assert "<i>" not in text
