"""Pages, exports and KPIs with up to 1,000,000 records and 10,000,000 facts.

Usage::

    python benchmarks/scale.py                              # SQLite in a scratch folder
    python benchmarks/scale.py --throw-away-postgres        # a PostgreSQL server of its own
    python benchmarks/scale.py --records 10000 100000 --facts 100000   # smaller

Rows are cloned by the database itself (``INSERT … SELECT``) from one record and one fact that the
services made; their site is called BEN1 and their batches are the benchmark's. Everything lies in
a scratch folder that is deleted at the end.
"""

import argparse
import gc
import json
import os
import resource
import shutil
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable
from datetime import date, timedelta
from pathlib import Path
from typing import Any

HERE = Path(__file__).resolve().parent
sys.path[:0] = [str(HERE), str(HERE.parent)]

import pages  # noqa: E402  (sets Django up)
from django.db import connection, transaction  # noqa: E402
from django.test import Client  # noqa: E402

from andon.accounts.models import User  # noqa: E402
from andon.modules.kpis.models import Formula, Kpi, Period  # noqa: E402
from andon.modules.kpis.tests import factories as kpis  # noqa: E402
from andon.modules.nonconformities.models import Nonconformity  # noqa: E402
from andon.modules.nonconformities.tests import factories  # noqa: E402
from andon.modules.production.models import Output, Scrap  # noqa: E402
from andon.organization import clock  # noqa: E402
from andon.organization.models import Item, Line  # noqa: E402
from andon.organization.testing import ItemFactory, LineFactory  # noqa: E402
from andon.records.models import Record  # noqa: E402
from andon.trail.gate import migrating  # noqa: E402
from tools import postgres  # noqa: E402

LINES, ITEMS = 40, 50
FIRST_DAY = date(2020, 1, 6)


def fill_records(up_to: int, manager: Any) -> None:
    """Clone the first nonconformity in the database until there are ``up_to``."""
    if not Record.objects.exists():
        factories.reported(manager, manager.grants.get().site, title="Template bore")
    have = Record.objects.order_by("-pk").values_list("pk", flat=True)[0]
    first = Nonconformity.objects.order_by("pk").values_list("pk", flat=True)[0]
    people = list(User.objects.order_by("pk").values_list("pk", flat=True))
    day = _day("2020-01-01", "n % 2100")
    title = (
        f"{_words(pages.THINGS)} || ' ' || {_words(pages.FAULTS, 10)} || ' on press P' || (n % 53)"
    )
    number = "'NC-BEN1-' || n"
    closed = "n % 6 IN (2, 3, 4, 5)"
    own = {
        "id": "n",
        "number": number,
        "title": title,
        "state": "CASE n % 6 WHEN 0 THEN 'reported' WHEN 1 THEN 'decided' WHEN 5 THEN 'void'"
        " ELSE 'closed' END",
        "owner_id": f"{people[0]} + (n / 7) % {len(people)}",
        "opened_date": day,
        "due_date": day,
        "closed_date": f"CASE WHEN {closed} THEN {day} END",
        "search_text": f"{number} || ' ' || {title}",
    }
    _clone(Record, own, first, have + 1, up_to)
    _clone(Nonconformity, {"record_ptr_id": "n"}, first, have + 1, up_to, key="record_ptr_id")
    _settle("records_record")


def fill_facts(up_to: int, manager: Any) -> Any:
    """Clone one output and one scrap row over lines, items and days; return the KPI over them."""
    site = manager.grants.get().site
    if Line.objects.count() < LINES:
        lines = [LineFactory.create(site=site) for _n in range(LINES)]
        ItemFactory.create_batch(ITEMS)
        kpis.a_week(lines[0], manager, date(2019, 1, 7), made=100, scrapped=2)
        fields = {"formula": Formula.SCRAP, "period": Period.WEEK, "code": "SCALE"}
        kpis.a_kpi(manager, site, **fields, active_from=clock.today() - timedelta(weeks=60))
    line = Line.objects.order_by("pk").values_list("pk", flat=True)[0]
    item = Item.objects.order_by("pk").values_list("pk", flat=True)[0]
    half = up_to // 2
    for model, values in ((Output, {"produced": "80 + n % 40"}), (Scrap, {"quantity": "n % 4"})):
        have = model.objects.count()
        # The newest day is yesterday: the older rows come last.
        newest = (clock.today() - timedelta(days=1)).isoformat()
        own = {
            "id": "n + 100",
            "line_id": f"{line} + n % {LINES}",
            "item_id": f"{item} + (n / {LINES}) % {ITEMS}",
            "day": _day(newest, f"-(n / {LINES * ITEMS})"),
            **values,
        }
        first = model.objects.order_by("pk").values_list("pk", flat=True)[0]
        _clone(model, own, first, have, half)
        _settle(model._meta.db_table)
    return Kpi.objects.get(code="SCALE")


def _words(words: tuple[str, ...], step: int = 1) -> str:
    cases = " ".join(f"WHEN {at} THEN '{word}'" for at, word in enumerate(words))
    return f"CASE n / {step} % {len(words)} {cases} END"


def _day(start: str, days: str) -> str:
    if connection.vendor == "sqlite":
        return f"date('{start}', ({days}) || ' days')"
    return f"(DATE '{start}' + ({days})::int)"


