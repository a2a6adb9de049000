"""The API says the same as the pages."""

import json

import pytest

from andon.accounts.roles import Role
from andon.accounts.testing import SiteFactory, a_person

from .factories import ANSWER, a_kpi, a_signal, typed

QUIET = [(5, 100), (6, 100), (4, 100)] * 3


@pytest.fixture
def api(client, manager):
    client.force_login(manager)
    return client


def post(client, path, data, **headers):
    return client.post(path, json.dumps(data), content_type="application/json", headers=headers)


def test_a_series_has_points_lines_and_sentences(api, manager, site):
    typed(a_kpi(manager, site), manager, [*QUIET, (40, 100)])

    found = api.get("/api/v1/kpis/DEFECTS/series/").json()

    assert [point["label"] for point in found["points"]][-1] == "2026-W11"
    assert len(found["center"]) == len(found["points"]) == 10
    assert any("lies above the upper limit" in sentence for sentence in found["signals"])


def test_kpis_are_listed_page_by_page(api, manager, site):
    for number in range(3):
        a_kpi(manager, site, code=f"K{number}")

    first = api.get("/api/v1/kpis/?limit=2").json()
    second = api.get(f"/api/v1/kpis/?limit=2&after={first['next']}").json()

    assert [kpi["code"] for kpi in first["items"] + second["items"]] == ["K0", "K1", "K2"]
    assert second["next"] is None


def test_an_observation_is_recorded_and_refused_with_a_sentence(api, manager, site):
    a_kpi(manager, site)
    path = "/api/v1/kpis/DEFECTS/observations/"

    good = post(api, path, {"on": "2026-01-07", "numerator": "4", "denominator": "100"})
    bad = post(api, path, {"on": "2026-01-07", "numerator": "5", "denominator": "100"})

    assert (good.status_code, good.json()["value"]) == (201, "4.000000")
    assert bad.status_code == 409
    assert "has a value already" in bad.json()["title"]


def test_a_signal_is_answered_over_the_api(api, manager, site):
    signal = a_signal(manager, site)
    path = f"/api/v1/signals/{signal.number}/"

    refused = post(api, path + "do/note_cause/", {"data": {}}, **{"If-Match": "1"})
    done = post(api, path + "do/note_cause/", {"data": ANSWER}, **{"If-Match": "1"})

    assert refused.status_code == 409
    assert (done.status_code, done.json()["state"]) == (200, "answered")
    assert done.json()["answer"] == (
        "Cause: worn punch (machine or tool). Action: Repaired or replaced"
    )


def test_AZ3_another_sites_kpi_is_as_absent(client, manager, site):
    a_kpi(manager, site)
    client.force_login(a_person(Role.MANAGER, SiteFactory.create()))

    assert client.get("/api/v1/kpis/DEFECTS/").status_code == 404
    assert client.get("/api/v1/kpis/").json()["items"] == []
