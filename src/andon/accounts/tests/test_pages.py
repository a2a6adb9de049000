"""The administrator's pages, and the pages everybody passes through."""

import pytest
from django.urls import reverse

from andon.accounts import services
from andon.accounts.models import RoleGrant, Site, User
from andon.accounts.roles import Role
from andon.accounts.testing import PASSWORD, PersonFactory, SiteFactory, a_person


@pytest.fixture
def admin(db):
    return a_person(Role.ADMIN, display_name="Ada Admin")


@pytest.fixture
def signed_in(client, admin):
    client.force_login(admin)
    return client


def test_an_administrator_adds_a_person_who_then_signs_in(signed_in, client):
    added = signed_in.post(
        "/setup/people/new/",
        {"username": "Ana.Silva", "display_name": "Ana Silva", "kind": "person"},
    )
    ana = User.objects.get(username_key="ana.silva")
    signed_in.post(f"/setup/people/{ana.pk}/roles/", {"role": "quality"})
    signed_in.post(f"/setup/people/{ana.pk}/password/", {"password": PASSWORD, "again": PASSWORD})
    signed_in.post("/sign-out/")

    answer = client.post("/sign-in/", {"login": "ANA.SILVA", "password": PASSWORD})

    assert added["Location"] == f"/setup/people/{ana.pk}/"
    assert answer.status_code == 302
    assert client.get("/setup/").status_code == 200


def test_a_person_page_shows_roles_and_the_way_to_end_them(signed_in):
    site = SiteFactory(code="ABC1")
    person = a_person(Role.QUALITY, site)

    page = signed_in.get(f"/setup/people/{person.pk}/").content.decode()
    signed_in.post(f"/setup/people/{person.pk}/roles/{person.grants.get().pk}/end/")

    assert "Quality engineer" in page
    assert "ABC1" in page
    assert person.grants.get().ended_at is not None


def test_a_twin_of_a_user_name_is_refused_in_words(signed_in):
    PersonFactory(username="ana")

    page = signed_in.post(
        "/setup/people/new/", {"username": "ANA", "display_name": "Another Ana", "kind": "person"}
    )

    assert page.status_code == 200
    assert "already" in page.content.decode()
    assert User.objects.filter(username_key="ana").count() == 1


def test_a_role_given_twice_is_refused_on_the_page(signed_in):
    person = a_person(Role.QUALITY)

    page = signed_in.post(f"/setup/people/{person.pk}/roles/", {"role": "quality"})

    assert "holds this role there already" in page.content.decode()
    assert person.grants.count() == 1


def test_a_last_day_before_the_first_is_refused_on_the_page(signed_in):
    person = PersonFactory()

    page = signed_in.post(
        f"/setup/people/{person.pk}/roles/",
        {"role": "quality", "from_date": "2026-03-02", "until_date": "2026-03-01"},
    )

    assert "before the first day" in page.content.decode()
    assert not person.grants.exists()


def test_nobody_sees_a_form_to_give_themselves_a_role(signed_in, admin):
    page = signed_in.get(f"/setup/people/{admin.pk}/").content.decode()
    signed_in.post(f"/setup/people/{admin.pk}/roles/", {"role": "manager"})

    assert "Nobody grants a role to themselves" in page
    assert set(admin.grants.values_list("role", flat=True)) == {"admin"}


def test_the_refusal_to_lose_the_last_administrator_is_said(signed_in, admin):
    grant = admin.grants.get()

    page = signed_in.post(f"/setup/people/{admin.pk}/roles/{grant.pk}/end/", follow=True)

    assert "last administrator" in page.content.decode()
    assert RoleGrant.objects.get(pk=grant.pk).ended_at is None


def test_disabling_and_enabling_a_person(signed_in):
    person = a_person(Role.QUALITY)

    signed_in.post(f"/setup/people/{person.pk}/disable/")
    disabled = User.objects.get(pk=person.pk).is_active
    signed_in.post(f"/setup/people/{person.pk}/enable/")

    assert not disabled
    assert User.objects.get(pk=person.pk).is_active