def _clone(
    model: Any, own: dict[str, str], first: int, start: int, end: int, *, key: str = "id"
) -> None:
    """Insert a copy of the row ``first`` for each n from ``start`` to ``end``."""
    columns = [field.column for field in model._meta.local_concrete_fields]
    table = model._meta.db_table
    chosen = ", ".join(own.get(column, f"t.{column}") for column in columns).replace("%", "%%")
    numbers = (
        "WITH RECURSIVE s(n) AS (SELECT %s UNION ALL SELECT n + 1 FROM s WHERE n < %s)"
        if connection.vendor == "sqlite"
        else "WITH s(n) AS (SELECT generate_series(%s::bigint, %s::bigint))"
    )
    for low in range(start, end + 1, 500_000):
        high = min(low + 499_999, end)
        with migrating(), transaction.atomic(), connection.cursor() as cursor:
            cursor.execute(
                f"INSERT INTO {table} ({', '.join(columns)}) {numbers}"
                f" SELECT {chosen} FROM s, {table} t WHERE t.{key} = {first}",
                [low, high],
            )


def _settle(table: str) -> None:
    with connection.cursor() as cursor:
        if connection.vendor == "postgresql":
            sequence = f"pg_get_serial_sequence('{table}', 'id')"
            cursor.execute(f"SELECT setval({sequence}, (SELECT max(id) FROM {table}))")
        cursor.execute("ANALYZE")


def measure(manager: Any, kpi: Any, rows: int, facts: int, first: dict[str, float]) -> None:
    """Measure every page and print one line each."""
    acts: dict[str, Callable[[], Any]] = pages.pages(manager)
    client = Client()
    client.force_login(manager)
    more = {
        "list, due first": "/nonconformities/?order=due",
        "page far into the list": f"/nonconformities/?after={rows // 2}",
        "KPI board": "/kpis/board/",
        "KPI page": f"/kpis/board/{kpi.code}/" if kpi else "",
        "production overview": "/production/",
    }
    for name, path in more.items():
        if path and client.get(path).status_code == 200:
            acts[name] = lambda path=path: client.get(path).close()
    gc.collect()
    gc.freeze()
    for name, act in acts.items():
        figures = pages.measured(act)
        if steps := getattr(act, "steps", None):
            figures["cpu_ms"] = round(sorted(steps)[len(steps) // 2], 1)
        growth = round(figures["cpu_ms"] / first.setdefault(name, figures["cpu_ms"]), 2)
        say(
            rows=rows,
            facts=facts,
            page=name,
            **figures,
            budget_ms=pages.BUDGETS.get(name),
            growth=growth,
        )


def exports(manager: Any, rows: int) -> None:
    """Export 100,000 records as CSV and workbook, each in a process of its own for its memory."""
    for form, budget in (("csv", 5), ("xlsx", 12)):
        child = os.fork()
        if child == 0:
            connection.close()
            client = Client()
            client.force_login(manager)
            clock, cpu = time.perf_counter(), time.process_time()
            before = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss // 1024
            size = sum(len(part) for part in client.get(f"/nonconformities/export.{form}"))
            say(
                rows=rows, export=form, bytes=size, wall_s=round(time.perf_counter() - clock, 1),
                cpu_s=round(time.process_time() - cpu, 1), budget_s=budget, memory_before_mb=before,
                memory_mb=resource.getrusage(resource.RUSAGE_SELF).ru_maxrss // 1024,
            )  # fmt: skip
            os._exit(0)
        os.waitpid(child, 0)


def say(**line: Any) -> None:
    print(json.dumps({"database": connection.vendor, **line}), flush=True)


def run(records: list[int], facts: list[int]) -> None:
    """Fill and measure step by step; records and facts grow together."""
    manager = pages.world()
    first: dict[str, float] = {}
    for rows, many in zip(records, facts, strict=True):
        start = time.perf_counter()
        fill_records(rows, manager)
        kpi = fill_facts(many, manager) if many else None
        say(rows=rows, facts=many, filled_in_s=round(time.perf_counter() - start))
        if rows == 100_000:
            exports(manager, rows)
        measure(manager, kpi, rows, many, first)


def _on_postgres(arguments: list[str]) -> int:
    """Run this file again on a server of its own."""
    near = Path(tempfile.mkdtemp(prefix="andon-scale-"))
    try:
        with postgres.throw_away_cluster(postgres.binaries(), near) as url:
            again = [sys.executable, __file__, *arguments]
            return subprocess.run(
                again, env=os.environ | {"DATABASE_URL": url}, check=False
            ).returncode
    finally:
        shutil.rmtree(near, ignore_errors=True)


def main() -> None:
    """Fill, measure, delete."""
    parser = argparse.ArgumentParser()
    parser.add_argument("--records", type=int, nargs="+", default=[10_000, 100_000, 1_000_000])
    parser.add_argument("--facts", type=int, nargs="+", default=[100_000, 1_000_000, 10_000_000])
    parser.add_argument("--throw-away-postgres", action="store_true")
    asked = parser.parse_args()
    if asked.throw_away_postgres:
        sys.exit(_on_postgres([a for a in sys.argv[1:] if a != "--throw-away-postgres"]))
    try:
        run(asked.records, asked.facts)
    finally:
        connection.close()
        shutil.rmtree(os.environ["ANDON_DATA"], ignore_errors=True)


if __name__ == "__main__":
    main()
