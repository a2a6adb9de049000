"""What somebody with the database in hand can do, and how `verify` names it (AT10).

Each way is tried at several places on both databases. What no walk along one copy can find is
found by a checkpoint that somebody kept: see test_rewriting.
"""

import json
from collections.abc import Callable
from dataclasses import dataclass
from datetime import date
from typing import Any

import pytest
from django.db import connection

from andon.accounts.models import RoleGrant, Site, User
from andon.accounts.roles import Role
from andon.trail import guards
from andon.trail.canonical import dumps
from andon.trail.findings import Finding
from andon.trail.models import AuditEntry
from andon.trail.sealing import entry_hash
from andon.trail.services import SYSTEM, audited
from andon.trail.testing import behind_the_back
from andon.trail.verify import verify

pytestmark = pytest.mark.usefixtures("db")
LAST = 12
PLACES = {"first": 1, "second": 2, "middle": 6, "last but one": LAST - 1, "last": LAST}


@dataclass(frozen=True)
class Named:
    """What a finding must name."""

    kind: str
    seq: int | None = None
    model: str = ""
    object_id: str = ""
    field: str = ""

    def matches(self, finding: Finding) -> bool:
        wanted = {name: value for name, value in vars(self).items() if value not in (None, "")}
        return all(getattr(finding, name) == value for name, value in wanted.items())


def live() -> None:
    """Twelve entries: three sites, two people, grants, changes, one deletion, one event."""
    with audited(SYSTEM("seed"), reason="seed"):
        north, south, east = (
            Site.objects.create(code=code, name=f"Site {code}") for code in ("N", "S", "E")
        )
        ana = User(username="ana", display_name="Ana Silva", email="ana@example.org")
        bo = User(username="bo", display_name="Bo Berg")
        for user in (ana, bo):
            user.set_unusable_password()
            user.save()
        grant = RoleGrant(user=ana, role=Role.QUALITY, site=north, from_date=date(2026, 1, 1))
        grant.save()
    with audited(SYSTEM("seed"), reason="later") as tx:
        ana.display_name = "Ana Costa"
        ana.save()
        Site.objects.filter(code__in="NS").update(name="Renamed")
        east.delete()
        tx.event("inspected", south, detail={"ok": True})
        bo.is_active = False
        bo.save()
    assert AuditEntry.objects.count() == LAST


def tamper(*statements: tuple[str, list[Any]]) -> None:
    """Write past every defence, and leave the guards as they were."""
    with behind_the_back() as cursor:
        if connection.vendor == "sqlite":
            for guard in guards.declared(connection):
                if isinstance(guard, guards.Guard):
                    cursor.execute(f"DROP TRIGGER {guard.name}")
        else:
            # What waits to be checked would keep the guards from being put back.
            cursor.execute("SET CONSTRAINTS ALL IMMEDIATE")
            cursor.execute("SET LOCAL session_replication_role = replica")
        for statement, parameters in statements:
            cursor.execute(statement, parameters)
        if connection.vendor != "sqlite":
            cursor.execute("SET LOCAL session_replication_role = origin")
        guards.install()


def set_entry(seq: int, /, **columns: Any) -> tuple[str, list[Any]]:
    names = ", ".join(f"{name} = %s" for name in columns)
    return f"UPDATE audit_entry SET {names} WHERE seq = %s", [*columns.values(), seq]


def edited(seq: int) -> tuple[AuditEntry, str]:
    """Return an entry and its payload with another reason."""
    entry = AuditEntry.objects.get(seq=seq)
    payload = {**json.loads(entry.payload), "reason": "Everything was fine."}
    return entry, dumps(payload)


def after(seq: int, kind: str) -> Named:
    """Return where a broken link shows: at the next entry, or at the head."""
    return Named("head", LAST) if seq == LAST else Named(kind, seq + 1)


def payload_edited(seq: int) -> Named:
    tamper(set_entry(seq, payload=edited(seq)[1]))
    return Named("entry", seq)


