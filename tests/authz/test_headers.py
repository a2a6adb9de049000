"""The headers of every answer, also of those that say no (SE2, SE3); every route is in the matrix.

`test_matrix.py` asks for them on each route × role × method; here are the answers no route gives,
and what only production has.
"""

import json
import secrets
import subprocess
import sys
from pathlib import Path

import pytest
from django.core.exceptions import SuspiciousOperation
from django.test import Client, override_settings
from django.urls import path

from andon.accounts.policy import signed_in
from andon.accounts.roles import Role
from andon.accounts.testing import a_person
from andon.config.urls import urlpatterns as ours
from andon.entry import limits
from andon.entry.testing import told
from tests.authz.test_matrix import protected

ROOT = Path(__file__).parents[2]


@signed_in
def broken(request):
    raise ZeroDivisionError


@signed_in
def suspicious(request):
    raise SuspiciousOperation


urlpatterns = [*ours, path("broken/", broken), path("suspicious/", suspicious)]

SMALL = "x=" + "a" * 2_000_000
REFUSALS = {
    "400 of a NUL": ("get", "/nonconformities/?q=%00", {}, 400),
    "400 of something odd": ("get", "/suspicious/", {}, 400),
    "400 of too much": ("post", "/password/", {"data": SMALL}, 400),
    "401": ("get", "/api/v1/kpis/", {"HTTP_AUTHORIZATION": "Bearer andon_x_y"}, 401),
    "403": ("get", "/setup/people/", {}, 403),
    "403 of the API": ("post", "/api/v1/kpis/", {"HTTP_X_NOTHING": "1"}, 403),
    "404": ("get", "/no/such/page/", {}, 404),
    "404 of the API": ("get", "/api/v1/no/such/", {}, 404),
    "405": ("post", "/", {}, 405),
    "413 of the API": ("post", "/api/v1/kpis/", {"data": json.dumps({"a": "a" * 2_000_000})}, 413),
    "415 of the API": ("form", "/api/v1/kpis/", {}, 415),
    "500": ("get", "/broken/", {}, 500),
}


@pytest.fixture(autouse=True)
def calm():
    limits.REFUSALS.clear()


@pytest.fixture
def ana(db):
    return a_person(Role.QUALITY, username="ana")


@pytest.mark.parametrize("case", REFUSALS)
@override_settings(ROOT_URLCONF=__name__)
def test_SE2_every_answer_that_says_no_carries_the_headers(ana, case):
    method, url, more, status = REFUSALS[case]
    client = Client(raise_request_exception=False, enforce_csrf_checks=case == "403 of the API")
    client.force_login(ana)
    content = {
        "post": "application/json" if "/api/" in url else "application/x-www-form-urlencoded",
        "form": "application/x-www-form-urlencoded",
    }
    if method == "get":
        answer = client.get(url, **more)
    else:
        answer = client.post(url, more.pop("data", "{}"), content_type=content[method], **more)

    assert answer.status_code == status
    protected(answer, signed_in=True)


@override_settings(ROOT_URLCONF=__name__)
def test_SE2_twin_inside_of_the_refusals_the_headers_would_be_missing(ana, settings):
    mine = "andon.entry.headers.HeadersMiddleware"
    settings.MIDDLEWARE = [each for each in settings.MIDDLEWARE if each != mine] + [mine]
    client = Client()
    client.force_login(ana)

    answer = client.get("/nonconformities/?q=%00")

    with pytest.raises(KeyError):
        protected(answer, signed_in=True)


def test_SE3_the_policy_of_content_is_what_it_should_be(client, db):
    answer = client.get("/sign-in/")
    told_to = dict(
        part.strip().split(" ", 1) for part in answer["Content-Security-Policy"].split(";") if part
    )

    assert told_to["default-src"] == "'self'"
    assert told_to["object-src"] == told_to["base-uri"] == told_to["frame-ancestors"] == "'none'"
    assert told_to["form-action"] == "'self'"
    nonce = told_to["script-src"].removeprefix("'self' 'nonce-").removesuffix("'")
    assert f'nonce="{nonce}"' in answer.content.decode()
    again = client.get("/sign-in/")["Content-Security-Policy"]
    assert nonce not in again


