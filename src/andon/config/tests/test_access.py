"""Each request leaves one line that helps, and nothing in it that must stay secret (LG1)."""

import io
import json
import logging
import logging.config
import re

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import IntegrityError
from django.test import Client
from django.urls import reverse

from andon.accounts.roles import Role
from andon.accounts.testing import PASSWORD, SiteFactory, a_person
from andon.config import access
from andon.config.logs import configuration
from andon.modules.nonconformities.tests.factories import reported

CANARY = "canary-7f3a9b"


@pytest.fixture
def lines():
    """Log as in production, and return the lines that were written meanwhile."""
    root, inner = logging.getLogger(), logging.getLogger("andon.access")
    kept = root.handlers[:], root.level, inner.level
    logging.config.dictConfig(configuration(level="INFO", access=True))
    written = io.StringIO()
    root.handlers[-1].setStream(written)

    yield lambda: written.getvalue().splitlines()
    root.handlers[:], root.level, inner.level = kept
    logging.config.dictConfig(configuration(level="ERROR"))


def answered(lines):
    return [json.loads(line) for line in lines if '"answered"' in line]


@pytest.mark.django_db
def test_LG1_a_request_leaves_one_line_with_route_status_time_person_and_id(client, lines):
    admin = a_person(Role.ADMIN)
    client.force_login(admin)

    answer = client.get("/setup/people/", headers={"X-Request-ID": "proxy-0001.abc"})

    (line,) = answered(lines())
    assert (line["method"], line["route"], line["status"]) == ("GET", "setup/people/", 200)
    assert line["user_id"] == admin.pk
    assert line["request_id"] == answer["X-Request-ID"] == "proxy-0001.abc"
    assert line["ms"] > 0


@pytest.mark.django_db
@pytest.mark.parametrize(
    "sent", ["short", "x" * 65, "two words 12", "a\r\nSet-Cookie: x=1", "é" * 10, "{jndi:ldap}", ""]
)
def test_LG1_an_id_that_is_not_well_formed_is_not_repeated(client, lines, sent):
    answer = client.get("/healthz", HTTP_X_REQUEST_ID=sent)

    assert re.fullmatch(r"[0-9a-f]{32}", answer["X-Request-ID"])
    assert not sent or sent not in "".join(lines())


@pytest.mark.django_db
def test_LG1_the_id_of_the_request_stands_in_the_trail(client):
    client.force_login(a_person(Role.ADMIN))

    client.post(
        "/setup/sites/new/",
        {"code": "X1", "name": "Plant", "time_zone": "UTC", "is_active": "on"},
        headers={"X-Request-ID": "proxy-0002.abc"},
    )

    from andon.trail.models import AuditEntry  # noqa: PLC0415

    assert AuditEntry.objects.filter(request_id="proxy-0002.abc", model="accounts.site").exists()


@pytest.mark.django_db
def test_LG1_lines_cannot_be_forged_by_what_is_sent(client, lines):
    client.get('/no\r\n{"event": "answered", "status": 200}/', HTTP_USER_AGENT="a\r\nb")

    read = lines()
    assert len(answered(read)) == 1
    assert all(json.loads(line) for line in read)


@pytest.mark.django_db
def test_LG1_no_password_token_code_session_or_content_of_a_file_reaches_the_log(
    lines, monkeypatch
):
    """Sends a canary everywhere a secret is sent, lets things break, and looks for it."""
    client = Client(raise_request_exception=False)
    site = SiteFactory.create(code="ABC1")
    ana = a_person(Role.MANAGER, site, username="ana")
    record = reported(ana, site)
    bad = {"login": "ana", "password": CANARY}
    client.post(reverse("account_login"), bad)
    client.post(reverse("account_login"), {**bad, "password": PASSWORD})
    session = client.cookies["sessionid"].value if "sessionid" in client.cookies else CANARY
    attach = reverse("nonconformities:attach", args=[record.number])
    upload = SimpleUploadedFile("note.txt", CANARY.encode())
    client.post(attach, {"file": upload})
    client.get(f"/calendar/{CANARY}.ics")
    client.get(f"/no/{CANARY}/")
    client.get("/", {"token": CANARY})
    client.get("/api/v1/nonconformities/", headers={"Authorization": f"Bearer {CANARY}"})
    client.post("/api/v1/nonconformities/", json.dumps({"title": CANARY}), "application/json")
    client.cookies["sessionid"] = CANARY
    client.get("/")

    def broken(*_words, **_more):
        raise ValueError("something of ours broke")

    client.force_login(ana)
    monkeypatch.setattr("andon.accounts.services.set_password", broken, raising=False)
    monkeypatch.setattr("andon.records.files.attach", broken)
    upload = SimpleUploadedFile("note.txt", CANARY.encode())
    client.post(attach, {"file": upload, "caption": CANARY})
    client.post(reverse("account_change_password"), {"oldpassword": CANARY, "password1": CANARY})

    log = "\n".join(lines())
    routes = {line["route"] for line in answered(lines())}
    assert len(answered(lines())) >= 11
    assert {"nonconformities/<str:number>/files/", "calendar/<str:secret>.ics"} <= routes
    assert "something of ours broke" in log
    assert CANARY not in log
    assert session not in log
    assert PASSWORD not in log


@pytest.mark.django_db
def test_LG1_the_canary_test_bites(client, lines, monkeypatch):
    """The broken twin: with the address instead of its pattern the secret would be there."""
    monkeypatch.setattr(access, "route_of", lambda request: request.path)

    client.get(f"/calendar/{CANARY}.ics")

    assert CANARY in "\n".join(lines())


def test_LG1_the_row_that_a_database_refuses_is_left_out(lines):
    said = f"duplicate key\nDETAIL:  Key (session_key)=({CANARY}) already exists."
    logging.getLogger("andon.worker").error("It failed.", exc_info=IntegrityError(said))

    log = "\n".join(lines())
    assert "duplicate key" in log
    assert CANARY not in log
