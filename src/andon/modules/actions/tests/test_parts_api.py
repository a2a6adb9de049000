"""The API of what belongs to a corrective action: cases, causes, plan, is/is-not, verdict."""

from datetime import timedelta
from typing import Any

import pytest
from django.test import Client

from andon.accounts.models import Site, User
from andon.accounts.roles import Role
from andon.accounts.testing import a_person
from andon.modules.actions.models import CorrectiveAction

from .factories import DONE, case, fresh, implemented, opened

pytestmark = pytest.mark.django_db


@pytest.fixture
def record(site: Site, manager: User) -> CorrectiveAction:
    return opened(manager, site)


def asked(client: Client, record: CorrectiveAction, part: str, **data: Any) -> Any:
    return client.post(
        f"/api/v1/actions/{record.number}/{part}/", data, content_type="application/json"
    )


def test_a_cause_is_proposed_moved_and_verified(
    client: Client, record: CorrectiveAction, manager: User
) -> None:
    client.force_login(manager)
    made = asked(client, record, "causes", text="Drill wanders", branch="machine")
    key = made.json()["id"]

    moved = client.patch(
        f"/api/v1/actions/{record.number}/causes/{key}/",
        {"text": "Drill wanders", "branch": "method"},
        content_type="application/json",
        headers={"If-Match": client.get(f"/api/v1/actions/{record.number}/causes/")["ETag"]},
    )
    judged = asked(client, record, f"causes/{key}/judge", verified=True, how="Swapped")

    assert (made.status_code, moved.status_code, judged.status_code) == (201, 200, 200)
    [shown] = client.get(f"/api/v1/actions/{record.number}/causes/").json()
    assert (shown["branch"], shown["state"], shown["verified_by"]) == (
        "method",
        "verified",
        manager.username,
    )


def test_a_plan_item_names_its_owner_as_they_sign_in(
    client: Client, record: CorrectiveAction, manager: User
) -> None:
    client.force_login(manager)
    item = {"what": "Guide bush", "due_date": DONE.isoformat()}

    made = asked(client, record, "items", **item, owner=manager.username)
    nobody = asked(client, record, "items", **item, owner="nobody")
    early = asked(client, record, f"items/{made.json()['id']}/done", note="Built in")

    assert (made.status_code, nobody.status_code, early.status_code) == (201, 422, 409)
    assert "plan has to be confirmed" in str(early.json())


def test_the_is_is_not_table_is_written_and_read(
    client: Client, record: CorrectiveAction, manager: User
) -> None:
    client.force_login(manager)

    answer = client.patch(
        f"/api/v1/actions/{record.number}/is-is-not/",
        {"rows": [{"question": "where", "is_so": "Line 2"}]},
        content_type="application/json",
        headers={"If-Match": client.get(f"/api/v1/actions/{record.number}/is-is-not/")["ETag"]},
    )

    assert answer.status_code == 200
    [row] = client.get(f"/api/v1/actions/{record.number}/is-is-not/").json()
    assert (row["question"], row["is_so"]) == ("where", "Line 2")


@pytest.mark.parametrize(("version", "status"), [(None, 428), ("0", 409)])
def test_RC4_a_part_is_changed_only_by_whoever_read_the_version(
    client: Client, record: CorrectiveAction, manager: User, version: str | None, status: int
) -> None:
    client.force_login(manager)
    key = asked(client, record, "causes", text="Drill wanders").json()["id"]
    base = f"/api/v1/actions/{record.number}"
    headers = {"If-Match": version} if version else {}

    answers = [
        client.patch(f"{base}/{part}/", sent, content_type="application/json", headers=headers)
        for part, sent in (
            (f"causes/{key}", {"text": "Drill is bent"}),
            ("is-is-not", {"rows": [{"question": "where", "is_so": "Line 2"}]}),
        )
    ]

    assert [each.status_code for each in answers] == [status, status]
    if status == 409:
        assert ["Drill is bent", "Drill wanders"] in [
            [each["sent"], each["stored"]] for each in answers[0].json()["differences"]
        ]
        assert answers[1].json()["differences"][0]["sent"] == "Line 2"
    assert record.all_causes[0].text == "Drill wanders"
    assert not record.contrasts.exists()


def test_a_case_that_nobody_sees_is_not_taken_on(
    client: Client, record: CorrectiveAction, manager: User, site: Site
) -> None:
    client.force_login(manager)
    seen = case(manager, site)
    hidden = case(a_person(Role.QUALITY, site), site, restricted=True)

    taken = asked(client, record, "cases", case=seen.number)
    refused = asked(client, record, "cases", case=hidden.number)

    assert (taken.status_code, refused.status_code) == (201, 422)
    assert [one["number"] for one in client.get(
        f"/api/v1/actions/{record.number}/cases/"
    ).json()] == [seen.number]  # fmt: skip


def test_the_verdict_is_read_once_the_actions_have_taken_hold(
    client: Client, record: CorrectiveAction, manager: User, site: Site
) -> None:
    client.force_login(manager)
    done = implemented(manager, site, window_days=60)

    early = client.get(f"/api/v1/actions/{record.number}/verdict/")
    verdict = client.get(f"/api/v1/actions/{done.number}/verdict/")

    assert early.status_code == 404
    assert verdict.json()["ends"] == (DONE + timedelta(days=60)).isoformat()
    assert fresh(done).state == "implemented"


def test_who_may_not_work_on_it_changes_no_part(
    client: Client, record: CorrectiveAction, site: Site
) -> None:
    client.force_login(a_person(Role.AUDITOR, site))

    assert asked(client, record, "causes", text="x").status_code == 403
