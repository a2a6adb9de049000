"""Every way to write a controlled row leaves an entry (AT1, AT6)."""
# mypy: disable-error-code="misc, attr-defined, return-value"

import json
from collections.abc import Callable
from datetime import UTC, date, datetime
from decimal import Decimal
from typing import Any

import pytest
from django.db import IntegrityError, models, transaction

from andon.trail.canonical import NotCanonical
from andon.trail.edge import edge
from andon.trail.models import AuditEntry, PersonalValue, SealedBatch
from andon.trail.services import SYSTEM, NotAudited, audited
from andon.trail.testing import behind_the_back
from andon.trail.tests.machines import Asset, Loan, Machine, Part, Plant, Press, Reading, Readings

pytestmark = pytest.mark.usefixtures("machines")
BY = SYSTEM("test")


def entries() -> list[AuditEntry]:
    return list(AuditEntry.objects.order_by("seq"))


def stored() -> tuple[Machine, list[Part]]:
    with audited(BY):
        machine = Machine.objects.create(number="M-1", title="Press", keeper="Ana")
        parts = Part.objects.bulk_create(Part(machine=machine, name=name) for name in "abc")
    return machine, parts


def save_new(machine: Machine, parts: list[Part]) -> None:
    Part(name="new").save()


def save_old(machine: Machine, parts: list[Part]) -> None:
    parts[0].name = "changed"
    parts[0].save()


def save_some_fields(machine: Machine, parts: list[Part]) -> None:
    machine.title, machine.power = "Press 2", Decimal("1.5")
    machine.save(update_fields=["title", "power"])


def delete_one(machine: Machine, parts: list[Part]) -> None:
    parts[0].delete()


def create(machine: Machine, parts: list[Part]) -> None:
    Machine.objects.create(number="M-2")


def get_or_create(machine: Machine, parts: list[Part]) -> None:
    Part.objects.get_or_create(name="a")
    Part.objects.get_or_create(name="d")


def update_or_create(machine: Machine, parts: list[Part]) -> None:
    Part.objects.update_or_create(name="a", defaults={"name": "aa"})
    Part.objects.update_or_create(name="d", defaults={"machine": machine})


def bulk_create(machine: Machine, parts: list[Part]) -> None:
    Part.objects.bulk_create([Part(name="d"), Part(name="e")])


def bulk_update(machine: Machine, parts: list[Part]) -> None:
    for part in parts:
        part.name *= 2
    Part.objects.bulk_update(parts, ["name"])


def update(machine: Machine, parts: list[Part]) -> None:
    Part.objects.filter(name__in="ab").update(name=models.functions.Upper("name"))


def update_parent_and_leaf(machine: Machine, parts: list[Part]) -> None:
    Machine.objects.filter(number="M-1").update(title="Press 3", power=2)


def delete_many(machine: Machine, parts: list[Part]) -> None:
    Part.objects.filter(name__in="ab").delete()


def related_add(machine: Machine, parts: list[Part]) -> None:
    Plant(code="P").save()
    Plant.objects.get().machines.add(machine)


def related_remove(machine: Machine, parts: list[Part]) -> None:
    machine.parts.remove(parts[0])


def related_set(machine: Machine, parts: list[Part]) -> None:
    machine.parts.set(parts[:2])


def related_clear(machine: Machine, parts: list[Part]) -> None:
    machine.parts.clear()


def through_rows(machine: Machine, parts: list[Part]) -> None:
    plant = Plant.objects.create(code="P")
    machine.lenders.add(plant)
    machine.lenders.remove(plant)


def base_manager(machine: Machine, parts: list[Part]) -> None:
    Part._base_manager.filter(name="a").update(name="aa")


PATHS: dict[Callable[[Machine, list[Part]], None], list[str]] = {
    save_new: ["created part"],
    save_old: ["changed part"],
    save_some_fields: ["changed machine"],
    delete_one: ["deleted part"],
    create: ["created machine"],
    get_or_create: ["created part"],
    update_or_create: ["changed part", "created part"],
    bulk_create: ["created part"] * 2,
    bulk_update: ["changed part"] * 3,
    update: ["changed part"] * 2,
    update_parent_and_leaf: ["changed machine"],
    delete_many: ["deleted part"] * 2,
    related_add: ["created plant", "changed machine"],
    related_remove: ["changed part"],
    related_set: ["changed part"],
    related_clear: ["changed part"] * 3,
    through_rows: ["created plant", "created loan", "deleted loan"],
    base_manager: ["changed part"],
}


