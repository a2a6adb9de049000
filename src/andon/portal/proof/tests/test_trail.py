"""The trail is found by record, person, period and action, and shows only what one may see."""

import csv
import io
from datetime import timedelta

import pytest
from django.core.exceptions import PermissionDenied
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from andon.accounts.models import User
from andon.accounts.roles import Role
from andon.accounts.testing import SiteFactory, a_person
from andon.modules.nonconformities.tests.factories import reported
from andon.organization import clock
from andon.portal.proof import queries, services
from andon.portal.proof.models import TrailReview
from andon.trail.models import AuditEntry
from andon.trail.security import tell
from andon.trail.services import SYSTEM, audited
from andon.trail.testing import behind_the_back

pytestmark = pytest.mark.django_db
TRAIL = "/trail/"


def seqs(found):
    return [one.entry.seq for one in found.shown]


def text(answer):
    assert answer.status_code == 200
    return answer.content.decode()


def test_AT12_old_and_new_value_stand_with_person_time_and_reason(page, manager, site):
    with audited(manager, reason="the sign was changed"):
        site.name = "North works"
        site.save()

    shown = text(page.get(TRAIL, {"action": "changed", "model": "accounts.site"}))

    for word in ("the sign was changed", "Ana Silva", "Plant ABC1", "North works"):
        assert word in shown


def test_AT12_it_is_filtered_by_record_person_action_and_period(manager, site):
    other = a_person(Role.QUALITY, None, display_name="Bo Berg")
    mine, theirs = reported(manager, site), reported(other, site)

    def found(**asked):
        return {one.entry.number for one in queries.page(manager, asked).shown} - {""}

    assert found(number=mine.number) == {mine.number}
    assert found(actors=queries.people("bo berg")) == {theirs.number}
    assert found(actors=queries.people("berg")) == {theirs.number}
    assert found(actors=queries.people("nobody")) == set()
    assert found(action="created") == {mine.number, theirs.number}
    assert found(action="voided") == set()
    today = AuditEntry.objects.latest("seq").at.date()
    day = timedelta(days=1)
    assert found(since=today, until=today) == {mine.number, theirs.number}
    assert found(since=today + day) == set()
    assert found(until=today - day) == set()


def test_AT12_pages_follow_each_other_without_gap_or_double(manager, site):
    with audited(manager):
        for number in range(60):
            site.name = f"Name {number}"
            site.save()

    first = queries.page(manager, {})
    second = queries.page(manager, {"before": first.before})
    third = queries.page(manager, {"before": second.before})

    newest = AuditEntry.objects.filter(stream="records").latest("seq").seq
    whole = seqs(first) + seqs(second) + seqs(third)
    assert whole == list(range(newest, newest - len(whole), -1))


def test_AZ2_the_trail_of_a_record_is_shown_to_those_who_see_the_record(client, manager):
    here, there = SiteFactory.create(code="HERE"), SiteFactory.create(code="THERE")
    seen, unseen = reported(manager, here), reported(manager, there)
    local = a_person(Role.QUALITY, here)
    client.force_login(local)

    assert "Which record?" in text(client.get(TRAIL))
    assert 'id="entry-' in text(client.get(TRAIL, {"number": seen.number}))
    hidden = text(client.get(TRAIL, {"number": unseen.number}))
    assert "Nothing that fits" in hidden
    assert queries.page(local, {"number": unseen.number}).shown == []
    assert queries.page(local, {"model": "accounts.user"}).shown == []


def test_AZ2_what_happened_to_people_is_shown_to_those_with_a_role_for_all_sites(manager, site):
    assert "accounts.user" in {
        one.entry.model for one in queries.page(manager, {"model": "accounts.user"}).shown
    }


def test_AT11_the_security_stream_is_for_quality_managers_and_administrators(client, manager):
    tell("refused", by=manager, detail={"route": "proof:trail"})
    engineer, admin = a_person(Role.QUALITY, None), a_person(Role.ADMIN, None)

    for person, sees in ((manager, True), (admin, True), (engineer, False)):
        found = queries.page(person, {"stream": "security"}).shown
        assert bool(found) is sees
        client.force_login(person)
        answer = client.get(TRAIL, {"stream": "security"})
        assert ("proof:trail" in answer.content.decode()) is sees
        if not sees:
            assert "cannot be read" in answer.content.decode()


def test_RT2_personal_values_are_opened_for_the_administrator_only(client, manager):
    with audited(SYSTEM("test"), reason="hired"):
        user = User(username="carla", display_name="Carla Costa", email="carla@example.org")
        user.set_unusable_password()
        user.save()
    asked = {"model": "accounts.user", "object": str(user.pk)}

    client.force_login(manager)
    assert "carla@example.org" not in text(client.get(TRAIL, asked))
    client.force_login(a_person(Role.ADMIN, None))
    assert "carla@example.org" in text(client.get(TRAIL, asked))


