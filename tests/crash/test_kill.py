"""`kill -9` under four writers: nothing acknowledged is lost, nothing is half done (must-show 2).

``ANDON_TEST_LARGE=1`` kills twenty times instead of six.
"""

import os
import random
import time
from contextlib import ExitStack

import pytest
from django.db import connection
from django.db.models import Count

from andon.accounts.roles import Role
from andon.accounts.testing import SiteFactory, a_person
from andon.modules.nonconformities.models import Nonconformity
from andon.trail.verify import verify
from tests.crash.processes import noted, started, wait_for
from tests.crash.writers import start_anew, write_on

ROUNDS = 20 if os.environ.get("ANDON_TEST_LARGE") else 6
WRITERS = 4
RESTART_SECONDS = 10


def killed(url: str, rounds: int, twin: str = "") -> tuple[set[str], list[float]]:
    """Kill all writers again and again; return what was acknowledged, and each restart's time."""
    site = SiteFactory.create(code="ABC1")
    a_person(Role.MANAGER, site, username="writer")
    acknowledged: set[str] = set()
    restarts = []
    for number in range(rounds):
        with ExitStack() as stack:
            writers = [
                stack.enter_context(started(write_on, url, f"{number}.{each}", twin))
                for each in range(WRITERS)
            ]
            wait_for(lambda writers=writers: all(len(one.heard()) > 1 for one in writers))
            time.sleep(random.uniform(0, 0.2))
            for one in writers:
                one.kill()
            for one in writers:
                acknowledged.update(one.heard())
        begun = time.monotonic()
        with started(start_anew, url) as anew:
            assert anew.ended() == ["served"]
        restarts.append(time.monotonic() - begun)
    return acknowledged, restarts


def lost(acknowledged: set[str]) -> set[str]:
    return acknowledged - set(Nonconformity.objects.values_list("title", flat=True))


def half_done() -> list[str]:
    rows = Nonconformity.objects.annotate(said=Count("comments")).exclude(said=1)
    return list(rows.values_list("number", flat=True))


@pytest.mark.slow
def test_RC3_no_acknowledged_write_is_lost_and_none_is_half_done(committed_db):
    acknowledged, restarts = killed(committed_db, ROUNDS)

    noted("killed", rounds=ROUNDS, acknowledged=len(acknowledged), restart=max(restarts))
    assert len(acknowledged) >= ROUNDS * WRITERS * 2
    assert lost(acknowledged) == set()
    assert half_done() == []
    assert [finding.text for finding in verify().findings] == []
    assert max(restarts) <= RESTART_SECONDS
    numbers = sorted(int(n[-4:]) for n in Nonconformity.objects.values_list("number", flat=True))
    assert numbers == list(range(1, len(numbers) + 1))


def test_a_writer_that_acknowledges_before_the_commit_would_be_found(committed_db):
    """The broken twin of "no acknowledged write is lost"."""
    acknowledged, _restarts = killed(committed_db, 2, "too early")

    assert lost(acknowledged)


def test_a_writer_in_two_transactions_would_be_found(committed_db):
    """The broken twin of "none is half done"."""
    for _ in range(5):  # a kill may fall between two writes
        killed(committed_db, 2, "in halves")
        if half_done():
            return
    pytest.fail("no half of a write was found")


def test_AT3_sqlite_flushes_each_commit_to_the_disk(committed_db):
    if connection.vendor != "sqlite":
        with connection.cursor() as cursor:
            cursor.execute("SHOW synchronous_commit")
            assert cursor.fetchone()[0] == "on"
        return
    with connection.cursor() as cursor:
        cursor.execute("PRAGMA synchronous")
        assert cursor.fetchone()[0] == 2  # FULL
        cursor.execute("PRAGMA journal_mode")
        assert cursor.fetchone()[0] == "wal"