@pytest.mark.parametrize("path", PATHS, ids=lambda path: path.__name__)
def test_AT1_every_path_of_writing_leaves_its_entries(
    path: Callable[[Machine, list[Part]], None],
) -> None:
    machine, parts = stored()

    with audited(BY, reason="why"):
        path(machine, parts)

    new = entries()[4:]
    assert [f"{e.action} {e.model.removeprefix('trail.')}" for e in new] == PATHS[path]
    assert {e.reason for e in new} == {"why"}


@pytest.mark.parametrize("path", PATHS, ids=lambda path: path.__name__)
def test_AT1_every_path_of_writing_is_refused_outside(
    path: Callable[[Machine, list[Part]], None],
) -> None:
    machine, parts = stored()

    with pytest.raises(NotAudited), transaction.atomic():
        path(machine, parts)

    assert len(entries()) == 4


def test_AT6_a_record_is_one_object_with_parent_and_leaf_columns() -> None:
    machine, _ = stored()

    entry = AuditEntry.objects.get(model="trail.machine")

    assert entry.number == "M-1"
    assert {change.field for change in entry.changes()} >= {"number", "title", "power"}
    assert "cycles" not in {change.field for change in entry.changes()}
    assert entry.object_id == str(machine.pk)


def test_AT6_a_change_shows_only_the_fields_that_differ() -> None:
    machine, _ = stored()

    with audited(BY):
        machine.power = Decimal("1.5")
        machine.save()

    content = entries()[-1].content()
    assert content["before"] == {"power": "0.000"}
    assert content["after"] == {"power": "1.500"}


def test_AT6_what_is_kept_is_what_the_database_has() -> None:
    with audited(BY):
        machine = Machine(number="M-2", built="2026-01-02", power="2.5")
        machine.started_at = datetime(2026, 1, 2, 3, 4, tzinfo=UTC)
        machine.save()

    after = entries()[-1].content()["after"]
    assert (after["built"], after["power"]) == ("2026-01-02", "2.500")
    assert after["started_at"] == "2026-01-02T03:04:00.000000Z"
    assert Machine.objects.get(pk=machine.pk).built == date(2026, 1, 2)


def test_an_unchanged_save_leaves_no_entry() -> None:
    machine, _ = stored()

    with audited(BY):
        machine.save()
        Part.objects.update(name=models.F("name"))

    assert len(entries()) == 4


def test_excluded_fields_are_written_without_an_entry() -> None:
    machine, _ = stored()

    machine.cycles = 5
    machine.save(update_fields=["cycles"])
    Machine.objects.update(cycles=models.F("cycles") + 1)

    assert Machine.objects.get().cycles == 6
    assert len(entries()) == 4


def test_an_excluded_field_beside_another_is_refused_outside() -> None:
    machine, _ = stored()

    with pytest.raises(NotAudited):
        machine.save(update_fields=["cycles", "title"])


def test_a_child_row_carries_the_number_of_its_record() -> None:
    _, parts = stored()

    with audited(BY):
        Part.objects.filter(pk=parts[0].pk).update(name="z")

    assert entries()[-1].number == "M-1"


def test_RT2_a_personal_value_stands_in_the_entry_as_a_salted_hash() -> None:
    stored()

    entry = AuditEntry.objects.get(model="trail.machine")

    assert "Ana" not in entry.payload
    assert ("keeper", None, "Ana") in entry.changes(personal=True)
    assert ("keeper", None, "…") in entry.changes()


def test_RT2_the_same_personal_value_never_makes_the_same_hash() -> None:
    with audited(BY):
        for number in ("M-1", "M-2"):
            Machine.objects.create(number=number, keeper="Ana")

    kept = [entry.content()["after"]["keeper"] for entry in entries()]
    assert len(set(kept)) == 2


def test_RT2_an_erased_value_is_shown_no_more() -> None:
    stored()
    with behind_the_back():
        PersonalValue.objects.update(salt="", value="")

    entry = AuditEntry.objects.get(model="trail.machine")

    assert ("keeper", None, "…") in entry.changes(personal=True)


def test_the_parent_of_a_kind_cannot_be_written_by_itself() -> None:
    stored()

    with audited(BY):
        for write in (
            lambda: Asset(number="A").save(),
            lambda: Asset.objects.create(number="A"),
            lambda: Asset.objects.update(title="A"),
            lambda: Asset.objects.get().delete(),
            lambda: Asset.objects.all().delete(),
        ):
            with pytest.raises(NotAudited, match="through its kinds"):
                write()


