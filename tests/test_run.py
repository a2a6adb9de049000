"""`run.py`: what it says when it cannot go on, and that it leaves nothing half-made."""

import ast
import os
import shutil
import socket
import subprocess
import sys
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path
from types import SimpleNamespace
from typing import Any

import psycopg
import pytest

from tools import commands, environment, postgres, suite
from tools.environment import ROOT, RUN, Environment
from tools.reach import Reached
from tools.said import Stop

RUN_PY = ROOT / "run.py"
REPORT = (
    '<testsuites><testsuite><testcase name="one"/><testcase name="two">{}</testcase>'
    "</testsuite></testsuites>"
)


@pytest.fixture
def checkout(tmp_path: Path) -> Environment:
    """A checkout of which nothing is installed yet."""
    shutil.copytree(ROOT / "requirements", tmp_path / "requirements")
    shutil.copy(ROOT / "pyproject.toml", tmp_path)
    return Environment(tmp_path)


@pytest.fixture
def outside(monkeypatch: pytest.MonkeyPatch) -> list[list[str]]:
    """The commands that would have run; `venv` makes a Python, all others only succeed."""
    ran: list[list[str]] = []

    def run(command: list[Any], **_options: Any) -> Any:
        words = [str(word) for word in command]
        ran.append(words)
        if words[1:3] == ["-m", "venv"]:
            make_python(Path(words[3]))
        return SimpleNamespace(returncode=0, stdout="", stderr="")

    monkeypatch.setattr(environment.subprocess, "run", run)
    return ran


def make_python(folder: Path) -> None:
    (folder / "bin").mkdir(parents=True)
    (folder / "bin" / "python").symlink_to(sys.executable)


def failing(
    outside: list[list[str]], monkeypatch: pytest.MonkeyPatch, word: str, output: str
) -> None:
    run: Callable[..., Any] = environment.subprocess.run

    def or_fail(command: list[Any], **options: Any) -> Any:
        done = run(command, **options)
        failed = word in [str(part) for part in command]
        return SimpleNamespace(returncode=1, stdout=output, stderr="") if failed else done

    monkeypatch.setattr(environment.subprocess, "run", or_fail)


def test_an_old_python_reaches_the_sentence_that_says_so():
    old = f"import sys, runpy; sys.version_info = (3, 8, 10); runpy.run_path({str(RUN_PY)!r})"

    done = subprocess.run([sys.executable, "-c", old], check=False, capture_output=True, text=True)

    assert done.returncode == 1
    assert "needs Python 3.11 or newer, and this is Python 3.8" in done.stderr
    assert "Traceback" not in done.stderr


def test_an_old_python_can_parse_run_py():
    ast.parse(RUN_PY.read_text(encoding="utf-8"), feature_version=(3, 4))


def test_a_python_without_venv_is_told_which_package_brings_it(monkeypatch, checkout):
    monkeypatch.setattr(
        environment.importlib.util, "find_spec", lambda name: None if name == "ensurepip" else name
    )

    with pytest.raises(Stop, match=r"apt install python3-venv"):
        checkout.ready(RUN)

    assert not checkout.folder.exists()


def test_a_taken_port_is_named_before_anything_is_installed():
    with socket.socket() as taken:
        taken.bind(("127.0.0.1", 0))
        taken.listen()
        port = taken.getsockname()[1]
        done = subprocess.run(
            [sys.executable, RUN_PY, "demo", "--port", str(port)],
            check=False, capture_output=True, text=True, timeout=20,
        )  # fmt: skip

    assert done.returncode == 1
    assert f"Port {port} is taken" in done.stderr
    assert f"--port {port + 1}" in done.stderr
    assert "Setting up" not in done.stdout


@pytest.mark.parametrize("port", ["0", "70000", "eighty"])
def test_a_port_that_is_none_is_refused(port, capsys):
    with pytest.raises(SystemExit):
        commands.main(["demo", "--port", port])

    assert "is not a port" in capsys.readouterr().err


