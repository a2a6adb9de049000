"""Nothing writes a controlled table but `audited` blocks: the database itself refuses (AT7).

Every table behind the gate is tried with every form of statement, and every controlled model with
every way the ORM has to write. A broken twin opens the gate and sees the same statements pass.
"""

import sqlite3
from collections.abc import Callable, Iterator
from typing import Any

import pytest
from django.apps import apps
from django.core.checks import run_checks
from django.core.management import call_command
from django.core.management.commands import migrate
from django.db import DatabaseError, connection, connections, models, transaction

from andon.accounts.models import Site, User
from andon.accounts.testing import SiteFactory
from andon.trail import gate, guards
from andon.trail.models import AuditEntry
from andon.trail.services import SYSTEM, NotAudited, audited
from andon.trail.testing import behind_the_back
from andon.trail.verify import verify
from tests.committed import together

SQLITE = connection.vendor == "sqlite"
SCHEMA = "main" if SQLITE else "public"
NOBODY = 10**9

EVERYWHERE = {
    "insert": "INSERT INTO {t} SELECT * FROM {t} WHERE 1 = 0",
    "insert with comments": "/* a */ INSERT /* b */ INTO/**/{t} SELECT * FROM {t} WHERE 1 = 0 -- c",
    "insert with a schema": "INSERT INTO {s}.{t} SELECT * FROM {t} WHERE 1 = 0",
    "insert in quotes": 'INSERT INTO "{s}"."{t}" SELECT * FROM {t} WHERE 1 = 0',
    "insert of a query": "WITH x AS (SELECT 1) INSERT INTO {t} SELECT * FROM {t} WHERE 1 = 0",
    "delete": "DELETE FROM {t} WHERE 1 = 0",
    "delete in capitals": "DELETE FROM {T} WHERE 1 = 0",
    "delete with comments": "/* UPDATE sessions */ DELETE /* x */ FROM/**/{s}.{t} WHERE 1 = 0",
    "delete of a query": "WITH x AS (SELECT 1) DELETE FROM {t} WHERE 1 = 0",
}
UPDATES = {
    "update": "UPDATE {t} SET {c} = {c} WHERE 1 = 0",
    "update with comments": "/* SELECT 1; */ UPDATE/**/{s}.{t} /* x */ SET {c} = {c} WHERE 1 = 0",
    "update of a query": "WITH x AS (SELECT 1) UPDATE {t} SET {c} = {c} WHERE 1 = 0",
}
ONLY_SQLITE = {
    "replace": "REPLACE INTO {t} SELECT * FROM {t} WHERE 0",
    "insert or replace": "INSERT OR REPLACE INTO main . {t} SELECT * FROM {t} WHERE 0",
    "update or replace": "UPDATE OR REPLACE [{t}] SET {c} = {c} WHERE 0",
    "delete all": "DELETE FROM `{t}`",
    "drop": "DROP TABLE {t}",
    "drop if exists": "/* x */ DROP/**/TABLE IF EXISTS main.{t}",
    "add a column": "ALTER TABLE {t} ADD COLUMN unseen",
    "rename": "ALTER TABLE main.{t} RENAME TO unseen",
    "rename a column": "ALTER TABLE {t} RENAME COLUMN {c} TO unseen",
    "trigger": "CREATE TRIGGER unseen AFTER INSERT ON {t} BEGIN SELECT 1; END",
    "passing trigger": "CREATE TEMP TRIGGER unseen AFTER INSERT ON main.{t} BEGIN SELECT 1; END",
    "a table before it": "CREATE TEMP TABLE {t} (id)",
    "a view before it": "CREATE TEMP VIEW {t} AS SELECT 1",
    "explain": "EXPLAIN DELETE FROM {t}",
}
ONLY_POSTGRESQL = {
    "truncate": "TRUNCATE {t} CASCADE",
    "merge": "MERGE INTO {t} USING (SELECT 1) AS x ON 1 = 0 WHEN MATCHED THEN DELETE",
}
FORMS = {**EVERYWHERE, **UPDATES, **(ONLY_SQLITE if SQLITE else ONLY_POSTGRESQL)}


