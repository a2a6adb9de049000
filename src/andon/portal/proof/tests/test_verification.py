"""The daily verification is kept, shown, located, and told about (AT10)."""

import pytest
from django.core import mail
from django.core.exceptions import PermissionDenied

from andon.accounts.roles import Role
from andon.accounts.testing import a_person
from andon.organization import clock
from andon.portal.notices import mailing
from andon.portal.notices.models import Mail
from andon.portal.proof import alarm, jobs, services, views
from andon.portal.proof.models import Verification
from andon.tasks.models import TaskRun
from andon.trail import checkpoints
from andon.trail.models import AuditEntry
from andon.trail.services import audited
from andon.trail.testing import behind_the_back

pytestmark = pytest.mark.django_db
PAGE = "/trail/verification/"


def rename_behind_the_back():
    with behind_the_back() as cursor:
        cursor.execute("UPDATE accounts_site SET name = 'Secret'")


def text(answer):
    assert answer.status_code == 200
    return answer.content.decode()


def test_AT10_the_worker_verifies_once_a_day():
    [duty] = jobs.DUTIES

    assert (duty.name, duty.every.days) == ("proof.verify", 1)


def test_AT10_a_clean_run_is_kept_in_the_trail_and_shown(page, site):
    jobs.verify_daily(clock.now())

    run = Verification.objects.get()
    assert run.clean_run
    assert run.entries == AuditEntry.objects.count() - 1, "its own entry came after"
    assert AuditEntry.objects.latest("seq").model == "proof.verification"
    assert "Whole" in text(page.get(PAGE))
    assert 'id="alarm"' not in text(page.get("/"))


def test_AT10_a_finding_is_located_and_stands_on_the_first_page(page, site, settings, manager):
    settings.ANDON_MAIL = True
    rename_behind_the_back()

    jobs.verify_daily(clock.now())

    run = Verification.objects.get()
    assert [(f["kind"], f["model"], f["field"]) for f in run.findings] == [
        ("row changed", "accounts.site", "name")
    ]
    assert f"model=accounts.site&amp;object={site.pk}" in text(page.get(PAGE)) or (
        "before=" in text(page.get(PAGE))
    )
    assert 'id="alarm"' in text(page.get("/"))
    assert run.findings[0]["text"] in text(page.get(f"{PAGE}{run.pk}/"))


def test_RT2_what_rows_hold_is_never_repeated_in_the_result(page, site):
    rename_behind_the_back()

    services.run_verification()

    kept = AuditEntry.objects.latest("seq").payload + str(Verification.objects.values())
    assert "Secret" not in kept
    assert "Plant" not in kept


def test_AT10_a_finding_is_mailed_to_those_who_may_verify_and_to_nobody_else(
    site, manager, settings
):
    settings.ANDON_MAIL, settings.ANDON_URL = True, "https://quality.example.com"
    manager.email = "ana@example.org"
    with audited(manager):
        manager.save()
    a_person(Role.OWNER, None, email="olga@example.org")
    rename_behind_the_back()

    jobs.verify_daily(clock.now())
    jobs.verify_daily(clock.now())
    mailing.send_due(clock.now())

    assert {to for sent in mail.outbox for to in sent.to} == {"ana@example.org"}
    assert Mail.objects.count() == len(mail.outbox) == 2
    assert "https://quality.example.com/trail/verification/" in mail.outbox[0].body
    assert "Secret" not in mail.outbox[0].body


def test_the_alarm_is_for_those_who_may_verify_and_ends_with_a_clean_run(site, manager):
    now = clock.now()
    services.run_verification()
    assert alarm.for_person(manager, now) is None
    late = alarm.for_person(manager, now + alarm.LATE * 2)
    assert late is not None
    assert not late.found

    rename_behind_the_back()
    services.run_verification()
    found = alarm.for_person(manager, now)
    assert found is not None
    assert found.found
    assert alarm.for_person(a_person(Role.OWNER, None), now) is None

    with behind_the_back() as cursor:
        cursor.execute(f"UPDATE accounts_site SET name = 'Plant {site.code}'")
    services.run_verification()
    assert alarm.for_person(manager, now) is None


def test_verify_now_answers_at_once_and_leaves_a_long_trail_to_the_worker(
    page, manager, monkeypatch
):
    answer = page.post(f"{PAGE}now/")
    run = Verification.objects.get()
    assert answer.url == f"{PAGE}{run.pk}/"
    assert run.asked_by == manager
    assert "Asked for by Ana Silva" in text(page.get(answer.url))

    monkeypatch.setattr(views, "AT_ONCE", 0)
    assert page.post(f"{PAGE}now/").url == PAGE
    assert TaskRun.objects.get().asked_by == manager
    assert Verification.objects.count() == 1


def test_AZ8_who_has_a_role_for_one_site_only_cannot_verify(client, site):
    client.force_login(a_person(Role.MANAGER, site))

    assert client.post(f"{PAGE}now/").status_code == 403
    assert client.get(PAGE).status_code == 403
    assert not Verification.objects.exists()


def test_AT9_checkpoints_are_listed_with_signature_and_text(page, site, settings, tmp_path):
    settings.CHECKPOINTS = tmp_path / "checkpoints.txt"
    assert "No checkpoint yet" in text(page.get("/trail/checkpoints/"))
    made = checkpoints.checkpoint("a test")
    assert made is not None

    shown = text(page.get("/trail/checkpoints/"))
    assert "Valid" in shown
    assert "file" in shown
    answer = page.get(f"/trail/checkpoints/{made.number}/text/")
    assert answer.content.decode() == made.text
    assert "attachment" in answer["Content-Disposition"]


def test_AT9_a_checkpoint_that_was_changed_is_shown_as_not_valid(page, site, settings, tmp_path):
    settings.CHECKPOINTS = tmp_path / "checkpoints.txt"
    made = checkpoints.checkpoint("a test")
    assert made is not None
    forged = made.text.replace("a test", "a jest")
    with behind_the_back() as cursor:
        from andon.trail import guards  # noqa: PLC0415  (only here)

        for guard in guards.declared(cursor.db):
            if getattr(guard, "table", "") == "audit_checkpoint" and "gate" not in guard.name:
                on = "" if cursor.db.vendor == "sqlite" else " ON audit_checkpoint"
                cursor.execute(f"DROP TRIGGER {guard.name}{on}")
        cursor.execute("UPDATE audit_checkpoint SET text = %s", [forged])

    assert "Not valid" in text(page.get("/trail/checkpoints/"))


def test_AZ5_a_person_without_the_right_is_refused_in_the_service_too(site):
    with pytest.raises(PermissionDenied):
        services.review(
            asked={}, first=1, last=1, note="x", by=a_person(Role.OWNER, None), now=clock.now()
        )
