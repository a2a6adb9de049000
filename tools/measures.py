"""How big the parts of the house are; printed by ``make check``, kept in bounds by a test."""

import ast
import statistics
import tomllib
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

from tools.environment import ROOT
from tools.said import say

SOURCE = ROOT / "src" / "andon"
APART = {"tests", "testing.py", "migrations", "__pycache__"}


@dataclass(frozen=True)
class Function:
    """Where a function stands and how many lines it takes, docstring and all."""

    place: str
    lines: int


def code(folder: Path) -> list[Path]:
    """Return the Python files of ``folder``, tests and migrations apart."""
    files = sorted(folder.rglob("*.py"))
    return [file for file in files if not APART & set(file.relative_to(folder).parts)]


def lines(folder: Path) -> int:
    """Count the lines of code of ``folder``, tests and migrations apart."""
    return sum(len(file.read_text(encoding="utf-8").splitlines()) for file in code(folder))


def modules() -> dict[str, int]:
    """Return each module of the house with its lines of code, the smallest first."""
    folders = [path for path in (SOURCE / "modules").iterdir() if (path / "apps.py").exists()]
    return dict(sorted(((f.name, lines(f)) for f in folders), key=lambda pair: pair[1]))


def functions(folder: Path = SOURCE) -> list[Function]:
    """Return every function of ``folder``, the longest last."""
    found = [function for file in code(folder) for function in _functions_in(file)]
    return sorted(found, key=lambda function: function.lines)


def _functions_in(file: Path) -> Iterator[Function]:
    for node in ast.walk(ast.parse(file.read_text(encoding="utf-8"))):
        if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef):
            place = f"{file.relative_to(ROOT)}:{node.lineno} {node.name}"
            yield Function(place, (node.end_lineno or node.lineno) - node.lineno + 1)


def contracts() -> list[str]:
    """Return the names of the import contracts."""
    configured = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))
    return [contract["name"] for contract in configured["tool"]["importlinter"]["contracts"]]


def main() -> None:
    """Print the measures of the house."""
    lengths = [function.lines for function in functions()]
    deciles = statistics.quantiles(lengths, n=10)
    longest = functions()[-1]
    say(f"  kernel (records): {lines(SOURCE / 'records'):,} lines")
    say("  modules: " + ", ".join(f"{name} {count:,}" for name, count in modules().items()))
    say(
        f"  functions: {len(lengths):,}; median {statistics.median(lengths):.0f} lines, "
        f"p90 {deciles[-1]:.0f}, longest {longest.lines} ({longest.place})"
    )
    say(f"  import contracts: {len(contracts())} ({'; '.join(contracts())})")


if __name__ == "__main__":
    main()
