"""Probes, numbers for monitoring, the page of the administrator, and the clock."""

from datetime import timedelta

import pytest
from django.db import OperationalError, connection
from django.test import Client, override_settings

from andon.accounts.roles import Role
from andon.accounts.testing import SiteFactory, a_person
from andon.organization import clock
from andon.portal.operations import health, time_source
from andon.tasks import worker
from andon.tasks.services import later
from andon.tasks.tests import jobs
from andon.trail.models import AuditEntry
from andon.trail.verify import verify

TOKEN = "a token of monitoring, long enough"


@pytest.fixture(autouse=True)
def _fresh():
    health.kept.forget()
    yield
    health.kept.forget()


@pytest.fixture
def silent():
    """A database that answers nothing."""

    def fail(execute, sql, params, many, context):
        raise OperationalError("connection refused to db.internal:5432 for user andon")

    with connection.execute_wrapper(fail):
        yield


@pytest.mark.django_db
def test_a_process_that_lives_says_so_without_any_database(client, silent):
    answer = client.get("/healthz")

    assert (answer.status_code, answer.json()) == (200, {"status": "ok"})
    assert "no-store" in answer["Cache-Control"]
    assert answer["X-Frame-Options"] == "DENY"
    assert not answer.cookies


@pytest.mark.django_db
def test_ready_without_a_worker_is_degraded_and_with_one_ok(client):
    before = client.get("/readyz")
    health.kept.forget()
    with worker.seen("w"):
        after = client.get("/readyz")

    assert (before.status_code, before.json()["status"]) == (200, "degraded")
    assert before.json()["parts"]["worker"] == "degraded"
    assert (after.status_code, after.json()) == (
        200,
        {
            "status": "ok",
            "parts": dict.fromkeys(("database", "migrations", "guards", "disk", "worker"), "ok"),
        },
    )


@pytest.mark.django_db
def test_a_database_that_does_not_answer_is_not_ready_and_nothing_more_is_told(client, silent):
    answer = client.get("/readyz")

    assert answer.status_code == 503
    assert answer.json()["parts"]["database"] == "failing"
    assert "5432" not in answer.content.decode()
    assert "internal" not in answer.content.decode()


@pytest.mark.django_db
def test_a_missing_guard_and_a_missing_migration_are_not_ready(client, monkeypatch):
    monkeypatch.setattr(health.guards, "missing", lambda: ["audit_entry_no_update"])
    guards = client.get("/readyz")
    health.kept.forget()
    monkeypatch.setattr(
        health.MigrationExecutor, "migration_plan", lambda *_words: [("kpis", "0099")]
    )
    both = client.get("/readyz")

    assert (guards.status_code, guards.json()["parts"]["guards"]) == (503, "failing")
    assert both.json()["parts"]["migrations"] == "failing"
    assert "audit_entry" not in guards.content.decode()


@pytest.mark.django_db
def test_a_disk_without_room_is_degraded_for_reading_goes_on(client, monkeypatch):
    monkeypatch.setattr(health, "free_bytes", lambda: 1000)

    answer = client.get("/readyz")

    assert (answer.status_code, answer.json()["parts"]["disk"]) == (200, "degraded")


@pytest.mark.django_db
def test_asking_often_does_not_ask_the_database_often(client, django_assert_num_queries):
    client.get("/readyz")

    with django_assert_num_queries(0):
        for _number in range(20):
            client.get("/readyz")


@pytest.mark.django_db
@pytest.mark.parametrize(
    ("token", "networks", "sent", "status"),
    [
        ("", [], "", 404),
        ("", [], TOKEN, 404),
        (TOKEN, [], "", 404),
        (TOKEN, [], "a token of monitoring, long enougH", 404),
        (TOKEN, [], TOKEN, 200),
        ("", ["127.0.0.0/8"], "", 200),
        ("", ["10.0.0.0/8", "2001:db8::/32"], "", 404),
        (TOKEN, ["10.0.0.0/8"], TOKEN, 404),
        (TOKEN, ["127.0.0.1/32"], TOKEN, 200),
        (TOKEN, ["127.0.0.1/32"], "", 404),
    ],
)
def test_LG1_numbers_are_for_who_is_let_in(client, token, networks, sent, status):
    with override_settings(METRICS_TOKEN=token, METRICS_NETWORKS=networks):
        answer = client.get("/metrics", headers={"Authorization": f"Bearer {sent}"})
        forged = client.get("/metrics", headers={"X-Forwarded-For": "10.1.2.3"})

    assert answer.status_code == status
    assert forged.status_code == (200 if "127.0.0.0/8" in networks and not token else 404)