def column(table: str) -> str:
    """Return a column of ``table`` that the trail sees."""
    model = next(m for m in apps.get_models() if m._meta.db_table == table)
    free = gate.guarded()[table]
    return next(str(f.column) for f in model._meta.local_concrete_fields if f.column not in free)


def passed(form: str, *, tables: Any = None) -> set[str]:
    """Return the tables for which a statement of this form got through; nothing of it stays."""
    got = set()
    for table in tables or gate.guarded():
        words = {"t": table, "T": table.upper(), "s": SCHEMA, "c": column(table)}
        try:
            with transaction.atomic(), connection.cursor() as cursor:
                cursor.execute(form.format(**words))
                got.add(table)
                transaction.set_rollback(True)
        except DatabaseError as error:
            if "not authorized" not in str(error):
                raise
    return got


def row_by_row() -> set[str]:
    """Return the tables where PostgreSQL looks at each updated row, so that one is needed."""
    return set() if SQLITE else {table for table, free in gate.guarded().items() if free}


@pytest.mark.usefixtures("db")
@pytest.mark.parametrize("name", FORMS)
def test_AT7_outside_audited_no_form_of_statement_passes_on_any_controlled_table(name: str) -> None:
    if name == "merge" and connection.pg_version < 150000:  # type: ignore[attr-defined]
        pytest.skip("this server has no MERGE")
    allowed = row_by_row() if name in UPDATES else set()

    assert passed(FORMS[name]) == allowed


@pytest.mark.usefixtures("db")
@pytest.mark.parametrize("name", ["insert", "delete with comments", "update", "update of a query"])
def test_AT7_broken_twin_with_the_gate_open_they_all_pass(name: str) -> None:
    with behind_the_back():
        assert passed(FORMS[name], tables=plain()) == plain()


def plain() -> set[str]:
    """Return the tables without triggers of another kind, which would refuse as well."""
    return {table for table in gate.guarded() if table.split("_")[0] in {"accounts", "kpis"}}


def attempts() -> Iterator[tuple[type[models.Model], Any]]:
    for model in apps.get_models():
        if gate.is_guarded(model) and not model._meta.proxy:
            kind = model._meta.pk.get_internal_type()
            key = "nobody" if kind == "CharField" else NOBODY
            yield model, key


def instance(model: Any, key: Any) -> Any:
    made = model(pk=key)
    made._state.adding = False
    return made


def raw(sql: str) -> Callable[[Any, Any], None]:
    def write(model: Any, _key: Any) -> None:
        with connection.cursor() as cursor:
            table = model._meta.db_table
            cursor.execute(sql.format(t=table, c=column(table)))

    return write


def many(model: Any, key: Any) -> None:
    with connection.cursor() as cursor:
        name = model._meta.pk.column
        cursor.executemany(f"DELETE FROM {model._meta.db_table} WHERE {name} = %s", [[key]] * 2)


def field_of(model: Any) -> Any:
    free = getattr(model, "trail_excluded", frozenset())
    own = model._meta.concrete_fields
    return next(
        f
        for f in own
        if f.name not in free
        and not f.primary_key
        and not getattr(f.remote_field, "parent_link", 0)
    )


WAYS: dict[str, Callable[[Any, Any], Any]] = {
    "save": lambda model, key: instance(model, key).save(),
    "save of named fields": lambda model, key: instance(model, key).save(
        update_fields=[field_of(model).name]
    ),
    "delete": lambda model, key: instance(model, key).delete(),
    "create": lambda model, key: model._base_manager.create(pk=key),
    "get or create": lambda model, key: model._base_manager.get_or_create(pk=key),
    "update of many": lambda model, _key: model._base_manager.update(
        **{field_of(model).name: models.F(field_of(model).name)}
    ),
    "delete of many": lambda model, _key: model._base_manager.all().delete(),
    "bulk create": lambda model, key: model._base_manager.bulk_create([model(pk=key)]),
    "bulk update": lambda model, key: model._base_manager.bulk_update(
        [instance(model, key)], [field_of(model).name]
    ),
    "Django's own save": lambda model, key: models.Model.save_base(model(pk=key), raw=True),
    "Django's own update": lambda model, _key: models.QuerySet.update(
        models.QuerySet(model), **{model._meta.pk.name: models.F(model._meta.pk.name)}
    ),
    "raw delete": lambda model, _key: models.QuerySet(model)._raw_delete("default"),
    "SQL": raw("UPDATE {t} SET {c} = {c}"),
    "SQL of many": many,
}
PAST_THE_CAPTURE = ("Django's own save", "Django's own update", "raw delete", "SQL", "SQL of many")


