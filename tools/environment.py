"""The checkout's own Python environment: ``.venv/``, made from the hashed requirement files.

A stamp holds what was installed from which content, so that a second start installs nothing.
"""

import hashlib
import importlib.util
import json
import os
import shutil
import subprocess
import sys
import time
from dataclasses import dataclass
from pathlib import Path

from tools.said import Stop, say

ROOT = Path(__file__).resolve().parent.parent

RUN = ("build", "runtime")
TEST = ("build", "dev")

# Each set of requirements, and the sets that it holds as well.
HOLDS = {"dev": ("runtime",)}

# What decides whether the project itself, with its front end, has to be built again.
PROJECT_SOURCES = ("pyproject.toml", "hatch_build.py", "frontend", "src/andon/locale")
FRONT_END = Path("src/andon/ui/static/andon/dist/manifest.json")

NO_NETWORK = (
    "connection refused",
    "connection error",
    "client error (connect)",
    "dns error",
    "eai_again",
    "econnrefused",
    "enotfound",
    "error sending request",
    "failed to establish a new connection",
    "name or service not known",
    "network connectivity is disabled",
    "network is unreachable",
    "no matching distribution found",
    "not found in the cache",
    "proxyerror",
    "temporary failure in name resolution",
    "timed out",
)


@dataclass(frozen=True)
class Environment:
    """The environment of the checkout at ``root``."""

    root: Path = ROOT

    @property
    def folder(self) -> Path:
        return self.root / ".venv"

    @property
    def python(self) -> Path:
        if os.name == "nt":
            return self.folder / "Scripts" / "python.exe"
        return self.folder / "bin" / "python"

    @property
    def stamp(self) -> Path:
        return self.folder / "andon-installed.json"

    @property
    def log(self) -> Path:
        return self.root / "var" / "install.log"

    def ready(self, sets: tuple[str, ...]) -> Path:
        """Return a Python that has ``sets`` and the project installed; install what is missing.

        Raises ``Stop`` and leaves nothing half-made when that is impossible.
        """
        wanted = self._wanted(sets)
        installed = self._installed()
        missing = [name for name in wanted if installed.get(name) != wanted[name]]
        if missing:
            self._install(missing, keep={k: v for k, v in installed.items() if k not in missing})
            held = tuple(more for name in sets for more in HOLDS.get(name, ()))
            self._write_stamp(self._installed() | self._wanted((*sets, *held)))
        return self.python

    def _wanted(self, sets: tuple[str, ...]) -> dict[str, str]:
        wanted = {name: _digest(self.root, [f"requirements/{name}.txt"]) for name in sets}
        built = (self.root / FRONT_END).exists()
        wanted["project"] = f"{_digest(self.root, PROJECT_SOURCES)} {'built' if built else 'bare'}"
        return wanted

    def _installed(self) -> dict[str, str]:
        """Return the stamp; nothing counts once the checkout has moved or its Python is gone."""
        try:
            stamp: dict[str, str] = json.loads(self.stamp.read_text(encoding="utf-8"))
        except (OSError, ValueError):
            return {}
        return stamp if stamp.get("at") == str(self.root) and self.python.exists() else {}

    def _write_stamp(self, installed: dict[str, str]) -> None:
        text = json.dumps(installed | {"at": str(self.root)}, indent=1, sort_keys=True)
        self.stamp.write_text(text, encoding="utf-8")

    def _install(self, missing: list[str], *, keep: dict[str, str]) -> None:
        started = time.monotonic()
        self.log.parent.mkdir(exist_ok=True)
        self.log.write_text("", encoding="utf-8")
        fresh = not self._works()
        try:
            if fresh:
                self._create()
            self._write_stamp({} if fresh else keep)
            self._fetch([name for name in missing if name != "project"])
            if "project" in missing:
                say("  building the pages' styles and scripts ...")
                self._pip(["--no-build-isolation", "--no-deps", "--editable", str(self.root)])
        except BaseException:
            if fresh:
                shutil.rmtree(self.folder, ignore_errors=True)
            raise
        say(f"  installed in {time.monotonic() - started:.0f} s")

    def _works(self) -> bool:
        if not self.python.exists():
            return False
        probe = "import sys, pip; sys.exit(sys.version_info < (3, 11))"
        return (
            subprocess.run([self.python, "-c", probe], check=False, capture_output=True).returncode
            == 0
        )

    def _create(self) -> None:
        require_venv()
        say("Setting up .venv (once; it takes about half a minute) ...")
        shutil.rmtree(self.folder, ignore_errors=True)
        self._run([sys.executable, "-m", "venv", str(self.folder)])

    def _fetch(self, sets: list[str]) -> None:
        if not sets:
            return
        say(f"  fetching packages ({', '.join(sets)}) ...")
        uv = str(self.root / "requirements" / "uv.txt")
        self._run([*self._own_pip(), "install", "--require-hashes", "--requirement", uv])
        files = [str(self.root / "requirements" / f"{name}.txt") for name in sets]
        self._pip(
            ["--require-hashes", *(word for file in files for word in ("--requirement", file))]
        )

    def _pip(self, arguments: list[str]) -> None:
        """Install with uv, which is many times faster; with pip where uv cannot."""
        python = str(self.python)
        try:
            self._run([python, "-m", "uv", "pip", "install", "--python", python, *arguments])
        except Stop:
            say("  uv could not do it; trying pip, which takes longer ...")
            self._run([*self._own_pip(), "install", *arguments])

    def _own_pip(self) -> list[str]:
        return [str(self.python), "-m", "pip", "--quiet"]

    def _run(self, command: list[str]) -> None:
        environment = {
            "PIP_RETRIES": "2",
            "PIP_DISABLE_PIP_VERSION_CHECK": "1",
            **os.environ,
            "UV_PYTHON_DOWNLOADS": "never",
            "VIRTUAL_ENV": str(self.folder),
        }
        done = subprocess.run(
            command,
            check=False,
            env=environment,
            cwd=self.root,
            stdin=subprocess.DEVNULL,
            stdout=subprocess.PIPE,
            stderr=subprocess.STDOUT,
            text=True,
            errors="replace",
        )
        with self.log.open("a", encoding="utf-8") as log:
            log.write(f"$ {' '.join(command)}\n{done.stdout}\n")
        if done.returncode:
            raise Stop(explained(done.stdout, self.log))


