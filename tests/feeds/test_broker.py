"""Messages over a real broker that is restarted in the middle: none is lost, none is doubled."""

import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import date
from pathlib import Path
from typing import Any

import pytest
from django.db.models import Count

from andon.accounts.testing import TESTS, SiteFactory
from andon.modules.production import queries, services
from andon.modules.production.models import Arrival, Delivery, Feed, SeenMessage
from andon.organization.testing import PartyFactory
from andon.trail.verify import verify
from tests.feeds.broker import MOSQUITTO, Mosquitto, running, sending
from tools.environment import ROOT

pytestmark = pytest.mark.skipif(
    not MOSQUITTO, reason="there is no mosquitto on this machine (Debian: apt install mosquitto)"
)

MANY = 1200


@pytest.fixture
def broker(tmp_path: Path) -> Iterator[Mosquitto]:
    folder = tmp_path / "broker"
    folder.mkdir()
    with running(folder) as mosquitto:
        yield mosquitto


@pytest.fixture
def feed(committed_db: str) -> Feed:
    site = SiteFactory.create(code="ABC1")
    PartyFactory.create(code="KAY")
    feed = Feed(kind="mqtt", place="plant/#", site=site, target="deliveries")
    return services.save_feed(feed, by=TESTS)


@contextmanager
def subscribing(broker: Mosquitto, database: str, folder: Path) -> Iterator[Any]:
    """Run `andon subscribe` in a process of its own, and wait until it listens."""
    environment = {
        "PATH": "/usr/bin:/bin",
        "DATABASE_URL": database,
        "ANDON_PROFILE": "test",
        "ANDON_DATA": str(folder),
        "ANDON_MQTT": broker.address,
    }
    process = subprocess.Popen(
        [sys.executable, "-m", "andon.cli", "subscribe"],
        cwd=ROOT,
        env=environment,
        stdout=subprocess.PIPE,
        text=True,
    )
    assert process.stdout is not None
    assert "Taking messages" in process.stdout.readline()
    assert process.stdout.readline() == "Listening: plant/#.\n"
    try:
        yield process
    finally:
        process.terminate()
        process.communicate(timeout=60)


def until(count: int, seconds: float = 120) -> None:
    """Wait until so many order lines are in."""
    end = time.monotonic() + seconds
    while Delivery.objects.count() < count and time.monotonic() < end:
        time.sleep(0.1)


def test_a_broker_restarted_in_the_middle_loses_and_doubles_nothing(
    broker: Mosquitto, feed: Feed, committed_db: str, tmp_path: Path
) -> None:
    with subscribing(broker, committed_db, tmp_path), sending(broker) as sender:
        sender.publish(range(MANY // 2))
        until(MANY // 10)
        broker.restart()
        sender.publish(range(MANY // 2, MANY))
        sender.wait(60)
        until(MANY)
        time.sleep(1)  # what came twice would come now

    rows = Delivery.objects.all()
    assert rows.count() == rows.filter(current=True).count() == MANY
    assert not rows.values("order_number", "position").annotate(n=Count("pk")).filter(n__gt=1)
    assert SeenMessage.objects.count() == MANY
    assert not Arrival.objects.exists()
    assert _on_time() == (MANY * 2 / 3, MANY)
    assert verify().clean


def test_a_killed_subscriber_takes_what_it_did_not_confirm(
    broker: Mosquitto, feed: Feed, committed_db: str, tmp_path: Path
) -> None:
    with sending(broker) as sender:
        with subscribing(broker, committed_db, tmp_path) as process:
            sender.publish(range(MANY // 2))
            until(50)
            process.kill()
            sender.publish(range(MANY // 2, MANY))
            sender.wait(60)
        with subscribing(broker, committed_db, tmp_path):
            until(MANY)
            time.sleep(1)

    assert Delivery.objects.count() == SeenMessage.objects.count() == MANY
    assert not Arrival.objects.exists()


def _on_time() -> tuple[Any, Any]:
    (march,) = queries.on_time_by_period(
        None, since=date(2026, 3, 1), until=date(2026, 3, 31), period="month"
    )
    return march.numerator, march.denominator
