"""Whoever edits behind the application's back makes the signature INVALID, and is named (SG5)."""

import copy
import json
from collections.abc import Callable, Iterator
from datetime import date, timedelta
from decimal import Decimal
from typing import Any

import pytest
from django.apps import apps
from django.db import DatabaseError, connection, models, transaction
from django.utils import timezone

from andon.records import services as records
from andon.records.printing import record_report
from andon.records.workflow import Refused
from andon.signing import services, validity
from andon.signing.content import content_of
from andon.signing.manifest import told
from andon.signing.models import Level, Signature
from andon.signing.validity import INVALID, VALID, own_faults
from andon.trail.canonical import canonical, sha256
from andon.trail.capture import tracked
from andon.trail.services import audited
from andon.trail.verify import verify
from tests.audit.test_tampering import tamper
from tests.signatures.scenes import Scene


def undone(act: Callable[[], Any]) -> Any:
    """Return what ``act`` found, and take back what it did."""
    with transaction.atomic():
        found = act()
        transaction.set_rollback(True)
    return found


def other(field: Any, value: Any) -> Any:
    """Return another value that the column of ``field`` can hold."""
    if isinstance(field, models.BooleanField):
        return not value
    if isinstance(field, models.DateField):
        return (value or date(2030, 1, 1)) + timedelta(days=1)
    if isinstance(field, models.DecimalField):
        return (value or Decimal(0)) + 1
    if isinstance(field, models.CharField | models.TextField):
        return ("x" if str(value or "")[:1] != "x" else "y") + str(value or "")[1:]
    if isinstance(field, models.ForeignKey):
        return (value or 0) + 1
    return (value or 0) + 1


def flips(scene: Scene) -> Iterator[tuple[str, str, tuple[str, list[Any]]]]:
    """Yield, for every field of every row that was signed, the statement that changes it."""
    for model, objects in content_of(scene.fresh).items():
        kind = apps.get_model(model)
        for pk in objects:
            row = kind._base_manager.get(pk=pk)
            for name, attname in tracked(kind):
                field = kind._meta.get_field(name)
                if field.primary_key:
                    continue
                table = connection.ops.quote_name(field.model._meta.db_table)
                key = connection.ops.quote_name(field.model._meta.pk.column)
                column = connection.ops.quote_name(field.column)
                value = field.get_db_prep_save(other(field, getattr(row, attname)), connection)
                sql = f"UPDATE {table} SET {column} = %s WHERE {key} = %s"
                yield f"{model}.{name}", name, (sql, [value, row.pk])


def test_SG5_every_field_that_was_signed_makes_it_invalid_when_it_is_edited(scene: Scene):
    scene.turn(Level.ONE)
    scene.signed()
    tried, refused = 0, []

    for place, name, statement in flips(scene):
        try:
            faults = undone(lambda statement=statement: _faults_after(scene, statement))
        except DatabaseError:
            refused.append(place)
            continue
        tried += 1
        assert any("No entry of the trail says so." in one for one in faults), place
        assert name in {"record", "number", "version"} or len(faults) == 1, (place, faults)

    assert tried >= 85, tried
    # What a constraint of the database does not let in needs no signature to be noticed.
    assert len(refused) <= 3, refused
    assert [one.state for one in scene.found()] == [VALID]


def _faults_after(scene: Scene, statement: tuple[str, list[Any]]) -> tuple[str, ...]:
    tamper(statement)
    [one] = validity.checked(scene.fresh)
    return one.faults


def test_SG5_a_row_put_in_or_taken_out_makes_it_invalid(scene: Scene):
    scene.turn(Level.ONE)
    scene.signed()
    table = "nonconformities_sorting"
    columns = [f.column for f in apps.get_model("nonconformities.sorting")._meta.concrete_fields]
    copied = ", ".join("9999" if column == "id" else column for column in columns)

    delete = f"DELETE FROM {table} WHERE record_id = %s"
    insert = f"INSERT INTO {table} ({', '.join(columns)}) SELECT {copied} FROM {table}"
    pk = scene.record.pk

    gone = undone(lambda: _faults_after(scene, (delete, [pk])))
    more = undone(lambda: _faults_after(scene, (f"{insert} WHERE record_id = %s", [pk])))

    assert "gone" in gone[0]
    assert "new" in more[0]


def leaves(value: Any, way: tuple[Any, ...] = ()) -> Iterator[tuple[Any, ...]]:
    """Yield the way to each single value of a manifest."""
    if isinstance(value, dict | list):
        parts = value.items() if isinstance(value, dict) else enumerate(value)
        for key, part in parts:
            yield from leaves(part, (*way, key))
    else:
        yield way


def test_SG2_every_value_of_the_manifest_is_bound_by_hash_and_by_the_servers_signature(
    scene: Scene,
):
    scene.turn(Level.ONE)
    row = scene.signed()
    ways = list(leaves(told(row)))

    for way in ways:
        text = copy.deepcopy(told(row))
        place = text
        for key in way[:-1]:
            place = place[key]
        place[way[-1]] = f"{place[way[-1]]} "
        forged = copy.copy(row)
        forged.manifest = canonical(text)
        assert list(own_faults(forged)), way
        forged.manifest_sha256 = sha256(forged.manifest)
        assert list(own_faults(forged)), way

    assert len(ways) > 100
    assert not list(own_faults(row))


