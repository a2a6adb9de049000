"""The whole suite: checks, then the tests on SQLite and on PostgreSQL, with a browser.

Says at the start what this machine can run and at the end what ran; on CI nothing may be left out.
"""

from __future__ import annotations

import contextlib
import os
import shutil
import subprocess
import time
import xml.etree.ElementTree as ET
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from tools import checks, measures, postgres, reach
from tools.environment import ROOT, TEST, Environment
from tools.said import say

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

REPORTS = ROOT / "var" / "test"
BROWSERS = ("chromium", "chromium-browser", "google-chrome")
NO_TESTS_COLLECTED = 5

# Data whose licence keeps it out of the repository; the tests use it where it lies beside.
MAY_BE_LEFT_OUT = {"the GPL data lies beside the checkout only"}

# Pure arithmetic, data and files: nothing there meets a database, so one run says all.
DATABASE_FREE = (
    "src/andon/stats",
    "src/andon/standard",
    "tests/test_architecture.py",
    "tests/test_papers.py",
    "tests/test_run.py",
    "tests/test_writing_rules.py",
)


@dataclass(frozen=True)
class Machine:
    """What this machine has for the tests; what is missing is an empty string or None."""

    chromium: str
    postgres_address: str
    postgres_binaries: Path | None
    java: str = ""
    mosquitto: str = ""

    @classmethod
    def seen(cls) -> Machine:
        named = os.environ.get("ANDON_CHROMIUM", "")
        found = (shutil.which(name) for name in BROWSERS)
        return cls(
            chromium=named or next((path for path in found if path), ""),
            postgres_address=os.environ.get("DATABASE_URL_POSTGRES", ""),
            postgres_binaries=postgres.binaries(),
            java=shutil.which("java") or "",
            mosquitto=shutil.which("mosquitto", path=f"{os.environ.get('PATH', '')}:/usr/sbin")
            or "",
        )

    @property
    def has_postgres(self) -> bool:
        return bool(self.postgres_address or self.postgres_binaries)

    def lacks(self) -> list[str]:
        """Return a sentence for each part that cannot run here."""
        sentences = []
        if not self.has_postgres:
            sentences.append(
                "The tests do not run on PostgreSQL: no `initdb` found (Debian: apt install "
                "postgresql) and no DATABASE_URL_POSTGRES set."
            )
        if not self.chromium:
            sentences.append(
                "The browser tests do not run: no Chromium found (Debian: apt install chromium), "
                "and ANDON_CHROMIUM is not set."
            )
        if not self.java:
            sentences.append(
                "The tests of the plant do not run on Spark: no Java found (Debian: apt install "
                "default-jre-headless)."
            )
        if not self.mosquitto:
            sentences.append(
                "The tests of messages do not run against a broker: no mosquitto found (Debian: "
                "apt install mosquitto)."
            )
        return sentences

    @property
    def sets(self) -> tuple[str, ...]:
        """The sets of requirements that the tests need here; Spark is large and needs Java."""
        return (*TEST, "spark") if self.java else TEST


@dataclass
class Part:
    """One part of the suite and how it ended."""

    name: str
    passed: int = 0
    failed: int = 0
    skipped: int = 0
    seconds: float = 0.0
    notes: list[str] = field(default_factory=list)
    ran: set[str] = field(default_factory=set)
    left_out: dict[str, str] = field(default_factory=dict)

    @property
    def line(self) -> str:
        counts = f"{self.passed} passed, {self.failed} failed, {self.skipped} skipped"
        return f"  {self.name}: {counts}, {self.seconds:.0f} s"


def run(arguments: list[str]) -> int:
    """Run everything; or, with pytest arguments, what they choose, on both databases."""
    machine = Machine.seen()
    strict = os.environ.get("CI") == "true"
    _announce(machine)
    python = Environment().ready(machine.sets)

    parts = []
    if not arguments:
        parts += [_checks(python)]
    parts += [_sqlite(python, machine, arguments)]
    if machine.chromium and not arguments:
        parts += [_reach(python)]  # without a browser the pages are reached less
    if machine.has_postgres:
        parts += [_postgres(python, machine, arguments)]

    return _conclude(parts, machine, strict=strict, chosen=bool(arguments))


def _announce(machine: Machine) -> None:
    parts = ["SQLite"]
    parts += ["PostgreSQL"] if machine.has_postgres else []
    parts += [f"browser ({machine.chromium})"] if machine.chromium else []
    parts += ["Spark"] if machine.java else []
    parts += ["mosquitto"] if machine.mosquitto else []
    say(f"Tests on this machine: {', '.join(parts)}.")
    for sentence in machine.lacks():
        say(sentence)


def _checks(python: Path) -> Part:
    say("\nChecks")
    started = time.monotonic()
    results = checks.run(python)
    say("\nMeasures")
    measures.main()
    passed = sum(result.passed for result in results)
    return Part("checks", passed, len(results) - passed, 0, time.monotonic() - started)


