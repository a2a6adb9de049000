"""How much of the kernel, the trail and the statistics the tests reached, branches counted."""

from __future__ import annotations

import json
import subprocess
import tomllib
from dataclasses import dataclass
from typing import TYPE_CHECKING

from tools.environment import ROOT

if TYPE_CHECKING:
    from pathlib import Path

# What pytest is told, so that there is something to read afterwards.
OPTIONS = ["--cov", "--cov-report="]


@dataclass(frozen=True)
class Reached:
    """The share of a package that the tests reached, in percent, and what is asked for."""

    package: str
    percent: float
    floor: float

    @property
    def enough(self) -> bool:
        return self.percent >= self.floor

    @property
    def line(self) -> str:
        return f"  {self.package}: {self.percent:.1f} % reached (at least {self.floor:g} %)"


def floors() -> dict[str, float]:
    """Return what pyproject.toml asks of each package."""
    configured = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))
    return dict(configured["tool"]["andon"]["reach"])


def reached(python: Path, reports: Path) -> list[Reached]:
    """Read what the last run left behind; nothing when it left nothing."""
    report = reports / "coverage.json"
    report.unlink(missing_ok=True)
    command = [str(python), "-m", "coverage", "json", "--quiet", "-o", str(report)]
    subprocess.run(command, check=False, cwd=ROOT, capture_output=True)
    if not report.exists():
        return []
    files = json.loads(report.read_text(encoding="utf-8"))["files"]
    return [Reached(name, _percent(files, name), floor) for name, floor in floors().items()]


def _percent(files: dict[str, dict[str, dict[str, float]]], package: str) -> float:
    """Return lines and branches that ran, of all there are."""
    folder = f"src/andon/{package}/"
    mine = [file["summary"] for name, file in files.items() if folder in name.replace("\\", "/")]
    there = sum(one["num_statements"] + one["num_branches"] for one in mine)
    ran = sum(one["covered_lines"] + one["covered_branches"] for one in mine)
    return 100.0 * ran / there if there else 0.0