def test_AT12_a_review_is_recorded_and_stands_beside_what_was_reviewed(page, manager, site):
    record = reported(manager, site)
    asked = {"number": record.number}
    rows = queries.page(manager, asked).shown
    form = {"first": rows[-1].entry.seq, "last": rows[0].entry.seq, "note": "All in order."}

    answer = page.post(f"{TRAIL}review/?number={record.number}", form)

    assert answer.url == reverse("proof:reviews")
    assert "All in order." in text(page.get(answer.url))
    review = TrailReview.objects.get()
    assert [one.entry.seq for one in rows] == [
        one.entry.seq
        for one in queries.page(manager, {**review.filters, "before": review.last_seq + 1}).shown
    ]
    assert f"number={record.number}" in review.query
    assert "Reviewed by Ana Silva" in text(page.get(TRAIL, asked))
    entry = AuditEntry.objects.latest("seq")
    assert (entry.model, entry.action, entry.actor_id) == (
        "proof.trailreview",
        "created",
        str(manager.pk),
    )
    # An entry in the range that the filter left out was not reviewed.
    with_filter, others = queries.page(manager, asked), queries.page(manager, {})
    assert all(one.reviews for one in with_filter.shown)
    assert [one.entry.number for one in others.shown if one.reviews] == [record.number] * len(rows)


@pytest.mark.parametrize(
    "wrong",
    [
        {"note": "  "},
        {"first": "1", "last": "0"},
        {"first": str(10**6), "last": str(10**6)},
        {"first": "x"},
        {"first": "1", "last": str(2**62)},
    ],
)
def test_AT12_a_review_of_nothing_or_without_words_is_refused(page, manager, site, wrong):
    reported(manager, site)

    answer = page.post(f"{TRAIL}review/", {"first": "1", "last": "2", "note": "Fine.", **wrong})

    assert answer.status_code == 422
    assert not TrailReview.objects.exists()


def test_AZ5_who_may_not_review_cannot(site):
    reader = a_person(Role.MANAGEMENT, None)

    with pytest.raises(PermissionDenied):
        services.review(asked={}, first=1, last=1, note="x", by=reader, now=clock.now())


def test_EX2_the_export_holds_what_was_asked_for_and_is_recorded(page, manager, site):
    record = reported(manager, site, title="=1+1")

    answer = page.get(f"{TRAIL}export/", {"number": record.number, "person": "Ana Silva"})
    rows = list(csv.reader(io.StringIO(b"".join(answer.streaming_content).decode("utf-8-sig"))))

    assert {row[7] for row in rows[1:]} == {record.number}
    assert not any(cell.startswith("=") for row in rows for cell in row)
    told = AuditEntry.objects.filter(stream="security").latest("seq")
    assert (told.action, told.actor_id) == ("exported", str(manager.pk))
    detail = told.content()["detail"]
    assert (detail["route"], detail["rows"]) == ("proof:export", len(rows) - 1)
    assert f"number={record.number}" in detail["filter"]
    assert "Silva" not in told.payload, "who was looked for is no business of the trail (RT2)"


@pytest.mark.parametrize(
    "asked",
    [
        {"since": "yesterday"},
        {"since": "2026-02-01", "until": "2026-01-01"},
        {"stream": "shadow"},
        {"before": "x"},
        {"before": str(2**70)},
        {"number": "\x00"},
        {"person": "a\x00b"},
    ],
)
def test_a_filter_that_cannot_be_read_shows_nothing_and_is_no_error(page, manager, site, asked):
    reported(manager, site)

    answer = page.get(TRAIL, asked)

    assert answer.status_code in {200, 400}
    assert 'id="entry-' not in answer.content.decode()


def test_the_page_asks_as_much_of_a_long_trail_as_of_a_short_one(page, manager, site):
    def asked():
        with CaptureQueriesContext(connection) as captured:
            assert page.get(TRAIL).status_code == 200
        return len(captured)

    reported(manager, site)
    page.get(TRAIL)
    few = asked()
    for _each in range(12):
        reported(manager, site)

    assert asked() == few


def test_each_filter_walks_an_index(manager, site):
    if connection.vendor != "sqlite":
        pytest.skip("PostgreSQL walks the whole of a table as short as this")
    with behind_the_back() as cursor:
        cursor.execute("ANALYZE")
    day = clock.now().date()
    expected = {
        "autoindex_audit_entry_1": {},
        "audit_entry_number": {"number": "NC-ABC1-2026-0001"},
        "audit_entry_object": {"model": "accounts.site", "object": str(site.pk)},
        "audit_entry_actor": {"actors": [str(manager.pk)]},
        "audit_entry_action": {"action": "voided"},
    }
    for index, asked in expected.items():
        plan = queries.entries(manager, asked)[:26].explain()
        assert index in plan, (asked, plan)
        assert "TEMP B-TREE" not in plan, (asked, plan)
    plan = queries.entries(manager, {"since": day, "until": day})[:26].explain()
    assert "TEMP B-TREE" not in plan