def test_SE3_htmx_is_told_to_trust_nothing(client, db):
    page = client.get("/sign-in/").content.decode()
    config = json.loads(page.split('name="htmx-config"')[1].split("'")[1])

    assert config == {
        "allowEval": False,
        "selfRequestsOnly": True,
        "allowScriptTags": False,
        "includeIndicatorStyles": False,
        "historyCacheSize": 0,
    }


PRODUCTION = """
import django, json
django.setup()
from django.conf import settings
from django.test import Client, RequestFactory
from django.core.handlers.base import BaseHandler
from django.contrib.sessions.middleware import SessionMiddleware
from django.http import HttpResponse
from django.middleware.security import SecurityMiddleware
from andon.entry import devices
secure = SecurityMiddleware(lambda request: HttpResponse())
request = RequestFactory().get("/", secure=True, headers={"Host": "localhost"})
plain = RequestFactory().get("/", headers={"Host": "localhost"})
answer, sent_on = secure(request), secure(plain)
names = ("SESSION_COOKIE_NAME", "CSRF_COOKIE_NAME", "DEVICE_COOKIE_NAME", "SESSION_COOKIE_SECURE",
  "CSRF_COOKIE_SECURE", "SESSION_COOKIE_HTTPONLY", "SESSION_COOKIE_SAMESITE", "SESSION_COOKIE_PATH",
  "CSRF_COOKIE_SAMESITE", "SESSION_COOKIE_DOMAIN", "CSRF_COOKIE_DOMAIN", "DEBUG")
class Person: pk = 1
kept = HttpResponse()
devices.remember(request, kept, Person())
device = kept.cookies["__Host-device"]
print(json.dumps({
  "hsts": answer.get("Strict-Transport-Security", ""), "to": sent_on.get("Location", ""),
  "device": [device[k] for k in ("secure", "httponly", "samesite", "path", "domain")],
  **{name: getattr(settings, name) for name in names}}))
"""


def test_SE2_production_speaks_https_only_with_cookies_bound_to_the_host(tmp_path):
    done = subprocess.run(
        [sys.executable, "-c", PRODUCTION],
        cwd=ROOT,
        env={
            "ANDON_PROFILE": "production",
            "ANDON_SECRET_KEY": secrets.token_urlsafe(50),
            "ANDON_DATA": str(tmp_path),
            "DJANGO_SETTINGS_MODULE": "andon.config.settings",
            "PATH": "/usr/bin:/bin",
        },
        capture_output=True,
        text=True,
        check=False,
    )
    assert not done.returncode, done.stderr
    said = json.loads(done.stdout)

    assert said["hsts"].startswith("max-age=31536000")
    assert said["to"].startswith("https://")
    assert said["SESSION_COOKIE_NAME"] == "__Host-session"
    assert said["CSRF_COOKIE_NAME"] == "__Host-csrf"
    assert said["DEVICE_COOKIE_NAME"] == "__Host-device"
    assert said["SESSION_COOKIE_SECURE"] is said["CSRF_COOKIE_SECURE"] is True
    assert said["SESSION_COOKIE_HTTPONLY"] is True
    assert said["SESSION_COOKIE_SAMESITE"] == said["CSRF_COOKIE_SAMESITE"] == "Lax"
    assert said["SESSION_COOKIE_DOMAIN"] is said["CSRF_COOKIE_DOMAIN"] is None
    assert said["SESSION_COOKIE_PATH"] == "/"
    assert said["device"] == [True, True, "Lax", "/", ""]
    assert said["DEBUG"] is False


def test_LG1_refused_access_is_told_with_ids_and_nothing_else(client, ana):
    client.force_login(ana)

    client.get("/setup/people/")
    client.get("/nonconformities/NC-ABC1-1999-0001/")
    client.get("/no/such/page/")

    refused = told("access refused")
    assert [(each["status"], each["route"]) for each in refused] == [
        (403, "accounts:people"),
        (404, "nonconformities:detail"),
    ]
    assert refused[1]["ids"] == {"number": "NC-ABC1-1999-0001"}


def test_LG1_a_flood_of_refusals_is_told_up_to_a_bound(client, ana):
    client.force_login(ana)

    for _ in range(70):
        client.get("/setup/people/")

    assert len(told("access refused")) == 60
