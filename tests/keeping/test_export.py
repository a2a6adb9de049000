"""No lock-in: everything goes out in open formats and comes in again, on either database."""

import hashlib
import json
import os
import shutil
import subprocess
import sys
import uuid
import zipfile
from collections.abc import Callable, Iterator
from contextlib import contextmanager, nullcontext
from decimal import Decimal
from pathlib import Path
from typing import Any

import jsonschema_rs
import pytest
from django.conf import settings
from django.core.exceptions import PermissionDenied
from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import DatabaseError, connection

from andon.accounts.models import Site, User
from andon.accounts.roles import Role
from andon.accounts.testing import PASSWORD, SiteFactory, a_person
from andon.cli.main import main
from andon.modules.nonconformities.models import Nonconformity
from andon.portal.keeping import files, loading, tables
from andon.portal.keeping.exporting import export
from andon.portal.keeping.loading import load
from andon.portal.keeping.models import KeepingRun
from andon.records import files as attached
from andon.records import services as records
from andon.records.dealings import comment, link
from andon.records.workflow import Refused
from andon.trail import bringing
from andon.trail.models import AuditEntry
from andon.trail.services import NotAudited
from andon.trail.verify import verify
from tests.committed import committed_copy
from tests.keeping.places import chain, standing_on

# What loading itself adds, and nothing else.
ADDED = {"audit_entry", "audit_head", "audit_checkpoint", "keeping_keepingrun"}


def a_record(by: User, title: str) -> Nonconformity:
    site = Site.objects.get(code="ABC1")
    record = Nonconformity(title=title, owner=by, site=site, suspect_quantity=Decimal("1.50"))
    return records.create(record, by=by)


@pytest.fixture
def factory(committed_db: str, tmp_path: Path, settings: Any) -> Path:
    """Records with links, comments and a file, people with passwords; yields a folder."""
    settings.FILES = tmp_path / "files"
    SiteFactory.create(code="ABC1", name="Wärk “1” 工場")
    manager = a_person(Role.MANAGER, username="ana", email="ana@example.com")
    manager.set_password(PASSWORD)
    manager.save(update_fields=["password"])
    first, second = a_record(manager, "Kratzer – außen\n\U0001f50d"), a_record(manager, "Later")
    link(first, "related", second, by=manager)
    comment(first, "Look | at\tthis: “ü”", by=manager)
    attached.attach(first, SimpleUploadedFile("note.txt", b"a note"), by=manager)
    (tmp_path / "out").mkdir()
    return tmp_path / "out"


@pytest.fixture
def template(_template: str) -> str:
    """The migrated database that instances are copies of."""
    return _template


@contextmanager
def empty_instance(template: str, folder: Path) -> Iterator[None]:
    """Stand on an instance as ``andon migrate`` makes it."""
    folder.mkdir()
    place = settings.CHECKPOINTS
    settings.CHECKPOINTS = folder / "checkpoints.txt"
    name = str(folder / "andon.sqlite3")
    if connection.vendor == "sqlite":
        shutil.copy(template, name)
    else:
        name = f"test_instance_{uuid.uuid4().hex[:12]}"
        with connection._nodb_cursor() as cursor:
            cursor.execute(f'CREATE DATABASE "{name}" TEMPLATE "{template}"')
    try:
        with standing_on(name, folder / "files"):
            yield
    finally:
        settings.CHECKPOINTS = place
        if connection.vendor != "sqlite":
            with connection._nodb_cursor() as cursor:
                cursor.execute(f'DROP DATABASE "{name}" WITH (FORCE)')


def lines(export: Path) -> dict[str, list[str]]:
    """Return the lines of each table."""
    found = sorted((export / "tables").iterdir())
    return {path.stem: path.read_text(encoding="utf-8").splitlines() for path in found}


def assert_the_same(before: Path, after: Path) -> None:
    """Every row that went out is there again, and only loading itself added any."""
    old, new = lines(before), lines(after)
    assert old.keys() == new.keys()
    for table in old:
        if table not in ADDED:
            assert new[table] == old[table], table
        elif table != "audit_head":
            assert new[table][: len(old[table])] == old[table], table
    assert sorted(p.name for p in (before / "files").rglob("*") if p.is_file()) == sorted(
        p.name for p in (after / "files").rglob("*") if p.is_file()
    )


