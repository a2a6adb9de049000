"""Who rewrites the trail so that it is right in itself is found by a kept checkpoint (AT9, AT10).

Five checkpoints, each over two more entries; each way is tried at each of them. What is found
without a checkpoint from elsewhere is said, too, and what nothing can find.
"""

import base64
import json
import shutil
from collections.abc import Callable
from typing import Any

import pytest
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey
from django.db import connection

from andon.accounts.models import Site
from andon.trail import anchors, checkpoints, keys, notes
from andon.trail.canonical import dumps
from andon.trail.findings import Finding
from andon.trail.merkle import Tree
from andon.trail.models import AuditEntry, Checkpoint, SigningKey
from andon.trail.sealing import GENESIS, entry_hash
from andon.trail.services import SYSTEM, audited
from andon.trail.testing import behind_the_back
from andon.trail.verify import verify
from tests.audit.test_checkpoints import made
from tests.audit.test_tampering import ALONG_THE_CHAIN, LAST, live, set_entry, tamper
from tests.audit.test_tampering import PLACES as ENTRIES

pytestmark = pytest.mark.usefixtures("db")
PLACES = range(1, 6)
FORGER = Ed25519PrivateKey.from_private_bytes(b"of somebody else".ljust(32))
Found = list[Finding]


def five_checkpoints() -> list[str]:
    """Write ten entries and sign after every second one; return what somebody keeps."""
    kept = []
    for place in PLACES:
        with audited(SYSTEM("seed"), reason="made"):
            site = Site.objects.create(code=f"S{place}", name="Söte")
            site.name = "Renamed ✓"
            site.save()
        kept.append(made().text)
    return kept


def rewrite(payloads: list[dict[str, Any]]) -> None:
    """Replace the whole chain by one that is right in itself, and its head."""
    cut: tuple[str, list[Any]] = (
        "DELETE FROM audit_entry WHERE stream = 'records' AND seq > %s",
        [len(payloads)],
    )
    steps, last = [cut], GENESIS
    for seq, payload in enumerate(payloads, start=1):
        text = dumps(payload)
        digest = entry_hash("records", last, text)
        reason = payload.get("reason", "")
        columns = {"payload": text, "prev_hash": last, "entry_hash": digest, "reason": reason}
        steps.append(set_entry(seq, **columns))
        last = digest
    head = "UPDATE audit_head SET seq = %s, entry_hash = %s WHERE stream = 'records'"
    tamper(*steps, (head, [len(payloads), last]))


def payloads() -> list[dict[str, Any]]:
    entries = AuditEntry.objects.filter(stream="records").order_by("seq")
    return [entry.content() for entry in entries]


def rewrite_reason(place: int) -> None:
    told = payloads()
    told[2 * place - 2]["reason"] = "Everything was fine."
    rewrite(told)


def cut_end(place: int) -> None:
    """Take back the renaming of one site and all that came later, rows included."""
    rewrite(payloads()[: 2 * place - 1])
    later = [f"S{other}" for other in PLACES if other > place]
    gone = [("DELETE FROM accounts_site WHERE code = %s", [code]) for code in later]
    name = "UPDATE accounts_site SET name = 'Söte' WHERE code = %s"
    tamper(*gone, (name, [f"S{place}"]))


def forget_checkpoints(since: int = 1) -> None:
    """Take the own checkpoints away from a number on, in the database and in the file."""
    tamper(("DELETE FROM audit_checkpoint WHERE number >= %s", [since]))
    texts = [part for part in checkpoints.read_file() if notes.parse(part).number < since]
    checkpoints.path().write_text("".join(f"{text}\n" for text in texts))


def sign_again(key: Ed25519PrivateKey, since: int = 1) -> None:
    """Make the own checkpoints anew, from a number on, over the entries there are."""
    rows = list(Checkpoint.objects.filter(number__gte=since).order_by("number"))
    before = Checkpoint.objects.filter(number=since - 1).first()
    previous = before.digest() if before else "-"
    forget_checkpoints(since)
    entries = list(AuditEntry.objects.filter(stream="records").order_by("seq"))
    for row in rows:
        tree = Tree()
        for entry in entries[: row.records_size]:
            tree.add(entry.payload.encode())
        heads = {"records": (tree.size, tree.root()), "security": (0, Tree().root())}
        body = notes.compose(
            keys.origin(), heads, number=row.number, at=row.at, reason="test", previous=previous
        )
        row.text = notes.sign(keys.origin(), body, key)
        row.key_id = keys.key_id(keys.public(key))
        row.peaks = json.dumps({"records": [p.hex() for p in tree.peaks], "security": []})
        row.records_size = tree.size
        with behind_the_back():
            row.save(force_insert=True)
        previous = row.digest()
        checkpoints.write_file()


