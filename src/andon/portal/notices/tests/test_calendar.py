"""Due work as a calendar: whole days, numbers and titles, changes and cancellations told."""

from datetime import UTC, date, datetime, timedelta
from typing import Any

import icalendar
import pytest
from django.core.cache import cache

from andon.accounts import services as accounts
from andon.accounts.roles import Role
from andon.portal.notices import calendars, services
from andon.portal.notices.models import CalendarFeed
from andon.records import services as records
from andon.trail.models import AuditEntry

pytestmark = pytest.mark.django_db

DUE = date(2026, 3, 29)  # a day on which clocks change


@pytest.fixture(autouse=True)
def no_throttle_before():
    cache.clear()


@pytest.fixture
def address(pedro) -> str:
    return f"/calendar/{services.renew_calendar(pedro)}.ics"


def events(client, address: str) -> dict[str, Any]:
    answer = client.get(address)
    assert answer["Content-Type"].startswith("text/calendar")
    calendar = icalendar.Calendar.from_ical(answer.content)
    return {str(event["summary"]): event for event in calendar.walk("VEVENT")}


def test_due_work_is_an_event_of_a_whole_day(client, pedro, report, address):
    record = report(pedro, due_date=DUE, title="Bore too wide")

    (event,) = events(client, address).values()

    assert event["summary"] == f"{record.number} Bore too wide"
    assert (event["dtstart"].dt, event["dtend"].dt) == (DUE, DUE + timedelta(days=1))
    assert event["dtstart"].params["VALUE"] == "DATE"
    assert event["uid"].startswith(record.number)
    assert (event["sequence"], event["status"]) == (0, "CONFIRMED")
    assert event["url"].endswith(f"/r/{record.number}")


def test_a_change_keeps_the_uid_and_raises_the_sequence(client, pedro, report, address):
    record = report(pedro, due_date=DUE)
    (before,) = events(client, address).values()
    (again,) = events(client, address).values()
    records.extend(record, DUE + timedelta(days=5), by=pedro, reason="Tool is late.")

    (after,) = events(client, address).values()

    assert before["uid"] == again["uid"] == after["uid"]
    assert (before["sequence"], again["sequence"], after["sequence"]) == (0, 0, 1)
    assert after["dtstart"].dt == DUE + timedelta(days=5)


def test_what_is_done_is_cancelled_for_a_while_and_then_gone(client, pedro, manager, report):
    address = f"/calendar/{services.renew_calendar(pedro)}.ics"
    record = report(pedro, due_date=DUE)
    events(client, address)
    records.perform(record, "void", by=manager, data={"void_reason": "Twice."})

    (cancelled,) = events(client, address).values()
    later = calendars.calendar_of(pedro, datetime.now(UTC) + timedelta(days=31))

    assert (cancelled["status"], cancelled["sequence"]) == ("CANCELLED", 1)
    assert icalendar.Calendar.from_ical(later).walk("VEVENT") == []


def test_a_title_with_line_ends_and_commas_stays_a_title(client, pedro, report, address):
    report(pedro, due_date=DUE, title="Bore; wide, very\u2028END:VEVENT " + "x" * 90)

    (event,) = events(client, address).values()

    assert event["status"] == "CONFIRMED"
    assert "Bore; wide, very" in event["summary"]


def test_a_wrong_secret_finds_nothing(client, pedro, report, address):
    report(pedro, due_date=DUE)

    assert client.get("/calendar/no-such-secret.ics").status_code == 404
    assert client.get("/calendar/.ics").status_code == 404


def test_a_renewed_address_ends_the_old_one_and_an_ended_one_finds_nothing(client, pedro, address):
    services.renew_calendar(pedro)
    old = client.get(address).status_code
    new = f"/calendar/{services.renew_calendar(pedro)}.ics"
    alive = client.get(new).status_code

    services.end_calendar(pedro)

    assert (old, alive, client.get(new).status_code) == (404, 200, 404)


def test_who_may_no_longer_sign_in_has_no_calendar(client, pedro, person, address):
    accounts.disable_user(pedro, by=person(Role.ADMIN, "adam", site=None))

    assert client.get(address).status_code == 404


def test_the_secret_has_256_bits_and_is_kept_nowhere(pedro):
    secret = services.renew_calendar(pedro)

    entries = " ".join(AuditEntry.objects.values_list("payload", flat=True))
    assert len(secret) >= 43
    assert secret not in entries
    assert secret != CalendarFeed.objects.get(user=pedro).secret_sha256


def test_who_asks_all_the_time_is_told_to_wait(client, address):
    answers = [client.get(address).status_code for _ in range(calendars.PER_MINUTE + 1)]

    assert set(answers[:-1]) == {200}
    assert answers[-1] == 429


def test_the_page_shows_a_new_address_once(client, pedro):
    client.force_login(pedro)

    shown = client.post("/notices/calendar/renew/").content.decode()
    again = client.get("/notices/settings/").content.decode()

    assert ".ics" in shown
    assert ".ics" not in again
    assert "Renew the address" in again


def test_who_guesses_addresses_is_told_to_wait(client):
    answers = [client.get(f"/calendar/{n}.ics").status_code for n in range(25)]

    assert answers[0] == 404
    assert answers[-1] == 429
