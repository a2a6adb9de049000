"""The checks that need no database: format, lint, types, imports, templates, migrations."""

from __future__ import annotations

import os
import subprocess
import time
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from typing import TYPE_CHECKING

from tools.environment import ROOT
from tools.said import say

if TYPE_CHECKING:
    from pathlib import Path

# What each check is called, and what it runs after `python -m`.
CHECKS = {
    "types (mypy)": ["mypy"],
    "format (ruff)": ["ruff", "format", "--check", "."],
    "lint (ruff)": ["ruff", "check", "."],
    "import contracts": ["tools.contracts"],
    "templates (djlint)": ["djlint", "--lint", "--quiet", "src"],
    "migrations are complete": ["django", "makemigrations", "--check", "--dry-run"],
    "system checks": ["django", "check", "--fail-level", "WARNING"],
}


@dataclass(frozen=True)
class Checked:
    """How one check ended."""

    name: str
    passed: bool
    seconds: float
    output: str


def run(python: Path) -> list[Checked]:
    """Run every check, two at a time, and tell how each ended as soon as it did."""
    with ThreadPoolExecutor(2) as pool:
        return list(pool.map(lambda name: _run(python, name), CHECKS))


def _run(python: Path, name: str) -> Checked:
    started = time.monotonic()
    done = subprocess.run(
        [python, "-m", *CHECKS[name]],
        check=False,
        cwd=ROOT,
        env=os.environ | {"DJANGO_SETTINGS_MODULE": "andon.config.testing"},
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        text=True,
    )
    checked = Checked(name, done.returncode == 0, time.monotonic() - started, done.stdout)
    word = "ok    " if checked.passed else "FAILED"
    say(
        f"  {word} {name}, {checked.seconds:.1f} s" + ("" if checked.passed else f"\n{done.stdout}")
    )
    return checked
