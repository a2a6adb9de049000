"""The lists and settings under /setup/."""

from datetime import time

import pytest
from django.core.exceptions import PermissionDenied
from django.urls import reverse

from andon.accounts.roles import Role
from andon.accounts.testing import PersonFactory, SiteFactory, a_person
from andon.organization import services
from andon.organization.lists import INDEX, LISTS
from andon.organization.models import (
    CostRate,
    Holiday,
    Item,
    Line,
    Party,
    Process,
    Settings,
    Shift,
)
from andon.organization.testing import ItemFactory, LineFactory, ProcessFactory, with_settings
from andon.trail.models import AuditEntry


@pytest.fixture
def manager(db):
    return a_person(Role.MANAGER)


@pytest.fixture
def signed_in(client, manager):
    client.force_login(manager)
    return client


@pytest.fixture
def typed(manager):
    site = SiteFactory()
    return {
        "processes": (Process, {"code": "PRD", "name": "Production", "owner": manager.pk}),
        "items": (Item, {"number": "10-1", "name": "Bracket", "unit": "pcs", "unit_cost": "2.5"}),
        "parties": (Party, {"code": "C1", "name": "Müller GmbH", "is_customer": "on"}),
        "lines": (Line, {"site": site.pk, "code": "P1", "name": "Press 1"}),
        "shifts": (
            Shift,
            {"site": site.pk, "code": "N", "name": "Night", "starts": "22:00", "ends": "06:00"},
        ),
        "rates": (CostRate, {"kind": "scrap", "amount": "2.4", "from_date": "2026-01-01"}),
        "holidays": (Holiday, {"day": "2026-12-25", "name": "Christmas"}),
    }


@pytest.mark.parametrize("kind", LISTS, ids=lambda kind: kind.slug)
def test_a_row_is_added_listed_and_taken_out_of_use(signed_in, manager, typed, kind):
    model, data = typed[kind.slug]
    empty = signed_in.get(kind.url()).content.decode()

    added = signed_in.post(kind.url("_new"), {**data, "is_active": "on"})
    row = model.objects.get()
    url = kind.url("_edit", pk=row.pk)
    mark = signed_in.get(url).context["form"].initial["seen"]
    signed_in.post(url, {**data, "seen": mark})

    assert "Nothing here yet" in empty
    assert added["Location"] == kind.url()
    assert str(kind.columns[1].cell(row)) in signed_in.get(kind.url()).content.decode()
    assert not model.objects.get().is_active
    entries = AuditEntry.objects.filter(object_id=str(row.pk), actor_id=str(manager.pk))
    assert entries.count() == 2


def test_everybody_with_a_role_may_look_but_sees_no_buttons(client, db):
    client.force_login(a_person(Role.CONTRIBUTOR))
    ItemFactory()
    for kind in INDEX:
        page = client.get(kind.url())
        assert page.status_code == 200
        assert f"{kind.url()}new/" not in page.content.decode()


def test_one_sees_the_lines_of_the_own_sites_only(client, db):
    here, there = LineFactory(name="Here"), LineFactory(name="There")
    client.force_login(a_person(Role.CONTRIBUTOR, here.site))

    page = client.get("/setup/lines/").content.decode()

    assert "Here" in page
    assert "There" not in page
    assert not Line.objects.visible_to(PersonFactory()).exists()
    assert list(Line.objects.visible_to(a_person(Role.OWNER, there.site))) == [there]


def test_AZ3_a_row_of_another_site_is_absent(client, db):
    line = LineFactory()
    client.force_login(a_person(Role.MANAGER, SiteFactory()))

    assert client.get(f"/setup/lines/{line.pk}/").status_code == 404
    assert client.post(f"/setup/lines/{line.pk}/").status_code == 404


def test_AZ2_a_form_offers_and_accepts_only_what_one_sees(client, db):
    here, there = SiteFactory(), SiteFactory()
    client.force_login(a_person(Role.MANAGER, here))
    data = {"code": "P1", "name": "Press", "is_active": "on"}

    offered = client.get("/setup/lines/new/").context["form"].fields["site"].queryset
    client.post("/setup/lines/new/", {**data, "site": there.pk})

    assert list(offered) == [here]
    assert not Line.objects.exists()


def test_a_manager_of_one_site_makes_no_process_for_all(client, db):
    local = a_person(Role.MANAGER, SiteFactory())
    client.force_login(local)
    data = {"code": "PRD", "name": "Production", "owner": local.pk, "is_active": "on"}

    refused = client.post("/setup/processes/new/", data)

    assert refused.status_code == 403
    assert not Process.objects.exists()


def test_a_line_is_not_moved_to_a_site_one_does_not_manage(db):
    line, there = LineFactory(), SiteFactory()
    local = a_person(Role.MANAGER, line.site)

    with pytest.raises(PermissionDenied):
        services.edit(line, changes={"site": there}, by=local)

    assert Line.objects.get().site == line.site