# -- the ways: what is done at a place, and what a finding must say ------------------------------


def history_rewritten(place: int) -> Callable[[Finding], bool]:
    rewrite_reason(place)
    return interval(2 * place - 1, 2 * place)


def history_rewritten_and_checkpoints_forgotten(place: int) -> Callable[[Finding], bool]:
    rewrite_reason(place)
    forget_checkpoints()
    return interval(2 * place - 1, 2 * place)


def history_rewritten_and_signed_by_another(place: int) -> Callable[[Finding], bool]:
    rewrite_reason(place)
    sign_again(FORGER)
    return interval(2 * place - 1, 2 * place)


def history_rewritten_by_who_has_the_key(place: int) -> Callable[[Finding], bool]:
    """Only a checkpoint from elsewhere tells; see the twin below."""
    rewrite_reason(place)
    sign_again(keys.current()[0])
    return interval(2 * place - 1, 2 * place)


def end_cut_with_its_rows(place: int) -> Callable[[Finding], bool]:
    cut_end(place)
    return interval(2 * place, 10)


def end_cut_with_rows_and_checkpoints(place: int) -> Callable[[Finding], bool]:
    cut_end(place)
    forget_checkpoints(place)
    return interval(2 * place, 10)


def checkpoint_altered(place: int) -> Callable[[Finding], bool]:
    row = Checkpoint.objects.get(number=place)
    text = row.text.replace("reason test", "reason best")
    tamper(
        ("UPDATE audit_checkpoint SET text = %s, reason = 'best' WHERE number = %s", [text, place])
    )
    return says(f"Checkpoint {place}: Number {place} was not signed")


def checkpoint_deleted(place: int) -> Callable[[Finding], bool]:
    tamper(("DELETE FROM audit_checkpoint WHERE number = %s", [place]))
    return says(f"does not have the given checkpoint {place} of")


def checkpoint_replaced(place: int) -> Callable[[Finding], bool]:
    """A checkpoint of the right key, but of another moment, in the place of this one."""
    other = Checkpoint.objects.get(number=place % 5 + 1)
    sql = "UPDATE audit_checkpoint SET text = %s, peaks = %s WHERE number = %s"
    tamper((sql, [other.text, other.peaks, place]))
    return says(f"Checkpoint {place}: The columns do not say")


def peaks_altered(place: int) -> Callable[[Finding], bool]:
    tamper(("UPDATE audit_checkpoint SET peaks = '{}' WHERE number = %s", [place]))
    return says(f"Checkpoint {place}: The peaks")


def file_edited(place: int) -> Callable[[Finding], bool]:
    texts = checkpoints.read_file()
    texts[place - 1] = texts[place - 1].replace("reason test", "reason best")
    checkpoints.path().write_text("".join(f"{text}\n" for text in texts))
    return says(f"Number {place} was not signed")


def key_swapped(place: int) -> Callable[[Finding], bool]:
    """Another key in the table, and every checkpoint from here on signed with it."""
    encoded = base64.b64encode(keys.public(FORGER)).decode()
    sql = "UPDATE audit_key SET key_id = %s, public_key = %s"
    tamper((sql, [keys.key_id(keys.public(FORGER)), encoded]))
    sign_again(FORGER, since=place)
    return says("The signing key of this server is not the last one")


def interval(first: int, last: int) -> Callable[[Finding], bool]:
    def matches(finding: Finding) -> bool:
        place = (finding.kind, finding.stream, finding.seq, finding.until)
        return place == ("checkpoint", "records", first, last)

    return matches


def says(words: str) -> Callable[[Finding], bool]:
    return lambda finding: words in finding.text


WAYS = [
    history_rewritten,
    history_rewritten_and_checkpoints_forgotten,
    history_rewritten_and_signed_by_another,
    history_rewritten_by_who_has_the_key,
    end_cut_with_its_rows,
    end_cut_with_rows_and_checkpoints,
    checkpoint_altered,
    checkpoint_deleted,
    checkpoint_replaced,
    peaks_altered,
    file_edited,
    key_swapped,
]
ONLY_FROM_ELSEWHERE = {
    # The whole server was in one hand, with its key and its file.
    history_rewritten_and_checkpoints_forgotten,
    history_rewritten_by_who_has_the_key,
    end_cut_with_rows_and_checkpoints,
}


