"""Who is told what, from the trail: never the doer, never who may not see, never twice."""

from datetime import UTC, datetime
from typing import Any

import pytest
from django.core import mail
from django.test import Client, override_settings

from andon.accounts.roles import Role
from andon.accounts.testing import SiteFactory
from andon.portal.notices import reading, services, telling
from andon.portal.notices.models import Kind, Mail, Notice, TrailCursor
from andon.records import services as records

NOW = datetime(2026, 3, 2, 10, tzinfo=UTC)

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("mail_on")]


def outbox() -> list[Any]:
    return list(mail.outbox)


def told(notices: list[Notice]) -> set[tuple[str, str]]:
    return {(notice.recipient.username, notice.kind) for notice in notices}


def test_work_that_is_given_to_somebody_is_told_to_them_at_once(reader, manager, pedro, report):
    record = report(manager)
    reader()
    records.edit(record, {"owner": pedro}, by=manager, version=None)

    notices = reader()

    assert told(notices) == {("pedro", Kind.ASSIGNED)}
    assert [sent.to for sent in outbox()] == [["pedro@example.com"]]
    assert outbox()[0].subject == f"Andon: Assigned to you: {record.number}"
    assert f"https://quality.example.com/r/{record.number}" in outbox()[0].body


def test_nobody_is_told_what_they_did_themselves(reader, manager, report):
    record = report(manager, severity="critical")
    records.comment(record, "Looks bad.", by=manager)
    services.watch(record, by=manager, wanted=True)
    records.edit(record, {"title": "Bore far too wide"}, by=manager, version=None)

    assert reader() == []
    assert outbox() == []


def test_what_becomes_unsafe_is_told_at_once_to_quality_whatever_they_chose(
    reader, engineer, manager, pedro, report
):
    services.choose(manager, {"assigned_at_once": False, "escalated_at_once": False})
    report(pedro, severity="critical")

    notices = reader()

    assert told(notices) == {("ines", Kind.UNSAFE), ("ana", Kind.UNSAFE)}
    assert {sent.to[0] for sent in outbox()} == {"ines@example.com", "ana@example.com"}


def test_what_does_not_come_at_once_waits_for_the_digest(reader, manager, pedro, report):
    services.choose(pedro, {"assigned_at_once": False})
    record = report(manager)
    records.edit(record, {"owner": pedro}, by=manager, version=None)
    records.comment(record, "See the photo.", by=manager)

    notices = reader()

    assert told(notices) == {("pedro", Kind.ASSIGNED), ("pedro", Kind.COMMENTED)}
    assert all(notice.routine for notice in notices)
    assert outbox() == []


def test_who_watches_a_record_hears_of_it_once_until_they_were_told(
    reader, manager, pedro, tina, report
):
    record = report(pedro)
    services.watch(record, by=tina, wanted=True)
    for title in ("One", "Two", "Three"):
        records.edit(record, {"title": title}, by=manager, version=None)

    first = reader()
    records.edit(record, {"title": "Four"}, by=manager, version=None)

    assert told(first) == {("tina", Kind.CHANGED)}
    assert reader() == []


def test_who_watches_no_more_hears_nothing(reader, manager, pedro, tina, report):
    record = report(pedro)
    services.watch(record, by=tina, wanted=True)
    services.watch(record, by=tina, wanted=False)
    records.edit(record, {"title": "Two"}, by=manager, version=None)

    assert reader() == []


@pytest.mark.usefixtures("engineer")
def test_a_restricted_record_is_told_to_nobody_who_may_not_see_it(
    reader, manager, pedro, tina, report
):
    record = report(manager, restricted=True)
    services.watch(record, by=tina, wanted=True)
    records.edit(record, {"severity": "critical"}, by=manager, version=None)
    records.edit(record, {"owner": pedro}, by=manager, version=None)

    notices = reader()

    assert told(notices) == {("pedro", Kind.ASSIGNED), ("pedro", Kind.UNSAFE)}
    assert {sent.to[0] for sent in outbox()} == {"pedro@example.com"}


