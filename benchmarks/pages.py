"""What a page costs: CPU milliseconds and queries a request, at 10,000 rows and more.

Usage::

    python benchmarks/pages.py --rows 10000 100000          # SQLite in a scratch folder
    DATABASE_URL=postgres://… python benchmarks/pages.py --rows 10000 100000

The records are written by plain SQL (through the trail it would take an hour), the requests go
through the whole application: middleware, policy, service, template. CPU is that of this process;
on PostgreSQL the server's share is not in it, so wall time stands beside it.
"""

import argparse
import gc
import json
import os
import statistics
import sys
import tempfile
import time
from collections.abc import Callable
from datetime import date
from pathlib import Path
from typing import Any

os.environ.setdefault("ANDON_PROFILE", "test")
os.environ.setdefault("ANDON_HOSTS", "testserver")
os.environ.setdefault("ANDON_DATA", tempfile.mkdtemp(prefix="andon-bench-"))
os.environ.setdefault("DJANGO_SETTINGS_MODULE", "andon.config.settings")
sys.path.insert(0, str(Path(__file__).resolve().parent.parent / "src"))

import django

django.setup()

from django.core.management import call_command  # noqa: E402
from django.db import connection, transaction  # noqa: E402
from django.test import Client  # noqa: E402

from andon.accounts.models import User  # noqa: E402
from andon.accounts.roles import Role  # noqa: E402
from andon.accounts.testing import SiteFactory, a_person  # noqa: E402
from andon.modules.nonconformities.models import Nonconformity  # noqa: E402
from andon.modules.nonconformities.tests import factories  # noqa: E402
from andon.records import services as records  # noqa: E402
from andon.records.models import Record  # noqa: E402
from andon.trail.gate import migrating  # noqa: E402

REPEATS = 40
THINGS = ("bore", "flange", "weld", "thread", "edge", "surface", "label", "carton", "pin", "seal")
FAULTS = ("too wide", "burr", "scratched", "missing", "bent", "cracked", "dirty", "late", "loose")
STATES = ("reported", "decided", "closed", "closed", "closed", "void")


def world() -> User:
    """Return the quality manager of a fresh factory with one person besides."""
    call_command("migrate", verbosity=0)
    site = SiteFactory.create(code="BEN1")
    manager = a_person(Role.MANAGER, site)
    for _other in range(5):
        a_person(Role.QUALITY, site)
    return manager


def fill(up_to: int, manager: User) -> None:
    """Add nonconformities until there are ``up_to``, cloned from one that the services made."""
    have = Record.objects.count()
    if have == 0:
        factories.reported(manager, manager.grants.get().site, title="Template bore")
        have = 1
    template = Nonconformity.objects.order_by("pk").first()
    people = list(User.objects.values_list("pk", flat=True))
    shell = list(Record._meta.concrete_fields)
    leaf = list(Nonconformity._meta.local_concrete_fields)
    with migrating(), transaction.atomic(), connection.cursor() as cursor:
        for start in range(have, up_to, 5000):
            numbers = range(start + 1, min(start + 5000, up_to) + 1)
            rows = [_shell(template, n, people, shell) for n in numbers]
            cursor.executemany(_insert(Record, shell), rows)
            rows = [_leaf(template, n, leaf) for n in numbers]
            cursor.executemany(_insert(Nonconformity, leaf), rows)
    if connection.vendor == "postgresql":
        with connection.cursor() as cursor:
            cursor.execute(
                "SELECT setval(pg_get_serial_sequence('records_record', 'id'),"
                " (SELECT max(id) FROM records_record))"
            )
    with connection.cursor() as cursor:
        cursor.execute("ANALYZE")


def _insert(model: Any, fields: list[Any]) -> str:
    names = ", ".join(connection.ops.quote_name(f.column) for f in fields)
    marks = ", ".join(["%s"] * len(fields))
    return f"INSERT INTO {model._meta.db_table} ({names}) VALUES ({marks})"


def _value(field: Any, record: Any) -> Any:
    return field.get_db_prep_save(field.pre_save(record, add=False), connection)


def _title(n: int) -> str:
    return f"{THINGS[n % 10].title()} {FAULTS[n // 10 % 9]} on press P{n % 53}"


