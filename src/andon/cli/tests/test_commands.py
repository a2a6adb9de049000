"""The `andon` command, run as a person runs it: a process, its words, its exit code."""

import io
import json
import os
import re
import secrets
import signal
import socket
import sqlite3
import subprocess
import sys
import time
import urllib.error
import urllib.request
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from types import SimpleNamespace
from typing import Any

import pytest

from andon.accounts.models import User
from andon.accounts.testing import PASSWORD
from andon.cli.main import main
from andon.trail.testing import behind_the_back


@dataclass
class Said:
    """How a command ended and what it said."""

    code: int
    out: str
    err: str


Andon = Callable[..., Said]


@pytest.fixture
def andon(db: None, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]) -> Andon:
    """The command on an empty, migrated database, with words typed into it."""

    def run(*words: str, typed: str = "") -> Said:
        monkeypatch.setattr("sys.stdin", io.StringIO(typed))
        code = main(words)
        return Said(code, *capsys.readouterr())

    return run


@pytest.fixture
def vera(andon: Andon) -> Said:
    """The first administrator, made by the command."""
    return andon("createadmin", "--username", "vera", "--password-stdin", typed=PASSWORD)


def environment(**more: str) -> dict[str, str]:
    ours = {name: value for name, value in os.environ.items() if not name.startswith("ANDON_")}
    ours.pop("DATABASE_URL", None)
    ours.pop("DJANGO_SETTINGS_MODULE", None)
    return ours | more


def process(*words: str, **more: str) -> Said:
    done = subprocess.run(
        [sys.executable, "-m", "andon.cli", *words],
        check=False,
        capture_output=True,
        text=True,
        timeout=60,
        env=environment(**more),
    )
    return Said(done.returncode, done.stdout, done.stderr)


def free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


def test_LG2_serving_without_a_key_is_refused_in_a_sentence(tmp_path):
    said = process("serve", ANDON_DATA=str(tmp_path))

    assert said.code == 2
    assert "ANDON_SECRET_KEY" in said.err
    assert "Traceback" not in said.err


def test_LG2_a_wildcard_host_is_refused(tmp_path):
    said = process("check", ANDON_DATA=str(tmp_path), ANDON_SECRET_KEY="k" * 60, ANDON_HOSTS="*")

    assert said.code == 2
    assert "wildcard" in said.err


@pytest.mark.parametrize("command", ["serve", "createadmin"])
def test_a_database_of_another_version_is_not_used(tmp_path, command):
    said = process(command, ANDON_PROFILE="test", ANDON_DATA=str(tmp_path))

    assert said.code == 2
    assert "andon migrate" in said.err


def test_a_database_that_is_not_one_is_a_sentence(tmp_path):
    (tmp_path / "andon.sqlite3").write_text("this is no database", encoding="utf-8")

    said = process("verify", ANDON_PROFILE="test", ANDON_DATA=str(tmp_path))

    assert said.code == 2
    assert "not a database" in said.err
    assert "Traceback" not in said.err


def test_a_data_folder_that_is_a_file_is_a_sentence(tmp_path):
    (tmp_path / "data").write_text("a file", encoding="utf-8")

    said = process("demo", "--no-browser", "--data", str(tmp_path / "data"))

    assert said.code == 2
    assert "cannot be used" in said.err
    assert "Traceback" not in said.err


@pytest.mark.slow
def test_LG2_the_checks_of_a_real_installation_are_clean(tmp_path):
    real = {"ANDON_DATA": str(tmp_path / "data"), "ANDON_SECRET_KEY": secrets.token_urlsafe(50)}
    made = process("migrate", **real)

    said = process("check", **real)

    assert made.code == 0, made.err
    assert said.code == 0, said.out + said.err
    assert "no issues" in said.out


def test_AU7_the_first_administrator_is_made_by_command(vera):
    assert vera.code == 0, vera.err
    assert "vera can sign in" in vera.out
    assert User.objects.get(username="vera").may("accounts.manage")


def test_AU7_a_second_first_administrator_is_refused(vera, andon):
    said = andon("createadmin", "--username", "eve", "--password-stdin", typed=PASSWORD)

    assert said.code == 2
    assert "administrator already" in said.err
    assert not User.objects.filter(username="eve").exists()


def test_AU1_a_short_password_is_refused_and_nothing_is_made(andon, monkeypatch):
    monkeypatch.setenv("ANDON_ADMIN_PASSWORD", "short")

    said = andon("createadmin", "--username", "vera")

    assert said.code == 2
    assert "12 characters" in said.err
    assert not User.objects.exists()


@pytest.mark.parametrize(
    ("words", "option"), [([], "--username"), (["--username", "vera"], "--password-stdin")]
)
def test_where_nobody_can_be_asked_the_missing_option_is_named(andon, words, option):
    said = andon("createadmin", *words)

    assert said.code == 2
    assert option in said.err


def test_AT10_verify_is_clean_after_a_write_of_the_application(vera, andon):
    said = andon("verify")

    assert said.code == 0, said.out
    assert re.search(r"^clean: [1-9]\d* entries$", said.out, re.MULTILINE)


def test_AT10_verify_ends_with_1_and_names_the_changed_field(vera, andon):
    with behind_the_back() as cursor:
        cursor.execute("UPDATE accounts_user SET job_title = 'Boss'")

    said = andon("verify", "--json")

    report = json.loads(said.out)
    assert said.code == 1
    assert not report["clean"]
    assert "job_title" in {finding["field"] for finding in report["findings"]}