@pytest.mark.parametrize("place", PLACES)
@pytest.mark.parametrize("way", WAYS, ids=lambda way: way.__name__)
def test_AT10_a_kept_checkpoint_finds_and_locates_it(
    way: Callable[[int], Callable[[Finding], bool]], place: int
) -> None:
    kept = five_checkpoints()

    named = way(place)

    findings = verify(kept).findings
    assert any(named(finding) for finding in findings), findings
    assert bool(verify().findings) is (way not in ONLY_FROM_ELSEWHERE)


@pytest.mark.parametrize("place", ENTRIES)
@pytest.mark.parametrize("way", ALONG_THE_CHAIN, ids=lambda way: way.__name__)
def test_AT10_what_is_found_without_a_checkpoint_is_found_with_one(
    way: Callable[[int], Any], place: str
) -> None:
    live()
    kept = made().text

    named = way(ENTRIES[place])

    report = verify([kept])
    assert any(named.matches(finding) for finding in report.findings)
    changed = way.__name__ not in {"hash_edited", "link_edited", "column_edited", "time_edited",
                                   "object_moved"}  # fmt: skip
    assert any(finding.kind == "checkpoint" for finding in report.findings) is changed
    assert bool(report.trusted) is not changed


def test_AT10_with_one_checkpoint_kept_the_interval_is_that_from_the_beginning() -> None:
    kept = five_checkpoints()
    history_rewritten_and_checkpoints_forgotten(3)
    assert any(interval(1, 10)(finding) for finding in verify(kept[-1:]).findings)
    assert any(interval(3, 8)(finding) for finding in verify([kept[0], kept[3]]).findings)


def test_AT10_each_rewritten_interval_is_named_and_no_other() -> None:
    kept = five_checkpoints()
    told = payloads()
    told[2]["reason"] = told[7]["reason"] = "Everything was fine."
    rewrite(told)
    report = verify(kept)
    assert [(f.seq, f.until) for f in report.findings] == [(3, 4), (7, 8)]
    assert [f.line().partition("]")[0] for f in report.findings] == [
        "checkpoint [records 3 to 4",
        "checkpoint [records 7 to 8",
    ]
    assert len(report.trusted) == 3


@pytest.mark.parametrize("way", [rewrite_reason, cut_end], ids=lambda way: way.__name__)
def test_AT9_the_twin_without_the_comparison_with_checkpoints_nothing_is_found(
    way: Callable[[int], None], monkeypatch: pytest.MonkeyPatch
) -> None:
    kept = five_checkpoints()
    way(2)
    assert not verify(kept).clean
    monkeypatch.setattr(anchors.Gauge, "_compare", lambda _self: None)
    monkeypatch.setattr(anchors.Gauge, "close", lambda _self: [])
    assert verify(kept).clean, "a copy that is right in itself shows nothing by itself"


def test_AT9_a_database_put_back_to_an_earlier_day_is_found_by_the_file_and_by_who_kept_one() -> (
    None
):
    kept = five_checkpoints()
    whole = checkpoints.path().with_suffix(".whole")
    shutil.copy(checkpoints.path(), whole)
    end_cut_with_rows_and_checkpoints(4)
    assert verify().clean
    assert any(interval(8, 10)(finding) for finding in verify(kept[-1:]).findings)

    shutil.copy(whole, checkpoints.path())
    assert any(interval(8, 10)(finding) for finding in verify().findings)


def test_BK1_a_restore_on_record_makes_a_remark_of_what_the_file_knows_and_stays_loud() -> None:
    kept = five_checkpoints()
    whole = checkpoints.path().read_text()
    end_cut_with_rows_and_checkpoints(4)
    checkpoints.path().write_text(whole)
    made("restore")

    report = verify()
    assert report.clean, report.findings
    assert sum("was lost when a backup was restored" in one for one in report.remarks) == 2

    texts = [finding.text for finding in verify(kept[-1:]).findings]
    assert any("A backup was restored at" in text for text in texts)


def test_AT10_a_checkpoint_of_another_trail_is_not_taken_for_one_of_this() -> None:
    kept = five_checkpoints()
    body = notes.parse(kept[0]).body
    other = keys.origin().replace("andon/", "andon/0")
    foreign = notes.sign(other, body.replace(keys.origin(), other), FORGER)
    texts = [finding.text for finding in verify([foreign]).findings]
    assert len(texts) == 1
    assert "another trail" in texts[0]


def test_AT9_the_promise_ends_with_who_holds_server_key_and_every_kept_checkpoint() -> None:
    five_checkpoints()
    history_rewritten_by_who_has_the_key(2)
    assert verify().clean
    assert SigningKey.objects.count() == 1
    assert connection.vendor in {"sqlite", "postgresql"}
    assert AuditEntry.objects.count() == 10 != LAST