def _shell(template: Any, n: int, people: list[int], fields: list[Any]) -> list[Any]:
    state = STATES[n % len(STATES)]
    opened = date(2020 + n % 6, 1 + n % 12, 1 + n % 28)
    closed = opened if state in ("closed", "void") else None
    number, title = f"NC-BEN1-{opened.year}-{n:07d}", _title(n)
    own = {
        "id": n,
        "number": number,
        "title": title,
        "state": state,
        "owner_id": people[n // 7 % len(people)],
        "opened_date": opened,
        "closed_date": closed,
        "due_date": opened,
        "search_text": f"{number} {title}",
    }
    found = []
    for field in fields:
        value = own.get(field.attname, own.get(field.name, ...))
        kept = value is ...
        found.append(_value(field, template) if kept else field.get_db_prep_save(value, connection))
    return found


def _leaf(template: Any, n: int, fields: list[Any]) -> list[Any]:
    return [n if f.column == "record_ptr_id" else _value(f, template) for f in fields]


def measured(act: Callable[[], Any]) -> dict[str, float]:
    """Return median CPU and wall milliseconds of ``act`` and its queries."""
    for _warm in range(3):
        act()
    queries: list[str] = []

    def noted(execute: Any, sql: str, params: Any, many: Any, context: Any) -> Any:
        queries.append(sql)
        return execute(sql, params, many, context)

    with connection.execute_wrapper(noted):
        act()
    cpu, wall = [], []
    for _repeat in range(REPEATS):
        clock, process = time.perf_counter(), time.process_time()
        act()
        cpu.append((time.process_time() - process) * 1000)
        wall.append((time.perf_counter() - clock) * 1000)
    return {
        "cpu_ms": round(statistics.median(cpu), 1),
        "cpu_ms_least": round(min(cpu), 1),
        "wall_ms": round(statistics.median(wall), 1),
        "queries": len(queries),
    }


def pages(manager: User) -> dict[str, Callable[[], Any]]:
    """Return what is measured, by name, with its budget in the name's table below."""
    client = Client()
    client.force_login(manager)
    number = Record.objects.order_by("-pk").values_list("number", flat=True)[0]
    site = manager.grants.get().site

    def get(path: str) -> Callable[[], Any]:
        def ask() -> None:
            answer = client.get(path)
            if answer.status_code != 200:
                raise RuntimeError(f"{path}: {answer.status_code}")
            answer.close()

        return ask

    def create() -> None:
        body = {"title": "Bore too wide", "site": site.code, "suspect_quantity": 3}
        answer = client.post("/api/v1/nonconformities/", body, content_type="application/json")
        if answer.status_code != 201:
            raise RuntimeError(answer.content)

    def step() -> None:
        record = factories.reported(manager, site, severity="minor", suspect_quantity=0)
        start = time.process_time()
        records.perform(record, "settle", by=manager)
        steps.append((time.process_time() - start) * 1000)

    steps: list[float] = []
    step.steps = steps  # type: ignore[attr-defined]
    return {
        "list": get("/nonconformities/"),
        "filtered and searched list": get("/nonconformities/?state=open&q=weld+burr"),
        "detail": get(f"/nonconformities/{number}/"),
        "transition": step,
        "API create": create,
        "home": get("/"),
        "clause map": get("/clauses/" + _slug() + "/"),
    }


def _slug() -> str:
    from andon.assurance import queries  # noqa: PLC0415

    return queries.edition_in_use().slug


BUDGETS = {
    "list": 15,
    "filtered and searched list": 20,
    "detail": 12,
    "transition": 12,
    "API create": 6,
    "home": 25,
    "clause map": 25,
}


def main() -> None:
    """Fill, measure, print one JSON line a page."""
    parser = argparse.ArgumentParser()
    parser.add_argument("--rows", type=int, nargs="+", default=[10_000, 100_000])
    manager = world()
    first: dict[str, float] = {}
    for rows in parser.parse_args().rows:
        fill(rows, manager)
        # As `andon serve` does: what was loaded once is no work for the collector.
        gc.collect()
        gc.freeze()
        for name, act in pages(manager).items():
            figures = measured(act)
            if hasattr(act, "steps"):
                figures["cpu_ms"] = round(statistics.median(act.steps), 1)
            growth = round(figures["cpu_ms"] / first.setdefault(name, figures["cpu_ms"]), 2)
            line = {
                "database": connection.vendor,
                "rows": rows,
                "page": name,
                **figures,
                "budget_ms": BUDGETS[name],
                "kept": figures["cpu_ms"] <= BUDGETS[name],
                "growth": growth,
            }
            print(json.dumps(line), flush=True)


if __name__ == "__main__":
    main()
