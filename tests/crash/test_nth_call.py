"""The n-th call of the database fails, for every n of six key flows: nothing is half done.

What is compared is every row: how many each table has, and where the trail of records stands. The
tables of the door and of the worker are left out: what they tell is told beside the act itself.
"""

import itertools
from collections.abc import Callable
from datetime import date
from decimal import Decimal
from types import SimpleNamespace
from typing import Any

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import OperationalError, connection
from django.test import Client

from andon.accounts.roles import Role
from andon.accounts.testing import SiteFactory, a_person
from andon.modules.actions import services as actions
from andon.modules.actions.tests.factories import opened
from andon.modules.nonconformities import services as nonconformities
from andon.modules.nonconformities.models import Nonconformity
from andon.modules.nonconformities.tests.factories import ready_to_decide, reported
from andon.portal.desk import jobs, reading
from andon.portal.desk.models import Step
from andon.portal.desk.tests.conftest import LOG, work
from andon.records import services as records
from andon.records.files import attach
from andon.trail.verify import verify

BESIDE = (
    "django_",
    "entry_",
    "account_",
    "mfa_",
    "socialaccount_",
    "tasks_",
    "sqlite_",
    "notices_",
)
TRAIL = ("audit_",)
MOST = 400

pytestmark = pytest.mark.slow


class Broken(OperationalError):
    """As when the disk or the network is gone."""


class Fault:
    """Lets the n-th call of the database fail; the one after the last is the commit."""

    def __init__(self, number: int) -> None:
        self.number, self.calls, self.struck, self.sql = number, 0, False, ""

    def __call__(self, execute: Any, sql: str, params: Any, many: bool, context: Any) -> Any:
        self.calls += 1
        if self.calls == self.number:
            self.struck, self.sql = True, sql
            raise Broken("the disk is gone")
        return execute(sql, params, many, context)


@pytest.fixture
def world(committed_db: str) -> SimpleNamespace:
    site = SiteFactory.create(code="ABC1")
    ana = a_person(Role.MANAGER, username="ana", display_name="Ana Silva")
    return SimpleNamespace(site=site, ana=ana, admin=a_person(Role.ADMIN))


def page(user: Any) -> Client:
    client = Client(raise_request_exception=False)
    client.force_login(user)
    return client


def creating(world: SimpleNamespace, turn: int = 1) -> Callable[[], Any]:
    client = page(world.ana)
    form = client.get("/nonconformities/new/").context["form"]
    typed = {field.html_name: field.value() or "" for field in form}
    typed |= {"title": "Burr on the rail", "suspect_quantity": "5", "site": world.site.pk}

    return lambda: client.post("/nonconformities/new/", typed)


def closing(world: SimpleNamespace, turn: int = 1) -> Callable[[], Any]:
    fields = {"action_decision": "no", "action_reason": "single piece"}
    record = ready_to_decide(world.ana, world.site, **fields)
    record = records.perform(record, "settle", by=world.ana)
    line = record.live_dispositions[0].pk
    nonconformities.carry_out(record, by=world.ana, line=line, quantity=Decimal(40))

    def close() -> Any:
        fresh = Nonconformity.objects.get(pk=record.pk)
        return records.perform(fresh, "close", by=world.ana, version=fresh.version)

    return close


def planning(world: SimpleNamespace, turn: int = 1) -> Callable[[], Any]:
    action = opened(world.ana, world.site)
    plan = {"problem": "Bores too wide", "cause": "The drill wanders", "how": "Switched on and off"}
    act = {"what": "Guide bush", "owner": world.ana, "due_date": date(2026, 3, 30)}
    return lambda: actions.plan_simply(action, by=world.ana, **plan, **act, window_days=60)


def publishing(world: SimpleNamespace, turn: int = 1) -> Callable[[], Any]:
    log = LOG.replace("17;", f"{turn}7;").replace("18;", f"{turn}8;")
    about = {"site": world.site, "by": world.ana, "day": date(2026, 6, 1)}
    intake = reading.start(log.encode(), file_name="log.csv", target="nonconformities", **about)
    jobs.advance(intake, by=world.ana)
    work(jobs.use_mapping(intake, intake.mapping, by=world.ana), world.ana)
    words = {"item": {"23-4410": "+new"} if turn == 1 else {}}
    work(jobs.teach(intake, words, by=world.ana), world.ana)
    jobs.confirm(intake, by=world.ana)
    assert intake.step == Step.PUBLISH
    return lambda: jobs.advance(intake, by=world.ana)


