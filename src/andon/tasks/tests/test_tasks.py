"""Tasks wait with what asked for them, are tried again, given up, cancelled, and shown."""

from datetime import timedelta

import pytest
import time_machine
from django.core.exceptions import PermissionDenied
from django_tasks_db.models import DBTaskResult

from andon.accounts import clock, services
from andon.accounts.models import Site
from andon.accounts.roles import Role
from andon.accounts.testing import TESTS, SiteFactory, a_person
from andon.tasks import leases, queries, worker
from andon.tasks.backend import NotAsked
from andon.tasks.models import FAILED, READY, RUNNING, SUCCESSFUL, TaskRun, Worker
from andon.tasks.services import KEPT, cancel, later, tidy
from andon.tasks.tests import jobs
from andon.trail.models import AuditEntry
from andon.trail.services import audited
from andon.trail.verify import verify


def at(moment):
    return time_machine.travel(moment, tick=False)


def state(run: TaskRun) -> str:
    return str(DBTaskResult.objects.get(pk=run.pk).status)


@pytest.mark.django_db
def test_a_task_is_done_in_the_name_of_who_asked_and_its_value_kept():
    by, site = a_person(Role.ADMIN), SiteFactory.create()
    run = later(jobs.rename, site.pk, "Porto", by=by, label="Rename")

    worker.run_waiting("w")

    run.refresh_from_db()
    entry = AuditEntry.objects.filter(model="accounts.site", action="changed").get()
    assert (entry.actor_id, entry.via, entry.reason) == (str(by.pk), "task", "renamed")
    assert run.result.status == SUCCESSFUL
    assert run.result.return_value == {"name": "Porto"}
    assert (run.said, run.holder, run.leased_until) == ("Renamed.", "", None)


@pytest.mark.django_db
def test_a_function_that_ends_without_more_is_done_with_what_it_returned():
    run = later(jobs.add, 2, 3, by=None, label="Add")

    worker.run_waiting("w")

    assert DBTaskResult.objects.get(pk=run.pk).return_value == 5


@pytest.mark.django_db
def test_a_task_was_never_asked_for_when_what_asked_for_it_failed():
    by = a_person(Role.ADMIN)

    with pytest.raises(LookupError), audited(by):
        later(jobs.add, 1, 1, by=by, label="Add")
        raise LookupError

    assert not TaskRun.objects.exists()
    assert not DBTaskResult.objects.exists()


@pytest.mark.django_db
def test_AZ8_a_task_without_anybody_who_asked_is_refused():
    with pytest.raises(NotAsked):
        jobs.add.enqueue(1, 1)

    assert not DBTaskResult.objects.exists()


@pytest.mark.django_db
def test_AZ8_rights_are_asked_when_it_is_asked_for():
    by = a_person(Role.CONTRIBUTOR)

    with pytest.raises(PermissionDenied):
        later(jobs.add, 1, 1, by=by, label="Add", permission="tasks.administer")


@pytest.mark.django_db
@pytest.mark.parametrize("loss", ["disabled", "role ended"])
def test_AZ8_rights_are_asked_again_when_it_runs(loss):
    a_person(Role.ADMIN)
    by, site = a_person(Role.ADMIN), SiteFactory.create(name="Porto")
    run = later(jobs.rename, site.pk, "x", by=by, label="Rename", permission="tasks.administer")
    if loss == "disabled":
        services.disable_user(by, by=TESTS)
    else:
        services.grant_role(
            by, Role.CONTRIBUTOR, site=None, from_date=by.grants.get().from_date, by=TESTS
        )
        services.end_grant(by.grants.get(role=Role.ADMIN), by=TESTS)

    worker.run_waiting("w")

    run.refresh_from_db()
    assert Site.objects.get(pk=site.pk).name == "Porto"
    assert (run.result.status, run.tries) == (FAILED, 1)
    assert "any more" in run.error


@pytest.mark.django_db
def test_AZ8_the_test_above_bites(monkeypatch):
    """The broken twin: without asking again, somebody who left would still write."""
    a_person(Role.ADMIN)
    by, site = a_person(Role.ADMIN), SiteFactory.create(name="Porto")
    later(jobs.rename, site.pk, "x", by=by, label="Rename", permission="tasks.administer")
    services.disable_user(by, by=TESTS)
    monkeypatch.setattr("andon.tasks.job._still_let", lambda run: run.asked_by)

    worker.run_waiting("w")

    assert Site.objects.get(pk=site.pk).name == "x"


@pytest.mark.django_db
def test_after_an_error_it_is_tried_again_later_each_time_and_then_given_up():
    run = later(jobs.fail, by=None, label="Print", most_tries=3)
    now, pauses = clock.now(), []

    for _try in range(3):
        with at(now):
            assert worker.run_waiting("w") == 1
            assert worker.run_waiting("w") == 0
        run.refresh_from_db()
        pauses.append(run.result.run_after - now)
        now = now + pauses[-1]

    assert (run.result.status, run.tries) == (FAILED, 3)
    assert run.error == "LookupError: the printer is gone"
    assert timedelta(seconds=8) <= pauses[0] <= timedelta(seconds=10)
    assert timedelta(seconds=16) <= pauses[1] <= timedelta(seconds=20)
    assert leases.pause(30) <= leases.LONGEST_PAUSE


@pytest.mark.django_db
def test_what_cannot_be_done_later_either_is_not_tried_again():
    run = later(jobs.refuse, by=None, label="Undo")

    worker.run_waiting("w")

    run.refresh_from_db()
    assert (run.result.status, run.tries) == (FAILED, 1)
    assert run.error == "The import was changed since; look at it again."


