"""One digest a day at most, at the hour chosen, in the zone of the site, if there is something."""

from datetime import UTC, date, datetime, timedelta

import pytest
from django.core import mail

from andon.accounts import services as accounts
from andon.accounts.roles import Role
from andon.accounts.testing import TESTS
from andon.organization import services as organization
from andon.organization.models import Holiday
from andon.organization.testing import with_settings
from andon.portal.notices import digesting, mailing, services
from andon.portal.notices.models import Mail
from andon.records import services as records

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("mail_on", "daily")]

MONDAY = date(2026, 3, 2)
HOUR = timedelta(hours=1)


@pytest.fixture
def daily(site):
    with_settings(profile="standard")


def at(day: date, hour: int, minute: int = 0) -> datetime:
    """Return an instant by the clocks in UTC; Berlin is an hour ahead in winter."""
    return datetime(day.year, day.month, day.day, hour, minute, tzinfo=UTC)


def sent_by(*instants: datetime) -> list[tuple[datetime, str]]:
    """Run the duties at each instant; return when which mail went out, by its addressee."""
    found = []
    for now in instants:
        before = len(mail.outbox)
        digesting.send_digests(now)
        mailing.send_due(now)
        found += [(now, message.to[0]) for message in mail.outbox[before:]]
    return found


def days_from(day: date, count: int) -> list[datetime]:
    """Return noon of ``count`` days."""
    return [at(day + timedelta(days=n), 12) for n in range(count)]


def test_nothing_is_sent_when_there_is_nothing(pedro):
    assert sent_by(*days_from(MONDAY, 7)) == []


def test_the_digest_comes_at_the_hour_chosen_in_the_zone_of_the_site(pedro, report):
    services.choose(pedro, {"hour": 15})
    report(pedro, due_date=MONDAY + timedelta(days=1))

    found = sent_by(*(at(MONDAY, 0) + n * HOUR for n in range(24)))

    assert found == [(at(MONDAY, 14), "pedro@example.com")]


@pytest.mark.parametrize(
    ("day", "chosen", "comes"),
    [
        (date(2026, 3, 29), 2, at(date(2026, 3, 29), 1)),  # 02:00 does not exist: 03:00 summer
        (date(2026, 3, 29), 7, at(date(2026, 3, 29), 5)),
        (date(2026, 10, 25), 2, at(date(2026, 10, 25), 0)),  # twice: the first time
        (date(2026, 10, 25), 7, at(date(2026, 10, 25), 6)),
    ],
)
def test_where_clocks_change_the_digest_comes_once_at_its_hour(pedro, report, day, chosen, comes):
    with_settings(working_days="1234567")
    services.choose(pedro, {"hour": chosen})
    report(pedro, due_date=day + timedelta(days=1))

    found = sent_by(*(at(day, 0) - HOUR + n * HOUR / 2 for n in range(46)))

    assert found == [(comes, "pedro@example.com")]


def test_one_reminds_a_week_before_a_day_before_and_a_day_after(pedro, report):
    due = MONDAY + timedelta(days=8)
    with_settings(working_days="1234567")
    report(pedro, due_date=due)

    found = sent_by(*days_from(MONDAY, 15))

    days = [now.date() - due for now, _to in found]
    assert [gap.days for gap in days] == [-7, -1, 1]


def test_what_stays_late_is_told_again_once_a_week(pedro, report):
    with_settings(working_days="1234567")
    report(pedro, due_date=MONDAY - timedelta(days=30))

    found = sent_by(*days_from(MONDAY, 15))

    assert [now.date() for now, _to in found] == [
        MONDAY,
        MONDAY + timedelta(days=7),
        MONDAY + timedelta(days=14),
    ]


def test_no_digest_comes_on_weekends_and_holidays_it_waits_for_the_next_working_day(pedro, report):
    holiday = Holiday(day=MONDAY + timedelta(days=7), name="Spring day")
    organization.add(holiday, by=TESTS)
    report(pedro, due_date=MONDAY + timedelta(days=6))  # a Sunday; a day before is a Saturday

    found = sent_by(*days_from(MONDAY + timedelta(days=2), 9))

    assert [now.date() for now, _to in found] == [MONDAY + timedelta(days=8)]


def test_light_sends_a_weekly_digest_on_monday(pedro, report):
    with_settings(profile="light")
    report(pedro, due_date=MONDAY + timedelta(days=9))
    report(pedro, due_date=MONDAY + timedelta(days=2))

    found = sent_by(*days_from(MONDAY + timedelta(days=1), 13))

    assert [now.date() for now, _to in found] == [MONDAY + timedelta(days=7)]


def test_only_the_days_chosen_bring_a_digest(pedro, report):
    services.choose(pedro, {"weekdays": "3"})
    for days in range(3, 12):
        report(pedro, due_date=MONDAY + timedelta(days=days))

    found = sent_by(*days_from(MONDAY, 14))

    assert {now.date().isoweekday() for now, _to in found} == {3}


def test_two_runs_at_the_same_hour_send_one_digest(pedro, report):
    report(pedro, due_date=MONDAY + timedelta(days=1))

    found = sent_by(*[at(MONDAY, 12)] * 3, at(MONDAY, 13), at(MONDAY, 22))

    assert len(found) == 1


def test_a_digest_tells_news_and_tells_them_once(pedro, manager, report, reader):
    record = report(pedro, title="Bore too wide")
    reader()
    records.comment(record, "secret words of the shop floor", by=manager)
    reader(at(MONDAY, 5))

    found = sent_by(*days_from(MONDAY, 5))

    assert len(found) == 1
    body = mail.outbox[-1].body
    assert f"New comment: {record.number} Bore too wide" in body
    assert "secret words" not in body


def test_a_digest_names_nothing_that_the_person_may_not_see(pedro, tina, report, reader, manager):
    record = report(pedro, title="Bore too wide")
    services.watch(record, by=tina, wanted=True)
    reader()
    records.edit(record, {"title": "Named person hurt"}, by=manager, version=None)
    reader(at(MONDAY, 5))
    records.edit(record, {"restricted": True}, by=manager, version=None)

    found = sent_by(*days_from(MONDAY, 5))

    assert found == []


def test_who_has_no_address_is_not_mailed(person, report):
    nobody = person(Role.OWNER, "nobody", email="")
    report(nobody, due_date=MONDAY + timedelta(days=1))

    assert sent_by(*days_from(MONDAY, 3)) == []
    assert not Mail.objects.exists()


def test_who_may_no_longer_sign_in_is_not_mailed(pedro, report, person):
    report(pedro, due_date=MONDAY + timedelta(days=1))
    accounts.disable_user(pedro, by=person(Role.ADMIN, "adam", site=None))

    assert sent_by(*days_from(MONDAY, 3)) == []