@pytest.mark.slow
def test_without_network_and_cache_it_says_so_and_leaves_no_half_made_environment(
    monkeypatch, checkout
):
    nowhere = "http://127.0.0.1:9/simple"
    for name in ("PIP_FIND_LINKS", "PIP_EXTRA_INDEX_URL", "UV_FIND_LINKS", "UV_EXTRA_INDEX_URL"):
        monkeypatch.delenv(name, raising=False)
    for name, value in {
        "PIP_CONFIG_FILE": os.devnull, "PIP_INDEX_URL": nowhere, "PIP_NO_CACHE_DIR": "1",
        "PIP_RETRIES": "0", "UV_DEFAULT_INDEX": nowhere, "UV_NO_CACHE": "1",
    }.items():  # fmt: skip
        monkeypatch.setenv(name, value)

    with pytest.raises(Stop, match=r"package index cannot be reached.*Nothing half-made was left"):
        checkout.ready(RUN)

    assert not checkout.folder.exists()
    assert "uv==" in checkout.log.read_text(encoding="utf-8")


def test_a_first_start_installs_by_hash_and_a_second_one_nothing(checkout, outside):
    checkout.ready(RUN)
    first = list(outside)
    outside.clear()
    checkout.ready(RUN)

    assert [words[1:3] for words in first if "venv" in words] == [["-m", "venv"]]
    assert all("--require-hashes" in words for words in first if "--requirement" in words)
    assert not outside


def test_a_changed_requirement_is_installed_alone(checkout, outside):
    checkout.ready(RUN)
    outside.clear()
    (checkout.root / "requirements" / "runtime.txt").write_text("# other\n", encoding="utf-8")
    checkout.ready(RUN)

    files = [word for words in outside for word in words if word.endswith(".txt")]
    assert [Path(file).name for file in files] == ["uv.txt", "runtime.txt"]


def test_a_moved_checkout_installs_itself_again(checkout, outside, tmp_path):
    checkout.ready(RUN)
    moved = replace(checkout, root=tmp_path.with_name("moved"))
    shutil.copytree(checkout.root, moved.root, symlinks=True)
    outside.clear()

    moved.ready(RUN)

    assert any("--editable" in words for words in outside)


def test_pip_does_what_uv_cannot(checkout, outside, monkeypatch, capsys):
    failing(outside, monkeypatch, "uv", "uv: no wheel for this machine")

    checkout.ready(RUN)

    assert "trying pip" in capsys.readouterr().out
    assert outside[-1][1:3] == ["-m", "pip"]


def test_a_failed_installation_leaves_nothing_and_shows_how_it_ended(
    checkout, outside, monkeypatch
):
    failing(outside, monkeypatch, "install", "line one\nTHESE PACKAGES DO NOT MATCH THE HASHES")

    with pytest.raises(Stop, match=r"(?s)installation failed.*DO NOT MATCH THE HASHES"):
        checkout.ready(RUN)

    assert not checkout.folder.exists()


def test_an_interrupted_installation_leaves_nothing(checkout, outside, monkeypatch):
    run: Callable[..., Any] = environment.subprocess.run

    def interrupted(command: list[Any], **options: Any) -> Any:
        if "install" in [str(word) for word in command]:
            raise KeyboardInterrupt
        return run(command, **options)

    monkeypatch.setattr(environment.subprocess, "run", interrupted)

    with pytest.raises(KeyboardInterrupt):
        checkout.ready(RUN)

    assert not checkout.folder.exists()


