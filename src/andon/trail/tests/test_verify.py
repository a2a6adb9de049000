"""Clean histories give no alarm; what is found is said in words (AT10)."""
# mypy: disable-error-code="misc, attr-defined"

import json
import random
from datetime import UTC, date, datetime, timedelta
from decimal import Decimal

import pytest
from django.apps import apps
from django.db import connection, transaction

from andon.trail.findings import Finding, Report
from andon.trail.models import AuditedModel, AuditEntry
from andon.trail.services import SYSTEM, audited, rebaseline
from andon.trail.testing import behind_the_back
from andon.trail.tests.machines import Asset, Loan, Machine, Part, Plant, Press, Reading, Readings
from andon.trail.verify import verify, verify_model
from andon.trail.walk import walk

pytestmark = pytest.mark.usefixtures("machines")
BY = SYSTEM("test")
TEXTS = ("", "plain", "Größe ✓", "two\nlines", "😀", "'; DROP TABLE x; --", "Zl\u2028", " tab\t")


def look(*models: type[AuditedModel]) -> list[Finding]:
    report = Report()
    walk(report)
    for model in models or (Plant, Machine, Loan, Part, Readings):
        verify_model(model, report)
    return report.findings


def random_machine(chance: random.Random, machine: Machine) -> Machine:
    machine.title = chance.choice(TEXTS)
    machine.keeper = chance.choice(TEXTS)
    machine.power = Decimal(chance.randrange(-(10**5), 10**5)).scaleb(-chance.randrange(4))
    machine.built = chance.choice([None, date(1900, 2, 28) + timedelta(chance.randrange(60000))])
    moment = datetime(2026, 3, 29, 1, 30, tzinfo=UTC) + timedelta(
        microseconds=chance.randrange(10**9)
    )
    machine.started_at = chance.choice([None, moment, moment.replace(microsecond=0)])
    machine.options = {"key": [chance.choice(TEXTS), None, True, chance.randrange(2**53)]}
    machine.cycles += 1
    return machine


def step(chance: random.Random) -> None:
    machines = list(Machine.objects.order_by("pk"))
    parts = Part.objects.order_by("pk")
    act = chance.randrange(9)
    if act == 0 or not machines:
        random_machine(chance, Machine(number=f"M-{chance.randrange(10**6)}")).save()
    elif act == 1:
        random_machine(chance, chance.choice(machines)).save()
    elif act == 2:
        chosen = chance.choice(machines)
        Part.objects.bulk_create(Part(machine=chosen, name=text) for text in TEXTS[1:4])
    elif act == 3:
        Part.objects.filter(name=chance.choice(TEXTS)).update(name=chance.choice(TEXTS))
    elif act == 4:
        parts.filter(pk__in=parts[:2].values("pk")).delete()
    elif act == 5:
        Machine.objects.bulk_update(
            [random_machine(chance, machine) for machine in machines[:3]], ["title", "power"]
        )
    elif act == 6:
        plant, _ = Plant.objects.get_or_create(code=str(chance.randrange(3)))
        chance.choice(machines).lenders.add(plant)
    elif act == 7:
        with transaction.atomic():
            random_machine(chance, machines[0]).save()
            parts.delete()
            transaction.set_rollback(True)
    else:
        batch = Readings.objects.create()
        Reading.objects.bulk_create(
            Reading(batch=batch, value=Decimal(chance.randrange(10**6)).scaleb(-3))
            for _ in range(5)
        )
        batch.seal()


@pytest.mark.parametrize("seed", range(10))
def test_AT10_a_clean_history_gives_no_alarm(seed: int) -> None:
    chance = random.Random(seed)
    for _ in range(25):
        with audited(BY, reason=chance.choice(TEXTS)):
            step(chance)

    assert look() == []
    assert AuditEntry.objects.count() > 10


def sql(statement: str) -> None:
    with behind_the_back() as cursor:
        cursor.execute(statement)


def test_AT10_changed_facts_of_a_sealed_batch_are_found() -> None:
    with audited(BY):
        batch = Readings.objects.create()
        Reading.objects.bulk_create(Reading(batch=batch, value=n) for n in range(3))
        batch.seal()

    sql("UPDATE trail_reading SET value = 7 WHERE value = 1")
    changed = look()
    sql("DELETE FROM trail_reading")
    gone = look()

    assert [(f.kind, f.model, f.object_id) for f in changed] == [
        ("facts", "trail.readings", str(batch.pk))
    ]
    assert gone[0].field == "rows_count"


