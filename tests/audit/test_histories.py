"""Histories that many wrote at once, with all that is awkward in them, raise no alarm (AT10).

The release run is larger: ``ANDON_TEST_LARGE=1`` writes 10,000 entries in each.
"""

import os
import random
from collections.abc import Callable
from datetime import UTC, date, datetime, time, timedelta
from decimal import Decimal
from pathlib import Path
from typing import Any
from zoneinfo import ZoneInfo

import pytest
from django.db import connection

from andon.accounts.models import RoleGrant, Site, User
from andon.accounts.roles import Role
from andon.organization.models import Holiday, Item, Shift
from andon.trail import canonical
from andon.trail.checkpoints import checkpoint
from andon.trail.models import AuditEntry, Checkpoint
from andon.trail.security import tell
from andon.trail.services import SYSTEM, audited, retrying
from andon.trail.verify import verify
from tests.committed import together

LARGE = bool(os.environ.get("ANDON_TEST_LARGE"))
WRITERS = 3
ENTRIES = 10_000 if LARGE else 90
HISTORIES = range(10)
TEXTS = (
    "Ångström", "e\u0301 beside é", "ﬁ", "漢字かな", "עברית", "🏭👩‍🏭", "\u200d", "Ⅻ", "ß SS ẞ",
    "a\tb", "two\nlines", "\\ \" ' ; -- %s", "\x7f", "\U0010ffff", " ", "𝒳", "\u2028",
)  # fmt: skip
NUMBERS = ("0", "0.0000", "-0.00", "1E+2", "99999999.9999", "0.1", "1.10", "12345.6789")
# Hours that the clocks of these places have twice, or not at all.
ODD_HOURS = (
    ("Europe/Berlin", "2026-03-29T02:30"),
    ("Europe/Berlin", "2026-10-25T02:30"),
    ("America/Sao_Paulo", "2018-11-04T00:30"),
    ("Australia/Lord_Howe", "2026-04-05T01:45"),
    ("Pacific/Apia", "2011-12-30T12:00"),
    ("Asia/Kathmandu", "1986-01-01T00:10"),
)


class Writer:
    """Somebody who writes what comes to mind."""

    def __init__(self, seed: int, number: int) -> None:
        self.chance, self.name, self.count = random.Random(f"{seed} {number}"), f"W{number}", 0
        self.site, self.user = self._begin()

    def text(self) -> str:
        return f"{self.chance.choice(TEXTS)} {self.chance.choice(TEXTS)}"

    def instant(self) -> datetime:
        zone, local = self.chance.choice(ODD_HOURS)
        fold = self.chance.choice((0, 1))
        micro = self.chance.choice((0, 7))
        wall = datetime.fromisoformat(local)
        return wall.replace(tzinfo=ZoneInfo(zone), fold=fold, microsecond=micro)

    @retrying
    def step(self) -> None:
        """Do one thing, or begin it and take it back."""
        self.count += 1
        act = self.chance.choice((self.item, self.renamed, self.hours, self.day, self.grant,
                                  self.event, self.taken_back, self.at_the_door))  # fmt: skip
        act()

    def item(self) -> None:
        cost = self.chance.choice([None, *map(Decimal, NUMBERS)])
        with audited(SYSTEM("writer"), reason=self.text()):
            number = f"{self.name}-{self.count}-{self.chance.random()}"
            item = Item.objects.create(number=number, name=self.text(), unit_cost=cost)
            Item.objects.filter(pk=item.pk).update(unit_cost=self.chance.choice([None, cost]))

    def renamed(self) -> None:
        with audited(self.user, reason=self.text()):
            self.site.name = self.text()
            self.site.save()
            self.user.display_name = self.text()
            self.user.save()

    def hours(self) -> None:
        with audited(self.user):
            code = f"{self.name}{self.count}"
            begins = time(self.chance.randrange(24), 59, 59, 999_999)
            shifts = [
                Shift(site=self.site, code=f"{code}{n}", name=self.text(), starts=begins,
                      ends=time(0, n)) for n in range(2)
            ]  # fmt: skip
            Shift.objects.bulk_create(shifts)

    def day(self) -> None:
        with audited(self.user, reason="day"):
            day = date(1900, 1, 1) + timedelta(days=self.chance.randrange(80_000))
            site = self.chance.choice([None, self.site])
            found = Holiday.objects.filter(site=site, day=day).first()
            if found is None:
                found = Holiday.objects.create(site=site, day=day, name=self.text())
            if self.chance.random() < 0.3:
                found.delete()

    def grant(self) -> None:
        ended = self.chance.choice([None, self.instant().astimezone(UTC)])
        with audited(SYSTEM("writer")):
            RoleGrant.objects.filter(user=self.user).update(ended_at=ended)

    def event(self) -> None:
        with audited(self.user) as tx:
            detail = {
                "at": self.instant(),
                "none": None,
                "n": -(2**52),
                "list": [self.text(), True],
            }
            tx.event("looked at", self.site, detail=detail)

    def taken_back(self) -> None:
        with audited(self.user, reason="half of it"):
            with pytest.raises(ZeroDivisionError), audited(self.user):
                self.site.save()
                Site.objects.filter(pk=self.site.pk).update(name="never")
                raise ZeroDivisionError
            Site.objects.filter(pk=self.site.pk).update(name=self.text())

    def at_the_door(self) -> None:
        tell("signed in", by=self.user, detail={"text": self.text(), "at": self.instant()})
        checkpoint("of a writer")

    @retrying
    def _begin(self) -> tuple[Site, User]:
        with audited(SYSTEM("writer")):
            site = Site.objects.create(code=self.name, name="x", time_zone="Europe/Berlin")
            user = User(username=self.name, display_name="x", email="w@example.org")
            user.set_unusable_password()
            user.save()
            RoleGrant(user=user, role=Role.OWNER, from_date=date(2026, 1, 1)).save()
        return site, user


def history(seed: int, *, meanwhile: Callable[[], Any]) -> None:
    """Let several write at once; the last one only looks."""

    def work(number: int) -> None:
        if number == WRITERS:
            meanwhile()
            return
        writer = Writer(seed, number)
        while AuditEntry.objects.count() < ENTRIES:
            for _ in range(5 + ENTRIES // 100):
                writer.step()

    together(WRITERS + 1, work)


@pytest.mark.parametrize("seed", HISTORIES)
def test_AT10_a_clean_history_raises_no_alarm(
    seed: int, committed_db: str, settings: Any, tmp_path: Path
) -> None:
    settings.SIGNING_KEY_FILE = tmp_path / "key"
    looked: list[bool] = []

    history(seed, meanwhile=lambda: looked.append(verify().clean))

    kept = [row.text for row in Checkpoint.objects.all()]
    report = verify(kept)
    assert report.findings == []
    assert report.entries >= ENTRIES
    assert len(report.trusted) == len(kept) > 0
    assert looked == [True], "a verification in the middle of it raises none either"


def test_AT10_the_twin_a_text_made_anew_on_the_way_raises_an_alarm(
    committed_db: str, settings: Any, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """If a value had two texts, as floats or folded letters have, each row would be an alarm."""
    settings.SIGNING_KEY_FILE = tmp_path / "key"
    history(1, meanwhile=lambda: None)
    encode = canonical._text
    monkeypatch.setattr(canonical, "_text", lambda value: encode(value).upper())
    monkeypatch.setattr("andon.trail.capture.encode", canonical.encode)
    assert {finding.kind for finding in verify().findings} & {"row changed", "state"}
    assert connection.vendor in {"sqlite", "postgresql"}