@pytest.mark.parametrize(
    "options",
    [{"ignore_conflicts": True}, {"update_conflicts": True, "update_fields": ["name"]}],
)
def test_rows_that_may_conflict_are_not_created(options: dict[str, Any]) -> None:
    with audited(BY), pytest.raises(NotAudited):
        Part.objects.bulk_create([Part(name="a")], **options)


def test_an_update_touches_only_the_rows_that_match() -> None:
    stored()

    with audited(BY):
        assert Part.objects.filter(name="a").update(name="b") == 1
        assert Part.objects.filter(name="a").update(name="c") == 0

    assert entries()[-1].changes() == [("name", "a", "b")]


def test_more_rows_than_one_statement_takes_are_updated_and_deleted() -> None:
    with audited(BY):
        Part.objects.bulk_create(Part(name=f"{n}") for n in range(1200))
        assert Part.objects.update(name="same") == 1200
        assert Part.objects.all().delete() == (1200, {"trail.Part": 1200})

    assert len(entries()) == 3600


def test_AT5_a_value_that_has_no_one_text_undoes_the_write() -> None:
    with pytest.raises(NotCanonical, match="float"), audited(BY):
        Machine.objects.create(number="M-1", options={"speed": 0.1})

    assert not Machine.objects.exists()
    assert not entries()


def test_a_refused_write_leaves_no_entry() -> None:
    with audited(BY):
        Plant.objects.create(code="P")
        with pytest.raises(IntegrityError), transaction.atomic():
            Plant.objects.create(code="P")

    assert len(entries()) == 1


def test_an_event_is_an_entry_without_a_change() -> None:
    machine, _ = stored()

    with audited(BY) as tx:
        tx.event("printed", machine, detail={"copies": 2})

    entry = entries()[-1]
    assert (entry.action, entry.number, entry.changes()) == ("printed", "M-1", [])
    assert entry.content()["detail"] == {"copies": 2}


def test_AT13_many_facts_are_sealed_by_one_entry() -> None:
    with audited(BY):
        batch = Readings.objects.create()
        Reading.objects.bulk_create(Reading(batch=batch, value=n) for n in range(700))
        batch.seal()

    assert [e.action for e in entries()] == ["created", "changed"]
    assert (batch.rows_count, batch.rows_sha256) == batch.digest()
    Reading.objects.filter(value=5).update(value=6)
    assert batch.digest()[1] != batch.rows_sha256


def test_AT6_the_payload_says_who_what_when_and_by_which_way() -> None:
    machine, _ = stored()
    with audited(BY, reason="moved", via="import"):
        machine.title = "Press 9"
        machine.save()

    entry = entries()[-1]
    payload = json.loads(entry.payload)
    assert payload["actor"] == {"id": "test", "kind": "system"}
    assert payload["seq"] == entry.seq == 5
    assert payload["via"] == entry.via == "import"
    assert payload["reason"] == "moved"
    assert payload["at"].endswith("Z")
    assert len(payload["state"]) == 64


def test_a_loan_is_an_object_of_its_own() -> None:
    machine, _ = stored()
    with audited(BY):
        machine.lenders.add(Plant.objects.create(code="P"))

    assert entries()[-1].object_id == str(Loan.objects.get().pk)


def test_a_proxy_writes_the_object_it_stands_for() -> None:
    machine, _ = stored()
    with audited(BY):
        press = Press.objects.get()
        press.title = "Through the proxy"
        press.save()

    assert entries()[-1].model == "trail.machine"
    assert entries()[-1].object_id == str(machine.pk)


def test_AT6_the_address_of_a_request_is_kept() -> None:
    with edge(via="page", address="192.0.2.7"), audited(BY):
        Plant.objects.create(code="P")

    assert entries()[-1].content()["address"] == "192.0.2.7"
    assert len(entries()[-1].request_id) == 32


def test_AT1_the_defence_off_a_write_leaves_no_entry() -> None:
    """The broken twin: Django's own update, which nobody may call on controlled rows."""
    stored()

    models.QuerySet.update(Part.objects.filter(name="a"), name="unseen")

    assert len(entries()) == 4


def test_a_row_that_is_not_there_leaves_no_entry() -> None:
    with audited(BY):
        assert Part(pk=99).delete()[0] == 0

    assert entries() == []


def test_a_sealed_batch_must_say_what_its_rows_are() -> None:
    with pytest.raises(NotImplementedError):
        SealedBatch.sealed_rows(Readings())
