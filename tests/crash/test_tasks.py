"""A task is done exactly once in effect, whatever happens to its worker; both databases."""

import os
import signal
from contextlib import ExitStack
from pathlib import Path

from andon.accounts import clock
from andon.accounts.roles import Role
from andon.accounts.testing import SiteFactory, a_person
from andon.tasks.models import SUCCESSFUL, TaskRun
from andon.tasks.services import later
from andon.trail.verify import verify
from tests.crash import jobs
from tests.crash.processes import started, wait_for
from tests.crash.workers import run_tasks

LEASE = 1.5
RACE = 200


def status(run: TaskRun) -> str:
    return str(TaskRun.objects.values_list("result__status", flat=True).get(pk=run.pk))


def test_a_task_survives_kill_9_of_its_worker_and_each_part_has_its_effect_once(committed_db):
    by, site = a_person(Role.ADMIN), SiteFactory.create(code="ABC1")
    run = later(jobs.in_parts, site.pk, by=by, label="In parts")

    with started(run_tasks, committed_db, "first", LEASE) as first:
        wait_for(lambda: TaskRun.objects.filter(pk=run.pk, done__gte=2).exists())
        first.kill()
    assert status(run) == "RUNNING"  # as the library leaves it for ever
    wait_for(lambda: TaskRun.objects.free(clock.now()).exists())
    with started(run_tasks, committed_db, "second", LEASE) as second:
        second.ended()

    run.refresh_from_db()
    assert run.result.status == SUCCESSFUL
    assert run.result.worker_ids == ["first", "second"]
    assert [each["part"] for each in jobs.counted()] == list(range(jobs.PARTS))
    assert [finding.text for finding in verify().findings] == []


def test_of_two_workers_on_200_tasks_each_task_is_done_once(committed_db):
    by, site = a_person(Role.ADMIN), SiteFactory.create(code="ABC1")
    runs = [later(jobs.as_a_whole, site.pk, by=by, label="Whole") for _number in range(RACE)]

    with ExitStack() as stack:
        pair = [
            stack.enter_context(started(run_tasks, committed_db, name, 60))
            for name in ("first", "second")
        ]
        done = [process.ended(120)[0] for process in pair]

    assert sum(done) == RACE
    assert min(done) > 0, done
    assert len(jobs.counted()) == RACE
    assert TaskRun.objects.filter(result__status=SUCCESSFUL, tries=1).count() == len(runs)
    assert [finding.text for finding in verify().findings] == []


def effects_after_a_stall(url: str, *twin: str) -> int:
    """Return how often a task had its effect whose first worker stood still for too long."""
    by, site = a_person(Role.ADMIN), SiteFactory.create(code="ABC1")
    run = later(jobs.as_a_whole, site.pk, 1.0, by=by, label="Whole")
    with started(run_tasks, url, "first", 0.6, *twin) as first:
        wait_for(lambda: status(run) == "RUNNING")
        os.kill(first.process.pid, signal.SIGSTOP)
        wait_for(lambda: TaskRun.objects.free(clock.now()).exists())
        with started(run_tasks, url, "second", 60, *twin) as second:
            second.ended()
        assert status(run) == SUCCESSFUL
        os.kill(first.process.pid, signal.SIGCONT)
        first.ended()
    return len(jobs.counted())


def test_what_a_worker_does_that_was_taken_over_does_not_count(committed_db):
    assert effects_after_a_stall(committed_db) == 1
    assert [finding.text for finding in verify().findings] == []


def test_without_the_fence_it_would_count_twice(committed_db):
    """The broken twin: the test above bites."""
    assert effects_after_a_stall(committed_db, "no fence") == 2


def begun_before_the_first_ends(url: str, folder: Path, *twin: str) -> int:
    """Return how many workers began a task that one of them was at."""
    path = folder / "begun"
    later(jobs.outside, str(path), by=None, label="Outside")
    with started(run_tasks, url, "first", 60, *twin) as first:
        wait_for(path.exists)
        with started(run_tasks, url, "second", 60, *twin) as second:
            wait_for(
                lambda: not second.process.is_alive() or len(path.read_text().splitlines()) > 1
            )
            path.with_suffix(".end").touch()
            first.ended()
            second.ended()
    return len(path.read_text().splitlines())


def test_while_a_lease_is_held_nobody_else_begins(committed_db, tmp_path):
    assert begun_before_the_first_ends(committed_db, tmp_path) == 1


def test_without_leases_they_would(committed_db, tmp_path):
    """The broken twin: the test above bites."""
    assert begun_before_the_first_ends(committed_db, tmp_path, "no lease") >= 2