def test_AT10_a_changed_parent_column_is_found_in_the_record() -> None:
    with audited(BY):
        machine = Machine.objects.create(number="M-1", title="Press")

    sql("UPDATE trail_asset SET title = 'Other'")

    (finding,) = look()
    assert (finding.model, finding.object_id) == ("trail.machine", str(machine.pk))
    assert (finding.number, finding.field) == ("M-1", "title")
    assert (finding.trail_value, finding.table_value) == ("Press", "Other")
    assert finding.line() == (
        f"row changed [records 1, trail.machine {machine.pk} title, M-1]"
        " The table does not say what the trail says."
    )


def test_AT10_a_parent_row_without_its_kind_is_found() -> None:
    sql("INSERT INTO trail_asset (number, title) VALUES ('M-9', '')")

    assert [(f.kind, f.model) for f in look(Asset)] == [("row without event", "trail.asset")]


def test_AT10_a_row_that_cannot_be_read_spoils_no_other() -> None:
    if connection.vendor != "sqlite":
        pytest.skip("PostgreSQL keeps types")
    with audited(BY):
        for number in "abc":
            Machine.objects.create(number=number)

    sql("UPDATE trail_machine SET built = '2026-13-45' WHERE asset_ptr_id = 2")
    sql("UPDATE trail_asset SET title = 'x' WHERE number = 'c'")

    kinds = {(f.kind, f.object_id) for f in look()}
    assert ("row changed", "3") in kinds
    assert {object_id for _, object_id in kinds} == {"2", "3"}


def test_AT8_an_old_form_of_the_state_asks_for_a_new_baseline(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    with audited(BY):
        Plant.objects.create(code="a")
    monkeypatch.setattr(Plant, "trail_state_version", 2)

    assert [finding.kind for finding in look()] == ["state version"]
    with audited(BY):
        rebaseline(Plant)
    assert look() == []


def test_RT2_a_wrong_salt_is_found() -> None:
    with audited(BY):
        Machine.objects.create(number="M-1", keeper="Ana")

    sql("DROP TRIGGER audit_personal_update_guard" + on("audit_personal"))
    sql("UPDATE audit_personal SET salt = 'x' WHERE value = ''")

    assert [finding.kind for finding in look()] == ["state"]


def on(table: str) -> str:
    return f" ON {table}" if connection.vendor == "postgresql" else ""


def test_a_report_is_read_by_people_and_by_machines() -> None:
    report = Report([Finding("guard", "The guard x is missing.")], entries=3)
    report.heads = {"records": (3, "ab")}

    assert list(report.lines()) == [
        "guard The guard x is missing.",
        "Head of records: entry 3, ab.",
        "1 finding in 3 entries, 0 objects, 0 sealed batches, 0 checkpoints.",
    ]
    assert json.loads(json.dumps(report.as_json()))["clean"] is False
    assert list(Report().lines())[-1].startswith("No finding in 0 entries")


def test_AT10_facts_that_cannot_be_read_are_found() -> None:
    if connection.vendor != "sqlite":
        pytest.skip("PostgreSQL keeps types")
    with audited(BY):
        batch = Readings.objects.create()
        Reading.objects.create(batch=batch, value=1)
        batch.seal()

    sql("UPDATE trail_reading SET value = 'many'")

    assert [finding.kind for finding in look()] == ["facts"]


def test_AT10_entries_that_cannot_be_read_are_found() -> None:
    if connection.vendor != "sqlite":
        pytest.skip("PostgreSQL keeps the encoding")
    with audited(BY):
        Plant.objects.create(code="a")

    sql("DROP TRIGGER audit_entry_update_guard")
    sql("UPDATE audit_entry SET reason = CAST(x'ff' AS TEXT)")

    assert next((f.kind, f.seq) for f in look(Plant)) == ("unreadable", 1)


def test_a_proxy_is_not_looked_at_twice() -> None:
    with audited(BY):
        Machine.objects.create(number="M-1")
    report = Report()

    verify_model(Press, report)

    assert report.objects == 0


def test_AT10_entries_of_a_model_that_is_not_installed_are_found() -> None:
    with audited(BY):
        Plant.objects.create(code="a")

    assert ("unknown model", "trail.plant") in [(f.kind, f.model) for f in verify().findings]


def test_AT10_a_table_that_is_gone_is_found() -> None:
    sql("ALTER TABLE accounts_rolegrant RENAME TO gone")

    assert ("table", "accounts.rolegrant") in [(f.kind, f.model) for f in verify().findings]


def test_AT10_other_apps_add_what_they_verify(monkeypatch: pytest.MonkeyPatch) -> None:
    finding = Finding("number", "The number NC-2 is missing.")
    config = apps.get_app_config("trail")
    monkeypatch.setattr(config, "verifiers", (lambda: [finding],), raising=False)

    assert finding in verify().findings
