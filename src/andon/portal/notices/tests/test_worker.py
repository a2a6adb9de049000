"""Duties run when they are due, one worker at a time, whatever happens to one of them."""

import time
from datetime import UTC, datetime, timedelta

import pytest

from andon.accounts.roles import Role
from andon.accounts.testing import a_person
from andon.organization.duties import Duty
from andon.portal.notices import worker
from andon.portal.notices.models import DutyRun
from andon.trail.services import SYSTEM, audited
from tests.committed import together

NOON = datetime(2026, 3, 2, 12, tzinfo=UTC)
HOUR = timedelta(hours=1)


def counting(name: str = "count", every: timedelta = HOUR) -> tuple[Duty, list[datetime]]:
    ran: list[datetime] = []
    return Duty(name, every, ran.append, label="Counts"), ran


@pytest.mark.django_db
def test_a_duty_runs_when_it_is_due_and_not_before():
    duty, ran = counting()

    for minutes in (0, 30, 59, 60, 61):
        worker.run_due([duty], NOON + timedelta(minutes=minutes))

    assert ran == [NOON, NOON + HOUR]


@pytest.mark.django_db
def test_after_a_long_pause_a_duty_runs_once_and_not_for_every_hour_it_missed():
    duty, ran = counting()

    worker.run_due([duty], NOON)
    worker.run_due([duty], NOON + 50 * HOUR)
    worker.run_due([duty], NOON + 50 * HOUR)

    assert len(ran) == 2


@pytest.mark.django_db
def test_the_error_of_one_duty_is_kept_and_stops_no_other(caplog):
    def fail(_now: datetime) -> None:
        raise LookupError("the mail server is gone")

    duty, ran = counting()

    worker.run_due([Duty("fail", HOUR, fail), duty], NOON)
    worker.run_due([Duty("fail", HOUR, fail), duty], NOON + HOUR)

    failed = DutyRun.objects.get(name="fail")
    assert len(ran) == 2
    assert failed.error == "LookupError: the mail server is gone"
    assert failed.failures == 2
    assert "The duty fail failed." in caplog.text


@pytest.mark.django_db
def test_a_duty_that_works_again_shows_no_error_any_more():
    def fail(_now: datetime) -> None:
        raise LookupError

    worker.run_due([Duty("x", HOUR, fail)], NOON)
    worker.run_due([Duty("x", HOUR, lambda _now: None)], NOON + HOUR)

    assert not DutyRun.objects.get(name="x").error


@pytest.mark.django_db
def test_what_a_killed_worker_had_begun_is_taken_over_after_its_lease():
    duty, ran = counting()
    worker.run_due([duty], NOON)
    with audited(SYSTEM("tests")):
        killed = {"next_at": NOON, "leased_until": NOON + worker.LEASE, "lease": "of the killed"}
        DutyRun.objects.update(**killed)

    worker.run_due([duty], NOON + timedelta(minutes=1))
    during = len(ran)
    worker.run_due([duty], NOON + worker.LEASE)

    assert (during, len(ran)) == (1, 2)


@pytest.mark.django_db
def test_who_lost_the_lease_does_not_overwrite_the_row_of_who_took_over():
    def lose(_now: datetime) -> None:
        DutyRun.objects.update(lease="of another", failures=7)

    worker.run_due([Duty("x", HOUR, lose)], NOON)

    run = DutyRun.objects.get(name="x")
    assert (run.lease, run.failures) == ("of another", 7)


@pytest.mark.django_db
def test_an_interrupted_duty_gives_its_lease_back():
    def stop(_now: datetime) -> None:
        raise KeyboardInterrupt

    with pytest.raises(KeyboardInterrupt):
        worker.run_due([Duty("x", HOUR, stop)], NOON)

    assert DutyRun.objects.get(name="x").leased_until is None


def test_two_workers_at_once_run_a_duty_once(committed_db):
    duty, ran = counting()
    again, ran_again = counting("again")

    counts = together(4, lambda _: worker.run_due([duty, again], NOON))

    assert sum(counts) == 2
    assert len(ran) == len(ran_again) == 1


def test_a_long_duty_renews_its_lease(committed_db, monkeypatch):
    monkeypatch.setattr(worker, "RENEWAL", timedelta(milliseconds=20))
    seen: list[datetime | None] = []

    def wait(_now: datetime) -> None:
        first = DutyRun.objects.get(name="x").leased_until
        for _ in range(200):
            time.sleep(0.02)
            now = DutyRun.objects.get(name="x").leased_until
            if now != first:
                seen.append(now)
                return

    worker.run_due([Duty("x", HOUR, wait)], NOON)

    assert seen


@pytest.mark.django_db
def test_the_administrator_sees_what_failed_and_whether_a_worker_runs(client):
    def fail(_now: datetime) -> None:
        raise LookupError("the mail server is gone")

    client.force_login(a_person(Role.ADMIN))
    before = client.get("/setup/background/").content.decode()
    worker.run_due([Duty("x", HOUR, fail, label="Sends mail")], datetime.now(UTC))

    after = client.get("/setup/background/").content.decode()

    assert "No worker is running" in before
    assert "No worker is running" not in after
    assert "the mail server is gone" in after


@pytest.mark.django_db
def test_duties_no_longer_listed_are_forgotten():
    duty, _ran = counting()
    worker.run_due([duty, Duty("old", HOUR, lambda _now: None)], NOON)

    worker.keep_only([duty])

    assert list(DutyRun.objects.values_list("name", flat=True)) == ["count"]
