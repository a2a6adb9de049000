"""Every kind can be signed whole, and the dial is light until somebody turns it (SG2)."""

from typing import Any

import pytest
from django.apps import apps
from django.core.exceptions import PermissionDenied
from django.db import models

from andon.accounts.models import User
from andon.accounts.roles import Role
from andon.accounts.testing import a_person
from andon.organization.testing import with_settings
from andon.records.models import Record, RecordPart
from andon.signing import content, dial
from andon.signing.models import Level, Rigour
from andon.trail.capture import label, tracked
from andon.trail.models import AuditedModel, AuditEntry
from andon.ui.refusals import Refused

KINDS = Record.kinds()
# Rows that name a record and are not its content: what they belong to is signed, or nobody does.
BESIDE = {
    "assurance.assessmentrecord": "evidence an assessor took; it belongs to the assessment",
    "kpis.phase": "belongs to the KPI; the record is why its limits were split",
    "notices.watch": "who wants to hear of a record",
}


@pytest.mark.parametrize("kind", KINDS, ids=lambda kind: kind.__name__)
def test_SG2_every_field_of_a_kind_is_signed_or_stands_in_the_reviewed_list(kind: type[Record]):
    for model in (kind, *content.parts_of(kind)):
        names = {field.name for field in model._meta.concrete_fields}
        left_out = names - {name for name, _attribute in tracked(model)}

        assert left_out <= content.DERIVED.keys(), model


def test_SG2_every_row_that_belongs_to_a_record_is_signed_or_stands_in_the_reviewed_list():
    belonging = {
        label(model)
        for model in apps.get_models()
        if issubclass(model, RecordPart) and not model._meta.abstract
    }
    signed = {label(model) for model in content.parts()}

    assert signed | content.APART.keys() == belonging
    assert not signed & content.APART.keys()
    assert all(content.APART.values())
    assert all(content.DERIVED.values())


def test_SG2_a_controlled_row_that_names_a_record_belongs_to_it_or_is_listed():
    naming = {
        label(model)
        for model in apps.get_models()
        if issubclass(model, AuditedModel) and not issubclass(model, Record | RecordPart)
        for field in model._meta.concrete_fields
        if isinstance(field, models.ForeignKey) and issubclass(field.related_model, Record)
    }

    assert naming <= BESIDE.keys()


@pytest.mark.parametrize("kind", KINDS, ids=lambda kind: kind.__name__)
def test_every_step_names_its_meaning_or_follows_from_another_record(kind: type[Record]):
    silent = {f"{kind.slug()}.{s.name}" for s in kind.workflow.transitions if not s.signed_as}

    assert silent <= {"kpis.hand_on"}
    assert all(step.regulated in Level.values for step in kind.workflow.transitions)


def levels() -> dict[str, Level]:
    return {one.name: one.in_force for _kind, steps in dial.settings_by_kind() for one in steps}


@pytest.mark.django_db
@pytest.mark.parametrize("profile", ["light", "standard"])
def test_light_and_standard_ask_for_no_signature(profile: str):
    with_settings(profile=profile)

    assert set(levels().values()) == {Level.NONE}


@pytest.mark.django_db
def test_regulated_asks_for_one_at_decisions_and_for_two_at_the_weightiest():
    with_settings(profile="regulated")
    found = levels()

    assert found["nonconformities.decide"] == found["nonconformities.close"] == Level.ONE
    assert found["actions.effective"] == found["improvements.confirm"] == Level.TWO
    assert found["kpis.note_cause"] == found["kpis.hand_on"] == Level.NONE


@pytest.fixture
def manager(db: None) -> User:
    return a_person(Role.MANAGER)


def test_an_own_choice_stays_when_the_profile_changes(manager: User):
    dial.turn({"nonconformities.decide": Level.NONE}, {}, by=manager)
    with_settings(profile="regulated")

    assert levels()["nonconformities.decide"] == Level.NONE
    dial.turn({"nonconformities.decide": None}, {"nonconformities.decide": 1}, by=manager)
    assert levels()["nonconformities.decide"] == Level.ONE
    assert Rigour.objects.get().version == 2
    assert AuditEntry.objects.filter(model="signing.rigour").count() == 2


def test_the_dial_refuses_who_may_not_what_is_not_and_what_is_stale(manager: User):
    for role in (Role.ADMIN, Role.QUALITY, Role.MANAGEMENT):
        with pytest.raises(PermissionDenied):
            dial.turn({"nonconformities.decide": Level.ONE}, {}, by=a_person(role))
    for name in ("kpis.hand_on", "nonconformities.fly", ""):
        with pytest.raises(Refused, match="no step"):
            dial.turn({name: Level.ONE}, {}, by=manager)
    dial.turn({"nonconformities.decide": Level.ONE}, {}, by=manager)
    with pytest.raises(Refused, match="changed “Decide” meanwhile"):
        dial.turn({"nonconformities.decide": Level.TWO}, {}, by=manager)
    assert levels()["nonconformities.decide"] == Level.ONE


def test_the_page_of_the_dial_saves_and_says_what_it_does_not_take(manager: User, client: Any):
    client.force_login(manager)
    page = client.get("/setup/signatures/")
    name = "nonconformities.close"

    saved = client.post("/setup/signatures/", {f"level-{name}": "1", f"seen-{name}": "0"})
    stale = client.post("/setup/signatures/", {f"level-{name}": "2", f"seen-{name}": "0"})
    wrong = client.post("/setup/signatures/", {f"level-{name}": "7", f"seen-{name}": "x"})

    assert "I verified that the decision was carried out." in page.content.decode()
    assert (saved.status_code, stale.status_code, wrong.status_code) == (302, 409, 409)
    assert levels()[name] == Level.ONE
