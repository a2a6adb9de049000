"""The API of nonconformities: typed in, one service call, problem JSON for every refusal."""

from decimal import Decimal
from typing import Any

import pytest
from django.test import Client

from andon.accounts.models import Site, User
from andon.accounts.roles import Role
from andon.accounts.testing import SiteFactory, a_person
from andon.modules.nonconformities import services
from andon.modules.nonconformities.models import Nonconformity
from andon.organization import services as organization
from andon.organization.models import Party
from andon.organization.testing import ItemFactory

from .factories import a_code, reported

pytestmark = pytest.mark.django_db
BASE = "/api/v1/nonconformities/"


@pytest.fixture
def site() -> Site:
    site: Site = SiteFactory.create(code="ABC1")
    return site


@pytest.fixture
def manager(site: Site) -> User:
    return a_person(Role.MANAGER, site)


@pytest.fixture
def api(client: Client, manager: User) -> Client:
    client.force_login(manager)
    return client


def post(api: Client, path: str, data: Any, **headers: str) -> Any:
    return api.post(BASE + path, data, content_type="application/json", headers=headers)


def test_a_nonconformity_is_reported_with_codes_and_gets_its_number(
    api: Client, manager: User
) -> None:
    item = ItemFactory.create(number="10-4711")
    a_code(manager, "BORE")

    answer = post(
        api, "", {"title": "Bore too wide", "site": "abc1", "item": item.number, "defect": "bore"}
    )

    assert answer.status_code == 201
    body = answer.json()
    assert body["number"].startswith("NC-ABC1-")
    assert (body["item"], body["defect"], body["state"]) == ("10-4711", "BORE", "reported")
    assert answer["ETag"] == '"1"'


def test_a_complaint_names_its_customer_and_tells_its_cost(api: Client, manager: User) -> None:
    admin = a_person(Role.ADMIN)
    organization.add(Party(code="ELMOT", name="Elmot", is_customer=True), by=admin)
    asked = {"title": "Noise", "site": "ABC1", "found_at": "customer", "party": "elmot"}

    number = post(api, "", asked).json()["number"]
    record = Nonconformity.objects.get(number=number)
    services.add_cost(record, by=manager, kind="claim", amount=Decimal(90))

    body = api.get(f"{BASE}{number}/").json()
    assert (body["party"], Decimal(str(body["cost"]))) == ("ELMOT", Decimal(90))


@pytest.mark.parametrize(
    ("field", "value"),
    [
        ("site", "NONE"),
        ("item", "no-such"),
        ("defect", "none"),
        ("line", "L9"),
        ("party", "NOBODY"),
    ],
)
def test_an_unknown_code_is_named_and_nothing_is_created(
    api: Client, field: str, value: str
) -> None:
    answer = post(api, "", {"title": "Bore", "site": "ABC1", field: value})

    assert answer.status_code == 422
    assert value in str(answer.json()["errors"])
    assert api.get(BASE).json()["items"] == []


def test_RC4_a_change_without_version_is_428_and_with_an_old_one_409_with_both_values(
    api: Client, site: Site, manager: User
) -> None:
    number = reported(manager, site).number
    path = f"{BASE}{number}/"

    def patch(title: str, **headers: str) -> Any:
        return api.patch(path, {"title": title}, content_type="application/json", headers=headers)

    missing = patch("a")
    first = patch("a", **{"If-Match": '"1"'})
    stale = patch("b", **{"If-Match": '"1"'})

    assert (missing.status_code, first.status_code, stale.status_code) == (428, 200, 409)
    assert stale.json()["differences"] == [{"field": "title", "sent": "b", "stored": "a"}]


def test_a_refused_step_lists_everything_that_is_missing(
    api: Client, site: Site, manager: User
) -> None:
    number = reported(manager, site, suspect_quantity=None).number

    answer = post(api, f"{number}/do/settle/", {}, **{"If-Match": "1"})

    assert answer.status_code == 409
    assert len(answer.json()["missing"]) == 2


def test_AP2_duplicate_keys_nan_and_deep_nesting_are_refused(api: Client) -> None:
    for body in ('{"title": "a", "title": "b"}', '{"title": NaN}', "[" * 50 + "]" * 50, "{"):
        answer = api.post(BASE, body, content_type="application/json")
        assert answer.status_code == 400, body
        assert answer["Content-Type"] == "application/problem+json"


def test_AZ3_another_sites_record_is_as_absent(api: Client, manager: User) -> None:
    elsewhere: Site = SiteFactory.create(code="ABC2")
    number = reported(a_person(Role.MANAGER, elsewhere), elsewhere).number

    assert api.get(f"{BASE}{number}/").status_code == 404
    assert api.get(BASE).json()["items"] == []


def test_SE4_a_write_without_the_token_is_refused(manager: User) -> None:
    strict = Client(enforce_csrf_checks=True)
    strict.force_login(manager)

    answer = strict.post(BASE, {"title": "a", "site": "ABC1"}, content_type="application/json")

    assert answer.status_code == 403


def test_a_list_is_paged_by_key(api: Client, site: Site, manager: User) -> None:
    numbers = [reported(manager, site).number for _n in range(3)]

    first = api.get(BASE, {"limit": 2}).json()
    second = api.get(BASE, {"limit": 2, "after": first["next"]}).json()

    found = [row["number"] for row in [*first["items"], *second["items"]]]
    assert (found, second["next"]) == (numbers[::-1], None)
    assert api.get(BASE, {"limit": 101}).status_code == 422
