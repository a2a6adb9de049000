"""The page about backups says how things stand, and who must know is told."""

from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest
from django.test import Client
from django.urls import reverse

from andon.accounts.roles import Role
from andon.accounts.testing import a_person
from andon.organization import clock
from andon.portal.keeping import alarms, jobs, queries
from andon.portal.keeping.models import KeepingRun, Kind
from andon.portal.notices.models import Mail
from andon.trail.services import SYSTEM, audited

pytestmark = pytest.mark.django_db
PAGE = "/setup/backups/"


def a_run(kind: str, *, age: timedelta = timedelta(0), **more: Any) -> KeepingRun:
    with audited(SYSTEM("test")):
        return KeepingRun.objects.create(
            **{
                "kind": kind,
                "started_at": clock.now() - age,
                "seconds": "1.5",
                "is_good": True,
                "archive": "andon-20261201T000000Z.tar",
                "is_encrypted": True,
                **more,
            }
        )


def page(client: Client, role: Role, path: str = PAGE) -> Any:
    client.force_login(a_person(role))
    return client.get(path)


@pytest.mark.parametrize("role", [Role.ADMIN, Role.MANAGER])
def test_BK2_an_empty_page_teaches_what_a_backup_is(client: Client, role: Role) -> None:
    text = page(client, role).content.decode()

    assert "No backup yet" in text
    assert "No backup is made by itself." in text
    assert "ANDON_BACKUPS" in text


def test_BK2_nobody_else_sees_it(client: Client) -> None:
    a_run(Kind.BACKUP)
    quality = a_person(Role.QUALITY)
    client.force_login(quality)

    assert client.get(PAGE).status_code == 403
    assert not KeepingRun.objects.visible_to(quality).exists()


def test_BK2_the_page_says_how_long_a_restore_takes(client: Client, settings, tmp_path) -> None:
    settings.BACKUPS = tmp_path
    a_run(Kind.BACKUP, size=5_000_000, entries=1234)
    a_run(Kind.DRILL, seconds="42.0")

    text = page(client, Role.MANAGER).content.decode()

    assert "42.0" in text
    assert "1234" in text
    assert "alert-danger" not in text


@pytest.mark.parametrize(
    ("make", "sentence"),
    [
        (lambda: a_run(Kind.BACKUP, age=timedelta(days=3)), "no good backup of the last two days"),
        (lambda: a_run(Kind.BACKUP), "No backup was restored for trial"),
        (
            lambda: (a_run(Kind.BACKUP), a_run(Kind.DRILL, age=timedelta(days=16))),
            "No backup was restored for trial",
        ),
        (
            lambda: (a_run(Kind.BACKUP), a_run(Kind.DRILL, is_good=False, trouble="It is torn.")),
            "It is torn.",
        ),
        (
            lambda: (a_run(Kind.DRILL), a_run(Kind.BACKUP, is_good=False, trouble="Disk full.")),
            "Disk full.",
        ),
    ],
)
def test_BK2_what_is_missing_is_said_with_what_to_do(
    client: Client, settings: Any, tmp_path: Path, make: Any, sentence: str
) -> None:
    settings.BACKUPS = tmp_path
    make()

    assert sentence in page(client, Role.ADMIN).content.decode()


def test_BK2_home_and_my_work_say_that_a_drill_failed(client: Client, settings, tmp_path) -> None:
    settings.BACKUPS = tmp_path
    a_run(Kind.BACKUP)
    a_run(Kind.DRILL, is_good=False, trouble="It is torn.")

    for path in ("/", reverse("portal:work")):
        assert (
            "The last restore drill did not succeed."
            in page(client, Role.MANAGER, path).content.decode()
        )
        assert "restore drill" not in page(client, Role.QUALITY, path).content.decode()


def test_BK2_a_failed_drill_is_mailed_once_a_day_to_those_who_must_know(settings, tmp_path) -> None:
    settings.BACKUPS, settings.ANDON_MAIL = tmp_path, True
    for role in (Role.ADMIN, Role.MANAGER):
        a_person(role, email=f"{role}@example.com")
    a_person(Role.QUALITY, email="quality@example.com")
    a_run(Kind.BACKUP)
    a_run(Kind.DRILL, is_good=False, trouble="It is torn.")

    assert alarms.raise_when_due(clock.now()) == 2
    assert alarms.raise_when_due(clock.now()) == 0

    assert {mail.recipient.email for mail in Mail.objects.all()} == {
        "admin@example.com",
        "manager@example.com",
    }
    assert "It is torn." in Mail.objects.all()[0].body


def test_BK2_all_is_well_raises_nothing(settings, tmp_path) -> None:
    settings.BACKUPS, settings.ANDON_MAIL = tmp_path, True
    a_person(Role.ADMIN, email="admin@example.com")
    a_run(Kind.BACKUP)
    a_run(Kind.DRILL)

    assert alarms.raise_when_due(clock.now()) == 0
    assert not [one for one in queries.standing(clock.now()).missing if one.urgent]


def test_BK2_without_a_folder_the_duties_do_nothing(settings) -> None:
    settings.BACKUPS = None

    jobs.backup(clock.now())
    jobs.drill(clock.now())

    assert not KeepingRun.objects.exists()