def test_a_process_for_all_sites_is_seen_at_each(db):
    everywhere, here = ProcessFactory(), SiteFactory()
    elsewhere = ProcessFactory(site=SiteFactory())
    seen = Process.objects.visible_to(a_person(Role.OWNER, here))

    assert everywhere in seen
    assert elsewhere not in seen


def test_RC4_a_stale_row_gets_a_page_with_both_values(signed_in):
    item = ItemFactory(name="Old", unit_cost="2.5")
    url = f"/setup/items/{item.pk}/"
    mark = signed_in.get(url).context["form"].initial["seen"]
    typed = {"number": item.number, "revision": "A", "name": "Mine", "unit": "pcs"}
    signed_in.post(url, {**typed, "name": "Theirs", "unit_cost": "3", "seen": mark})

    stale = signed_in.post(url, {**typed, "unit_cost": "3.0", "seen": mark})

    assert stale.status_code == 409
    assert stale.context["form"].conflicts == [("Name", "Theirs", "Mine")]
    assert Item.objects.get().name == "Theirs"


@pytest.mark.parametrize(
    ("kind", "data", "sentence"),
    [
        ("parties", {"code": "C1", "name": "X"}, "Choose supplier, customer, or both"),
        ("parties", {"code": "C 1", "name": "X", "is_customer": "on"}, "no spaces"),
        ("items", {"number": "1", "name": "X", "unit": "pcs", "unit_cost": "-1"}, "greater than"),
        ("items", {"number": "1", "name": "X", "unit": "p", "unit_cost": "9" * 12}, "digits"),
        ("items", {"number": "1", "name": "a\u202eb", "unit": "pcs"}, "invisible"),
    ],
)
def test_a_wrong_row_is_refused_in_words(signed_in, kind, data, sentence):
    page = signed_in.post(f"/setup/{kind}/new/", data)

    assert page.status_code == 200
    assert sentence in page.content.decode()


def test_twins_are_refused_in_words(signed_in):
    item, line = ItemFactory(), LineFactory()
    holiday = {"day": "2026-12-25", "name": "Christmas", "is_active": "on"}
    signed_in.post("/setup/holidays/new/", holiday)

    twins = [
        signed_in.post(
            "/setup/items/new/",
            {"number": item.number, "revision": "A", "name": "x", "unit": "pcs"},
        ),
        signed_in.post("/setup/lines/new/", {"site": line.site.pk, "code": line.code, "name": "x"}),
        signed_in.post("/setup/holidays/new/", holiday),
    ]

    assert "number and revision" in twins[0].content.decode()
    assert "already has a line" in twins[1].content.decode()
    assert "holiday already" in twins[2].content.decode()
    assert Holiday.objects.count() == 1


def test_a_shift_of_no_length_is_refused(signed_in):
    data = {"site": SiteFactory().pk, "code": "N", "name": "N", "starts": "06:00", "ends": "06:00"}

    assert "another time" in signed_in.post("/setup/shifts/new/", data).content.decode()
    assert Shift(starts=time(22), ends=time(6)).passes_midnight


def test_settings_are_chosen_on_a_page(signed_in):
    url = reverse("organization:settings")
    form = signed_in.get(url).context["form"]
    data = {
        "profile": "standard",
        "edition": "9001:2026",
        "name": "ABC Industrial Components",
        "working_days": ["6", "1", "2"],
        "currency": "EUR",
        "separate_verifier": "false",
        "action_due_days": "",
        "containment_hours": "12",
        "seen": form.initial["seen"],
    }

    saved = signed_in.post(url, data)
    again = signed_in.post(url, {**data, "name": "Other"})

    row = Settings.objects.get()
    assert saved["Location"] == "/setup/"
    assert (row.working_days, row.separate_verifier, row.action_due_days) == ("126", False, None)
    assert row.major_needs_manager is None
    assert again.status_code == 409
    assert "Other" in again.content.decode()


def test_the_settings_page_says_what_the_profiles_hold(signed_in):
    page = signed_in.get("/setup/settings/").content.decode()

    assert "Empty: Light 90, Standard 180, Regulated 365." in page
    assert "As the profile says" in page


def test_the_index_counts_what_one_sees(signed_in):
    ItemFactory()
    with_settings(name="ABC Industrial Components")

    page = signed_in.get("/setup/").content.decode()

    assert "ABC Industrial Components" in page
    assert "Items</a>" in page


def test_a_list_is_searched_and_paged(signed_in):
    for _ in range(55):
        ItemFactory()

    page = signed_in.get("/setup/items/").content.decode()
    last = signed_in.get("/setup/items/", {"page": "2"}).content.decode()
    odd = signed_in.get("/setup/items/", {"page": "x", "q": "nothing at all"})

    assert 'rel="next"' in page
    assert 'rel="prev"' in last
    assert "Nothing here holds these words" in odd.content.decode()


def test_a_list_costs_the_same_number_of_queries_for_more_rows(
    signed_in, django_assert_max_num_queries
):
    for _ in range(11):
        LineFactory()

    with django_assert_max_num_queries(10):
        signed_in.get("/setup/lines/")
