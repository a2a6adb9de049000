"""Checkpoints go to people outside of the database, once a day and with each new key (AT9)."""

from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest
from django.core import mail
from django.utils import timezone

from andon.accounts.models import User
from andon.portal.notices import jobs, keeping, mailing
from andon.portal.notices.models import Mail
from andon.trail import checkpoints, keys, notes, rotation
from andon.trail.models import Checkpoint
from andon.trail.security import tell
from andon.trail.services import SYSTEM
from andon.trail.verify import verify

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("mail_on", "own_key")]


@pytest.fixture
def own_key(settings: Any, tmp_path: Path) -> None:
    settings.SIGNING_KEY_FILE = tmp_path / "signing-key"


def test_AT9_the_quality_managers_are_mailed_one_checkpoint_a_day(
    manager: User, engineer: User, pedro: User
) -> None:
    now = timezone.now()
    jobs.checkpoints(now)
    tell("signed in", by=SYSTEM("test"))
    checkpoints.checkpoint("approval")
    jobs.checkpoints(now)

    mailing.send_due(now + timedelta(minutes=1))

    assert {address for sent in mail.outbox for address in sent.to} == {
        manager.email,
        engineer.email,
    }
    kept = notes.split(str(mail.outbox[0].body))
    assert Checkpoint.objects.get(number=1).text in kept


def test_AT9_a_mailed_checkpoint_is_all_that_a_later_verification_needs(manager: User) -> None:
    jobs.checkpoints(timezone.now())
    note = next(part for part in notes.split(Mail.objects.get().body) if "\n\n" in part)
    assert verify([note]).trusted == [f"checkpoint 1 of {notes.parse(note).time}"]


def test_AT9_a_new_key_is_mailed_at_once(manager: User) -> None:
    now = timezone.now()
    jobs.checkpoints(now)
    rotation.rotate(by=SYSTEM("test"))
    checkpoints.checkpoint("key rotation")
    jobs.checkpoints(now)
    assert Mail.objects.count() == 2


def test_AT9_the_duty_says_what_is_missing(settings: Any, manager: User) -> None:
    settings.SIGNING_KEY_MADE = False
    with pytest.raises(keys.NoKey, match="andon key create"):
        jobs.checkpoints(timezone.now())


def test_AT9_the_duty_makes_one_only_when_due_and_mends_the_file(manager: User) -> None:
    now = timezone.now()
    keeping.keep(now)
    tell("signed in", by=SYSTEM("test"))
    checkpoints.path().unlink()
    keeping.keep(now)
    assert Checkpoint.objects.count() == 1
    assert checkpoints.read_file() == [Checkpoint.objects.get().text]
    keeping.keep(now + timedelta(minutes=61))
    assert Checkpoint.objects.count() == 2


def test_AT9_without_mail_nobody_is_mailed(settings: Any, manager: User) -> None:
    settings.ANDON_MAIL = False
    jobs.checkpoints(timezone.now())
    assert not Mail.objects.exists()
    assert Checkpoint.objects.exists()
