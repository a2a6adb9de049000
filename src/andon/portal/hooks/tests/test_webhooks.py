"""What happens is told to whom it may be told, signed, once, or it is seen that it was not."""

import json
import time
from datetime import timedelta

import pytest
from django.core.exceptions import PermissionDenied, ValidationError

from andon.accounts import services as accounts
from andon.accounts.roles import Role
from andon.accounts.testing import SiteFactory, a_person
from andon.modules.nonconformities.tests.factories import reported
from andon.organization import clock
from andon.outbound.signature import HEADER, is_signed
from andon.outbound.testing import respond
from andon.portal.hooks import sending, services, telling
from andon.portal.hooks.keeping import by_webhook
from andon.portal.hooks.models import AllowedHost, Delivery, Webhook
from andon.portal.hooks.tests.conftest import NOW
from andon.records import services as records
from andon.trail.checkpoints import checkpoint
from andon.trail.services import audited

pytestmark = pytest.mark.django_db


def work(now=NOW):
    telling.read_on(now)
    sending.send_due(now)


def bodies(program):
    return [json.loads(received.body) for received in program.received]


def test_a_new_record_is_told_with_number_title_and_state(hook, admin, site, program, settings):
    settings.ANDON_URL = "https://quality.example.com"
    record = reported(admin, site, title="Burr")

    work()

    [body] = bodies(program)
    assert body["event"] == "created"
    assert body["record"] == {
        "kind": "nonconformities",
        "number": record.number,
        "site": "ABC1",
        "state": record.state,
        "title": "Burr",
        "url": f"https://quality.example.com/r/{record.number}/",
    }
    assert set(body) == {"id", "event", "at", "record"}


def test_OB1_the_receiver_can_check_that_a_message_is_ours(hook, admin, site, program):
    reported(admin, site)
    work()

    [got] = program.received
    now = int(time.time())
    assert is_signed(hook.secret, got.body, got.headers[HEADER], now=now)
    assert not is_signed(hook.secret, got.body + b" ", got.headers[HEADER], now=now)


def test_what_was_told_is_not_told_again(hook, admin, site, program):
    reported(admin, site)

    work()
    work()

    assert len(program.received) == 1


def test_a_change_is_told_only_to_those_who_asked_for_changes(hook, admin, site, program):
    record = reported(admin, site)
    records.edit(record, {"title": "Other"}, by=admin, version=record.version)
    work()
    assert [body["event"] for body in bodies(program)] == ["created"]

    services.change(hook, changes={"events": ["changed"]}, by=admin)
    record.refresh_from_db()
    records.edit(record, {"title": "Third"}, by=admin, version=record.version)
    work()

    assert [body["event"] for body in bodies(program)] == ["created", "changed"]


def test_a_comment_on_a_record_is_no_change_of_it(hook, admin, site, program):
    record = reported(admin, site)
    records.comment(record, "Look at this", by=admin)

    work()

    assert len(program.received) == 1


def test_nobody_is_told_of_what_was_before(admin, site, program, hook):
    services.change(hook, changes={"is_active": False}, by=admin)
    reported(admin, site)
    work()
    services.change(hook, changes={"is_active": True}, by=admin)

    work()

    assert program.received == []


def test_AZ8_what_the_person_behind_it_does_not_see_is_not_sent(hook, admin, program):
    elsewhere = SiteFactory.create(code="XYZ")
    stranger = a_person(Role.QUALITY, elsewhere)
    # The administrator's own role is for all sites; a quality role at one site is not.
    grant = next(g for g in admin.grants_held() if g.site_id is None)
    boss = a_person(Role.ADMIN)
    accounts.end_grant(grant, by=boss)
    accounts.grant_role(admin, Role.ADMIN, site=hook_site(admin), by=boss)
    reported(stranger, elsewhere)

    work()

    assert program.received == []


def hook_site(admin):
    return next(grant.site for grant in admin.grants_held() if grant.site_id)


