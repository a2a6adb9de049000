"""The outbox: nothing is lost, at most one mail is doubled, and headers are ours alone."""

from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from django.core import mail
from django.core.mail.backends import locmem

from andon.accounts.models import User
from andon.accounts.roles import Role
from andon.portal.notices import mailing
from andon.portal.notices.models import Mail
from andon.records import services as records
from andon.trail.services import SYSTEM, audited

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("mail_on")]

NOW = datetime(2026, 3, 2, 10, tzinfo=UTC)


def waiting(person: User, key: str = "k") -> Any:
    with audited(SYSTEM("tests")):
        return mailing.put(
            person,
            kind=Mail.Kind.AT_ONCE,
            subject="Andon: your work",
            body="Hello",
            records=(),
            key=key,
            now=NOW,
        )


def refuse(*_args, **_options):
    raise ConnectionRefusedError("no mail server")


def test_a_mail_is_sent_once_and_marked(pedro):
    row = waiting(pedro)

    mailing.send_due(NOW)
    mailing.send_due(NOW)

    row.refresh_from_db()
    assert (row.status, row.sent_at) == (Mail.Status.SENT, NOW)
    assert len(mail.outbox) == 1
    assert mail.outbox[0].extra_headers["Auto-Submitted"] == "auto-generated"


def test_a_server_that_is_gone_is_asked_again_after_growing_waits_and_then_given_up(
    pedro, monkeypatch
):
    row = waiting(pedro)
    monkeypatch.setattr(locmem.EmailBackend, "send_messages", refuse)
    tried = []
    while row.status == Mail.Status.WAITING:
        tried.append((row.due_at - NOW) // timedelta(minutes=1))
        mailing.send_due(row.due_at)
        row.refresh_from_db()

    assert tried == [0, 1, 6, 21, 81, 321, 1041, 2481]
    assert row.status == Mail.Status.GIVEN_UP
    assert row.error == "ConnectionRefusedError: no mail server"


def test_the_administrator_sees_what_was_given_up_and_sends_it_again(
    pedro, person, client, monkeypatch
):
    row = waiting(pedro)
    with audited(SYSTEM("tests")):
        row.status, row.error = Mail.Status.GIVEN_UP, "no mail server"
        row.save()
    client.force_login(person(Role.ADMIN, "adam", site=None))

    text = client.get("/setup/mail/").content.decode()
    client.post(f"/setup/mail/{row.pk}/again/")
    mailing.send_due(datetime.now(UTC))

    assert "no mail server" in text
    assert "Hello" not in text
    assert len(mail.outbox) == 1


def test_a_mail_that_fails_stops_no_other(pedro, tina):
    bad, good = waiting(pedro, "a"), waiting(tina, "b")
    with audited(SYSTEM("tests")):
        User.objects.filter(pk=pedro.pk).update(email="not an address")

    mailing.send_due(NOW)

    bad.refresh_from_db()
    good.refresh_from_db()
    assert (bad.status, good.status) == (Mail.Status.GIVEN_UP, Mail.Status.SENT)


def test_a_crash_between_sending_and_marking_doubles_one_mail_with_the_same_id(
    pedro, tina, monkeypatch
):
    waiting(pedro, "a")
    waiting(tina, "b")

    def crash(*_args, **_options):
        raise KeyboardInterrupt

    with monkeypatch.context() as patch:
        patch.setattr(mailing, "_mark", crash)
        with pytest.raises(KeyboardInterrupt):
            mailing.send_due(NOW)
    mailing.send_due(NOW)

    ids = [message.extra_headers["Message-ID"] for message in mail.outbox]
    assert len(ids) == 3
    assert len(set(ids)) == 2


@pytest.mark.parametrize(
    "address", ["pedro@example.com\nBcc: eve@example.com", "a@b.com, eve@example.com", "x"]
)
def test_OB2_an_address_that_is_none_gets_into_no_header(pedro, address):
    row = waiting(pedro)
    with audited(SYSTEM("tests")):
        User.objects.filter(pk=pedro.pk).update(email=address)

    mailing.send_due(NOW)

    row.refresh_from_db()
    assert row.status == Mail.Status.GIVEN_UP
    assert mail.outbox == []


def test_OB2_a_title_gets_into_no_header_and_makes_no_line_of_its_own(
    pedro, manager, report, reader
):
    title = "Bore\u2028Bcc: eve@example.com\u0085https://evil.example.com"
    record = report(manager, title=title)
    records.edit(record, {"owner": pedro}, by=manager, version=None)

    reader()

    sent = mail.outbox[0].message()
    assert "Bcc" not in sent
    assert "eve" not in sent["Subject"]
    body = mail.outbox[0].body
    assert f"{record.number} Bore Bcc: eve@example.com https://evil.example.com\n" in body


def test_OB2_links_come_from_the_configuration_never_from_a_request(
    pedro, manager, report, reader, client
):
    record = report(manager)
    client.force_login(manager)
    client.get("/", headers={"host": "localhost"})
    records.edit(record, {"owner": pedro}, by=manager, version=None)

    reader()

    links = [word for word in mail.outbox[0].body.split() if word.startswith("http")]
    assert links
    assert all(link.startswith("https://quality.example.com/") for link in links)


def test_without_a_server_no_mail_waits_for_one(pedro, settings):
    settings.ANDON_MAIL = False

    assert waiting(pedro) is None
    assert not Mail.objects.exists()


def test_old_mails_are_forgotten_but_not_those_that_wait_or_hold_a_checkpoint(pedro):
    rows = {key: waiting(pedro, key) for key in ("sent", "given up", "waits", "checkpoint")}
    with audited(SYSTEM("tests")):
        Mail.objects.filter(key="given up").update(status=Mail.Status.GIVEN_UP)
        Mail.objects.filter(key="checkpoint").update(kind=Mail.Kind.CHECKPOINT)
        Mail.objects.filter(key__in=["sent", "checkpoint"]).update(status=Mail.Status.SENT)

    mailing.forget_old(NOW + timedelta(days=90))
    assert Mail.objects.count() == len(rows)

    mailing.forget_old(NOW + timedelta(days=91))
    assert {row.key for row in Mail.objects.all()} == {"waits", "checkpoint"}