def _sqlite(python: Path, machine: Machine, arguments: list[str]) -> Part:
    wanted = "not postgres" if machine.chromium else "not postgres and not browser"
    options = ["-m", wanted, *([] if arguments else reach.OPTIONS)]
    return _pytest(python, "SQLite", _environment(machine, ""), options, arguments)


def _reach(python: Path) -> Part:
    found = reach.reached(python, REPORTS)
    enough = sum(one.enough for one in found)
    notes = [one.line.strip() for one in found] or ["the tests left no record of what they reached"]
    return Part("reach", enough, max(len(found), 1) - enough, notes=notes)


def _postgres(python: Path, machine: Machine, arguments: list[str]) -> Part:
    """Repeat what meets the database; of the browser tests, the journeys."""
    wanted = "not browser or journey" if machine.chromium else "not browser"
    options = ["-m", wanted]
    if not arguments:
        options += [f"--ignore={path}" for path in DATABASE_FREE]
    with _postgres_server(machine) as address:
        environment = _environment(machine, address)
        return _pytest(python, "PostgreSQL", environment, options, arguments)


@contextlib.contextmanager
def _postgres_server(machine: Machine) -> Iterator[str]:
    if machine.postgres_address or machine.postgres_binaries is None:
        yield machine.postgres_address
        return
    with postgres.throw_away_cluster(machine.postgres_binaries, ROOT / "var") as address:
        yield address


def _pytest(
    python: Path, name: str, environment: dict[str, str], options: list[str], arguments: list[str]
) -> Part:
    say(f"\n{name}")
    report = REPORTS / f"{name.lower()}.xml"
    report.parent.mkdir(parents=True, exist_ok=True)
    report.unlink(missing_ok=True)
    spread = [] if arguments else ["-q", "-n", "2", "--dist", "loadfile"]
    command = [str(python), "-m", "pytest", *spread, *options, f"--junit-xml={report}", *arguments]
    started = time.monotonic()
    code = subprocess.run(command, check=False, cwd=ROOT, env=environment).returncode
    part = _read(name, report)
    part.seconds = time.monotonic() - started
    if code == NO_TESTS_COLLECTED:
        part.notes.append(f"no test was chosen on {name}")
    elif code and not part.failed:
        part.failed += 1
        part.notes.append(f"pytest on {name} ended with {code}")
    return part


def _environment(machine: Machine, address: str) -> dict[str, str]:
    environment = {
        name: value for name, value in os.environ.items() if not name.startswith("DATABASE_URL")
    }
    environment |= {"PYTHONUNBUFFERED": "1", "DJANGO_SETTINGS_MODULE": "andon.config.testing"}
    environment |= {"DATABASE_URL": address} if address else {}
    environment |= {"ANDON_CHROMIUM": machine.chromium} if machine.chromium else {}
    return environment


def _read(name: str, report: Path) -> Part:
    """Return the counts of pytest's own report, with each skipped test named."""
    part = Part(name)
    if not report.exists():
        return part
    for case in ET.parse(report).getroot().iter("testcase"):
        test = f"{case.get('classname')} {case.get('name')}"
        skipped = case.find("skipped")
        if case.find("failure") is not None or case.find("error") is not None:
            part.failed += 1
            part.ran.add(test)
        elif skipped is None:
            part.passed += 1
            part.ran.add(test)
        else:
            part.skipped += 1
            part.left_out[test] = str(skipped.get("message"))
            part.notes.append(f"skipped on {name}: {case.get('name')}: {skipped.get('message')}")
    return part


def _ran_nowhere(parts: list[Part]) -> set[str]:
    """Return the tests that no part ran, but for those whose data may not be handed on."""
    ran = set[str]().union(*(part.ran for part in parts))
    reasons = {test: reason for part in parts for test, reason in part.left_out.items()}
    return {test for test, reason in reasons.items() if reason not in MAY_BE_LEFT_OUT} - ran


def _conclude(parts: list[Part], machine: Machine, *, strict: bool, chosen: bool) -> int:
    """Print what ran and what did not, and return the exit code."""
    say("\nWhat ran")
    for part in parts:
        say(part.line)
        for note in part.notes:
            say(f"    {note}")
    for sentence in machine.lacks():
        say(f"  {sentence}")
    passed, failed, skipped = (
        sum(getattr(part, count) for part in parts) for count in ("passed", "failed", "skipped")
    )
    if strict and not chosen:
        nowhere = _ran_nowhere(parts)
        failed += len(nowhere) + len(machine.lacks())
        skipped -= len(nowhere)
        say("  This is CI: what ran nowhere counts as failed.")
        for test in sorted(nowhere):
            say(f"    ran nowhere: {test}")
    if not passed and not failed:
        say("  No test was chosen.")
    say(f"\n{passed} passed, {failed} failed, {skipped} skipped")
    if not passed and not failed:
        return NO_TESTS_COLLECTED
    return 1 if failed else 0
