"""What the trail costs: CPU milliseconds a write, and the walk along a long chain (AT13).

``python benchmarks/trail.py [--writes N] [--entries N]``, with DATABASE_URL for PostgreSQL.
Works in a database of its own, which it makes and removes.
"""

import argparse
import os
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable
from pathlib import Path

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "andon.config.testing")
FOLDER = tempfile.TemporaryDirectory(prefix="andon-benchmark-")
if "DATABASE_URL" not in os.environ:
    os.environ["DATABASE_URL"] = f"sqlite:///{FOLDER.name}/benchmark.sqlite3"

os.environ.setdefault("ANDON_CHECKPOINTS", f"{FOLDER.name}/checkpoints.txt")
os.environ.setdefault("ANDON_DATA", FOLDER.name)

import django  # noqa: E402

django.setup()

from django.db import connection, models, transaction  # noqa: E402
from django.test.utils import setup_databases, teardown_databases  # noqa: E402

from andon.accounts.models import Site  # noqa: E402
from andon.trail.anchors import Anchors  # noqa: E402
from andon.trail.checkpoints import checkpoint  # noqa: E402
from andon.trail.findings import Report  # noqa: E402
from andon.trail.gate import migrating, opened  # noqa: E402
from andon.trail.sealing import RECORDS, Actor, Pending, Transaction  # noqa: E402
from andon.trail.services import SYSTEM, audited  # noqa: E402
from andon.trail.verify import snapshot  # noqa: E402
from andon.trail.walk import walk  # noqa: E402


def cpu(function: Callable[[int], None], times: int) -> float:
    """Milliseconds of CPU of this process for one call."""
    function(-1)
    start = time.process_time()
    for number in range(times):
        function(number)
    return (time.process_time() - start) / times * 1000


def wall(function: Callable[[int], None], times: int) -> float:
    """Milliseconds of one call by the clock."""
    start = time.perf_counter()
    for number in range(times):
        function(number)
    return (time.perf_counter() - start) / times * 1000


def measure_writes(times: int) -> None:
    with audited(SYSTEM("benchmark")):
        site = Site.objects.create(code="A", name="Site")

    def audited_save(number: int) -> None:
        with audited(SYSTEM("benchmark"), reason="measured"):
            site.name = f"Audited {number}"
            site.save()

    def plain_save(number: int) -> None:
        with transaction.atomic():
            site.name = f"Plain {number}"
            models.Model.save(site)

    def audited_create(number: int) -> None:
        with audited(SYSTEM("benchmark"), reason="measured"):
            Site.objects.create(code=f"C{number}", name="Site")

    def plain_create(number: int) -> None:
        with transaction.atomic():
            models.Model.save(Site(code=f"P{number}", name="Site"))

    def audited_update(number: int) -> None:
        with audited(SYSTEM("benchmark"), reason="measured"):
            Site.objects.filter(pk=site.pk).update(name=f"Updated {number}")

    def plain_update(number: int) -> None:
        with transaction.atomic():
            models.QuerySet.update(Site.objects.filter(pk=site.pk), name=f"Plain {number}")

    for name, ours, plain in (
        ("save", audited_save, plain_save),
        ("create", audited_create, plain_create),
        ("update", audited_update, plain_update),
    ):
        whole = cpu(ours, times)
        with migrating():
            bare = cpu(plain, times)
        print(f"{name:8} {whole:6.2f} ms with the trail, {bare:5.2f} without: {whole - bare:5.2f}")

    Site.trail_weighty = "benchmark"
    print(f"weighty  {cpu(audited_save, times):6.2f} ms of CPU with a checkpoint after each save,")
    print(f"         {wall(audited_save, times):6.2f} ms by the clock; ", end="")
    Site.trail_weighty = ""
    print(f"{wall(audited_save, times):6.2f} without")

    def bulk(number: int) -> None:
        rows = [Site(code=f"{number:x}b{row:x}", name="Bulk") for row in range(100)]
        with audited(SYSTEM("benchmark")):
            Site.objects.bulk_create(rows)

    print(f"bulk     {cpu(bulk, max(2, times // 100)) / 100:6.2f} ms a row, 100 rows a transaction")


def fill(entries: int) -> None:
    """Seal ``entries`` entries of the usual size, 1,000 a transaction and a checkpoint."""
    spent = 0.0
    after = {"name": "A name of the usual length", "code": "ABC1", "is_active": True}
    content = {"before": after, "after": after, "state": "0" * 64, "state_version": 1}
    block = Transaction(Actor("system", "benchmark"), "A reason of the usual length", "code")
    with connection.cursor() as cursor:
        cursor.execute("SELECT seq FROM audit_head WHERE stream = %s", [RECORDS])
        (done,) = cursor.fetchone()
    for start in range(done, entries, 1000):
        pending = [
            Pending(block, "changed", "accounts.site", str(n), "", "reason", "code", content)
            for n in range(start, min(start + 1000, entries))
        ]
        with transaction.atomic(), opened():
            block.append(pending)
        before = time.process_time()
        checkpoint("benchmark")
        spent += time.process_time() - before
    each = spent / max(1, (entries - done) // 1000) * 1000
    print(f"signed   {each:6.2f} ms of CPU a checkpoint over 1,000 new entries")


def measure_walk(entries: int) -> None:
    """Fill, and walk in a process of its own, so that its memory is its own."""
    fill(entries)
    parts = connection.settings_dict
    url = f"sqlite:///{parts['NAME']}"
    if connection.vendor != "sqlite":
        user = f"{parts['USER']}:{parts['PASSWORD']}"
        url = f"postgres://{user}@{parts['HOST']}:{parts['PORT']}/{parts['NAME']}"
    environment = {**os.environ, "DATABASE_URL": url}
    subprocess.run([sys.executable, __file__, "--only-walk"], env=environment, check=True)


def only_walk() -> None:
    report, started, cpu_started = Report(), time.perf_counter(), time.process_time()
    anchors = Anchors()
    with snapshot():
        anchors.load(report)
        walk(report, anchors)
    seconds, cpu_seconds = time.perf_counter() - started, time.process_time() - cpu_started
    # Not ru_maxrss: on Linux that starts with what the parent had before it became us.
    status = Path("/proc/self/status").read_text()
    peak = int(status.partition("VmHWM:")[2].split()[0])
    print(
        f"walk     {report.entries:,} entries and {report.checkpoints:,} checkpoints"
        f" in {seconds:.1f} s ({cpu_seconds:.1f} s CPU), peak {peak // 1024} MB,"
        f" {len(report.findings)} findings"
    )


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--writes", type=int, default=500)
    parser.add_argument("--entries", type=int, default=1_000_000)
    parser.add_argument("--only-walk", action="store_true", help="walk DATABASE_URL")
    options = parser.parse_args()
    if options.only_walk:
        only_walk()
        return 0
    print(f"{connection.vendor}, Django {django.__version__}, Python {sys.version.split()[0]}")
    if connection.vendor == "sqlite":
        connection.settings_dict["TEST"]["NAME"] = str(Path(FOLDER.name) / "test.sqlite3")
    made = setup_databases(verbosity=0, interactive=False, serialized_aliases=[])
    try:
        measure_writes(options.writes)
        measure_walk(options.entries)
    finally:
        teardown_databases(made, verbosity=0)
    return 0


if __name__ == "__main__":
    sys.exit(main())