def require_venv() -> None:
    """Raise ``Stop`` unless this Python can make an environment with pip in it."""
    if all(importlib.util.find_spec(name) for name in ("venv", "ensurepip")):
        return
    version = f"{sys.version_info.major}.{sys.version_info.minor}"
    raise Stop(
        f"This Python {version} comes without `venv`, which keeps Andon's packages apart from "
        "the system's. On Debian and Ubuntu: apt install python3-venv. "
        "Then run the same command again."
    )


def explained(output: str, log: Path) -> str:
    """Return the sentence for an installation that failed with ``output``."""
    lowered = output.lower()
    if any(sign in lowered for sign in NO_NETWORK):
        return (
            "The packages Andon needs could not be fetched: the package index cannot be reached, "
            "and they are not in this machine's cache. Connect to the network, or name your "
            "mirror (PIP_INDEX_URL, UV_DEFAULT_INDEX, npm_config_registry) or proxy "
            f"(HTTPS_PROXY), and run the same command again. Nothing half-made was left; "
            f"the whole story is in {log}."
        )
    tail = "\n".join(output.strip().splitlines()[-12:])
    return f"The installation failed; the whole story is in {log}. It ended with:\n{tail}"


def _digest(root: Path, names: list[str] | tuple[str, ...]) -> str:
    """Return one hash over the named files and folders, `node_modules` apart."""
    found = hashlib.sha256()
    for name in names:
        path = root / name
        files = [path] if path.is_file() else sorted(path.rglob("*"))
        for file in files:
            if file.is_file() and "node_modules" not in file.parts and file.suffix != ".mo":
                found.update(
                    str(file.relative_to(root)).encode() + b"\0" + file.read_bytes() + b"\0"
                )
    return found.hexdigest()
