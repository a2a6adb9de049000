"""Requests of people at one site, over every surface: nothing of the other site shows (AZ2, AZ3).

The oracle knows no query: what belongs to the other site carries a word that must not appear in
any answer, whatever page, file, export, search or API gave it.
"""

import io
import os
import random
import re
import shutil
import subprocess
import zipfile
from typing import Any

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client
from django.urls import get_resolver

from andon.accounts.policy import Route, routes
from andon.accounts.roles import Role
from andon.accounts.testing import SiteFactory, a_person
from andon.modules.actions.tests.factories import opened
from andon.modules.analyses.tests.factories import an_analysis
from andon.modules.improvements.tests.factories import proposed
from andon.modules.kpis.tests.factories import a_kpi, a_signal
from andon.modules.nonconformities.tests.factories import reported
from andon.records import services as records
from andon.records.files import attach
from andon.records.querysets import RecordQuerySet

REQUESTS = int(os.environ.get("ANDON_TEST_REQUESTS", "500"))
SECRET = "Zebrafish"
PART = re.compile(r"<(?:(\w+):)?(\w+)>")
WORDS = ("ebrafis", "Zebra fish", "NC-XYZ1", "XYZ1", "secret")
LISTS = ("state", "order", "due", "q", "site", "owner", "process", "kind", "col", "page", "after")


@pytest.fixture
def world(db: None) -> dict[str, Any]:
    """Two sites; at the other one a record of every kind, with parts, that carries the word."""
    here, there = SiteFactory.create(code="ABC1"), SiteFactory.create(code="XYZ1", name=SECRET)
    quality = {role: a_person(role, there) for role in (Role.MANAGER, Role.QUALITY)}
    boss = quality[Role.MANAGER]
    kpi = a_kpi(boss, there, name=f"{SECRET} rate")
    made = [
        reported(boss, there, title=f"{SECRET} in the bath"),
        opened(boss, there, title=f"{SECRET} again"),
        proposed(boss, there, title=f"Fewer {SECRET}"),
        an_analysis(boss, there, title=f"{SECRET} sizes"),
        a_signal(boss, there, title=f"{SECRET} signal", kpi=kpi),
    ]
    records.comment(made[0], f"{SECRET} said", by=boss)
    attach(made[0], SimpleUploadedFile(f"{SECRET}.txt", SECRET.encode()), by=boss, caption=SECRET)
    hidden = reported(
        a_person(Role.QUALITY, here), here, title=f"{SECRET} restricted", restricted=True
    )
    people = [a_person(role, here) for role in Role]
    reported(a_person(Role.MANAGER, here), here, title="Ordinary")
    return {"people": people, "records": [*made, hidden], "kpi": kpi, "there": there}


SURFACES = [
    route
    for route in routes(get_resolver().url_patterns)
    if "logout" not in route.name and "sign-out" not in route.path
]


def ask(route: Route, world: dict[str, Any], luck: random.Random) -> str:
    """Return an address of ``route`` that asks for something of the other site."""
    record = luck.choice(world["records"])
    values = {
        "number": record.number,
        "kind": record.kind,
        "code": world["kpi"].code,
        "pk": luck.choice([record.pk, world["kpi"].pk, world["there"].pk, 1, 2, 3]),
        "edition": "9001:2015",
    }

    def part(found: re.Match[str]) -> str:
        kind, name = found[1], found[2]
        return str(values.get(name, luck.randint(1, 5) if kind == "int" else "x"))

    path = "/" + PART.sub(part, route.path)
    if "<" in route.path and luck.random() < 0.7:
        return path
    name = luck.choice(LISTS)
    word = luck.choice((*WORDS, str(world["there"].pk), str(record.owner_id), "title", "-title"))
    return f"{path}?{name}={word}&q={luck.choice(WORDS)}"


def text_of(answer: Any) -> str:
    """Return everything a person could read in the answer, also in workbooks and papers."""
    body = b"".join(answer) if answer.streaming else answer.content
    if body[:4] == b"PK\x03\x04":
        with zipfile.ZipFile(io.BytesIO(body)) as packed:
            body = b"".join(packed.read(name) for name in packed.namelist())
    elif body[:5] == b"%PDF-" and shutil.which("pdftotext"):
        body = subprocess.run(
            ["pdftotext", "-", "-"], input=body, capture_output=True, check=True
        ).stdout
    return body.decode("utf-8", "replace") + str(dict(answer.items()))


def leaks(world: dict[str, Any], requests: int, *, first: bool = False) -> list[str]:
    """Ask ``requests`` times as somebody of this site; return what showed the other one.

    With ``first`` the first one is enough.
    """
    luck, clients = random.Random(9001), dict[int, Client]()
    found, asked = [], 0
    while asked < requests and not (first and found):
        person = luck.choice(world["people"])
        if person.pk not in clients:
            clients[person.pk] = Client(raise_request_exception=False)
            clients[person.pk].force_login(person)
        route = luck.choice(SURFACES)
        address = ask(route, world, luck)
        answer = clients[person.pk].get(address)
        asked += answer.status_code != 405
        if answer.status_code >= 500:
            found.append(f"{answer.status_code} {address}")
        elif SECRET in text_of(answer):
            found.append(f"{sorted(person.roles_in_force())} saw it at {address}")
    return found


def test_AZ2_no_random_request_shows_anything_of_another_site(world):
    assert leaks(world, REQUESTS) == []


def test_AZ2_what_the_other_site_keeps_is_seen_by_its_own_people(world):
    client = Client()
    client.force_login(world["records"][0].owner)

    assert SECRET in client.get("/nonconformities/").content.decode()


def test_AZ2_without_the_filter_the_same_requests_leak(world, monkeypatch):
    there, seen = world["records"][0].owner, RecordQuerySet.visible_to
    monkeypatch.setattr(RecordQuerySet, "visible_to", lambda rows, _viewer: seen(rows, there))

    assert "saw it" in "".join(leaks(world, REQUESTS, first=True))