def attaching(world: SimpleNamespace, turn: int = 1) -> Callable[[], Any]:
    record = reported(world.ana, world.site)
    return lambda: attach(
        record, SimpleUploadedFile("note.txt", b"The bore, measured"), by=world.ana
    )


def granting(world: SimpleNamespace, turn: int = 1) -> Callable[[], Any]:
    client, person = page(world.admin), a_person(Role.CONTRIBUTOR)
    address = f"/setup/people/{person.pk}/roles/"
    return lambda: client.post(address, {"role": "quality", "site": "", "from_date": "2026-01-01"})


FLOWS = {
    "create a nonconformity": creating,
    "close it": closing,
    "plan a corrective action": planning,
    "publish an import": publishing,
    "attach a file": attaching,
    "grant a role": granting,
}


@pytest.mark.parametrize("prepare", FLOWS.values(), ids=FLOWS)
def test_RC3_whichever_call_fails_nothing_is_half_done(world, prepare, caplog):
    prepare(world, 1)()  # makes counters and the like, once and for all
    whole = made_by(prepare(world, 2))
    turns = itertools.count(3)
    flow, refused = prepare(world, next(turns)), 0

    for number in range(1, MOST):
        before, fault = every_row(), Fault(number)
        answer = attempt(flow, fault)
        if not fault.struck:
            break
        if since(before):  # what failed, failed after the commit, or could be done without
            assert since(before) == whole, fault.sql
            flow = prepare(world, next(turns))
        else:
            assert_told(answer, fault)
            refused += 1

    assert since(before) == whole
    assert refused > 5
    assert [finding.text for finding in verify().findings] == []


def made_by(flow: Callable[[], Any]) -> dict[str, int]:
    """Return how many rows more a flow leaves that nothing disturbs."""
    before = every_row()
    flow()
    return since(before)


def since(before: dict[str, int]) -> dict[str, int]:
    return {name: n - before[name] for name, n in every_row().items() if n != before[name]}


@pytest.mark.parametrize("prepare", [creating, closing, planning], ids=lambda it: it.__name__)
def test_RC3_a_commit_that_fails_leaves_nothing(world, prepare, monkeypatch, caplog):
    flow = prepare(world)
    before = every_row()

    with monkeypatch.context() as patch:
        patch.setattr(connection, "_commit", _broken)
        answer = attempt(flow, None)

    assert isinstance(answer, OperationalError) or answer.status_code >= 400
    assert every_row() == before
    assert [finding.text for finding in verify().findings] == []


def test_a_flow_in_two_transactions_would_be_found(world):
    """The broken twin: between its halves a call can fail, and the first half stays."""
    from tests.crash import writers  # noqa: PLC0415

    world.ana.username = "writer"
    a_person(Role.MANAGER, world.site, username="writer")
    before, found = every_row(), 0

    for number in itertools.count(1):
        fault = Fault(number)
        attempt(lambda: writers._comment(writers._create("t"), "t"), fault)
        if not fault.struck:
            break
        found += every_row() != before
        before = every_row()

    assert found


def attempt(flow: Callable[[], Any], fault: Fault | None) -> Any:
    """Return the answer of the flow, or the error of the database that it passed on."""
    try:
        if fault is None:
            return flow()
        with connection.execute_wrapper(fault):
            return flow()
    except OperationalError as error:
        return error


def assert_told(answer: Any, fault: Fault) -> None:
    """Whoever asked is told that it did not work."""
    told = isinstance(answer, OperationalError) or answer.status_code >= 400
    assert told, f"nobody was told when this failed: {fault.sql}"


def every_row() -> dict[str, int]:
    tables = [
        name
        for name in sorted(connection.introspection.table_names())
        if not name.startswith((*BESIDE, *TRAIL))
    ]
    counts = " UNION ALL ".join(f"SELECT '{name}', count(*) FROM {name}" for name in tables)
    with connection.cursor() as cursor:
        cursor.execute(
            f"{counts} UNION ALL SELECT 'trail', seq FROM audit_head WHERE stream = 'records'"
        )
        return dict(cursor.fetchall())


def _broken() -> None:
    raise Broken("the disk is gone")