MOVED: dict[str, Callable[[Scene], dict[str, Any]]] = {
    "revision": lambda _scene: {"revision": 1},
    "meaning": lambda _scene: {"meaning": "I approved everything."},
    "user": lambda scene: {"signer_id": scene.second.pk},
    "name": lambda _scene: {"signer_name": "Bert Haas"},
    "title": lambda _scene: {"signer_title": "Director"},
    "step": lambda _scene: {"step": "close"},
    "comment": lambda _scene: {"comment": "fine"},
    "time": lambda _scene: {"signed_at": "2026-01-01 00:00:00+00:00"},
    "zone": lambda _scene: {"zone": "UTC"},
    "method": lambda _scene: {"method": "passkey"},
    "place": lambda _scene: {"place": 2},
    "hash": lambda _scene: {"manifest_sha256": "0" * 64},
    "text": lambda _scene: {"manifest": "{}"},
    "server's signature": lambda _scene: {"server_signature": "AAAA"},
    "key": lambda _scene: {"key_id": "0123456789abcdef"},
    "number": lambda _scene: {"number": "NC-ABC1-2026-0002"},
}


@pytest.mark.parametrize("what", MOVED)
def test_SG5_a_signature_moved_to_another_revision_meaning_or_user_is_invalid(
    scene: Scene, what: str
):
    scene.turn(Level.ONE)
    row = scene.signed()
    set_row(row, **MOVED[what](scene))

    [one] = scene.found()

    assert one.state == INVALID
    assert any(f"signature {row.pk}" == finding.field for finding in verify().findings)


def set_row(row: Signature, **columns: Any) -> None:
    names = ", ".join(f"{name} = %s" for name in columns)
    sql = f"UPDATE signing_signature SET {names} WHERE id = %s"
    tamper((sql, [*columns.values(), row.pk]))


def test_SG5_a_signature_moved_to_another_record_is_invalid_there(scene: Scene):
    scene.turn(Level.ONE)
    row = scene.signed()
    target = type(scene.record).objects.exclude(pk=scene.record.pk).get()

    set_row(row, record_id=target.pk, number=target.number)

    assert [one.state for one in validity.checked(target)] == [INVALID]
    assert {finding.kind for finding in verify().findings} >= {"signature", "row changed"}


def test_SG5_a_second_signature_that_is_gone_makes_the_first_invalid(scene: Scene):
    scene.turn(Level.TWO)
    scene.hand().sign()
    scene.hand(scene.second).sign()
    last = Signature.objects.latest("pk")

    tamper(
        ("DELETE FROM signing_awaited", []),
        ("DELETE FROM signing_signature WHERE id = %s", [last.pk]),
    )

    [one] = scene.found()
    assert one.faults == (f"Signature {last.pk} of this record is gone.",)