def payload_edited_and_hashed(seq: int) -> Named:
    entry, payload = edited(seq)
    digest = entry_hash("records", entry.prev_hash, payload)
    tamper(set_entry(seq, payload=payload, reason="Everything was fine.", entry_hash=digest))
    return after(seq, "link")


def payload_unreadable(seq: int) -> Named:
    tamper(set_entry(seq, payload="not JSON"))
    return Named("payload", seq)


def hash_edited(seq: int) -> Named:
    tamper(set_entry(seq, entry_hash="f" * 64))
    return Named("entry", seq)


def link_edited(seq: int) -> Named:
    tamper(set_entry(seq, prev_hash="e" * 64))
    return Named("link", seq)


def entry_deleted(seq: int) -> Named:
    tamper(("DELETE FROM audit_entry WHERE seq = %s", [seq]))
    return Named("head", LAST - 1) if seq == LAST else Named("gap", seq + 1)


def entry_deleted_and_gap_closed(seq: int) -> Named:
    moves = [set_entry(later, seq=later - 1) for later in range(seq + 1, LAST + 1)]
    tamper(("DELETE FROM audit_entry WHERE seq = %s", [seq]), *moves)
    return Named("head", LAST - 1) if seq == LAST else Named("payload", seq)


def entries_swapped(seq: int) -> Named:
    other = seq + 1 if seq < LAST else seq - 1
    tamper(set_entry(seq, seq=-1), set_entry(other, seq=seq), set_entry(-1, seq=other))
    return Named("payload", seq)


def column_edited(seq: int) -> Named:
    tamper(set_entry(seq, actor_id="42"))
    return Named("column", seq)


def time_edited(seq: int) -> Named:
    tamper(set_entry(seq, at="2020-01-01 00:00:00+00:00"))
    return Named("column", seq)


def tail_cut(seq: int) -> Named:
    tamper(("DELETE FROM audit_entry WHERE seq >= %s", [seq]))
    return Named("head", seq - 1)


def object_moved(seq: int) -> Named:
    """Hide an entry from the story of its object."""
    tamper(set_entry(seq, object_id="99"))
    return Named("column", seq)


ALONG_THE_CHAIN = [
    payload_edited,
    payload_edited_and_hashed,
    payload_unreadable,
    hash_edited,
    link_edited,
    entry_deleted,
    entry_deleted_and_gap_closed,
    entries_swapped,
    column_edited,
    time_edited,
    tail_cut,
    object_moved,
]


@pytest.mark.parametrize("place", PLACES)
@pytest.mark.parametrize("way", ALONG_THE_CHAIN, ids=lambda way: way.__name__)
def test_AT10_an_edit_of_the_chain_is_found_and_located(
    way: Callable[[int], Named], place: str
) -> None:
    live()

    named = way(PLACES[place])

    findings = verify().findings
    assert any(named.matches(finding) for finding in findings), findings


def entry_forged() -> Named:
    entry = AuditEntry.objects.get(seq=LAST)
    payload = dumps({**json.loads(entry.payload), "seq": LAST + 1})
    digest = entry_hash("records", entry.entry_hash, payload)
    entry.pk, entry.seq, entry.payload = None, LAST + 1, payload
    entry.prev_hash, entry.entry_hash = entry.entry_hash, digest
    with behind_the_back():
        entry.save(force_insert=True)
    return Named("head", LAST + 1)


def entry_of_another_stream() -> Named:
    AuditEntry.objects.filter(seq=1)
    entry = AuditEntry.objects.get(seq=1)
    entry.pk, entry.stream = None, "shadow"
    with behind_the_back():
        entry.save(force_insert=True)
    return Named("head", 1)


def head_moved() -> Named:
    tamper(("UPDATE audit_head SET seq = 3", []))
    return Named("head", LAST)


def head_deleted() -> Named:
    tamper(("DELETE FROM audit_head", []))
    return Named("head", LAST)


