"""The API of corrective actions."""

from typing import Any

import pytest
from django.test import Client

from andon.accounts.models import Site
from andon.accounts.roles import Role
from andon.accounts.testing import SiteFactory, a_person

pytestmark = pytest.mark.django_db
BASE = "/api/v1/actions/"


@pytest.fixture
def api(client: Client) -> Client:
    site: Site = SiteFactory.create(code="ABC1")
    client.force_login(a_person(Role.MANAGER, site))
    return client


def post(api: Client, path: str, data: Any, **headers: str) -> Any:
    return api.post(BASE + path, data, content_type="application/json", headers=headers)


def test_an_action_is_opened_read_and_changed(api: Client) -> None:
    made = post(api, "", {"title": "Worn mandrel", "site": "ABC1", "problem": "Bore drifts"})
    number = made.json()["number"]

    changed = api.patch(
        f"{BASE}{number}/",
        {"team": "Pedro, Ines"},
        content_type="application/json",
        headers={"If-Match": made["ETag"]},
    )

    assert (made.status_code, changed.status_code) == (201, 200)
    assert number.startswith("CA-ABC1-")
    assert changed.json()["version"] == 2


@pytest.mark.parametrize(("field", "value"), [("site", "NONE"), ("kpi", "none")])
def test_an_unknown_code_is_named(api: Client, field: str, value: str) -> None:
    answer = post(api, "", {"title": "Worn mandrel", "site": "ABC1", field: value})

    assert answer.status_code == 422
    assert value in str(answer.json()["errors"])


def test_a_step_that_lacks_something_is_refused_with_the_list(api: Client) -> None:
    number = post(api, "", {"title": "Worn mandrel", "site": "ABC1"}).json()["number"]

    answer = post(api, f"{number}/do/settle/", {}, **{"If-Match": "1"})

    assert answer.status_code == 409
    assert answer.json()["missing"]


def test_AZ4_what_is_judged_cannot_be_assigned(api: Client) -> None:
    number = post(api, "", {"title": "Worn mandrel", "site": "ABC1"}).json()["number"]

    refused = api.patch(
        f"{BASE}{number}/",
        {"cut_in_date": "2026-01-01", "state": "effective"},
        content_type="application/json",
        headers={"If-Match": "1"},
    )

    assert refused.status_code == 400
    read = api.get(f"{BASE}{number}/").json()
    assert (read["state"], read["cut_in_date"]) == ("opened", None)