def test_SG5_each_bit_of_a_signed_file_counts(scene: Scene, store: Any):
    scene.turn(Level.ONE)
    row = scene.signed()
    [digest] = told(row)["files"].values()
    path = store / digest[:2] / digest
    whole = path.read_bytes()
    path.chmod(0o600)

    for bit in range(len(whole) * 8):
        flipped = bytearray(whole)
        flipped[bit // 8] ^= 1 << bit % 8
        path.write_bytes(flipped)
        [one] = scene.found()
        assert one.state == INVALID, bit

    path.write_bytes(whole)
    assert [one.state for one in scene.found()] == [VALID]


def test_SG5_an_edited_entry_of_the_trail_makes_it_invalid(scene: Scene):
    scene.turn(Level.ONE)
    row = scene.signed()
    sql = "UPDATE audit_entry SET payload = REPLACE(payload, 'Bore too wide', 'Bore is fine')"
    tamper((f"{sql} WHERE number = %s", [row.number]))

    [one] = scene.found()

    assert one.state == INVALID
    assert "of the trail was altered" in one.faults[0]


def test_SG5_invalid_is_said_everywhere_and_stops_the_record(scene: Scene):
    scene.turn(Level.ONE)
    scene.signed()
    sql = "UPDATE records_record SET title = 'Bore as drawn' WHERE id = %s"
    tamper((sql, [scene.record.pk]))
    hand = scene.hand(step="close")

    page = hand.client.get(scene.record.get_absolute_url()).content.decode()
    answer = hand.client.get(f"/api/v1/nonconformities/{scene.record.number}/").json()
    listed = hand.client.get("/api/v1/nonconformities/").json()
    alone = hand.client.get(f"/api/v1/signatures/{scene.record.number}/").json()
    report = record_report(scene.fresh, viewer=scene.manager, address="x", at=_now())
    printed = next(table for table in report.tables if table.title == "Signatures")

    assert page.count("INVALID") >= 2
    assert "“Bore too wide”, is “Bore as drawn”" in page
    assert answer["signatures"][0]["state"] == "invalid"
    one = next(item for item in listed["items"] if item["number"] == scene.record.number)
    assert one["signatures"][0]["state"] == alone[0]["state"] == "invalid"
    assert "INVALID" in str(printed.rows[0][4])
    with pytest.raises(Refused, match="is INVALID"):
        records.perform(scene.fresh, "close", by=scene.manager)
    void = records.perform(
        scene.fresh, "void", by=scene.manager, data={"void_reason": "tampered with"}
    )
    assert void.is_void


def _now() -> Any:
    return timezone.now()


def test_SG5_name_meaning_and_time_with_zone_are_on_page_api_and_print(scene: Scene):
    scene.turn(Level.ONE)
    row = scene.signed()
    hand = scene.hand()

    page = hand.client.get(scene.record.get_absolute_url()).content.decode()
    alone = hand.client.get(f"/signatures/{row.pk}/").content.decode()
    [answer] = hand.client.get(f"/api/v1/signatures/{row.number}/").json()
    report = record_report(scene.fresh, viewer=scene.manager, address="x", at=_now())
    printed = str(next(table for table in report.tables if table.title == "Signatures").rows)

    shown = validity.when(row.signed_at, "Europe/Berlin")
    assert shown.endswith(("Europe/Berlin (UTC+01:00)", "Europe/Berlin (UTC+02:00)"))
    for said in (page, alone, printed, json.dumps(answer, ensure_ascii=False)):
        assert all(word in said for word in ("Ana Silva", row.meaning, shown)), said
    assert hand.client.get(f"/signatures/{row.pk}/manifest/").content == row.manifest.encode()


def test_SG1_a_signature_cannot_be_changed_deleted_or_replaced(scene: Scene):
    scene.turn(Level.ONE)
    row = scene.signed()
    passing = [
        "UPDATE signing_signature SET meaning = 'another'",
        "UPDATE signing_signature SET manifest = '{}'",
        "UPDATE signing_signature SET manifest = '', comment = 'another'",
        "DELETE FROM signing_signature",
    ]
    passing.append(
        "INSERT OR REPLACE INTO signing_signature SELECT * FROM signing_signature"
        if connection.vendor == "sqlite"
        else "TRUNCATE signing_signature CASCADE"
    )

    for statement in passing:
        with pytest.raises(DatabaseError), transaction.atomic(), connection.cursor() as cursor:
            cursor.execute(statement)

    assert Signature.objects.get().manifest == row.manifest


def test_RT1_the_text_goes_with_a_purged_record_and_who_signed_what_stays(scene: Scene):
    scene.turn(Level.ONE)
    row = scene.signed()

    with audited(scene.manager):
        services.forget(row.record_model, [row.record_id])

    row.refresh_from_db()
    assert (row.manifest, row.signer_name) == ("", "Ana Silva")
    assert list(own_faults(row, purged=True)) == []
    assert [one.state for one in scene.found()] == [INVALID], "only where the record is gone"
    set_row(row, meaning="I approved everything.")
    row.refresh_from_db()
    assert list(own_faults(row, purged=True))


# -- broken twins: with the defence off, the attack succeeds ---------------------------------


def test_broken_twin_without_the_comparison_an_edited_title_stays_valid(
    scene: Scene, monkeypatch: pytest.MonkeyPatch
):
    scene.turn(Level.ONE)
    scene.signed()
    sql = "UPDATE records_record SET title = 'Bore as drawn' WHERE id = %s"
    tamper((sql, [scene.record.pk]))
    assert [one.state for one in scene.found()] == [INVALID]

    monkeypatch.setattr(validity, "differences", lambda _was, _now: [])

    assert [one.state for one in scene.found()] == [VALID]


def test_broken_twin_without_the_servers_signature_a_forged_meaning_needs_only_the_database(
    scene: Scene, monkeypatch: pytest.MonkeyPatch
):
    scene.turn(Level.ONE)
    row = scene.signed()
    forged = canonical({**told(row), "meaning": "I approved everything."})
    set_row(row, meaning="I approved everything.", manifest=forged, manifest_sha256=sha256(forged))
    row.refresh_from_db()
    assert list(own_faults(row)) == ["The server's own signature does not fit this row."]

    monkeypatch.setattr(validity.keys, "verify", lambda _signed, _data: True)

    assert list(own_faults(row)) == []


def test_broken_twin_without_the_look_at_files_a_flipped_bit_stays_valid(
    scene: Scene, store: Any, monkeypatch: pytest.MonkeyPatch
):
    scene.turn(Level.ONE)
    [digest] = told(scene.signed())["files"].values()
    path = store / digest[:2] / digest
    path.chmod(0o600)
    path.write_bytes(b"diameter 12.4")
    assert [one.state for one in scene.found()] == [INVALID]

    monkeypatch.setattr(validity, "_whole", lambda _digest: True)

    assert [one.state for one in scene.found()] == [VALID]