def site_renamed() -> Named:
    tamper(("UPDATE accounts_site SET name = 'Secret' WHERE code = 'S'", []))
    pk = Site.objects.get(code="S").pk
    return Named("row changed", 9, "accounts.site", str(pk), "name")


def person_enabled() -> Named:
    tamper(("UPDATE accounts_user SET is_active = %s WHERE username = 'bo'", [True]))
    pk = User.objects.get(username="bo").pk
    return Named("row changed", 12, "accounts.user", str(pk), "is_active")


def personal_field_changed() -> Named:
    tamper(("UPDATE accounts_user SET display_name = 'Eve' WHERE username = 'ana'", []))
    pk = User.objects.get(username="ana").pk
    return Named("row changed", 7, "accounts.user", str(pk), "display_name")


def grant_widened() -> Named:
    tamper(("UPDATE accounts_rolegrant SET role = 'manager', site_id = NULL", []))
    pk = RoleGrant.objects.get().pk
    return Named("row changed", 6, "accounts.rolegrant", str(pk), "site")


def row_inserted() -> Named:
    columns = "code, name, time_zone, is_active"
    tamper((f"INSERT INTO accounts_site ({columns}) VALUES ('X', 'X', 'UTC', %s)", [True]))
    pk = Site.objects.get(code="X").pk
    return Named("row without event", model="accounts.site", object_id=str(pk))


def row_deleted() -> Named:
    pk = RoleGrant.objects.get().pk
    tamper(("DELETE FROM accounts_rolegrant", []))
    return Named("event without row", 6, "accounts.rolegrant", str(pk))


def deleted_row_put_back() -> Named:
    entry = AuditEntry.objects.get(action="deleted")
    columns = "id, code, name, time_zone, is_active"
    values = [entry.object_id, True]
    tamper((f"INSERT INTO accounts_site ({columns}) VALUES (%s, 'E', 'E', 'UTC', %s)", values))
    return Named("row without event", entry.seq, "accounts.site", entry.object_id)


def commitment(field: str) -> tuple[str, AuditEntry]:
    entry = AuditEntry.objects.filter(model="accounts.user", action="created").earliest("seq")
    return entry.content()["after"][field], entry


def personal_value_changed() -> Named:
    kept, entry = commitment("email")
    tamper(("UPDATE audit_personal SET value = '\"eve\"' WHERE commitment = %s", [kept]))
    return Named("personal", entry.seq, "accounts.user", entry.object_id, "email")


def personal_value_deleted() -> Named:
    kept, entry = commitment("email")
    tamper(("DELETE FROM audit_personal WHERE commitment = %s", [kept]))
    return Named("personal", entry.seq, "accounts.user", entry.object_id, "email")


def changed_and_laundered() -> Named:
    """Change a row, and let the application write it again for another reason."""
    tamper(("UPDATE accounts_site SET name = 'Secret' WHERE code = 'S'", []))
    with audited(SYSTEM("innocent")):
        site = Site.objects.get(code="S")
        site.name = "Fine"
        site.save()
    return Named("unrecorded", LAST + 1, "accounts.site", str(site.pk), "name")


BESIDE_THE_CHAIN = [
    entry_forged,
    entry_of_another_stream,
    head_moved,
    head_deleted,
    site_renamed,
    person_enabled,
    personal_field_changed,
    grant_widened,
    row_inserted,
    row_deleted,
    deleted_row_put_back,
    personal_value_changed,
    personal_value_deleted,
    changed_and_laundered,
]


@pytest.mark.parametrize("way", BESIDE_THE_CHAIN, ids=lambda way: way.__name__)
def test_AT10_an_edit_of_head_rows_or_values_is_found_and_located(
    way: Callable[[], Named],
) -> None:
    live()

    named = way()

    findings = verify().findings
    assert any(named.matches(finding) for finding in findings), findings


def test_AT10_the_same_history_untouched_gives_no_finding() -> None:
    live()
    tamper()

    report = verify()

    assert report.findings == []
    assert report.entries == LAST
