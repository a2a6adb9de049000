"""The API of facts: batches once, all or nothing, errors by row and field, rights by site."""

import json
from datetime import date, timedelta
from typing import Any

import pytest
from django.test import Client

from andon.accounts.models import Site, User
from andon.accounts.roles import Role
from andon.accounts.testing import TESTS, SiteFactory, a_person
from andon.modules.production import services
from andon.modules.production.models import (
    Arrival,
    Delivery,
    ImportBatch,
    Output,
    Scrap,
)
from andon.organization import clock
from andon.organization.testing import LineFactory, PartyFactory
from andon.trail.verify import verify


@pytest.fixture
def day(site: Site) -> str:
    return (clock.today(site) - timedelta(days=1)).isoformat()


@pytest.fixture
def post(client: Client, engineer: User) -> Any:
    client.force_login(engineer)

    def call(kind: str, rows: Any, *, site: str = "ABC1", key: str = "") -> Any:
        headers = {"Idempotency-Key": key} if key else {}
        return client.post(
            f"/api/v1/facts/{kind}/",
            json.dumps({"site": site, "rows": rows}),
            content_type="application/json",
            headers=headers,
        )

    return call


def test_a_batch_comes_in_and_a_row_about_the_same_corrects_it(
    post: Any, line: Any, day: str
) -> None:
    first = post("output", [{"day": day, "line": "P1", "produced": 100, "planned_minutes": "480"}])
    second = post("output", [{"day": day, "line": "P1", "produced": 90.5, "planned_minutes": 480}])
    third = post("output", [{"day": day, "line": "P1", "produced": "90.5", "planned_minutes": 480}])

    assert [answer.status_code for answer in (first, second, third)] == [201, 201, 200]
    assert first.json()["new"] == second.json()["corrected"] == third.json()["unchanged"] == 1
    assert third.json()["batch"] is None
    assert str(Output.objects.current().get().produced) in {"90.5", "90.500"}
    assert ImportBatch.objects.filter(source="api").count() == 2
    assert verify().clean


def test_the_same_key_and_batch_gets_the_same_answer_and_doubles_nothing(
    post: Any, line: Any, day: str
) -> None:
    old, new = ([{"day": day, "line": "P1", "produced": made}] for made in (100, 90))
    first = post("output", old, key="k1")
    post("output", new, key="k2")

    again = post("output", old, key="k1")

    assert (again.status_code, again.json()) == (first.status_code, first.json())
    assert Output.objects.count() == 2
    assert Output.objects.current().get().produced == 90


def test_the_same_key_with_another_batch_is_a_conflict(post: Any, line: Any, day: str) -> None:
    post("output", [{"day": day, "line": "P1", "produced": 100}], key="k1")

    answer = post("output", [{"day": day, "line": "P1", "produced": 101}], key="k1")

    assert answer.status_code == 409
    assert answer["Content-Type"] == "application/problem+json"
    assert "another batch" in answer.json()["title"]
    assert Output.objects.get().produced == 100


def test_every_error_names_row_and_field_and_nothing_is_in(post: Any, line: Any, day: str) -> None:
    services.add_cause("scrap", "Burr", by=TESTS)

    answer = post(
        "scrap",
        [
            {"day": day, "line": "P1", "cause": "Burr", "quantity": 1},
            {"day": "3/4/2026", "line": "P1", "cause": "Burr", "quantity": "1,5"},
            {"day": day, "line": "P9", "cause": "Burr", "quantity": -1},
            {"day": day, "cause": "Burr", "quantity": True},
        ],
    )

    assert answer.status_code == 422
    assert [(one["row"], one["field"]) for one in answer.json()["errors"]] == [
        (2, "day"),
        (2, "quantity"),
        (3, "quantity"),
        (4, "line"),
        (4, "quantity"),
    ]
    assert not Scrap.objects.exists()
    assert not ImportBatch.objects.exists()


def test_codes_nobody_knows_and_repeated_rows_are_named(post: Any, line: Any, day: str) -> None:
    row = {"day": day, "line": "P1", "produced": 1}

    unknown = post("output", [row, {**row, "line": "P9"}])
    repeated = post("output", [row, row])

    assert unknown.json()["errors"] == [
        {"row": 2, "field": "line", "text": "There is no line “P9” at this site."}
    ]
    assert [one["row"] for one in repeated.json()["errors"]] == [2]
    assert "add rows together" not in repeated.json()["errors"][0]["text"]


