"""A checklist at a record: partly kept, signed off, failed, run again, demanded by a step."""

from typing import Any

import pytest
from django.core.exceptions import PermissionDenied
from django.test import Client

from andon.accounts.models import Site, User
from andon.accounts.roles import Role
from andon.accounts.testing import SiteFactory, a_person
from andon.modules.checklists import services
from andon.modules.nonconformities.models import Nonconformity
from andon.organization import queries as organization
from andon.records import services as records
from andon.records.models import Record
from andon.records.workflow import Refused
from andon.sheets import design as designs
from andon.sheets import reading
from andon.sheets.models import FormDesign, FormVersion
from andon.trail.services import audited
from andon.trail.verify import verify

QUESTIONS = [
    {
        "key": "tagged",
        "label": "Hold tag on every box",
        "type": "yes_no",
        "required_from": "signed",
    },
    {"key": "how", "label": "Look at the seat rail under light.", "type": "note"},
    {
        "key": "burr",
        "label": "Burr",
        "type": "measurement",
        "unit": "mm",
        "most": "0.10",
        "required_from": "signed",
        "section": "Measure",
    },
    {"key": "seen", "label": "Seen", "type": "text"},
]


@pytest.fixture
def site(db: None) -> Site:
    site: Site = SiteFactory.create(code="ABC1")
    return site


@pytest.fixture
def manager(site: Site) -> User:
    return a_person(Role.MANAGER, display_name="Ana Silva")


@pytest.fixture
def operator(site: Site) -> User:
    return a_person(Role.CONTRIBUTOR, site)


@pytest.fixture
def record(manager: User, site: Site) -> Nonconformity:
    return records.create(Nonconformity(title="Burr", site=site, owner=manager), by=manager)


@pytest.fixture
def phone(client: Client, operator: User) -> Client:
    client.force_login(operator)
    return client


@pytest.fixture
def checklist(manager: User) -> FormDesign:
    """A checklist of nonconformities that the decision waits for."""
    design = FormDesign(kind="nonconformities", use="checklist", key="hold", name="Hold check")
    with audited(manager, reason="for a test"):
        design.save()
    return publish(design, manager, *QUESTIONS)


def publish(design: FormDesign, by: User, *questions: dict[str, Any]) -> FormDesign:
    data = designs.read({"questions": list(questions), "demanded_by": "settle"}).as_data()
    number = design.versions.count() + 1
    with audited(by, reason="for a test"):
        version = FormVersion(
            design=design,
            number=number,
            definition=data,
            sha256=designs.sha_of(data),
            published_by=by,
            published_date="2026-01-05",
        )
        version.save()
        design.current = version
        design.save()
    organization.forget()
    return FormDesign.objects.select_related("current").get(pk=design.pk)


def at(record: Record) -> str:
    return f"/checklists/{record.number}/hold/"


def told(record: Nonconformity, by: User) -> dict[str, str]:
    """Return what holds the decision back, each with where it is mended."""
    steps = {step.name: missing for step, missing in records.open_steps(record, by)}
    return {str(item): item.fix for item in steps["settle"]}


def test_a_list_is_kept_in_part_and_signed_off_with_who_and_when(
    phone: Client, record: Nonconformity, checklist: FormDesign, operator: User
):
    phone.post(at(record), {"own_tagged": "yes", "act": "save"})
    half = phone.get(at(record)).content.decode()
    early = phone.post(at(record), {"own_tagged": "yes", "act": "sign"})
    typed = {"own_tagged": "yes", "own_burr_value": "0.05", "own_burr_instrument": "M-3"}
    phone.post(at(record), typed | {"act": "sign"})
    signed = phone.get(at(record)).content.decode()

    assert "1 of 3 answered" in half
    assert "Look at the seat rail under light." in half
    assert "“Burr” is not answered." in early.content.decode()
    assert f"signed off by {operator}" in signed
    assert "within at most 0.10 mm" in signed
    assert verify().findings == []


def test_a_step_waits_for_a_demanded_list_and_says_where_it_is(
    phone: Client, record: Nonconformity, checklist: FormDesign, manager: User
):
    sentence = "The checklist “Hold check” is not signed off."

    before = told(record, manager)
    with pytest.raises(Refused, match="not signed off"):
        records.perform(record, "settle", by=manager)
    values = {"tagged": "no", "burr": "0.2"}
    services.fill(record, checklist, values, by=manager, sign=True)

    assert before[sentence] == at(record)
    assert phone.get(before[sentence]).status_code == 200
    assert sentence not in told(record, manager)


def test_what_failed_shows_and_leads_to_a_nonconformity(
    phone: Client, record: Nonconformity, checklist: FormDesign, manager: User
):
    sheet = services.fill(record, checklist, {"tagged": "no", "burr": "0.2"}, by=manager, sign=True)

    page = phone.get(at(record)).content.decode()
    detail = phone.get(record.get_absolute_url()).content.decode()

    assert sheet.failed == 2
    assert f"/nonconformities/new/?raised_from={record.number}" in page
    assert "2 items failed" in detail
    assert "signed off" in detail


def test_a_signed_run_stays_and_another_run_takes_the_version_in_force(
    phone: Client, record: Nonconformity, checklist: FormDesign, manager: User
):
    services.fill(record, checklist, {"tagged": "yes", "burr": "0.05"}, by=manager, sign=True)
    more = publish(checklist, manager, *QUESTIONS, {"key": "x", "label": "Late", "type": "text"})
    with pytest.raises(Refused, match="stays as it is"):
        services.fill(record, more, {"tagged": "no"}, by=manager)

    old = phone.get(at(record)).content.decode()
    phone.post(at(record), {"act": "again"})
    new = phone.get(at(record)).content.decode()

    assert "Late" not in old
    assert "Late" in new
    assert "Run 1, signed off by Ana Silva" in new
    assert [run.version.number for run in reading.runs(record, more)] == [2, 1]
    with pytest.raises(Refused, match="open already"):
        services.run_again(record, more, by=manager)


def test_AZ3_a_list_of_another_sites_record_is_as_absent(
    client: Client, record: Nonconformity, checklist: FormDesign
):
    client.force_login(a_person(Role.MANAGER, SiteFactory.create()))

    assert client.get(at(record)).status_code == 404
    assert client.post(at(record), {"act": "save"}).status_code == 404


def test_AZ4_who_may_not_fill_is_refused_and_a_closed_record_takes_nothing(
    client: Client, record: Nonconformity, checklist: FormDesign, manager: User
):
    with pytest.raises(PermissionDenied):
        services.fill(record, checklist, {"tagged": "yes"}, by=a_person(Role.AUDITOR))
    void = records.perform(record, "void", by=manager, data={"void_reason": "twice"})
    with pytest.raises(Refused, match="no longer changes"):
        services.fill(void, checklist, {"tagged": "yes"}, by=manager)

    client.force_login(manager)
    assert "Nothing to fill in" in client.get(at(record)).content.decode()


def test_a_list_that_is_not_for_this_record_is_not_there(
    phone: Client, record: Nonconformity, checklist: FormDesign, manager: User
):
    with audited(manager, reason="for a test"):
        checklist.is_active = False
        checklist.save()
    organization.forget()

    assert phone.get(at(record)).status_code == 404
    assert told(record, manager).get("The checklist “Hold check” is not signed off.") is None
    with pytest.raises(Refused, match="not in use"):
        services.fill(record, checklist, {"tagged": "yes"}, by=manager)
    assert reading.values(record) == {}