def test_the_list_of_people_is_searched_and_paged(signed_in):
    for number in range(60):
        PersonFactory(username=f"worker{number}", display_name=f"Worker {number}")

    page = signed_in.get("/setup/people/").content.decode()
    found = signed_in.get("/setup/people/", {"q": "worker 59"}).content.decode()
    nobody = signed_in.get("/setup/people/", {"q": "nobody at all"}).content.decode()

    assert 'rel="next"' in page
    assert "Worker 59" in found
    assert "Worker 58" not in found
    assert "Nobody has this name" in nobody


def test_two_passwords_that_differ_change_nothing(signed_in):
    person = a_person(Role.QUALITY)

    page = signed_in.post(
        f"/setup/people/{person.pk}/password/", {"password": PASSWORD, "again": PASSWORD + "!"}
    )

    assert "The two passwords differ" in page.content.decode()


def test_a_weak_password_is_refused_with_the_reason(signed_in):
    person = a_person(Role.QUALITY)

    page = signed_in.post(
        f"/setup/people/{person.pk}/password/", {"password": "password", "again": "password"}
    )

    assert "too short" in page.content.decode()


def test_a_site_is_added_and_edited_but_keeps_its_code(signed_in):
    signed_in.post(
        "/setup/sites/new/", {"code": "abc1", "name": "Porto", "time_zone": "Europe/Lisbon"}
    )
    site = Site.objects.get()
    url = reverse("accounts:sites_edit", kwargs={"pk": site.pk})
    mark = signed_in.get(url).context["form"].initial["seen"]
    signed_in.post(
        url,
        {
            "code": "XYZ",
            "name": "Porto South",
            "time_zone": "Europe/Lisbon",
            "is_active": "on",
            "seen": mark,
        },
    )

    site = Site.objects.get()
    assert (site.code, site.name) == ("ABC1", "Porto South")


def test_a_time_zone_that_is_none_is_refused_with_an_example(signed_in):
    page = signed_in.post(
        "/setup/sites/new/", {"code": "A", "name": "A", "time_zone": "Lisbon time"}
    )

    assert "Europe/Berlin" in page.content.decode()
    assert not Site.objects.exists()


def test_RC4_a_stale_edit_gets_a_page_with_both_values(signed_in):
    site = SiteFactory(name="Porto")
    url = reverse("accounts:sites_edit", kwargs={"pk": site.pk})
    mark = signed_in.get(url).context["form"].initial["seen"]
    typed = {"name": "Mine", "time_zone": "UTC", "is_active": "on", "seen": mark}
    signed_in.post(url, {**typed, "name": "Theirs"})

    stale = signed_in.post(url, typed)
    between = Site.objects.get().name
    renewed = stale.context["form"]["seen"].value()
    signed_in.post(url, {**typed, "seen": renewed})

    assert stale.status_code == 409
    assert "Theirs" in stale.content.decode()
    assert "Mine" in stale.content.decode()
    assert between == "Theirs"
    assert Site.objects.get().name == "Mine"


def test_RC4_a_stale_edit_of_a_person_changes_nothing(signed_in):
    person = PersonFactory(display_name="Ana")

    stale = signed_in.post(
        f"/setup/people/{person.pk}/edit/",
        {"display_name": "Eva", "kind": "person", "seen": "of another day"},
    )

    assert stale.status_code == 409
    assert User.objects.get(pk=person.pk).display_name == "Ana"


def test_someone_without_a_role_reads_who_can_give_one(client, admin):
    client.force_login(PersonFactory())

    page = client.get("/setup/")

    assert page.status_code == 403
    assert "Ada Admin" in page.content.decode()


def test_SE1_a_role_that_is_ended_counts_no_more_at_the_next_request(client, admin):
    person = a_person(Role.QUALITY)
    client.force_login(person)
    before = client.get("/setup/").status_code

    services.end_grant(person.grants.get(), by=admin)

    assert before == 200
    assert client.get("/setup/").status_code == 302


def test_SE1_a_disabled_person_is_signed_out_at_the_next_request(client, admin):
    person = a_person(Role.QUALITY)
    client.force_login(person)

    services.disable_user(person, by=admin)

    assert client.get("/setup/")["Location"] == "/sign-in/?next=/setup/"