@pytest.mark.parametrize("name", ["export", "export.zip"])
def test_BK_an_export_comes_back_equal_in_an_empty_instance(
    factory: Path, tmp_path: Path, template: str, name: str
) -> None:
    run = export(factory / name)
    whole = chain()
    if name.endswith(".zip"):
        zipfile.ZipFile(factory / name).extractall(factory / "export")

    with empty_instance(template, tmp_path / "instance"):
        loaded = load(factory / name)

        assert verify().findings == []
        assert {row for row in whole if row[4].find('"keeping.') < 0} <= set(chain())
        assert (loaded.entries, loaded.files_count) == (run.entries, 1)
        export(factory / "again")
        manager = User.objects.get(username="ana")
        new = a_record(manager, "After the move")
        assert new.number.endswith("-0003"), "numbers go on without a hole"
        assert verify().findings == []
    assert_the_same(factory / "export", factory / "again")


@pytest.mark.postgres
def test_BK_an_export_moves_to_sqlite_and_back_to_postgresql(
    factory: Path, tmp_path: Path, template: str
) -> None:
    if connection.vendor != "postgresql":
        pytest.skip("needs both databases")
    export(factory / "first")
    place = tmp_path / "sqlite"
    place.mkdir()
    environment = {
        **os.environ,
        "ANDON_DATA": str(place),
        "ANDON_CHECKPOINTS": str(place / "checkpoints.txt"),
        "ANDON_SIGNING_KEY_FILE": str(Path(settings.SIGNING_KEY_FILE).resolve()),
        "DATABASE_URL": f"sqlite:///{place}/andon.sqlite3",
    }
    for words in (["migrate"], ["load", factory / "first"], ["export", factory / "second"]):
        command = [sys.executable, "-m", "andon.cli", *map(str, words)]
        done = subprocess.run(command, check=False, env=environment, capture_output=True, text=True)
        assert done.returncode == 0, done.stderr
    assert_the_same(factory / "first", factory / "second")

    with empty_instance(template, tmp_path / "instance"):
        load(factory / "second")
        export(factory / "third")

        assert verify().findings == []
    assert_the_same(factory / "second", factory / "third")


def rewritten(change: Callable[[Path], None]) -> Callable[[Path], None]:
    """Change a member and make the manifest right again: what a careful forger does."""

    def damage(folder: Path) -> None:
        change(folder)
        names = [line.split("  ")[1] for line in (folder / "MANIFEST").read_text().splitlines()]
        there = [name for name in names if (folder / name).exists()]
        text = "".join(
            f"{hashlib.sha256((folder / name).read_bytes()).hexdigest()}  {name}\n"
            for name in there
        )
        (folder / "MANIFEST").write_text(text)
        digest = hashlib.sha256(text.encode()).hexdigest()
        (folder / "MANIFEST.sha256").write_text(f"{digest}  MANIFEST\n")

    return damage


def edited(name: str, old: str, new: str) -> Callable[[Path], None]:
    def change(folder: Path) -> None:
        text = (folder / name).read_text(encoding="utf-8")
        assert old in text
        (folder / name).write_text(text.replace(old, new, 1), encoding="utf-8")

    return change


def _without(name: str) -> Callable[[Path], None]:
    return lambda folder: (folder / name).unlink()


def _flipped_file(folder: Path) -> None:
    path = next(p for p in (folder / "files").rglob("*") if p.is_file())
    path.write_bytes(b"another")


def _linked(folder: Path) -> None:
    shutil.move(folder / "SCHEMA.md", folder.parent / "outside.md")
    (folder / "SCHEMA.md").symlink_to(folder.parent / "outside.md")