def test_a_taken_port_is_named(andon):
    with socket.socket() as taken:
        taken.bind(("127.0.0.1", 0))
        taken.listen()
        port = taken.getsockname()[1]
        said = andon("serve", "--port", str(port))

    assert said.code == 2
    assert f"Port {port} is taken" in said.err


@pytest.mark.parametrize("words", [["serve", "--port", "0"], ["serve", "--workers", "-1"], ["fly"]])
def test_a_wrong_word_ends_with_2(andon, words):
    with pytest.raises(SystemExit) as ended:
        andon(*words)

    assert ended.value.code == 2


def test_the_demo_does_not_touch_a_database_that_it_did_not_fill(tmp_path):
    mine = tmp_path / "andon.sqlite3"
    mine.write_bytes(b"years of records")

    said = process("demo", "--no-browser", "--port", str(free_port()), "--data", str(tmp_path))

    assert said.code == 2
    assert "not a finished demo" in said.err
    assert mine.read_bytes() == b"years of records"


def test_an_interrupted_filling_leaves_no_half_made_factory(tmp_path):
    words = ["demo", "--no-browser", "--port", str(free_port()), "--data", str(tmp_path)]
    process = Served(*words).process
    for line in process.stdout:
        if "Filling" in line:
            break
    while not (tmp_path / "andon.sqlite3").exists():
        time.sleep(0.01)
    process.send_signal(signal.SIGINT)
    said, _ = process.communicate(timeout=30)

    assert process.returncode == 130
    assert said.strip().endswith("Stopped.")
    assert not list(tmp_path.glob("andon.sqlite3*"))


class Served:
    """A server in a process of its own, from its first answer until it is stopped."""

    def __init__(self, *words: str, **more: str) -> None:
        self.address = f"http://127.0.0.1:{words[words.index('--port') + 1]}"
        self.started = time.monotonic()
        self.process = subprocess.Popen(
            [sys.executable, "-m", "andon.cli", *words],
            stdout=subprocess.PIPE,
            stderr=subprocess.STDOUT,
            text=True,
            env=environment(**more),
        )

    def get(self, path: str) -> Any:
        """Return the answer, as soon as there is one."""
        end = time.monotonic() + 60
        while time.monotonic() < end and self.process.poll() is None:
            try:
                return urllib.request.urlopen(self.address + path, timeout=10)
            except (ConnectionError, urllib.error.URLError) as error:
                if isinstance(error, urllib.error.HTTPError):
                    raise
                time.sleep(0.05)
        raise AssertionError(self.stop())

    def stop(self, kind: signal.Signals = signal.SIGINT) -> str:
        self.process.send_signal(kind)
        said, _ = self.process.communicate(timeout=30)
        return str(said)


@pytest.fixture
def here(committed_db: str, tmp_path: Path) -> dict[str, str]:
    """An installation with an empty, migrated database that other processes can use."""
    return {"DATABASE_URL": committed_db, "ANDON_PROFILE": "test", "ANDON_DATA": str(tmp_path)}


@pytest.mark.parametrize("kind", [signal.SIGINT, signal.SIGTERM])
def test_serve_answers_and_stops_when_told(here, kind):
    served = Served("serve", "--port", str(free_port()), **here)
    try:
        answer = served.get("/sign-in/")
        status = answer.status
    finally:
        said = served.stop(kind)

    assert status == 200
    assert "Andon answers at" in said
    assert "Traceback" not in said
    assert served.process.returncode == 0


@pytest.mark.parametrize(
    "name", ["DATABASE_URL", "ANDON_BACKUPS", "ANDON_FILES", "ANDON_FEEDS", "ANDON_OIDC_ISSUER"]
)
def test_LG2_the_demo_touches_nothing_of_a_real_installation(name, tmp_path, monkeypatch):
    real = {name: "the real one", "ANDON_PROFILE": "production", "ANDON_DATA": "/the/real/one"}
    monkeypatch.setattr(os, "environ", {**os.environ, **real})  # the tests' own stays as it is
    seen = {}
    demo = SimpleNamespace(run=lambda _options: seen.update(os.environ) or 0)
    monkeypatch.setattr("andon.cli.main._loaded", lambda _module: demo)

    assert main(["demo", "--data", str(tmp_path)]) == 0
    assert name not in seen
    assert (seen["ANDON_PROFILE"], seen["ANDON_DATA"]) == ("demo", str(tmp_path))


@pytest.mark.slow
def test_LG2_the_demo_is_for_this_machine_only_and_goes_on_where_it_stopped(tmp_path):
    words = ["demo", "--no-browser", "--data", str(tmp_path / "demo"), "--port", str(free_port())]
    real = {"DATABASE_URL": "postgres://the/real/one", "ANDON_SECRET_KEY": "the real key"}
    first = Served(*words, **real)
    try:
        status = first.get("/sign-in/").status
    finally:
        said = first.stop()
    again = Served(*words, **real)
    try:
        again.get("/sign-in/")
    finally:
        said_again = again.stop()

    assert status == 200
    assert f"open to this machine only: {first.address}/" in said
    assert "Filling the demo factory" in said
    assert "Filling" not in said_again
    assert first.process.returncode == again.process.returncode == 0
    assert (tmp_path / "demo" / "secret-key").stat().st_mode & 0o077 == 0
    with sqlite3.connect(tmp_path / "demo" / "andon.sqlite3") as database:
        assert database.execute("SELECT count(*) FROM accounts_user").fetchone()[0] > 0
