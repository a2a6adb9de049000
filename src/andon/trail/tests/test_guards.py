"""Entries only come; the guards that see to it are always there (AT7, AT8)."""

import pytest
from django.core.checks import run_checks
from django.core.management import CommandError, call_command
from django.db import DatabaseError, connection, models, transaction

from andon.trail import guards
from andon.trail.models import AuditEntry, TrailHead
from andon.trail.services import SYSTEM, audited
from andon.trail.testing import behind_the_back
from andon.trail.tests.machines import Machine, make_tables
from andon.trail.verify import verify

ENTRY = (
    "{insert} INTO audit_entry (id, stream, seq, prev_hash, entry_hash, payload, at, actor_kind,"
    " actor_id, via, action, model, object_id, number, reason, request_id)"
    " SELECT {id}, stream, {seq}, prev_hash, entry_hash, '{{}}', at, actor_kind, actor_id, via,"
    " action, model, object_id, number, reason, request_id FROM audit_entry WHERE seq = 1"
)
REFUSED = {
    "update of an entry": "UPDATE audit_entry SET payload = '{}' WHERE seq = 1",
    "delete of an entry": "DELETE FROM audit_entry WHERE seq = 1",
    "head back": "UPDATE audit_head SET seq = 0",
    "head on its place": "UPDATE audit_head SET entry_hash = ''",
    "head renamed": "UPDATE audit_head SET stream = 'x', seq = 9 WHERE stream = 'records'",
    "head deleted": "DELETE FROM audit_head",
    "personal value changed": "UPDATE audit_personal SET value = '\"Eve\"'",
    "personal value deleted": "DELETE FROM audit_personal",
}
ONLY_SQLITE = {
    "entry replaced by id": ENTRY.format(insert="INSERT OR REPLACE", id="id", seq="99"),
    "entry replaced by seq": ENTRY.format(insert="REPLACE", id="NULL", seq="seq"),
    "entry replaced by hash": ENTRY.format(insert="REPLACE", id="NULL", seq="99"),
    "head replaced": "REPLACE INTO audit_head VALUES ('records', 0, '')",
    "personal replaced": (
        "REPLACE INTO audit_personal SELECT commitment, '', 'x' FROM audit_personal"
    ),
    "update or replace": "UPDATE OR REPLACE audit_entry SET seq = 1 WHERE seq = 2",
}
ONLY_POSTGRESQL = {
    "entries truncated": "TRUNCATE audit_entry",
    "head truncated": "TRUNCATE audit_head",
    "personal truncated": "TRUNCATE audit_personal",
}
PER_VENDOR = {"sqlite": ONLY_SQLITE, "postgresql": ONLY_POSTGRESQL}


def write() -> None:
    with audited(SYSTEM("test")):
        Machine.objects.create(number="M-1", keeper="Ana")
        Machine.objects.create(number="M-2", keeper="Bo")


def names(*, sql: dict[str, str]) -> set[str]:
    """Return those of ``sql`` that the database let pass."""
    passed = set()
    for name, statement in sql.items():
        try:
            with transaction.atomic(), behind_the_back() as cursor:
                cursor.execute(statement)
                passed.add(name)
                transaction.set_rollback(True)
        except DatabaseError:
            continue
    return passed


@pytest.mark.usefixtures("machines")
def test_AT7_entries_head_and_values_cannot_be_rewritten_in_sql() -> None:
    write()

    assert names(sql={**REFUSED, **PER_VENDOR[connection.vendor]}) == set()
    assert AuditEntry.objects.count() == 2
    assert TrailHead.objects.get(stream="records").seq == 2


@pytest.mark.usefixtures("machines")
def test_AT7_without_the_guards_the_same_statements_pass() -> None:
    write()
    with behind_the_back() as cursor:
        for guard in guards.declared(connection):
            if isinstance(guard, guards.Guard) and guard.table.startswith("audit"):
                on = f" ON {guard.table}" if guard.vendor == "postgresql" else ""
                cursor.execute(f"DROP TRIGGER {guard.name}{on}")

    passing = {**REFUSED, **PER_VENDOR[connection.vendor]}
    assert names(sql=passing) >= passing.keys() - {"personal replaced"}


@pytest.mark.usefixtures("machines")
def test_RT2_a_personal_value_can_be_erased() -> None:
    write()

    erase = {"erase": "UPDATE audit_personal SET salt = '', value = ''"}
    assert names(sql=erase) == {"erase"}


def drop(name: str, table: str) -> None:
    on = f" ON {table}" if connection.vendor == "postgresql" else ""
    with behind_the_back() as cursor:
        cursor.execute(f"DROP TRIGGER {name}{on}")


@pytest.mark.usefixtures("db")
def test_AT8_a_missing_guard_is_a_check_error_and_a_finding() -> None:
    assert guards.missing() == []

    drop("audit_entry_delete_guard", "audit_entry")

    assert guards.missing() == ["audit_entry_delete_guard"]
    errors = run_checks(databases=["default"])
    assert [error.id for error in errors if error.id == "trail.E010"] == ["trail.E010"]
    with pytest.raises(CommandError, match="audit_entry_delete_guard"):
        call_command("check", databases=["default"])
    assert [f.kind for f in verify().findings if "audit_entry" in f.text] == ["guard"]


@pytest.mark.usefixtures("db")
def test_AT8_a_guard_of_another_form_is_missing_too() -> None:
    drop("audit_entry_delete_guard", "audit_entry")
    harmless = guards.Guard(
        connection.vendor,
        "audit_entry_delete_guard",
        "audit_entry",
        "BEFORE DELETE",
        "SELECT 1;" if connection.vendor == "sqlite" else "RETURN OLD;",
    )
    with behind_the_back() as cursor:
        for statement in harmless.statements():
            cursor.execute(statement)

    assert guards.missing() == ["audit_entry_delete_guard"]


@pytest.mark.usefixtures("db")
def test_AT8_a_guard_that_is_switched_off_is_missing() -> None:
    if connection.vendor == "sqlite":
        pytest.skip("SQLite cannot switch a trigger off")
    with connection.cursor() as cursor:
        cursor.execute("ALTER TABLE audit_entry DISABLE TRIGGER audit_entry_update_guard")

    assert guards.missing() == ["audit_entry_update_guard"]


def test_AT8_the_guards_survive_a_migration_that_rebuilds_the_table(committed_db: str) -> None:
    make_tables()
    write()
    field = AuditEntry._meta.get_field("number")
    wider = models.CharField(max_length=80)
    wider.set_attributes_from_name("number")
    wider.model = AuditEntry
    with behind_the_back(), connection.schema_editor() as editor:
        editor.alter_field(AuditEntry, field, wider)
        editor.alter_field(AuditEntry, wider, field)
    if connection.vendor == "sqlite":
        assert "audit_entry_update_guard" in guards.missing(), "Django dropped it with the table"

    call_command("migrate", verbosity=0)

    assert guards.missing() == []
    assert names(sql=REFUSED) == set()


def test_a_guard_comes_back_whatever_stood_there(committed_db: str) -> None:
    drop("audit_head_delete_guard", "audit_head")

    guards.install()
    guards.install()

    assert guards.missing() == []