def test_a_mail_is_withdrawn_when_its_record_was_restricted_meanwhile(
    manager, engineer, pedro, report, reader
):
    record = report(pedro, severity="critical")
    reading.read_on(NOW)
    records.edit(record, {"restricted": True}, by=manager, version=None)

    reader()

    assert outbox() == []
    assert set(Mail.objects.values_list("status", flat=True)) == {Mail.Status.WITHDRAWN}


def test_what_belongs_to_another_site_is_not_told(reader, person, manager, pedro, report):
    elsewhere = SiteFactory.create(code="ABC2")
    stranger = person(Role.OWNER, "stranger", site=elsewhere)
    record = report(pedro)
    services.watch(record, by=stranger, wanted=True)
    records.edit(record, {"title": "Two"}, by=manager, version=None)

    assert reader() == []


def test_what_happened_before_the_first_reading_is_history(manager, pedro, report):
    record = report(manager)
    records.edit(record, {"owner": pedro}, by=manager, version=None)

    reading.read_on(NOW)

    assert not Notice.objects.exists()


def test_what_was_closed_meanwhile_is_not_assigned_any_more(reader, manager, pedro, report):
    record = report(manager)
    records.edit(record, {"owner": pedro}, by=manager, version=None)
    records.perform(record, "void", by=manager, data={"void_reason": "Twice."})

    assert reader() == []


def test_many_things_at_once_make_one_mail(reader, manager, pedro, report):
    for _ in range(25):
        record = report(manager)
        records.edit(record, {"owner": pedro}, by=manager, version=None)

    notices = reader()

    assert len(notices) == 25
    assert [sent.subject for sent in outbox()] == ["Andon: 25 things need you"]
    assert "and 5 more in Andon" in outbox()[0].body


def test_a_crash_while_notices_are_made_moves_nothing(reader, manager, pedro, report, monkeypatch):
    record = report(manager)
    reader()
    records.edit(record, {"owner": pedro}, by=manager, version=None)
    before = TrailCursor.objects.get().seq

    def crash(*_args, **_options):
        raise RuntimeError

    with monkeypatch.context() as patch:
        patch.setattr(telling.mailing, "put_at_once", crash)
        with pytest.raises(RuntimeError):
            reading.read_on(NOW)
    after = TrailCursor.objects.get().seq, Notice.objects.count()

    assert after == (before, 0)
    assert told(reader()) == {("pedro", Kind.ASSIGNED)}


@override_settings(ANDON_MAIL=False)
def test_without_mail_notices_are_shown_in_the_app_only(reader, manager, pedro, report, client):
    record = report(manager)
    records.edit(record, {"owner": pedro}, by=manager, version=None)
    reader()
    client.force_login(pedro)

    text = client.get("/notices/").content.decode()

    assert not Mail.objects.exists()
    assert "This installation sends no mail" in text
    assert record.number in text


def test_a_notice_is_read_by_opening_it(reader, manager, pedro, report, client):
    record = report(manager)
    records.edit(record, {"owner": pedro}, by=manager, version=None)
    (notice,) = reader()
    client.force_login(pedro)
    before = client.get("/").context["bell"]

    answer = client.post(f"/notices/{notice.pk}/open/")

    assert str(before) == "1"
    assert answer["Location"] == record.get_absolute_url()
    assert str(client.get("/").context["bell"]) == ""


def test_the_notice_of_somebody_else_is_not_there(reader, manager, pedro, tina, report):
    client = Client()
    record = report(manager)
    records.edit(record, {"owner": pedro}, by=manager, version=None)
    (notice,) = reader()
    client.force_login(tina)

    assert client.post(f"/notices/{notice.pk}/open/").status_code == 404
    assert record.number not in client.get("/notices/").content.decode()


def test_the_button_on_a_record_watches_it(manager, pedro, report, client):
    record = report(pedro)
    client.force_login(manager)
    before = client.get(record.get_absolute_url()).content.decode()

    client.post(f"/notices/watch/{record.number}/", {"watch": "yes"})

    assert 'value="yes"' in before
    assert "Watch no more" in client.get(record.get_absolute_url()).content.decode()
