"""The commands of ``run.py``."""

import argparse
import contextlib
import importlib.util
import os
import signal
import subprocess
import sys
from pathlib import Path

from tools import suite
from tools.environment import ROOT, RUN, TEST, Environment
from tools.said import Stop, complain, say

DEFAULT_PORT = 8000
INTERRUPTED = 130


def main(arguments: list[str]) -> int:
    """Run the named command and return its exit code; a sentence, not a traceback, on trouble."""
    signal.signal(signal.SIGTERM, _stop)
    try:
        if arguments[:1] == ["test"]:
            return suite.run(arguments[1:])
        options = parser().parse_args(arguments)
        return demo(options) if options.command == "demo" else setup()
    except Stop as stop:
        complain(f"\n{stop}")
        return 1
    except KeyboardInterrupt:
        complain("\nStopped.")
        return INTERRUPTED


def _stop(number: int, _frame: object) -> None:
    """End as Ctrl-C does, so that nothing half-made and no server of ours stays behind."""
    raise SystemExit(128 + number)


def parser() -> argparse.ArgumentParser:
    """Return the parser of the command line."""
    whole = argparse.ArgumentParser(prog="run.py", description="Andon from a checkout.")
    commands = whole.add_subparsers(dest="command", required=True)
    demonstration = commands.add_parser("demo", help="open a filled demo factory in the browser")
    demonstration.add_argument("--port", type=port, default=DEFAULT_PORT, help="default: 8000")
    demonstration.add_argument(
        "--data",
        type=Path,
        default=ROOT / "var" / "demo",
        metavar="DIR",
        help="folder for the demo's database and files (default: var/demo)",
    )
    demonstration.add_argument(
        "--no-browser", action="store_true", help="only print the address, open nothing"
    )
    commands.add_parser("test", help="run the whole suite; pytest's arguments are handed on")
    commands.add_parser("setup", help="only make the environment for development")
    return whole


def port(text: str) -> int:
    """Return ``text`` as a port number that a server may use."""
    with contextlib.suppress(ValueError):
        if 1 <= int(text) <= 65_535:  # noqa: PLR2004 - what a port can be
            return int(text)
    message = f"{text} is not a port; give a number from 1 to 65535"
    raise argparse.ArgumentTypeError(message)


def demo(options: argparse.Namespace) -> int:
    """Serve the demo factory until stopped."""
    require_free(options.port)
    python = Environment().ready(RUN)
    command = [str(python), "-m", "andon.cli", "demo", "--port", str(options.port)]
    command += ["--data", str(options.data.resolve())]
    command += ["--no-browser"] if options.no_browser else []
    if os.name != "nt":
        sys.stdout.flush()
        os.execv(command[0], command)  # Ctrl-C and signals then reach the server itself
    return subprocess.run(command, check=False).returncode


def setup() -> int:
    """Make the environment for development."""
    python = Environment().ready(TEST)
    say(f"Ready: {python}")
    return 0


def require_free(number: int) -> None:
    """Raise ``Stop`` when the port is taken, before anything is installed for nothing."""
    place = ROOT / "src" / "andon" / "cli" / "ports.py"
    spec = importlib.util.spec_from_file_location("andon_ports", place)
    assert spec is not None and spec.loader is not None  # noqa: PT018 - the file is ours
    ports = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(ports)
    if sentence := ports.trouble("127.0.0.1", number):
        raise Stop(sentence)
