"""The role of the application runs everything and cannot rewrite the trail (AT7, PostgreSQL)."""

import secrets
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

import pytest
from django.core.management import call_command
from django.db import DatabaseError, connection, connections, transaction
from django.test import Client

from andon.accounts.models import Site, User
from andon.accounts.roles import Role
from andon.accounts.testing import SiteFactory, a_person
from andon.cli.main import main
from andon.modules.nonconformities.models import Nonconformity
from andon.modules.nonconformities.tests.factories import reported
from andon.records import services as records
from andon.trail import checkpoints, guards, roles
from andon.trail.models import AuditEntry
from andon.trail.security import tell
from andon.trail.services import audited
from andon.trail.testing import behind_the_back
from andon.trail.verify import verify

pytestmark = pytest.mark.postgres
REWRITING = (
    "UPDATE audit_entry SET payload = '{}'",
    "DELETE FROM audit_entry",
    "TRUNCATE audit_entry",
    "TRUNCATE audit_entry, audit_head CASCADE",
    "DELETE FROM audit_head",
    "DELETE FROM audit_personal",
    "UPDATE audit_checkpoint SET text = 'x'",
    "DELETE FROM audit_checkpoint",
    "TRUNCATE audit_checkpoint",
    "UPDATE audit_key SET public_key = 'x'",
    "DELETE FROM audit_key",
    "DELETE FROM signing_signature",
    "TRUNCATE signing_signature",
    "DELETE FROM django_migrations",
    "DROP TRIGGER audit_entry_update_guard ON audit_entry",
    "DROP TRIGGER accounts_site_gate ON accounts_site",
    "ALTER TABLE audit_entry DISABLE TRIGGER ALL",
    "ALTER TABLE accounts_site DISABLE TRIGGER accounts_site_gate",
    "DROP TABLE audit_entry CASCADE",
    "ALTER TABLE accounts_site ADD COLUMN unseen int",
    "CREATE TABLE public.unseen (id int)",
    "CREATE TEMPORARY TABLE audit_entry (id int)",
    "CREATE OR REPLACE FUNCTION audit_entry_gate() RETURNS trigger LANGUAGE plpgsql AS 'BEGIN END'",
    "SET session_replication_role = replica",
    "SET ROLE andon",
    "CREATE TRIGGER unseen AFTER INSERT ON accounts_site EXECUTE FUNCTION audit_entry_gate()",
    "ALTER ROLE CURRENT_USER SUPERUSER",
)


@pytest.fixture
def application(committed_db: str) -> Iterator[str]:
    """A role of the application in this database; its name and password are the same."""
    if connection.vendor != "postgresql":
        pytest.skip("SQLite has no roles")
    name = f"app_{secrets.token_hex(6)}"
    roles.apply(name, password=name)
    yield name
    with connection.cursor() as cursor:
        cursor.execute(f"DROP OWNED BY {name}")
        cursor.execute(f"DROP ROLE {name}")


@contextmanager
def signed_in(role: str) -> Iterator[None]:
    """Ask the database as ``role`` meanwhile."""
    settings: dict[str, Any] = connections["default"].settings_dict
    kept = {name: settings[name] for name in ("USER", "PASSWORD")}
    connection.close()
    settings.update(USER=role, PASSWORD=role)
    try:
        yield
    finally:
        connection.close()
        settings.update(kept)


def passes(statement: str) -> bool:
    try:
        with transaction.atomic(), connection.cursor() as cursor:
            cursor.execute(statement)
            transaction.set_rollback(True)
    except DatabaseError as error:
        if not any(word in str(error) for word in ("denied", "must be", "not authorized")):
            raise
        return False
    return True


def the_application_runs() -> None:
    """Report, decide, comment, sign in, look at pages, tell, make a checkpoint, verify."""
    site: Site = SiteFactory.create(code="ROLE")
    manager = a_person(Role.MANAGER, None, password="a long password of the test")
    record = reported(manager, site)
    records.perform(record, "void", by=manager, data={"void_reason": "reported twice"})
    tell("refused", by=manager)
    User.objects.filter(pk=manager.pk).update(last_login=None)
    assert checkpoints.checkpoint("test") is not None
    client = Client()
    client.force_login(manager)
    for address in ("/", "/work", "/nonconformities/", f"/r/{record.number}/", "/trail/"):
        assert client.get(address, follow=True).status_code == 200, address
    assert Nonconformity.objects.get().state == "void"


