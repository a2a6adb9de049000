"""A private PostgreSQL for one run of the tests: made, used, and thrown away."""

from __future__ import annotations

import contextlib
import os
import secrets
import shutil
import signal
import socket
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator
from pathlib import Path

from tools.said import Stop

if sys.platform != "win32":
    import pwd

PATIENCE_SECONDS = 60


def binaries() -> Path | None:
    """Return the folder with the newest ``initdb`` and ``postgres`` of this machine."""
    if sys.platform == "win32":
        return None
    usual = [
        *Path("/usr/lib/postgresql").glob("*/bin"),
        *Path("/usr/pgsql").parent.glob("pgsql-*/bin"),
        *Path("/opt/homebrew/opt").glob("postgresql@*/bin"),
    ]
    on_path = shutil.which("initdb")
    candidates = [*usual, *([Path(on_path).resolve().parent] if on_path else [])]
    whole = [
        folder
        for folder in candidates
        if (folder / "initdb").exists() and (folder / "postgres").exists()
    ]
    return max(whole, key=_version, default=None)


def _version(folder: Path) -> float:
    output = subprocess.run(
        [folder / "postgres", "--version"], check=False, capture_output=True, text=True
    ).stdout
    number = next((word for word in output.split() if word[:1].isdigit()), "0")
    return float(".".join(number.split(".")[:2]))


@contextlib.contextmanager
def throw_away_cluster(folder: Path, near: Path) -> Iterator[str]:
    """Start a server with the binaries in ``folder`` and yield the address of its database.

    Its files lie under ``near``; it listens on the loopback address only, with a password, and
    never syncs: after the run nothing of it is left.
    """
    user = _server_user()
    home = _home(near, user)
    password = secrets.token_urlsafe(18)
    port = _free_port()
    server = None
    try:
        _initialise(folder, home, password, user)
        server = _start(folder, home, port, user)
        _wait_until_ready(server, port, home)
        yield f"postgres://andon:{password}@127.0.0.1:{port}/postgres"
    finally:
        if server is not None:
            server.send_signal(signal.SIGINT)  # its "fast" stop, which does not wait for clients
            with contextlib.suppress(subprocess.TimeoutExpired):
                server.wait(5)
            server.kill()
            server.wait()
        shutil.rmtree(home, ignore_errors=True)


def _server_user() -> pwd.struct_passwd | None:
    """Return the user for the server: PostgreSQL refuses to run as root."""
    if os.geteuid() != 0:
        return None
    for name in ("postgres", "nobody"):
        with contextlib.suppress(KeyError):
            return pwd.getpwnam(name)
    raise Stop("PostgreSQL does not run as root, and there is no other user on this machine.")


def _home(near: Path, user: pwd.struct_passwd | None) -> Path:
    near.mkdir(parents=True, exist_ok=True)
    place: Path | None = near
    if user is not None and not _reaches(near, user):
        place = None  # for example a checkout in root's home: the system's folder for such things
    home = Path(tempfile.mkdtemp(prefix="postgres-", dir=place))
    if user is not None:
        os.chown(home, user.pw_uid, user.pw_gid)
    return home


def _reaches(folder: Path, user: pwd.struct_passwd) -> bool:
    probe = subprocess.run(["test", "-x", folder], check=False, **_as(user))  # type: ignore[call-overload]
    return bool(probe.returncode == 0)


def _as(user: pwd.struct_passwd | None) -> dict[str, object]:
    if user is None:
        return {}
    return {"user": user.pw_uid, "group": user.pw_gid, "extra_groups": []}


def _free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


def _initialise(folder: Path, home: Path, password: str, user: pwd.struct_passwd | None) -> None:
    secret = home / "password"
    secret.write_text(password, encoding="utf-8")
    if user is not None:
        os.chown(secret, user.pw_uid, user.pw_gid)
    command = [
        folder / "initdb", "--pgdata", home / "data", "--username=andon", f"--pwfile={secret}",
        "--auth=scram-sha-256", "--encoding=UTF8", "--no-locale", "--no-sync",
    ]  # fmt: skip
    done = subprocess.run(
        command, check=False, cwd=home, capture_output=True, text=True, **_as(user)
    )  # type: ignore[call-overload]
    secret.unlink()
    if done.returncode:
        raise Stop(f"PostgreSQL could not make its files:\n{done.stderr.strip()}")


def _start(
    folder: Path, home: Path, port: int, user: pwd.struct_passwd | None
) -> subprocess.Popen[bytes]:
    settings = {
        "port": port,
        "listen_addresses": "127.0.0.1",
        "unix_socket_directories": "",
        "fsync": "off",
        "full_page_writes": "off",
        "max_connections": 200,
    }
    options = [f"--{name}={value}" for name, value in settings.items()]
    with (home / "log").open("wb") as log:
        return subprocess.Popen(  # type: ignore[call-overload,no-any-return]
            [folder / "postgres", "-D", home / "data", *options],
            cwd=home,
            stdin=subprocess.DEVNULL,
            stdout=log,
            stderr=subprocess.STDOUT,
            start_new_session=True,  # Ctrl-C is ours to answer: the server stops after the tests
            **_as(user),
        )


def _wait_until_ready(server: subprocess.Popen[bytes], port: int, home: Path) -> None:
    end = time.monotonic() + PATIENCE_SECONDS
    while time.monotonic() < end and server.poll() is None:
        status = home / "data" / "postmaster.pid"
        if status.exists() and status.read_text(encoding="utf-8").rstrip().endswith("ready"):
            return
        time.sleep(0.1)
    log = (home / "log").read_text(encoding="utf-8", errors="replace")
    raise Stop(f"PostgreSQL did not start on port {port}:\n{log.strip()[-2000:]}")
