"""The worker as a command: it does what is due, stops when told, and ends with its server."""

import signal
import subprocess
import sys
import time
from collections.abc import Callable

import pytest

from andon.cli.tests.test_commands import Served, environment, free_port, process

WORKER = [sys.executable, "-m", "andon.cli", "worker", "--beside"]


def until(holds: Callable[[], bool]) -> bool:
    """Wait until ``holds``, for up to 30 seconds."""
    end = time.monotonic() + 30
    while time.monotonic() < end:
        if holds():
            return True
        time.sleep(0.05)
    return False


def workers_beside(pid: int) -> list[int]:
    """Return the ids of the workers that run beside the server ``pid``."""
    listed = subprocess.run(["ps", "-eo", "pid,args"], capture_output=True, text=True, check=True)
    return [
        int(line.split()[0])
        for line in listed.stdout.splitlines()
        if f"worker --beside {pid}" in line
    ]


@pytest.fixture
def here(committed_db: str, tmp_path) -> dict[str, str]:
    return {"DATABASE_URL": committed_db, "ANDON_PROFILE": "test", "ANDON_DATA": str(tmp_path)}


def worker(*words: str, **more: str) -> subprocess.Popen[str]:
    return subprocess.Popen(
        [sys.executable, "-m", "andon.cli", "worker", *words],
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        text=True,
        env=environment(**more),
    )


def test_the_worker_once_does_what_is_due_and_ends(here):
    process = worker("--once", **here)

    said, _ = process.communicate(timeout=60)

    assert process.returncode == 0, said
    assert "Duties done:" in said


def test_the_worker_stops_when_told(here):
    process = worker(**here)
    process.stdout.readline()

    process.send_signal(signal.SIGTERM)
    said, _ = process.communicate(timeout=60)

    assert process.returncode == 0, said
    assert "Traceback" not in said


def test_a_worker_beside_a_server_stops_with_it(here):
    served = Served("serve", "--worker", "--port", str(free_port()), **here)
    served.get("/sign-in/")
    began = until(lambda: workers_beside(served.process.pid))

    said = served.stop(signal.SIGTERM)

    assert began
    assert "Traceback" not in said
    assert not workers_beside(served.process.pid)


def test_a_worker_ends_when_what_it_runs_beside_was_killed(here):
    start = f"import os, subprocess; subprocess.run({WORKER!r} + [str(os.getpid())])"
    parent = subprocess.Popen([sys.executable, "-c", start], env=environment(**here))
    began = until(lambda: workers_beside(parent.pid))

    parent.kill()
    parent.wait(30)

    assert began
    assert until(lambda: not workers_beside(parent.pid))


def test_mail_without_the_address_of_andon_is_refused_in_a_sentence(tmp_path):
    more = {"ANDON_PROFILE": "test", "ANDON_DATA": str(tmp_path)}
    said = process("check", ANDON_EMAIL_URL="smtp://mail.example.com:25", **more)

    assert said.code == 2
    assert "ANDON_URL" in said.err