def test_a_field_nobody_knows_is_refused(post: Any, line: Any, day: str) -> None:
    answer = post("output", [{"day": day, "line": "P1", "produced": 1, "colour": "red"}])

    assert answer.status_code == 400
    assert "colour" in answer.content.decode()


def test_AP2_the_api_takes_no_forms(client: Client, engineer: User) -> None:
    client.force_login(engineer)

    answer = client.post("/api/v1/facts/output/", {"site": "ABC1"})

    assert answer.status_code == 415
    assert answer["Content-Type"] == "application/problem+json"


def test_what_was_refused_waits_and_is_settled_by_the_repaired_batch_of_the_same_key(
    post: Any, line: Any, day: str
) -> None:
    post("output", [{"day": day, "line": "P9", "produced": 1}], key="k1")
    waiting = Arrival.objects.get()
    assert (waiting.state, waiting.source, waiting.target) == ("waiting", "api", "output")
    assert b"P9" in bytes(waiting.content.payload)

    answer = post("output", [{"day": day, "line": "P1", "produced": 1}], key="k1")

    waiting.refresh_from_db()
    assert answer.status_code == 201
    assert (waiting.state, waiting.batch_id) == ("sent", answer.json()["batch"])
    assert verify().clean


def test_AZ2_nobody_sends_facts_to_a_site_without_a_right_there(
    client: Client, site: Site, line: Any, day: str
) -> None:
    other = SiteFactory.create(code="XYZ")
    LineFactory.create(site=other, code="P1")
    rows = [{"day": day, "line": "P1", "produced": 1}]

    for person, code, status in (
        (a_person(Role.QUALITY, other), "ABC1", 422),
        (a_person(Role.AUDITOR), "ABC1", 403),
        (a_person(Role.CONTRIBUTOR, site), "ABC1", 403),
    ):
        client.force_login(person)
        answer = client.post(
            "/api/v1/facts/output/",
            json.dumps({"site": code, "rows": rows}),
            content_type="application/json",
        )
        assert answer.status_code == status

    assert not Output.objects.exists()


def test_every_kind_of_fact_can_be_sent_and_read(post: Any, client: Client, line: Any) -> None:
    for kind in ("scrap", "stop", "rework"):
        services.add_cause(kind, "Burr", by=TESTS)
    PartyFactory.create(code="KAY", is_supplier=True)
    at = {"day": "2026-05-04", "line": "P1"}
    sent: dict[str, dict[str, Any]] = {
        "output": {**at, "produced": 10},
        "scrap": {**at, "cause": "Burr", "quantity": 1},
        "stops": {**at, "cause": "Burr", "minutes": 5},
        "rework": {**at, "cause": "Burr", "quantity": 2},
        "plan": {**at, "planned": 12},
        "cycle-times": {**at, "seconds": 40},
        "deliveries": {"promised": "2026-05-04", "customer": "KAY", "order_number": "4711"},
        "receipts": {"day": "2026-05-04", "supplier": "KAY", "received": 9, "rejected": 0},
    }

    for kind, row in sent.items():
        assert post(kind, [row]).status_code == 201, kind
        found = client.get(
            f"/api/v1/facts/{kind}/?site=ABC1&since=2026-05-01&until=2026-05-31"
        ).json()
        (read,) = found["items"]
        texts = {name: value for name, value in row.items() if isinstance(value, str)}
        assert {name: read[name] for name in texts} == texts
        assert found["next"] is None


def test_the_list_goes_on_where_it_stopped(post: Any, client: Client, line: Any) -> None:
    days = [date(2026, 5, number).isoformat() for number in range(1, 6)]
    post("output", [{"day": day, "line": "P1", "produced": 1} for day in days])
    address = "/api/v1/facts/output/?site=ABC1&since=2026-05-01&until=2026-05-31&limit=2"

    seen, after = [], ""
    while after is not None:
        page = client.get(f"{address}&after={after}").json()
        seen += [row["day"] for row in page["items"]]
        after = page["next"]

    assert seen == days


def test_an_open_line_sent_alone_stays_open(post: Any, site: Site) -> None:
    PartyFactory.create(code="KAY")
    row = {"promised": "2026-05-04", "customer": "KAY", "order_number": "1", "delivered": None}

    post("deliveries", [row])

    assert not Delivery.objects.get().is_cancelled
