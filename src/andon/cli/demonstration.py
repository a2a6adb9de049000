"""``andon demo``: a filled factory for this machine only, with its own database and key."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING

from django.conf import settings
from django.core.management import call_command
from django.db import connection

from andon import demo
from andon.cli import ports
from andon.cli.errors import Sentence
from andon.cli.server import serve
from andon.cli.worker import beside
from andon.organization import clock
from andon.trail.services import edge

if TYPE_CHECKING:
    import argparse

HOST = "127.0.0.1"
THREADS = 4


def run(options: argparse.Namespace) -> int:
    """Fill the factory when it is empty, and serve it until stopped."""
    if sentence := ports.trouble(HOST, options.port):
        raise Sentence(sentence)
    _prepare(options)
    address = f"http://{HOST}:{options.port}/"

    def introduce() -> None:
        print(_introduction(address), flush=True)
        if not options.no_browser:
            _open(address)

    with beside():
        serve(host=HOST, port=options.port, workers=1, threads=THREADS, when_ready=introduce)
    print("Stopped. Everything is kept; the same command goes on from here.", flush=True)
    return 0


def _prepare(options: argparse.Namespace) -> None:
    """Fill an empty data folder; refuse one whose database the demo did not fill to the end."""
    data = Path(settings.DATA)
    filled = data / "filled-by-the-demo"
    if filled.exists():
        call_command("migrate", interactive=False, verbosity=0)
        return
    if any(data.glob("andon.sqlite3*")):
        message = (
            f"{data} holds a database that is not a finished demo. Delete the folder if a demo "
            "was interrupted in it, or choose another one with --data."
        )
        raise Sentence(message)
    started = time.monotonic()
    print("Filling the demo factory (once) ...", flush=True)
    try:
        with _interruptible() as go_on:
            call_command("migrate", interactive=False, verbosity=0)
            go_on()
            with edge(via="command"), _unsynchronised():
                demo.fill(today=options.today or clock.today(), seed=options.seed)
            go_on()
    except BaseException:
        connection.close()
        for file in data.glob("andon.sqlite3*"):
            file.unlink()
        Path(settings.CHECKPOINTS).unlink(missing_ok=True)  # of a trail that is thrown away, too
        raise
    filled.write_text(f"seed {options.seed}\n", encoding="utf-8")
    print(f"  filled in {time.monotonic() - started:.1f} s", flush=True)


@contextmanager
def _interruptible() -> Iterator[Callable[[], None]]:
    """Yield what raises when somebody pressed Ctrl-C and nobody heard of it.

    SQLite asks the gate of the trail in the middle of a statement; an interrupt that arrives
    there is swallowed by the database module and becomes a refused statement.
    """
    pressed: list[int] = []

    def press(number: int, _frame: object) -> None:
        pressed.append(number)
        raise KeyboardInterrupt

    def go_on() -> None:
        if pressed:
            raise KeyboardInterrupt

    before = signal.signal(signal.SIGINT, press)
    try:
        yield go_on
    finally:
        signal.signal(signal.SIGINT, before)


@contextmanager
def _unsynchronised() -> Iterator[None]:
    """Fill without waiting for the disk at every commit; all of it is on disk at the end.

    Only here: an interrupted fill is thrown away whole, so nothing acknowledged can be lost.
    """
    if connection.vendor != "sqlite":
        yield
        return
    with connection.cursor() as cursor:
        cursor.execute("PRAGMA synchronous=OFF")
        yield
        cursor.execute("PRAGMA synchronous=FULL")
        cursor.execute("PRAGMA wal_checkpoint(TRUNCATE)")
    connection.close()


def _introduction(address: str) -> str:
    """Return what a visitor needs: that it is a demo, where it is, and who they can be."""
    people = [f"    {person.username:<10} {person.role}" for person in demo.SIGN_INS]
    return "\n".join(
        [
            "",
            f"  This is a demo, open to this machine only: {address}",
            "",
            f"  Sign in as one of these; the password is always: {demo.PASSWORD}",
            *people,
            "",
            "  adam makes this device a shared tablet under Tablets; the PINs there are:",
            "    " + ", ".join(f"{name} {pin}" for name, pin in demo.TABLET_PINS.items()),
            "",
            "  Stop with Ctrl-C.",
            "",
        ]
    )


def _open(address: str) -> None:
    """Open the browser of a desktop; a machine without one needs none."""
    desktop = ("DISPLAY", "WAYLAND_DISPLAY")
    if sys.platform == "linux" and not any(os.environ.get(name) for name in desktop):
        return
    # In a process of its own: some browsers keep their caller waiting.
    subprocess.Popen(
        [sys.executable, "-m", "webbrowser", "-t", address],
        stdin=subprocess.DEVNULL,
        stdout=subprocess.DEVNULL,
        stderr=subprocess.DEVNULL,
    )