@pytest.fixture
def pytest_runs(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> list[tuple[list[str], dict[str, str]]]:
    """Each run of pytest that the suite would start; each writes a report with one skipped test."""
    ran: list[tuple[list[str], dict[str, str]]] = []

    def run(command: list[Any], *, env: dict[str, str], **_options: Any) -> Any:
        words = [str(word) for word in command]
        ran.append((words, env))
        report = next(word for word in words if word.startswith("--junit-xml=")).split("=")[1]
        Path(report).write_text(REPORT.format('<skipped message="a reason"/>'), encoding="utf-8")
        return SimpleNamespace(returncode=0)

    monkeypatch.setattr(suite, "subprocess", SimpleNamespace(run=run))
    monkeypatch.setattr(suite, "REPORTS", tmp_path)
    monkeypatch.setattr(Environment, "ready", lambda _self, _sets: Path(sys.executable))
    monkeypatch.setattr(suite.checks, "run", lambda _python: [])
    monkeypatch.setattr(suite.reach, "reached", lambda *_: [Reached("records", 99.5, 90.0)])
    monkeypatch.setenv("DATABASE_URL_POSTGRES", "postgres://somewhere/else")
    monkeypatch.setenv("DATABASE_URL", "postgres://the/real/one")
    monkeypatch.setenv("ANDON_CHROMIUM", "/a/chromium")
    monkeypatch.delenv("CI", raising=False)
    return ran


def test_arguments_are_handed_to_pytest_on_both_databases(pytest_runs):
    code = commands.main(["test", "-k", "ledger", "-x"])

    assert code == 0
    assert [words[-3:] for words, _ in pytest_runs] == [["-k", "ledger", "-x"]] * 2
    assert [env.get("DATABASE_URL") for _, env in pytest_runs] == [
        None,
        "postgres://somewhere/else",
    ]
    assert {env["ANDON_CHROMIUM"] for _, env in pytest_runs} == {"/a/chromium"}


def test_the_end_says_what_ran_and_what_was_skipped_and_why(pytest_runs, capsys):
    code = commands.main(["test"])

    said = capsys.readouterr().out
    assert code == 0
    assert "skipped on SQLite: two: a reason" in said
    assert said.rstrip().endswith("3 passed, 0 failed, 2 skipped")


def test_on_ci_whatever_is_left_out_counts_as_failed(pytest_runs, monkeypatch, capsys):
    monkeypatch.setenv("CI", "true")
    monkeypatch.delenv("DATABASE_URL_POSTGRES")
    monkeypatch.delenv("ANDON_CHROMIUM")
    monkeypatch.setattr(suite.postgres, "binaries", lambda: None)
    monkeypatch.setattr(suite.shutil, "which", lambda _name, path=None: path and None)

    code = commands.main(["test"])

    said = capsys.readouterr().out
    assert code == 1
    assert "apt install postgresql" in said
    assert "apt install chromium" in said
    assert "apt install default-jre-headless" in said
    assert "apt install mosquitto" in said
    assert said.rstrip().endswith("1 passed, 5 failed, 0 skipped")


def test_on_ci_a_test_may_be_skipped_on_one_database_that_ran_on_the_other(
    pytest_runs, monkeypatch, capsys
):
    """The report says that the second test was skipped; let the second run have passed it."""
    monkeypatch.setenv("CI", "true")
    run = suite.subprocess.run

    def passing_on_postgresql(command, *, env, **options):
        done = run(command, env=env, **options)
        report = next(str(word) for word in command if "postgresql.xml" in str(word))
        Path(report.split("=")[1]).write_text(REPORT.format(""), encoding="utf-8")
        return done

    def either(command, *, env, **options):
        chosen = passing_on_postgresql if "DATABASE_URL" in env else run
        return chosen(command, env=env, **options)

    monkeypatch.setattr(suite, "subprocess", SimpleNamespace(run=either))

    code = commands.main(["test"])

    assert code == 0
    assert capsys.readouterr().out.rstrip().endswith("4 passed, 0 failed, 1 skipped")


def test_on_ci_a_test_that_ran_nowhere_fails(pytest_runs, monkeypatch, capsys):
    monkeypatch.setenv("CI", "true")

    code = commands.main(["test"])

    assert code == 1
    assert "ran nowhere: None two" in capsys.readouterr().out


def test_reaching_less_than_asked_for_fails(pytest_runs, monkeypatch, capsys):
    less = Reached("trail", 89.9, 90.0)
    monkeypatch.setattr(suite.reach, "reached", lambda *_: [less])

    code = commands.main(["test"])

    assert code == 1
    assert "trail: 89.9 % reached (at least 90 %)" in capsys.readouterr().out


@pytest.mark.slow
@pytest.mark.skipif(postgres.binaries() is None, reason="there is no PostgreSQL on this machine")
def test_the_private_postgresql_answers_and_leaves_nothing(tmp_path):
    folder = postgres.binaries()
    assert folder is not None

    with postgres.throw_away_cluster(folder, ROOT / "var") as address:
        with psycopg.connect(address.replace("postgres://", "postgresql://")) as connection:
            answer = connection.execute("select 40 + 2").fetchone()
        homes = list((ROOT / "var").glob("postgres-*"))

    assert answer == (42,)
    assert not any(home.exists() for home in homes)
    with pytest.raises(psycopg.OperationalError):
        psycopg.connect(address.replace("postgres://", "postgresql://"), connect_timeout=2)


def test_spark_is_fetched_only_where_there_is_java():
    plain = suite.Machine(chromium="", postgres_address="", postgres_binaries=None)

    assert "spark" not in plain.sets
    assert "spark" in replace(plain, java="/usr/bin/java").sets