def unseen(name: str) -> set[str]:
    """Return the models that this way wrote without an entry."""
    through = set()
    for model, key in attempts():
        try:
            with transaction.atomic():
                WAYS[name](model, key)
                through.add(model._meta.label)
                transaction.set_rollback(True)
        except NotAudited:
            continue
        except DatabaseError as error:
            if "not authorized" not in str(error):
                raise
    return through


def rowwise() -> set[str]:
    return {m._meta.label for m, _key in attempts() if m._meta.db_table in row_by_row()}


@pytest.mark.usefixtures("db")
@pytest.mark.parametrize("name", WAYS)
def test_AT1_AT7_outside_audited_no_way_of_writing_passes_for_any_model(name: str) -> None:
    # Where each row is looked at, an update of no row is one that writes nothing.
    allowed = rowwise() if name in {"SQL", "Django's own update"} else set()

    assert unseen(name) <= allowed
    assert not AuditEntry.objects.exists()


@pytest.mark.usefixtures("db")
def test_AT7_broken_twin_without_the_gate_those_ways_write_unseen() -> None:
    with behind_the_back():
        for name in ("SQL", "SQL of many", "raw delete"):
            try:
                through = unseen(name)
            except DatabaseError:  # the append-only triggers of the trail's own tables
                continue
            assert "accounts.Site" in through


@pytest.mark.usefixtures("db")
class TestOneRow:
    def a_user(self) -> User:
        with audited(SYSTEM("test")):
            user = User(username="ana", display_name="Ana")
            user.set_unusable_password()
            user.save()
        return user

    def test_AT7_a_field_the_trail_leaves_out_can_be_updated(self) -> None:
        user = self.a_user()

        User.objects.filter(pk=user.pk).update(password="x")
        user.last_login = None
        user.save(update_fields=["last_login"])
        sql("UPDATE accounts_user SET last_login = NULL, password = 'y'")

        assert User.objects.get().password == "y"
        assert AuditEntry.objects.count() == 1

    def test_AT7_but_not_together_with_one_it_sees(self) -> None:
        self.a_user()

        refused("UPDATE accounts_user SET password = 'y', display_name = 'Eve'")
        refused("UPDATE accounts_user SET display_name = 'Eve'")

        assert User.objects.get().display_name == "Ana"

    def test_AT7_broken_twin_with_the_gate_open_the_name_changes_unseen(self) -> None:
        self.a_user()

        with behind_the_back() as cursor:
            cursor.execute("UPDATE accounts_user SET display_name = 'Eve'")

        assert User.objects.get().display_name == "Eve"
        assert [f.kind for f in verify().findings] == ["row changed"]

    def test_AT7_a_statement_prepared_inside_is_asked_again_outside(self) -> None:
        SiteFactory()
        with audited(SYSTEM("test")):
            for _ in range(3):
                sql(RENAME)

        refused(RENAME)

    def test_AT7_after_an_error_and_a_rollback_the_gate_is_shut(self) -> None:
        SiteFactory()
        with pytest.raises(RuntimeError), audited(SYSTEM("test")):
            sql(RENAME)
            raise RuntimeError
        refused(RENAME)

        with audited(SYSTEM("test")):
            with pytest.raises(RuntimeError), audited(SYSTEM("test")):
                raise RuntimeError
            sql(RENAME)  # still inside the outer block
        refused(RENAME)

    def test_AT7_a_trigger_cannot_write_for_another_table(self) -> None:
        if not SQLITE:
            pytest.skip("on PostgreSQL the gate is a trigger itself")
        SiteFactory()
        sql("CREATE TABLE lure (id)")
        sql("CREATE TRIGGER bite AFTER INSERT ON lure BEGIN UPDATE accounts_site SET name='x'; END")

        refused("INSERT INTO lure VALUES (1)")

    def test_AT7_the_catalogue_of_sqlite_cannot_be_rewritten(self) -> None:
        if SQLITE:
            refused("PRAGMA writable_schema = ON")
            refused("PRAGMA /* x */ main.writable_schema(1)")

    def test_AT7_a_setting_for_the_session_opens_nothing(self) -> None:
        if SQLITE:
            pytest.skip("SQLite has no settings")
        SiteFactory()
        sql("SELECT set_config('andon.audited', '1', false)")
        refused(RENAME)
        sql("SELECT set_config('andon.audited', 'on', true)")
        refused(RENAME)