SITES, USERS = "tables/accounts_site.jsonl", "tables/accounts_user.jsonl"
DAMAGES: dict[str, tuple[Callable[[Path], None], str]] = {
    "a row edited": (edited(SITES, "工場", "工场"), "is not what it was"),
    "a file altered": (_flipped_file, "is not what it was"),
    "the manifest edited": (edited("MANIFEST", "SCHEMA.md", "SCHEMB.md"), "manifest was changed"),
    "a member gone": (_without(SITES), "is missing"),
    "no manifest": (_without("MANIFEST"), "is missing"),
    "a member more": (lambda f: (f / "more").write_text("x"), "are listed"),
    "a member outside": (_linked, "are listed"),
    "a row edited, and the manifest": (rewritten(edited(SITES, "工場", "工场")), "row changed"),
    "a history edited, and the manifest": (
        rewritten(edited("tables/audit_entry.jsonl", "Later", "Never")),
        "entry",
    ),
    "a table left out, and the manifest": (rewritten(_without(SITES)), "lacks"),
    "an unknown field": (rewritten(edited(SITES, '"code":', '"kode":')), "its fields are others"),
    "a value of another type": (rewritten(edited(SITES, '"id":1', '"id":"one"')), "accounts_site"),
    "no JSON": (rewritten(edited(SITES, "{", "[")), "accounts_site"),
    "a row that refers to nothing": (
        rewritten(edited("tables/records_comment.jsonl", '"by_id":', '"by_id":99')),
        "cannot be loaded",
    ),
    "a row twice": (
        rewritten(lambda f: (f / SITES).write_bytes((f / SITES).read_bytes() * 2)),
        "accounts_site",
    ),
    "a newer version": (
        rewritten(edited("about.json", '"version": "', '"version": "99.')),
        "Install that version",
    ),
    "tables of another version": (
        rewritten(edited("about.json", "trail.0001_initial", "trail.0001_other")),
        "Install that version",
    ),
    "a backup": (rewritten(edited("about.json", '"export"', '"backup"')), "andon restore"),
}


@pytest.fixture(scope="module")
def exported(
    _template: str, django_db_blocker: Any, tmp_path_factory: pytest.TempPathFactory
) -> Iterator[Path]:
    """One export for all damages."""
    folder = tmp_path_factory.mktemp("exported")
    with (
        committed_copy(_template, django_db_blocker, folder),
        standing_on(connection.settings_dict["NAME"], folder / "files"),
    ):
        SiteFactory.create(code="ABC1", name="Wärk “1” 工場")
        manager = a_person(Role.MANAGER, username="ana")
        record = a_record(manager, "Later")
        comment(record, "Look at this", by=manager)
        attached.attach(record, SimpleUploadedFile("note.txt", b"a note"), by=manager)
        export(folder / "export")
        connection.close()
        yield folder / "export"


@pytest.mark.parametrize("damage", DAMAGES)
def test_BK_a_damaged_export_is_refused_and_nothing_is_loaded(
    exported: Path, tmp_path: Path, template: str, damage: str
) -> None:
    change, sentence = DAMAGES[damage]
    copy = shutil.copytree(exported, tmp_path / "copy")
    change(copy)

    with empty_instance(template, tmp_path / "instance"):
        with pytest.raises(Refused, match=sentence):
            load(copy)

        loading.require_empty()
        assert not AuditEntry.objects.exists()