@pytest.mark.django_db
@override_settings(METRICS_TOKEN="", METRICS_NETWORKS=["127.0.0.1/32"])
def test_the_numbers_count_requests_by_route_tasks_mails_and_the_trail(client):
    admin = a_person(Role.ADMIN)
    client.force_login(admin)
    later(jobs.fail, by=None, label="Print", most_tries=1)
    worker.run_waiting("w")
    later(jobs.add, 1, 1, by=None, label="Add")
    client.get("/setup/people/")
    client.get("/calendar/a-very-secret-word.ics")

    said = client.get("/metrics").content.decode()

    assert 'andon_requests_total{method="GET",route="setup/people/",status="200"}' in said
    assert 'andon_request_seconds_count{route="setup/people/"}' in said
    assert "a-very-secret-word" not in said
    assert 'andon_tasks{state="failed"} 1.0' in said
    assert 'andon_tasks{state="waiting"} 1.0' in said
    assert "andon_task_oldest_seconds " in said
    head = AuditEntry.objects.filter(stream="records").count()
    assert f'andon_trail_entries{{stream="records"}} {float(head)}' in said
    assert "andon_disk_free_bytes" in said


@pytest.mark.django_db
def test_the_administrator_sees_what_is_wrong_and_what_to_do(client):
    client.force_login(a_person(Role.ADMIN))

    page = client.get("/setup/system/").content.decode()

    assert "A worker was seen" in page
    assert "andon worker" in page
    assert "The database answers" in page


class Clocks:
    """A clock on the wall that can be put back, and one that goes on."""

    def __init__(self):
        self.wall, self.steady = clock.now(), 100.0

    def pass_(self, seconds, *, put_back=0.0):
        self.steady += seconds
        self.wall += timedelta(seconds=seconds - put_back)


@pytest.mark.django_db
@pytest.mark.parametrize(("back", "told"), [(0, False), (4.9, False), (5.1, True), (3600, True)])
def test_TX2_a_clock_that_is_put_back_while_we_run_is_told_of_once(back, told):
    clocks = Clocks()
    watch = time_source.Watch(lambda: clocks.wall, lambda: clocks.steady)

    clocks.pass_(60, put_back=back)
    watch.look()
    clocks.pass_(60)
    watch.look()

    events = AuditEntry.objects.filter(stream="security", action="clock put back")
    assert events.count() == told
    if told:
        assert abs(events.get().content()["detail"]["seconds"] - back) <= 1


@pytest.mark.django_db
def test_TX2_a_clock_put_back_while_nothing_ran_is_seen_by_the_trail_once(monkeypatch):
    SiteFactory.create(code="A")
    back = clock.now() - timedelta(hours=1)
    with monkeypatch.context() as patch:
        for minute in range(3):
            now = back + timedelta(minutes=minute)
            patch.setattr("andon.trail.sealing.timezone.now", lambda now=now: now)
            time_source.check(now)

    events = AuditEntry.objects.filter(stream="security", action="clock put back")
    assert events.count() == 1
    assert events.get().content()["detail"]["seconds"] == pytest.approx(3600, abs=5)
    assert time_source.last_step() == events.get()
    assert [finding.text for finding in verify().findings] == []


@pytest.mark.django_db
def test_TX2_entries_written_after_the_clock_was_put_back_keep_their_order(monkeypatch):
    SiteFactory.create(code="A")
    earlier = clock.now() - timedelta(hours=2)
    with monkeypatch.context() as patch:
        patch.setattr("andon.trail.sealing.timezone.now", lambda: earlier)
        SiteFactory.create(code="B")

    numbers = list(
        AuditEntry.objects.filter(model="accounts.site").values_list("seq", "at").order_by("seq")
    )
    assert numbers[0][0] < numbers[1][0]
    assert numbers[0][1] > numbers[1][1]
    assert [finding.text for finding in verify().findings] == []


@pytest.mark.django_db
def test_a_probe_from_any_host_over_plain_http_is_answered():
    client = Client(raise_request_exception=False)
    with override_settings(
        SECURE_SSL_REDIRECT=True, SECURE_REDIRECT_EXEMPT=[r"^healthz$", r"^readyz$", r"^metrics$"]
    ):
        assert client.get("/healthz", headers={"host": "10.2.3.4:8000"}).status_code == 200
        assert client.get("/setup/people/").status_code == 301
