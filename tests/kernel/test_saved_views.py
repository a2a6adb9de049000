"""Saved views: kept, shared with whom they are for, first for a person, dropped by their owner."""

import pytest
from django.core.exceptions import PermissionDenied, ValidationError
from django.test import Client

from andon.accounts.models import Site, User
from andon.accounts.roles import Role
from andon.accounts.testing import SiteFactory, a_person
from andon.lists import services
from andon.lists.models import DefaultView, SavedView
from andon.modules.nonconformities.tests.factories import reported
from andon.trail.models import AuditEntry

pytestmark = pytest.mark.django_db
LIST = "/nonconformities/"


@pytest.fixture
def site() -> Site:
    site: Site = SiteFactory.create(code="ABC1")
    return site


@pytest.fixture
def manager(site: Site) -> User:
    return a_person(Role.MANAGER, site)


def a_view(by: User, **fields: object) -> SavedView:
    first = bool(fields.pop("first", False))
    view = SavedView(**{"kind": "nonconformities", "name": "Open", "query": "state=open", **fields})
    return services.keep(view, by=by, first=first)


def chips(client: Client, user: User) -> list[str]:
    client.force_login(user)
    return [view.name for view in client.get(LIST).context["views"]]


def test_a_view_keeps_filter_columns_and_order_and_shows_them_again(
    client: Client, manager: User, site: Site
) -> None:
    reported(manager, site, title="Weld cracked")
    reported(manager, site, title="Label missing")
    client.force_login(manager)
    asked = "q=weld&col=title&col=site&order=due&after=7"

    saved = client.post(f"/views/new/nonconformities/?{asked}", {
        "name": "Welds", "query": asked,
    })  # fmt: skip
    shown = client.get(saved.headers["Location"]).context

    assert [row.title for row in shown["page"].rows] == ["Weld cracked"]
    assert [column.name for column in shown["columns"]] == ["number", "title", "site"]
    assert (shown["order"], shown["view"].name) == ("due", "Welds")
    assert "after" not in shown["view"].query


def test_a_view_of_ones_own_is_seen_by_nobody_else(
    client: Client, manager: User, site: Site
) -> None:
    a_view(manager)

    assert chips(client, manager) == ["Open"]
    assert chips(client, a_person(Role.MANAGER, site)) == []


@pytest.mark.parametrize(
    ("at_site", "role", "readers"),
    [
        (False, "", {"quality here", "owner here", "quality there"}),
        (True, "", {"quality here", "owner here"}),
        (True, Role.QUALITY, {"quality here"}),
        (False, Role.QUALITY, {"quality here", "quality there"}),
    ],
)
def test_a_shared_view_is_seen_by_its_site_and_role_only(
    client: Client, site: Site, at_site: bool, role: str, readers: set[str]
) -> None:
    there = SiteFactory.create()
    people = {
        "quality here": a_person(Role.QUALITY, site),
        "owner here": a_person(Role.OWNER, site),
        "quality there": a_person(Role.QUALITY, there),
    }
    a_view(a_person(Role.MANAGER), shared=True, site=site if at_site else None, role=role)

    assert {name for name, who in people.items() if chips(client, who)} == readers


def test_sharing_is_refused_beyond_the_sites_and_roles_of_a_person(
    manager: User, site: Site
) -> None:
    for by, where in ((manager, None), (a_person(Role.CONTRIBUTOR, site), site)):
        with pytest.raises(PermissionDenied, match="do not let you share"):
            a_view(by, shared=True, site=where)

    assert not SavedView.objects.exists()


def test_a_shared_view_shows_each_reader_only_what_they_may_see(client: Client, site: Site) -> None:
    boss = a_person(Role.MANAGER)
    there = SiteFactory.create()
    reported(boss, there, title="Of another site")
    mine = reported(boss, site, title="Of this one")
    view = a_view(boss, shared=True, query=f"site={there.pk}")
    client.force_login(a_person(Role.QUALITY, site))

    page = client.get(view.get_absolute_url())

    assert "Of another site" not in page.content.decode()
    assert "This filter was left out" in page.content.decode()
    assert [row.number for row in page.context["page"].rows] == [mine.number]


def test_a_list_begins_with_the_view_its_person_chose_and_with_all_on_request(
    client: Client, manager: User, site: Site
) -> None:
    reported(manager, site, title="Weld cracked")
    reported(manager, site, title="Label missing")
    a_view(manager, query="q=weld", first=True)
    client.force_login(manager)

    assert len(client.get(LIST).context["page"].rows) == 1
    assert len(client.get(f"{LIST}?view=all").context["page"].rows) == 2
    assert chips(client, a_person(Role.MANAGER, site)) == []


def test_choosing_another_first_view_replaces_the_one_before(client: Client, manager: User) -> None:
    one, other = a_view(manager, first=True), a_view(manager, name="Mine", query="owner=me")
    client.force_login(manager)

    client.post(f"/views/{other.pk}/first/")
    assert DefaultView.objects.get().view == other
    client.post(f"/views/{other.pk}/first/")
    assert not DefaultView.objects.exists()
    assert one.name == "Open"


def test_what_a_view_holds_and_the_list_no_longer_has_is_said_and_kept(
    client: Client, manager: User
) -> None:
    view = a_view(manager, query="state=abolished&col=gone&col=title")
    client.force_login(manager)

    text = client.get(view.get_absolute_url()).content.decode()

    assert "This filter was left out" in text
    assert "There is no such column any more: gone" in text
    assert "still holds it" in text
    assert SavedView.objects.get().query == "state=abolished&col=gone&col=title"


def test_only_its_owner_changes_or_drops_a_view(client: Client, site: Site) -> None:
    boss, other = a_person(Role.MANAGER), a_person(Role.MANAGER, site)
    view = a_view(boss, shared=True)
    client.force_login(other)

    assert client.post(f"/views/{view.pk}/", {"name": "Mine now"}).status_code == 404
    assert client.post(f"/views/{view.pk}/drop/").status_code == 404
    with pytest.raises(PermissionDenied):
        services.drop(view, by=other)
    with pytest.raises(PermissionDenied):
        services.keep(view, by=other)


def test_a_dropped_view_lets_every_list_begin_plainly_and_stays_in_the_trail(
    client: Client, site: Site
) -> None:
    boss, other = a_person(Role.MANAGER), a_person(Role.QUALITY, site)
    view = a_view(boss, shared=True, first=True)
    services.begin_with(view, by=other)

    services.drop(view, by=boss)

    assert not DefaultView.objects.exists()
    assert AuditEntry.objects.filter(model="lists.savedview", action="deleted").count() == 1
    assert chips(client, other) == []


def test_two_views_of_one_name_and_readers_without_sharing_are_refused(
    client: Client, manager: User, site: Site
) -> None:
    a_view(manager)

    with pytest.raises(ValidationError, match="of this name already"):
        a_view(manager)
    with pytest.raises(ValidationError, match="not shown to others"):
        a_view(manager, name="Other", site=site)
    client.force_login(manager)
    again = client.post("/views/new/nonconformities/", {"name": "Open", "query": "q=kept"})
    assert again.status_code == 422
    assert "of this name already" in again.content.decode()
    assert 'value="q=kept"' in again.content.decode()


def test_a_view_of_a_list_that_is_not_there_is_absent(client: Client, manager: User) -> None:
    client.force_login(manager)

    assert client.get("/views/new/no-such-kind/").status_code == 404
