"""A built wheel is all one needs: installed in an empty environment, it shows its first page."""

import hashlib
import http.client
import os
import re
import socket
import subprocess
import sys
import time
import zipfile
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[2]
PATIENCE = 120
pytestmark = pytest.mark.slow


def build(folder):
    command = [sys.executable, "-m", "hatchling", "build", "-t", "wheel", "-d", str(folder)]
    subprocess.run(command, cwd=ROOT, check=True, capture_output=True)
    (wheel,) = folder.glob("*.whl")
    return wheel


@pytest.fixture(scope="module")
def wheel(tmp_path_factory):
    return build(tmp_path_factory.mktemp("wheel"))


@pytest.fixture(scope="module")
def python(wheel, tmp_path_factory):
    """An environment that holds the wheel and its pinned requirements, and nothing else."""
    folder = tmp_path_factory.mktemp("empty") / "venv"
    interpreter = folder / ("Scripts/python.exe" if os.name == "nt" else "bin/python")
    pinned = ROOT / "requirements" / "runtime.txt"
    install = ["pip", "install", "--quiet", "--python", str(interpreter)]
    uv("venv", "--quiet", "--python", sys.executable, str(folder))
    uv(*install, "--require-hashes", "--requirement", str(pinned))
    uv(*install, "--no-deps", str(wheel))
    return interpreter


def uv(*arguments):
    subprocess.run([sys.executable, "-m", "uv", *arguments], check=True, cwd=ROOT)


def free_port():
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return probe.getsockname()[1]


@pytest.fixture
def demo(python, tmp_path):
    """The demo as someone starts it who has only the wheel; gives its port."""
    port, log = free_port(), tmp_path / "log.txt"
    command = [str(python), "-m", "andon.cli", "demo", "--no-browser"]
    kept = {name: os.environ[name] for name in ("PATH", "HOME", "TMPDIR") if name in os.environ}
    with log.open("wb") as out:
        server = subprocess.Popen(
            [*command, "--port", str(port), "--data", str(tmp_path / "data")],
            cwd=tmp_path,
            env=kept,
            stdout=out,
            stderr=subprocess.STDOUT,
        )
    try:
        _wait(port, server, log)
        yield port
    finally:
        server.terminate()
        server.wait(timeout=30)


def _wait(port, server, log):
    until = time.monotonic() + PATIENCE
    while time.monotonic() < until and server.poll() is None:
        with socket.socket() as probe:
            if probe.connect_ex(("127.0.0.1", port)) == 0:
                return
        time.sleep(0.3)
    pytest.fail(f"The demo did not start:\n{log.read_text(errors='replace')[-3000:]}")


def get(port, path):
    connection = http.client.HTTPConnection("127.0.0.1", port, timeout=30)
    connection.request("GET", path, headers={"Accept-Encoding": "gzip, br"})
    answer = connection.getresponse()
    body = answer.read()
    connection.close()
    return answer, body


def test_CF1_the_wheel_holds_every_asset_template_and_text_and_no_test(wheel):
    names = set(zipfile.ZipFile(wheel).namelist())

    for pattern in ("ui/static/andon/dist/**/*", "**/templates/**/*.html", "standard/**/*.yaml"):
        for path in (ROOT / "src" / "andon").glob(pattern):
            if path.is_file() and "tests" not in path.parts:
                assert path.relative_to(ROOT / "src").as_posix() in names
    assert [name for name in names if "/tests/" in name] == []
    assert any(name.endswith("licenses/LICENSE") for name in names)


def test_the_same_sources_make_the_same_wheel(wheel, tmp_path):
    again = build(tmp_path)

    digests = {hashlib.sha256(path.read_bytes()).hexdigest() for path in (wheel, again)}
    assert len(digests) == 1


def test_an_empty_environment_shows_the_first_page_with_all_it_needs(demo):
    answer, _body = get(demo, "/")
    assert answer.status == 302

    answer, body = get(demo, answer.headers["Location"])
    assert answer.status == 200
    page = body.decode() if "Content-Encoding" not in answer.headers else _unpacked(body)
    assert 'name="password"' in page
    assets = sorted(set(re.findall(r'(?:src|href)="(/static/[^"#]+)', page)))
    assert len(assets) >= 4
    loaded = 0
    for path in assets:
        answer, body = get(demo, path)
        assert answer.status == 200, path
        loaded += len(body)
    assert loaded + len(page) < 200_000


def _unpacked(body):
    import gzip  # noqa: PLC0415  (only where the server packs its pages)

    return gzip.decompress(body).decode()