def test_AZ8_the_right_is_asked_for_again_when_it_is_sent(hook, admin, site, program):
    reported(admin, site)
    telling.read_on(NOW)
    accounts.disable_user(admin, by=a_person(Role.ADMIN))

    sending.send_due(NOW)

    assert program.received == []
    assert Delivery.objects.get().status == Delivery.Status.GIVEN_UP


def test_another_kind_or_another_site_is_not_told(hook, admin, site, program):
    other = SiteFactory.create(code="XYZ")
    services.change(hook, changes={"site": other}, by=admin)
    reported(admin, site)
    work()
    services.change(hook, changes={"site": None, "kinds": ["actions"]}, by=admin)
    reported(admin, site)
    work()

    assert program.received == []


@pytest.mark.usefixtures("hook", "program")
class TestTrouble:
    def test_a_program_that_fails_is_asked_again_and_given_up_where_it_is_seen(
        self, admin, site, program
    ):
        program.answer = lambda handler: respond(handler, status=500)
        reported(admin, site)
        telling.read_on(NOW)
        row = Delivery.objects.get()
        waits = []
        while row.status == Delivery.Status.WAITING:
            waits.append((row.due_at - NOW) // timedelta(minutes=1))
            sending.send_due(row.due_at)
            row.refresh_from_db()

        assert waits == [0, 1, 6, 21, 81, 321, 1041, 2481]
        assert row.status == Delivery.Status.GIVEN_UP
        assert "500" in row.error
        assert len(program.received) == 8

    def test_a_message_given_up_can_be_sent_again(self, admin, site):
        reported(admin, site)
        telling.read_on(NOW)
        row = Delivery.objects.get()
        Delivery.objects.update(status=Delivery.Status.GIVEN_UP)

        services.try_again(row, by=admin, now=NOW)
        sending.send_due(NOW)

        row.refresh_from_db()
        assert row.status == Delivery.Status.SENT

    def test_a_message_given_up_can_be_dropped(self, admin, site, program):
        reported(admin, site)
        telling.read_on(NOW)
        Delivery.objects.update(status=Delivery.Status.GIVEN_UP)

        services.drop(Delivery.objects.get(), by=admin)
        sending.send_due(NOW)

        assert program.received == []

    @pytest.mark.usefixtures("program")
    def test_old_messages_are_forgotten_and_those_that_wait_stay(self, admin, site):
        for _ in range(3):
            reported(admin, site)
        telling.read_on(NOW)
        sent, given_up, waits = Delivery.objects.order_by("pk")
        for row, status in ((sent, "sent"), (given_up, "given_up")):
            Delivery.objects.filter(pk=row.pk).update(status=status)

        sending.forget_old(waits.made_at + timedelta(days=90))
        assert Delivery.objects.count() == 3

        sending.forget_old(waits.made_at + timedelta(days=91))
        assert list(Delivery.objects.all()) == [waits]

    def test_a_program_that_is_silent_is_asked_once_in_a_run(self, admin, site, program):
        program.answer = lambda handler: respond(handler, status=503)
        for _ in range(3):
            reported(admin, site)

        work()

        assert len(program.received) == 1

    def test_OB1_a_redirect_is_a_failure_not_a_way(self, admin, site, program):
        program.answer = lambda handler: respond(handler, status=302)
        reported(admin, site)

        work()

        assert Delivery.objects.get().status == Delivery.Status.WAITING

    def test_a_message_that_another_worker_holds_is_left_to_it(self, admin, site, program):
        reported(admin, site)
        telling.read_on(NOW)
        Delivery.objects.update(held_until=NOW + timedelta(minutes=1))

        sending.send_due(NOW)
        assert program.received == []

        sending.send_due(NOW + timedelta(minutes=3))  # that worker is gone
        assert len(program.received) == 1


class TestKeeper:
    def test_AT9_a_checkpoint_is_handed_to_a_webhook_that_keeps_them_once(
        self, hook, admin, program
    ):
        services.change(hook, changes={"events": ["checkpoint"]}, by=admin)
        newest = checkpoint("a test")

        for _ in range(2):
            by_webhook(newest)
        sending.send_due(clock.now())

        [body] = bodies(program)
        assert (body["event"], body["checkpoint"]) == ("checkpoint", newest.text)

    def test_other_webhooks_are_not_told_of_checkpoints(self, hook, program):
        by_webhook(checkpoint("a test"))

        assert not Delivery.objects.filter(webhook=hook).exists()
        assert program.received == []


class TestTheList:
    def test_OB1_a_webhook_to_a_host_that_is_not_listed_is_refused(self, admin):
        with pytest.raises(ValidationError, match="not on the list"):
            services.add(
                {"name": "X", "url": "https://x.example.com/", "events": ["created"]}, by=admin
            )

    @pytest.mark.usefixtures("hook")
    def test_OB1_taking_a_host_off_stops_what_waits(self, admin, site, program):
        reported(admin, site)
        telling.read_on(NOW)

        services.refuse_host(AllowedHost.objects.get(), by=admin)
        sending.send_due(NOW)

        assert program.received == []
        assert "not on the list" in Delivery.objects.get().error

    def test_a_host_can_come_back(self, admin):
        row = services.allow_host(host="a.example.com", by=admin)
        services.refuse_host(row, by=admin)

        services.allow_host(host="A.example.com", note="again", by=admin)

        assert AllowedHost.objects.get().is_active

    def test_only_an_administrator_decides(self, hook, site):
        quality = a_person(Role.MANAGER, site)

        for act in (
            lambda: services.allow_host(host="b.example.com", by=quality),
            lambda: services.add({"name": "Y", "url": hook.url, "events": ["moved"]}, by=quality),
            lambda: services.renew_secret(hook, by=quality),
            lambda: services.send_test(hook, by=quality, now=NOW),
        ):
            with pytest.raises(PermissionDenied), audited(quality):
                act()


class TestSecret:
    def test_it_is_not_in_the_database(self, hook):
        stored = Webhook.objects.values().get(pk=hook.pk)

        assert hook.secret not in str(stored)

    def test_a_new_one_signs_and_the_old_one_no_more(self, hook, admin, site, program):
        old = hook.secret
        renewed = services.renew_secret(hook, by=admin)
        reported(admin, site)
        work()

        [got] = program.received
        now = int(time.time())
        assert is_signed(renewed.secret, got.body, got.headers[HEADER], now=now)
        assert not is_signed(old, got.body, got.headers[HEADER], now=now)


class TestPages:
    def test_a_host_and_a_webhook_are_set_up_by_page(self, client, admin):
        client.force_login(admin)
        client.post("/setup/webhooks/hosts/", {"host": "erp.example.com"})
        answer = client.post(
            "/setup/webhooks/new/",
            {
                "name": "ERP",
                "url": "https://erp.example.com/in",
                "events": ["created"],
                "is_active": "on",
            },
        )

        hook = Webhook.objects.get()
        assert answer["Location"] == f"/setup/webhooks/{hook.pk}/"
        page = client.get(answer["Location"]).content.decode()
        assert hook.secret not in page
        assert hook.secret in client.get(answer["Location"] + "?secret").content.decode()

    def test_what_was_typed_stays_when_the_host_is_not_listed(self, client, admin):
        client.force_login(admin)

        answer = client.post(
            "/setup/webhooks/new/",
            {"name": "My ERP", "url": "https://evil.example/", "events": ["created"]},
        )

        assert b"My ERP" in answer.content
        assert b"not on the list" in answer.content

    def test_a_host_that_is_none_is_refused_with_a_sentence(self, client, admin):
        client.force_login(admin)

        answer = client.post("/setup/webhooks/hosts/", {"host": "http://x/"})

        assert answer.status_code == 422
        assert b"is not the name of a host" in answer.content

    def test_a_test_message_arrives(self, client, admin, hook, program):
        client.force_login(admin)

        client.post(f"/setup/webhooks/{hook.pk}/test/")
        sending.send_due(NOW + timedelta(days=400))

        [body] = bodies(program)
        assert body["event"] == "test"
        assert "record" not in body
