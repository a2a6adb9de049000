"""A large import is taken back part by part by the worker, and what others did stays."""

from datetime import timedelta

import pytest
import time_machine
from django.test import Client

from andon.accounts.roles import Role
from andon.accounts.testing import a_person
from andon.modules.nonconformities.models import Nonconformity
from andon.organization.models import Item
from andon.portal.desk import undoing
from andon.portal.desk.models import Step
from andon.portal.desk.tests.conftest import TODAY
from andon.records import services as records
from andon.records.workflow import Refused
from andon.tasks import worker
from andon.tasks.models import FAILED, SUCCESSFUL, TaskRun
from andon.trail.models import AuditEntry
from andon.trail.verify import verify


@pytest.fixture(autouse=True)
def _small_parts(monkeypatch):
    monkeypatch.setattr(undoing, "PART", 1)


def states():
    return dict(Nonconformity.objects.values_list("old_number", "state"))


def voidings():
    """How often each record was made void, by the trail."""
    entries = AuditEntry.objects.filter(model="nonconformities.nonconformity", via="task")
    made_void = [
        e for e in entries if ("state", "void") in {(c.field, c.after) for c in e.changes()}
    ]
    return sorted(entry.object_id for entry in made_void)


def test_the_page_hands_a_large_import_to_the_worker_and_shows_how_far_it_is(published, ana):
    intake, client = published(), Client()
    client.force_login(ana)

    sent = client.post(f"{intake.get_absolute_url()}undo/", {"reason": "wrong file"}, follow=True)
    again = client.post(f"{intake.get_absolute_url()}undo/", {"reason": "wrong file"})
    before = states()
    worker.run_waiting("w")
    run = TaskRun.objects.get()
    after = client.get(f"/tasks/{run.pk}/").content.decode()

    intake.refresh_from_db()
    assert "Undo the import log.csv" in sent.content.decode()
    assert again.headers["Location"] == f"/tasks/{run.pk}/"
    assert "void" not in before.values()
    assert set(states().values()) == {"void"}
    assert (intake.step, intake.undone_reason) == (Step.UNDONE, "wrong file")
    assert not Item.objects.get().is_active
    assert "All of its records are void." in after
    assert len(voidings()) == 2
    assert verify().findings == []


def test_after_a_failure_in_the_middle_it_goes_on_and_makes_each_record_void_once(
    published, ana, monkeypatch
):
    intake = published()
    run = undoing.undo_later(intake, by=ana, reason="wrong file")
    real, calls = records.retract, []

    def fails_second(*words, **more):
        calls.append(words)
        if len(calls) == 2:
            raise LookupError("the power went")
        return real(*words, **more)

    monkeypatch.setattr(records, "retract", fails_second)
    worker.run_waiting("w")
    halfway = sorted(states().values())
    run.refresh_from_db()
    with time_machine.travel(run.result.run_after + timedelta(seconds=1)):
        worker.run_waiting("w")

    run.refresh_from_db()
    intake.refresh_from_db()
    assert halfway.count("void") == 1
    assert (run.result.status, run.tries, intake.step) == (SUCCESSFUL, 2, Step.UNDONE)
    assert len(voidings()) == len(set(voidings())) == 2
    assert verify().findings == []


def test_what_somebody_works_on_meanwhile_stays_and_is_named(published, ana, monkeypatch):
    intake = published()
    run = undoing.undo_later(intake, by=ana, reason="wrong file")
    second = Nonconformity.objects.get(old_number="18")
    real = undoing._take_back

    def and_somebody_else(*words):
        real(*words)
        if not Nonconformity.objects.filter(pk=second.pk, comments__isnull=False).exists():
            records.comment(second, "I am at it", by=ana, day=TODAY)

    monkeypatch.setattr(undoing, "_take_back", and_somebody_else)
    worker.run_waiting("w")

    run.refresh_from_db()
    assert states()["17"] == "void"
    assert states()["18"] != "void"
    assert run.result.return_value == {"left": [second.number]}
    assert second.number in run.said


def test_what_cannot_be_undone_is_refused_at_once_or_when_it_is_its_turn(published, ana):
    intake = published()
    run = undoing.undo_later(intake, by=ana, reason="wrong file")
    second = Nonconformity.objects.get(old_number="18")
    records.comment(second, "Looked at it", by=ana, day=TODAY)

    worker.run_waiting("w")

    run.refresh_from_db()
    assert (run.result.status, run.tries) == (FAILED, 1)
    assert second.number in run.error
    assert "void" not in states().values()
    with pytest.raises(Refused, match=second.number):
        undoing.undo_later(intake, by=ana, reason="wrong file")


def test_AZ8_who_may_not_take_records_over_any_more_undoes_nothing(published, ana):
    from andon.accounts import services  # noqa: PLC0415
    from andon.accounts.testing import TESTS  # noqa: PLC0415

    a_person(Role.ADMIN)
    run = undoing.undo_later(published(), by=ana, reason="wrong file")
    services.disable_user(ana, by=TESTS)

    worker.run_waiting("w")

    run.refresh_from_db()
    assert run.result.status == FAILED
    assert "void" not in states().values()
