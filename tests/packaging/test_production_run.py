"""A real installation, served and worked for by real processes, behind a proxy that speaks TLS."""

import http.client
import json
import os
import re
import secrets
import signal
import socket
import subprocess
import sys
import time
from contextlib import contextmanager
from http.cookies import SimpleCookie
from urllib.parse import urlencode

import pytest

from tests.crash.processes import noted

HOST = "qms.example.com"
PASSWORD = "a stone bridge over the river"
TOKEN = secrets.token_urlsafe(40)
# Ten seconds are promised; a busy machine is no failure, the figure is noted.
RESTART_SECONDS = 30
ANDON = [sys.executable, "-m", "andon.cli"]


@pytest.fixture
def environment(committed_db, tmp_path):
    bare = {name: os.environ[name] for name in ("PATH", "HOME") if name in os.environ}
    return bare | {
        "DATABASE_URL": committed_db,
        "ANDON_SECRET_KEY": secrets.token_urlsafe(60),
        "ANDON_DATA": str(tmp_path / "data"),
        "ANDON_HOSTS": HOST,
        "ANDON_ORIGINS": f"https://{HOST}",
        "ANDON_URL": f"https://{HOST}",
        "ANDON_TRUSTED_PROXIES": "1",
        "ANDON_METRICS_TOKEN": TOKEN,
        "ANDON_ADMIN_PASSWORD": PASSWORD,
    }


def run(environment, *words):
    done = subprocess.run(
        [*ANDON, *words], env=environment, capture_output=True, text=True, check=False
    )
    assert done.returncode == 0, done.stdout + done.stderr
    return done.stdout


def free_port():
    with socket.socket() as one:
        one.bind(("127.0.0.1", 0))
        return one.getsockname()[1]


class Browser:
    """Asks as a proxy would for somebody who came by https, and keeps cookies."""

    def __init__(self, port):
        self.port, self.cookies = port, {}

    def ask(self, method, path, sent=None, **headers):
        connection = http.client.HTTPConnection("127.0.0.1", self.port, timeout=30)
        known = {
            "Host": HOST,
            "X-Forwarded-Proto": "https",
            "X-Forwarded-For": "203.0.113.7",
            "Cookie": "; ".join(f"{name}={value}" for name, value in self.cookies.items()),
            "Referer": f"https://{HOST}/",
        }
        if sent is not None:
            known["Content-Type"] = "application/x-www-form-urlencoded"
        body = urlencode(sent) if sent is not None else None
        connection.request(method, path, body, {**known, **headers})
        answer = connection.getresponse()
        text = answer.read().decode()
        for line in answer.headers.get_all("Set-Cookie") or ():
            self.cookies |= {name: each.value for name, each in SimpleCookie(line).items()}
        connection.close()
        return answer, text


@contextmanager
def served(environment, port, log):
    command = [*ANDON, "serve", "--port", str(port), "--workers", "2", "--threads", "2", "--worker"]
    with log.open("a") as out:
        process = subprocess.Popen(
            command, env=environment, stdout=out, stderr=out, start_new_session=True
        )
        try:
            yield process
        finally:
            if process.poll() is None:
                os.killpg(process.pid, signal.SIGKILL)
            process.wait()


def up(port, seconds):
    """Return how long it took until the process answers."""
    begun = time.monotonic()
    while True:
        try:
            if Browser(port).ask("GET", "/healthz")[0].status == 200:
                return time.monotonic() - begun
        except OSError:
            pass
        assert time.monotonic() - begun < seconds, "it did not start in time"
        time.sleep(0.05)


@pytest.mark.slow
def test_LG2_a_production_start_serves_behind_a_proxy_and_is_back_after_kill_9(
    environment, tmp_path
):
    run(environment, "createadmin", "--username", "adam")
    assert "no issues" in run(environment, "check")
    port, log = free_port(), tmp_path / "log"
    with served(environment, port, log) as process:
        up(port, 60)
        in_plain_http_people_are_sent_to_https(port)
        browser = somebody_signs_in(port)
        monitoring_reads_what_both_processes_counted(port)
        the_worker_is_seen(port)
        os.killpg(process.pid, signal.SIGKILL)
    begun = time.monotonic()
    with served(environment, port, log) as process:
        up(port, RESTART_SECONDS)
        noted("served again", seconds=time.monotonic() - begun)
        browser.port = port
        after, _text = browser.ask("GET", "/")
        assert after.status == 200 or "/login" not in after.headers["Location"], "signed in still"
        process.send_signal(signal.SIGTERM)
        assert process.wait(40) == 0
    the_log_is_json_and_knows_no_secret(log, browser)
    assert "clean" in run(environment, "verify")


def in_plain_http_people_are_sent_to_https(port):
    answer, _text = Browser(port).ask("GET", "/", **{"X-Forwarded-Proto": "http"})
    assert (answer.status, answer.headers["Location"]) == (301, f"https://{HOST}/")
    other, _text = Browser(port).ask("GET", "/", Host="evil.example.net")
    assert other.status == 400


def somebody_signs_in(port):
    browser = Browser(port)
    where = browser.ask("GET", "/")[0].headers["Location"].partition("?")[0]
    _login, text = browser.ask("GET", where)
    token = re.search(r'name="csrfmiddlewaretoken" value="([^"]+)"', text)[1]
    sent = {"login": "adam", "password": PASSWORD, "csrfmiddlewaretoken": token}
    answer, _text = browser.ask("POST", where, sent)
    assert answer.status in {302, 303}, answer.status
    assert "__Host-session" in browser.cookies
    cookie = next(c for c in answer.headers.get_all("Set-Cookie") if "__Host-session" in c)
    assert "Secure" in cookie
    assert "HttpOnly" in cookie
    assert answer.headers["Strict-Transport-Security"]
    shown, _text = browser.ask("GET", "/")
    # The administrator is asked for a second factor first.
    assert shown.status == 200 or where not in shown.headers["Location"]
    return browser


def monitoring_reads_what_both_processes_counted(port):
    for _number in range(20):
        Browser(port).ask("GET", "/healthz")
    answer, text = Browser(port).ask("GET", "/metrics", Authorization=f"Bearer {TOKEN}")
    assert answer.status == 200
    counted = re.search(r'andon_requests_total{[^}]*route="healthz"[^}]*} ([\d.]+)', text)
    assert float(counted[1]) >= 20
    assert Browser(port).ask("GET", "/metrics")[0].status == 404


def the_worker_is_seen(port):
    end = time.monotonic() + 60
    while True:
        answer, text = Browser(port).ask("GET", "/readyz")
        if json.loads(text)["status"] == "ok":
            assert answer.status == 200
            return
        assert time.monotonic() < end, text
        time.sleep(0.5)


def the_log_is_json_and_knows_no_secret(log, browser):
    text = log.read_text()
    lines = [json.loads(line) for line in text.splitlines() if line.startswith("{")]
    answered = [line for line in lines if line.get("event") == "answered"]
    assert {"method", "route", "status", "ms", "request_id"} <= answered[0].keys()
    assert any(line.get("user_id") for line in answered)
    for word in (PASSWORD, TOKEN, *browser.cookies.values()):
        assert word not in text