def test_BK_twin_without_the_verification_an_edited_row_would_come_in(
    exported: Path, tmp_path: Path, template: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    copy = shutil.copytree(exported, tmp_path / "copy")
    DAMAGES["a row edited, and the manifest"][0](copy)
    monkeypatch.setattr(loading, "_check", lambda *_: None)

    with empty_instance(template, tmp_path / "instance"):
        load(copy)

        assert Site.objects.get().name == "Wärk “1” 工场"


def test_BK_loading_goes_through_the_gate_and_takes_no_guard_down(
    exported: Path, tmp_path: Path, template: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    with empty_instance(template, tmp_path / "instance"):
        load(exported)
        with pytest.raises(DatabaseError), connection.cursor() as cursor:
            cursor.execute("UPDATE audit_entry SET reason = 'x'")
    with empty_instance(template, tmp_path / "shut"), monkeypatch.context() as patch:
        patch.setattr(bringing, "opened", nullcontext)
        with pytest.raises(DatabaseError, match=r"(?i)not authorized|audited|prohibited"):
            load(exported)


def test_BK_no_history_is_brought_in_beside_another(factory: Path) -> None:
    with pytest.raises(NotAudited, match="a database that has none"):
        bringing.bring_in(lambda: None, lambda: None)


def test_BK_an_instance_with_anything_in_it_is_left_alone(factory: Path) -> None:
    export(factory / "export")

    with pytest.raises(Refused, match="not empty"):
        load(factory / "export")


def test_BK_nothing_people_sign_in_with_goes_out_unless_asked_for(
    factory: Path, tmp_path: Path, template: str
) -> None:
    export(factory / "open")
    export(factory / "closed", credentials=True)
    secret = User.objects.get(username="ana").password

    assert secret not in (factory / "open" / USERS).read_text()
    assert json.dumps(secret) in (factory / "closed" / USERS).read_text()
    for name, usable in (("open", False), ("closed", True)):
        with empty_instance(template, tmp_path / name):
            load(factory / name)
            assert User.objects.get(username="ana").check_password(PASSWORD) is usable
            assert verify().findings == []


def test_BK_somebody_can_be_let_in_after_a_load(
    factory: Path, tmp_path: Path, template: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    export(factory / "export")
    monkeypatch.setenv("ANDON_ADMIN_PASSWORD", "a new and long password")

    with empty_instance(template, tmp_path / "instance"):
        assert main(["load", str(factory / "export"), "--password-for", "ana"]) == 0
        assert User.objects.get(username="ana").check_password("a new and long password")


def test_BK_only_an_administrator_of_all_sites_takes_everything_along(factory: Path) -> None:
    with pytest.raises(PermissionDenied):
        export(factory / "one", by=User.objects.get(username="ana"))
    export(factory / "two", by=(admin := a_person(Role.ADMIN)))

    told = AuditEntry.objects.get(stream="security", action="exported")
    assert (told.actor_id, KeepingRun.objects.get().kind) == (str(admin.pk), "export")
    assert "exported" in "".join(lines(factory / "two")["audit_entry"]), "It carries that it was."


def test_BK_every_line_is_as_its_schema_says(factory: Path) -> None:
    export(factory / "export")
    page = (factory / "export" / "SCHEMA.md").read_text(encoding="utf-8")

    for table, rows in lines(factory / "export").items():
        schema = json.loads((factory / "export" / "schema" / f"{table}.schema.json").read_text())
        validator = jsonschema_rs.validator_for(schema)
        for row in rows:
            assert list(validator.iter_errors(json.loads(row))) == [], table
        assert f"## {table}\n" in page
        assert all(told["description"] for told in schema["properties"].values()), table
        assert all(f"| `{name}` |" in page for name in schema["properties"])


def test_BK_the_same_state_gives_the_same_bytes(factory: Path) -> None:
    run = export(factory / "one")
    export(factory / "two")

    one, two = lines(factory / "one"), lines(factory / "two")
    assert run.is_good
    assert {name for name in one if one[name] != two[name]} <= ADDED


def test_BK_no_table_refers_to_one_that_is_left_out() -> None:
    out = {*tables.LEFT_OUT, *tables.CREDENTIAL_TABLES}

    assert [
        (model._meta.label_lower, field.name)
        for model in tables.exported(credentials=False)
        for field in tables.fields_of(model)
        if field.remote_field and field.remote_field.model._meta.label_lower in out
    ] == []


# Named like something to sign in with, and looked at: none of it opens a door by itself.
REVIEWED = {
    "audit_key.public_key",
    "entry_passkey.public_key",
}


def test_BK_every_field_that_sounds_like_a_secret_was_decided_on() -> None:
    sounds = ("password", "secret", "private", "public_key", "pin_", "otp", "recovery")
    left = [
        f"{model._meta.db_table}.{field.name}"
        for model in tables.exported(credentials=False)
        for field in tables.fields_of(model)
        if any(word in field.name for word in sounds) and "sha256" not in field.name
        if field.name not in tables.CREDENTIALS.get(model._meta.label_lower, {})
    ]

    assert set(left) <= REVIEWED


def test_BK_what_is_blanked_is_covered_by_no_state_of_the_trail() -> None:
    """Else a blanked field would be a finding after the load."""
    for model in tables.exported(credentials=True):
        blank = tables.CREDENTIALS.get(model._meta.label_lower, {})
        assert set(blank) <= getattr(model, "trail_excluded", frozenset(blank))
    assert files.member_name("ab" * 32) == f"files/ab/{'ab' * 32}"