@pytest.mark.usefixtures("committed_db")
def test_AT7_the_application_runs_as_a_role_that_owns_nothing(application: str) -> None:
    with signed_in(application):
        the_application_runs()

        assert guards.missing() == []
        assert verify().findings == []


@pytest.mark.usefixtures("committed_db")
def test_AT7_that_role_cannot_rewrite_the_trail_or_take_a_guard_off(application: str) -> None:
    with signed_in(application):
        the_application_runs()
        before = AuditEntry.objects.count()

        assert [statement for statement in REWRITING if passes(statement)] == []
        # Nor inside an audited block, nor by calling itself a migration.
        with audited(a_person(Role.MANAGER, None)):
            assert [statement for statement in REWRITING if passes(statement)] == []
        with connection.cursor() as cursor:
            cursor.execute("SELECT set_config('andon.audited', 'migration', false)")
        assert not passes("UPDATE accounts_site SET name = 'x'")
        assert AuditEntry.objects.count() > before
        assert verify().findings == []


@pytest.mark.usefixtures("committed_db")
def test_AT7_a_role_of_another_database_is_given_nothing_here() -> None:
    if connection.vendor != "postgresql":
        pytest.skip("SQLite has no roles")
    name = f"app_{secrets.token_hex(6)}"
    with connection.cursor() as cursor:
        cursor.execute(f"CREATE ROLE {name}")
        cursor.execute(f"COMMENT ON ROLE {name} IS '{roles.MARK}'")
        try:
            roles.renew()
            cursor.execute("SELECT has_table_privilege(%s, 'audit_entry', 'SELECT')", [name])
            assert cursor.fetchone() == (False,)
        finally:
            cursor.execute(f"DROP OWNED BY {name}")
            cursor.execute(f"DROP ROLE {name}")


@pytest.mark.usefixtures("committed_db")
def test_AT7_broken_twin_the_owner_of_the_tables_can(application: str) -> None:
    the_application_runs()
    taken = (
        "DROP TRIGGER audit_entry_update_guard ON audit_entry",
        "ALTER TABLE audit_entry DISABLE TRIGGER ALL",
        "CREATE TABLE public.unseen (id int)",
        "ALTER TABLE accounts_site DISABLE TRIGGER accounts_site_gate",
    )

    with behind_the_back():
        assert [statement for statement in taken if not passes(statement)] == []


@pytest.mark.usefixtures("committed_db")
def test_AT8_what_a_migration_adds_is_granted_and_no_more(application: str) -> None:
    with behind_the_back() as cursor:
        cursor.execute("CREATE TABLE added (id int)")
        cursor.execute(f"GRANT ALL ON audit_entry TO {application}")

    call_command("migrate", verbosity=0)

    with signed_in(application):
        assert passes("INSERT INTO added VALUES (1)")
        assert not passes("DELETE FROM audit_entry")
        assert not passes("TRUNCATE audit_entry")


@pytest.mark.usefixtures("committed_db")
def test_AT7_the_role_that_is_made_twice_is_the_same(application: str) -> None:
    roles.apply(application)

    with signed_in(application):
        assert not passes("UPDATE audit_entry SET payload = '{}'")


@pytest.mark.usefixtures("db")
def test_AT7_the_command_prints_the_sql_or_says_why_there_is_none(
    capsys: pytest.CaptureFixture[str],
) -> None:
    code = main(["roles", "application"])

    said = capsys.readouterr()
    if connection.vendor == "sqlite":
        assert (code, said.out) == (2, "")
        assert "SQLite has no roles" in said.err
        return
    assert code == 0
    assert 'REVOKE UPDATE, DELETE ON "audit_entry" FROM "application";' in said.out
    assert main(["roles", connection.settings_dict["USER"]]) == 2
    assert "Name another role" in capsys.readouterr().err
