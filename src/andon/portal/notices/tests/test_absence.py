"""Who is away is stood in for: notices and work show to another, rights do not move."""

from datetime import UTC, date, datetime, timedelta

import pytest
from django.core import mail
from django.core.exceptions import PermissionDenied, ValidationError
from django.test import Client
from django.urls import reverse

from andon.accounts.roles import Role
from andon.accounts.testing import SiteFactory
from andon.organization import clock
from andon.organization.testing import with_settings
from andon.portal.notices import digesting, mailing, services
from andon.portal.notices.models import Kind, Notice
from andon.portal.notices.people import Away
from andon.records import services as records

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("mail_on")]

DAY = timedelta(days=1)


@pytest.fixture
def today(site) -> date:
    with_settings(profile="standard", working_days="1234567")
    return clock.today(site)


@pytest.fixture
def given(manager, report):
    """Gives a record of the manager to somebody else."""

    def give(owner, **fields):
        record = report(manager, **fields)
        return records.edit(record, {"owner": owner}, by=manager, version=None)

    return give


def away(user, substitute, *, since: date, until: date, by=None):
    return services.go_away(
        user, substitute=substitute, from_date=since, until_date=until, by=by or user
    )


def noon(day: date) -> datetime:
    return datetime(day.year, day.month, day.day, 12, tzinfo=UTC)


def test_the_substitute_is_told_on_behalf_and_who_is_away_gets_no_mail(
    pedro, tina, given, reader, today
):
    away(pedro, tina, since=today, until=today + 7 * DAY)
    given(pedro)

    notices = reader()

    assert {(n.recipient, n.behalf, n.kind) for n in notices} == {
        (pedro, None, Kind.ASSIGNED),
        (tina, pedro, Kind.ASSIGNED),
    }
    assert [sent.to for sent in mail.outbox] == [["tina@example.com"]]
    assert "(for Pedro)" in mail.outbox[0].body


def test_the_substitute_hears_nothing_of_what_they_did_themselves(
    pedro, tina, report, reader, today
):
    away(pedro, tina, since=today, until=today + 7 * DAY)
    record = report(pedro)
    reader()
    records.comment(record, "I looked at it.", by=tina)

    assert [notice.recipient for notice in reader()] == [pedro]


def test_the_substitute_is_not_shown_what_they_may_not_see(pedro, tina, given, reader, today):
    client = Client()
    away(pedro, tina, since=today, until=today + 7 * DAY)
    record = given(pedro, restricted=True)
    client.force_login(tina)

    notices = reader()

    assert [notice.recipient for notice in notices] == [pedro]
    assert record.number not in client.get(reverse("portal:work")).content.decode()


def test_my_work_shows_the_work_of_whom_one_stands_in_for(pedro, tina, report, today, client):
    record = report(pedro)
    client.force_login(tina)
    before = client.get(reverse("portal:work")).content.decode()

    away(pedro, tina, since=today, until=today)

    after = client.get(reverse("portal:work")).content.decode()
    assert record.number not in before
    assert "On behalf of Pedro" in after
    assert record.number in after


def test_rights_do_not_move(person, manager, pedro, report, today):
    operator = person(Role.CONTRIBUTOR, "olga")
    record = report(pedro)
    away(manager, operator, since=today, until=today)

    assert not operator.may("nonconformities.decide", record.site_id)
    with pytest.raises(PermissionDenied):
        records.edit(record, {"title": "Else"}, by=operator, version=None)


def test_the_first_digest_after_the_return_tells_what_happened(pedro, tina, given, reader, today):
    away(pedro, tina, since=today, until=today + 2 * DAY)
    record = given(pedro)
    reader(noon(today))
    mail.outbox.clear()
    said = {}
    for days in range(5):
        now = noon(today + days * DAY)
        digesting.send_digests(now)
        mailing.send_due(now)
        said[days] = [sent.body for sent in mail.outbox if sent.to == ["pedro@example.com"]]
        mail.outbox.clear()

    assert [days for days, bodies in said.items() if bodies] == [3]
    assert "Tina stood in for you" in said[3][0]
    assert f"Assigned to you: {record.number}" in said[3][0]


def test_an_absence_that_is_ended_early_counts_no_more(pedro, tina, today):
    absence = away(pedro, tina, since=today, until=today + 7 * DAY)
    before = Away(clock.now()).substitute(pedro)

    services.come_back(absence, by=pedro)

    assert before == tina
    assert pedro not in Away(clock.now())


def test_who_stands_in_and_goes_away_too_is_stood_in_for_in_turn(pedro, tina, manager, today):
    away(pedro, tina, since=today, until=today)
    away(tina, manager, since=today, until=today)

    now = Away(clock.now())

    assert now.substitute(pedro) == manager
    assert {person.username for person in now.stood_in_for(manager)} == {"pedro", "tina"}


def test_nobody_stands_in_for_themselves(pedro, today):
    with pytest.raises(ValidationError, match="Nobody stands in for themselves"):
        away(pedro, pedro, since=today, until=today)


def test_there_are_no_circles(pedro, tina, manager, today):
    away(pedro, tina, since=today, until=today + 5 * DAY)
    away(tina, manager, since=today + 3 * DAY, until=today + 9 * DAY)

    with pytest.raises(ValidationError, match="would be stood in for by Ana"):
        away(manager, pedro, since=today + 5 * DAY, until=today + 6 * DAY)


def test_a_substitute_works_at_the_site(pedro, person, today):
    elsewhere = SiteFactory.create(code="ABC2")
    stranger = person(Role.OWNER, "stranger", site=elsewhere)

    with pytest.raises(ValidationError, match="holds no role at the site"):
        away(pedro, stranger, since=today, until=today)


def test_two_absences_of_one_person_do_not_overlap(pedro, tina, manager, today):
    away(pedro, tina, since=today, until=today + 5 * DAY)

    with pytest.raises(ValidationError, match="already"):
        away(pedro, manager, since=today + 5 * DAY, until=today + 9 * DAY)


def test_a_manager_enters_the_absence_of_others_and_colleagues_do_not(pedro, tina, manager, today):
    with pytest.raises(PermissionDenied):
        away(pedro, manager, since=today, until=today, by=tina)

    away(pedro, tina, since=today, until=today, by=manager)

    assert pedro in Away(clock.now())


def test_the_page_keeps_what_was_typed_and_says_what_is_wrong(client, pedro, today):
    client.force_login(pedro)
    typed = {"user": pedro.pk, "substitute": pedro.pk, "from_date": today, "until_date": today}

    wrong = client.post("/notices/absences/new/", typed).content.decode()

    assert "Nobody stands in for themselves" in wrong
    assert f'value="{today}"' in wrong


def test_one_enters_and_ends_an_absence_on_the_pages(client, pedro, tina, today):
    client.force_login(pedro)
    typed = {"user": pedro.pk, "substitute": tina.pk, "from_date": today, "until_date": today}
    client.post("/notices/absences/new/", typed)
    shown = client.get("/notices/settings/").content.decode()
    absence = Away(clock.now())._absences[pedro.pk]

    client.post(f"/notices/absences/{absence.pk}/end/")

    assert "Tina stands in" in shown
    assert pedro not in Away(clock.now())
    assert not Notice.objects.exists()