@pytest.mark.django_db
def test_a_task_in_parts_goes_on_where_it_was(monkeypatch):
    by, site = a_person(Role.ADMIN), SiteFactory.create(name="Porto")
    run = later(jobs.rename_twice, site.pk, by=by, label="Rename")
    monkeypatch.setattr(jobs, "broken", True)

    worker.run_waiting("w")
    run.refresh_from_db()
    before = (run.done, Site.objects.get(pk=site.pk).name)
    monkeypatch.setattr(jobs, "broken", False)
    with at(run.result.run_after + timedelta(seconds=1)):
        worker.run_waiting("w")

    assert before == (1, "Porto+")
    assert Site.objects.get(pk=site.pk).name == "Porto++"
    assert state(run) == SUCCESSFUL


@pytest.mark.django_db
def test_a_task_that_stops_each_worker_is_given_up():
    run = later(jobs.add, 1, 1, by=None, label="Add", most_tries=2)
    for holder in ("first", "second"):
        assert leases.take(holder) == run
        TaskRun.objects.update(leased_until=clock.now() - timedelta(seconds=1))

    worker.run_waiting("third")

    run.refresh_from_db()
    assert run.result.status == FAILED
    assert run.error == "Its worker stopped each time before it was done."


@pytest.mark.django_db
def test_who_lost_the_lease_writes_nothing_more():
    run = later(jobs.add, 1, 1, by=None, label="Add")
    first = leases.take("first")
    TaskRun.objects.update(leased_until=clock.now() - timedelta(seconds=1))
    second = leases.take("second")

    for late in (
        lambda: leases.renew(first),
        lambda: leases.renew(first, done=7),
        lambda: leases.end_well(first, "late"),
    ):
        with pytest.raises(leases.LostLease):
            late()
    leases.end_badly(first, LookupError("late"), "")
    leases.give_back(first)

    run.refresh_from_db()
    assert (run.fence, run.holder, run.done, run.error) == (second.fence, "second", 0, "")
    assert run.result.status == RUNNING


@pytest.mark.django_db
def test_a_worker_that_is_told_to_stop_gives_its_task_back():
    run = later(jobs.add, 1, 1, by=None, label="Add")

    leases.give_back(leases.take("first"))

    run.refresh_from_db()
    assert (run.result.status, run.tries, run.leased_until) == (READY, 0, None)
    assert worker.run_waiting("second") == 1


@pytest.mark.django_db
def test_a_cancelled_task_never_runs_and_one_that_runs_stops_at_its_next_step():
    by, site = a_person(Role.ADMIN), SiteFactory.create(name="Porto")
    waiting = later(jobs.rename, site.pk, "x", by=by, label="Rename")
    cancel(waiting, by=by)
    running = later(jobs.stop_in_the_middle, site.pk, by=by, label="Middle")

    worker.run_waiting("w")

    running.refresh_from_db()
    assert Site.objects.get(pk=site.pk).name == "first"
    assert running.cancelled_at is not None
    assert (running.done, running.state_label) == (1, "Cancelled")
    assert TaskRun.objects.failed().count() == 0
    assert [finding.text for finding in verify().findings] == []


@pytest.mark.django_db
def test_the_administrator_sees_what_failed_and_has_it_tried_again(client):
    admin = a_person(Role.ADMIN)
    run = later(jobs.fail, "the printer <b>is</b> gone", by=admin, label="Print", most_tries=1)
    worker.run_waiting("w")
    client.force_login(admin)

    page = client.get("/setup/tasks/").content.decode()
    answer = client.post(f"/tasks/{run.pk}/again/", follow=True)

    assert "No worker is running" in page
    assert "the printer &lt;b&gt;is&lt;/b&gt; gone" in page
    assert "Waits" in answer.content.decode()
    assert state(run) == READY


@pytest.mark.django_db
def test_everybody_sees_their_own_tasks_and_nobody_elses(client):
    by, other = a_person(Role.QUALITY), a_person(Role.QUALITY)
    run = later(jobs.add, 1, 1, by=by, label="Add up")
    client.force_login(other)
    refused = [
        client.get(f"/tasks/{run.pk}/").status_code,
        client.post(f"/tasks/{run.pk}/cancel/").status_code,
        client.get("/setup/tasks/").status_code,
    ]
    client.force_login(by)

    page = client.get(f"/tasks/{run.pk}/").content.decode()
    client.post(f"/tasks/{run.pk}/cancel/")

    assert refused == [404, 404, 403]
    assert "Add up" in page
    assert TaskRun.objects.get(pk=run.pk).cancelled_at is not None


@pytest.mark.django_db
def test_a_worker_is_seen_while_it_lives():
    with worker.seen("w"):
        inside = queries.is_there(clock.now())
        later_on = queries.is_there(clock.now() + timedelta(minutes=3))

    assert (inside, later_on, Worker.objects.exists()) == (True, False, False)


@pytest.mark.django_db
def test_what_was_done_long_ago_is_forgotten_and_what_failed_is_not():
    later(jobs.add, 1, 1, by=None, label="Add")
    later(jobs.refuse, by=None, label="Undo")
    worker.run_waiting("w")

    tidy(clock.now() + KEPT + timedelta(days=1))

    assert list(TaskRun.objects.values_list("label", flat=True)) == ["Undo"]
    assert DBTaskResult.objects.count() == 1


def test_the_bench_runs_what_waits_and_stops(committed_db):
    run = later(jobs.add, 2, 2, by=None, label="Add")
    bench = worker.Bench("w")

    bench.start()
    for _wait in range(200):
        if state(run) == SUCCESSFUL:
            break
        bench._stopped.wait(0.05)
    bench.stop(10)

    assert state(run) == SUCCESSFUL
    assert not bench._thread.is_alive()