RENAME = "UPDATE accounts_site SET name = 'Renamed'"


def sql(statement: str) -> None:
    with connection.cursor() as cursor:
        cursor.execute(statement)


def refused(statement: str) -> None:
    with pytest.raises(DatabaseError, match="not authorized"), transaction.atomic():
        sql(statement)


@pytest.mark.usefixtures("committed_db")
class TestConnections:
    def test_AT7_the_block_of_one_connection_opens_no_other(self) -> None:
        SiteFactory()

        def outside(number: int) -> str:
            if number:
                refused(RENAME)
            else:
                with audited(SYSTEM("test")):
                    sql(RENAME)
            return str(Site.objects.values_list("pk", flat=True)[0])

        for _ in range(3):
            together(4, outside)

    def test_AT7_a_new_connection_has_the_gate(self) -> None:
        SiteFactory()
        connection.close()
        refused(RENAME)
        with audited(SYSTEM("test")):
            Site.objects.update(name="Renamed")
        refused(RENAME)
        assert verify().findings == []

    def test_AT8_after_migrating_the_gate_is_shut_also_when_it_fails(
        self, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        SiteFactory()
        call_command("migrate", verbosity=0)
        refused(RENAME)

        def fail(*_args: Any, **_options: Any) -> None:
            sql(RENAME)  # a data migration: the owner of the tables may
            raise RuntimeError

        monkeypatch.setattr(migrate.Command, "handle", fail)
        with pytest.raises(RuntimeError):
            call_command("migrate", verbosity=0)
        refused(RENAME)


@pytest.mark.usefixtures("db")
def test_AT8_a_connection_without_the_gate_is_a_check_error_and_a_finding() -> None:
    assert guards.missing() == []
    if SQLITE:
        connection.connection.set_authorizer(None)
        name = "authorizer"
    else:
        sql("DROP TRIGGER accounts_site_gate ON accounts_site")
        name = "accounts_site_gate"

    errors = [error for error in run_checks(databases=["default"]) if error.id == "trail.E010"]
    found = [finding.text for finding in verify().findings]
    guards.install()

    assert [name in error.msg for error in errors] == [True]
    assert [name in text for text in found] == [True]
    assert guards.missing() == []


@pytest.mark.usefixtures("db")
def test_AT7_an_error_in_the_authorizer_refuses(monkeypatch: pytest.MonkeyPatch) -> None:
    if not SQLITE:
        pytest.skip("PostgreSQL has triggers")
    SiteFactory()

    def broken(*_args: Any) -> int:
        raise LookupError

    connection.connection.set_authorizer(broken)
    try:
        with pytest.raises(sqlite3.DatabaseError):
            connection.connection.execute("UPDATE accounts_site SET name = 'x' WHERE 0")
    finally:
        gate.install_gate(connections["default"])


def test_AT8_new_models_are_behind_the_gate_without_a_word() -> None:
    audited_tables = {
        model._meta.db_table
        for model in apps.get_models()
        if hasattr(model, "trail_state_version") and not model._meta.proxy
    }

    assert audited_tables <= set(gate.guarded())
    assert {"audit_entry", "audit_head", "audit_personal", "audit_checkpoint"} <= set(
        gate.guarded()
    )
