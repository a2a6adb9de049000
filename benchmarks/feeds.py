"""What facts that come by themselves cost: rows a second by each way, and a broker restarted.

Usage::

    python benchmarks/feeds.py                       # 100,000 rows and messages, SQLite
    python benchmarks/feeds.py --rows 10000 --only mqtt
    DATABASE_URL=postgres://… python benchmarks/feeds.py

``rows``: rows in memory through checking, comparing, writing, sealing and publishing, as the API
takes them. ``file``: the same rows as a CSV in a watched folder. ``mqtt``: one message a row, with
QoS 1, over mosquitto, which is stopped and started again when a quarter is in.
What is lost or doubled is counted in the end, and must be nothing.
"""

import argparse
import os
import sys
import tempfile
import threading
import time
from datetime import date, timedelta
from pathlib import Path

SCRATCH = Path(tempfile.mkdtemp(prefix="andon-bench-"))
os.environ.setdefault("ANDON_PROFILE", "test")
os.environ.setdefault("ANDON_DATA", str(SCRATCH))
os.environ.setdefault("DJANGO_SETTINGS_MODULE", "andon.config.settings")
ROOT = Path(__file__).resolve().parent.parent
sys.path.insert(0, str(ROOT))
sys.path.insert(0, str(ROOT / "src"))

import django  # noqa: E402

django.setup()

from django.conf import settings  # noqa: E402
from django.core.management import call_command  # noqa: E402
from django.db import connection  # noqa: E402
from django.db.models import Count  # noqa: E402

from andon.accounts.models import Site  # noqa: E402
from andon.accounts.testing import TESTS, SiteFactory  # noqa: E402
from andon.modules.production import queries, services  # noqa: E402
from andon.modules.production.imports import folders, rows  # noqa: E402
from andon.modules.production.imports.fields import target_named  # noqa: E402
from andon.modules.production.imports.mqtt import Broker, Subscriber  # noqa: E402
from andon.modules.production.models import Arrival, Delivery, Feed, SeenMessage  # noqa: E402
from andon.organization import clock  # noqa: E402
from andon.organization.testing import PartyFactory  # noqa: E402
from andon.trail.verify import verify  # noqa: E402
from tests.feeds.broker import delivery, running, sending  # noqa: E402

QUIET = 15


def check(site: Site, count: int) -> None:
    """Say what was lost or doubled at a site."""
    found = Delivery.objects.filter(site=site)
    twice = found.values("order_number", "position").annotate(n=Count("pk")).filter(n__gt=1)
    counting = found.filter(current=True).count()
    print(
        f"  lost: {count - counting}, doubled: {twice.count()}, refused: {Arrival.objects.count()}"
    )


def in_memory(count: int) -> None:
    site = SiteFactory.create(code="ROWS")
    sent = [{k: v for k, v in delivery(n).items() if k != "id"} for n in range(count)]
    start, cpu = time.perf_counter(), time.process_time()
    for at in range(0, count, 20_000):
        rows.take(
            target_named("deliveries"),
            sent[at : at + 20_000],
            site=site,
            by=TESTS,
            day=clock.today(site),
            source="api",
        )
    _say("rows", count, time.perf_counter() - start, time.process_time() - cpu)
    check(site, count)
    _ask(site)


def _ask(site: Site) -> None:
    """Say what a year by weeks over the site costs, and by which index it is read."""
    start = time.process_time()
    queries.on_time_by_period(
        None, since=date(2026, 1, 1), until=date(2026, 12, 31), scope=queries.Scope(site=site.pk)
    )
    print(f"  on time by week, a year: {(time.process_time() - start) * 1000:.0f} ms CPU")


def in_a_folder(count: int) -> None:
    site = SiteFactory.create(code="FILE")
    services.save_feed(
        Feed(kind="folder", place="orders", site=site, target="deliveries"), by=TESTS
    )
    place = Path(settings.FEEDS) / "orders"
    place.mkdir(parents=True)
    names = [name for name in delivery(0) if name != "id"]
    lines = (",".join(str(delivery(n)[name]) for name in names) for n in range(count))
    heading = ",".join(name.replace("_", " ") for name in names)
    (place / "orders.csv").write_text("\n".join([heading, *lines]) + "\n", encoding="utf-8")
    now = clock.now()
    folders.watch(now)
    start, cpu = time.perf_counter(), time.process_time()
    told = folders.watch(now + timedelta(seconds=5))
    _say(f"file {dict(told)}", count, time.perf_counter() - start, time.process_time() - cpu)
    check(site, count)


def by_broker(count: int) -> None:
    site = SiteFactory.create(code="MQTT")
    services.save_feed(Feed(kind="mqtt", place="plant/#", site=site, target="deliveries"), by=TESTS)
    folder = SCRATCH / "broker"
    folder.mkdir()
    with running(folder) as broker, sending(broker) as sender:
        stopped = threading.Event()
        taker = Subscriber(Broker.at(broker.address), client_id="andon", stopped=stopped)
        worker = threading.Thread(target=_listen, args=(taker,))
        worker.start()
        while not taker.connection:
            time.sleep(0.1)
        time.sleep(1)
        start, cpu = time.perf_counter(), time.process_time()
        sender.publish(range(count // 2))
        while taker.counts["taken"] < count // 4:
            time.sleep(0.1)
        broker.restart()
        sender.publish(range(count // 2, count))
        while taker.counts["taken"] < count and worker.is_alive():
            time.sleep(0.1)
        spent = time.perf_counter() - start, time.process_time() - cpu
        sender.wait(60)
        time.sleep(2)
        stopped.set()
        worker.join()
    _say(f"mqtt {dict(taker.counts)}", count, *spent)
    check(site, count)
    print(f"  ids remembered: {SeenMessage.objects.count()}")


def _listen(taker: Subscriber) -> None:
    try:
        taker.run(seconds=QUIET)
    finally:
        connection.close()


def _say(name: str, count: int, wall: float, cpu: float) -> None:
    print(f"{name}: {count} in {wall:.1f} s, {cpu:.1f} s CPU; {count / wall:,.0f} a second,"
          f" {count / cpu:,.0f} a CPU second", flush=True)  # fmt: skip


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__.split("\n", 1)[0])
    parser.add_argument("--rows", type=int, default=100_000)
    parser.add_argument("--only", choices=("rows", "file", "mqtt"))
    options = parser.parse_args()
    call_command("migrate", verbosity=0)
    PartyFactory.create(code="KAY")
    for name, work in (("rows", in_memory), ("file", in_a_folder), ("mqtt", by_broker)):
        if options.only in {None, name}:
            work(options.rows)
    print("verify:", "clean" if verify().clean else "findings")


if __name__ == "__main__":
    main()
