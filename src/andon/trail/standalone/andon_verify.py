#!/usr/bin/env python3
"""Checks an evidence pack of Andon without Andon: one file, Python 3.9 or later, `cryptography`.

    python andon_verify.py PACK.zip [--key KEY] [--checkpoint KEPT.txt]

KEY is the id or the whole public key that you were told on another way; without it the pack is
checked against the key it brings itself. KEPT.txt holds checkpoints that you kept. Ends with 0
when everything holds, with 1 when anything does not, each with a sentence.
"""

from __future__ import annotations

import argparse
import base64
import hashlib
import io
import json
import re
import sys
import zipfile
from pathlib import Path
from typing import Any, Dict

from cryptography.exceptions import InvalidSignature
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PublicKey

FORMAT = "andon-pack-v1"
LARGEST = 1 << 31
LINES = 8  # of a checkpoint
NOTE = re.compile("((?:[^\n]+\n)+)\n((?:\u2014 [^\n]+\n)+)")

Files = Dict[str, bytes]  # as Python 3.8 and 3.9 write it
Note = Dict[str, Any]


class Refused(Exception):
    """Something in the pack does not hold."""


def need(holds: object, sentence: str) -> None:
    """Refuse with ``sentence`` unless it holds."""
    if not holds:
        raise Refused(sentence)


def sha256(data: bytes) -> str:
    return hashlib.sha256(data).hexdigest()


def dumps(value: Any) -> str:
    return json.dumps(value, ensure_ascii=False, sort_keys=True, separators=(",", ":"))


def loads(data: bytes, name: str) -> Any:
    """Read JSON, and refuse any that is not in its one form."""
    try:
        value = json.loads(data)
    except ValueError as error:
        msg = f"{name} cannot be read."
        raise Refused(msg) from error
    need(dumps(value).encode() == data, f"{name} is not in the one form that such a file has.")
    return value


def signed(public_key: bytes, signature: bytes, data: bytes) -> bool:
    """Whether ``signature`` over ``data`` is that of ``public_key``."""
    try:
        Ed25519PublicKey.from_public_bytes(public_key).verify(signature, data)
    except (InvalidSignature, ValueError):
        return False
    return True


def zip_bytes(files: Files) -> bytes:
    """Return the one ZIP archive that holds ``files``; stored, without times."""
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w", zipfile.ZIP_STORED) as archive:
        for name in sorted(files):
            about = zipfile.ZipInfo(name, (1980, 1, 1, 0, 0, 0))
            about.create_system, about.external_attr = 3, 0o644 << 16
            archive.writestr(about, files[name])
    return out.getvalue()


def read_zip(data: bytes) -> Files:
    """Return the files of the archive, which has no other byte than it must have."""
    try:
        with zipfile.ZipFile(io.BytesIO(data)) as archive:
            need(sum(one.file_size for one in archive.infolist()) < LARGEST, "It is too large.")
            files = {one.filename: archive.read(one) for one in archive.infolist()}
    except (zipfile.BadZipFile, NotImplementedError, EOFError, OSError, RuntimeError,
            ValueError) as error:  # fmt: skip
        msg = f"This is not a whole ZIP file: {error}"
        raise Refused(msg) from error
    need(zip_bytes(files) == data, "The ZIP file was changed, or written by another program.")
    return files


def read_note(text: str) -> Note:
    """Return what a checkpoint says."""
    whole = NOTE.fullmatch(text)
    if not whole:
        raise Refused("The checkpoint has another form.")
    lines = whole[1].splitlines()
    need(len(lines) >= LINES and lines[3].startswith("security "), "The checkpoint lacks a line.")
    try:
        return {
            "origin": lines[0], "size": int(lines[1]), "root": base64.b64decode(lines[2]),
            "time": lines[5].partition(" ")[2], "number": int(lines[4].partition(" ")[2]),
            "body": whole[1].encode(), "signatures": whole[2].splitlines(),
        }  # fmt: skip
    except ValueError as error:
        raise Refused("The checkpoint cannot be read.") from error


def note_signed(note: Note, public_key: bytes) -> bool:
    """Whether a signature under the checkpoint is that of ``public_key`` (C2SP signed note)."""
    mark = hashlib.sha256(note["origin"].encode() + b"\n\x01" + public_key).digest()[:4]
    for line in note["signatures"]:
        name, _, packed = line[2:].rpartition(" ")
        try:
            raw = base64.b64decode(packed, validate=True)
        except ValueError:
            continue
        if name == note["origin"] and raw[:4] == mark and signed(public_key, raw[4:], note["body"]):
            return True
    return False


def leaf_hash(data: bytes) -> bytes:
    return hashlib.sha256(b"\x00" + data).digest()


def node_hash(left: bytes, right: bytes) -> bytes:
    return hashlib.sha256(b"\x01" + left + right).digest()


def included(leaf: bytes, index: int, size: int, proof: list[bytes], root: bytes) -> bool:
    """Whether ``proof`` leads from ``leaf`` to ``root`` (RFC 9162, 2.1.3.2)."""
    place, last, digest = index, size - 1, leaf
    if not 0 <= index < size:
        return False
    for other in proof:
        if last == 0:
            return False
        if place & 1 or place == last:
            digest = node_hash(other, digest)
            while not place & 1 and place:
                place, last = place >> 1, last >> 1
        else:
            digest = node_hash(digest, other)
        place, last = place >> 1, last >> 1
    return last == 0 and digest == root


def check_keys(rows: list[dict[str, Any]], wanted: str | None) -> list[bytes]:
    """Return the public keys, each endorsed by the one before; ``wanted`` must be among them."""
    keys: list[bytes] = []
    for number, row in enumerate(rows, start=1):
        raw = base64.b64decode(row["public_key"])
        need(row["number"] == number and sha256(raw)[:16] == row["key_id"], "A key is not itself.")
        if keys:
            before, text = rows[number - 2], "andon-key-v1\n%s\n%s\n"
            told = (text % (before["key_id"], row["public_key"])).encode()
            endorsed = signed(keys[-1], base64.b64decode(row["endorsement"]), told)
            need(endorsed or not row["endorsement"], "Key {} was slipped in.".format(row["key_id"]))
            if not endorsed:
                print("Remark: key {} follows a key that was lost.".format(row["key_id"]))
        keys.append(raw)
    need(keys, "The pack brings no key.")
    names = {row["key_id"] for row in rows} | {row["public_key"] for row in rows}
    need(wanted in (None, *names), "The pack is not signed by the key that you know.")
    return keys


def check_entry(entry: dict[str, Any], number: str, note: Note) -> dict[str, Any]:
    """Return the payload of an entry that the checkpoint covers."""
    data, where = entry["payload"].encode(), "Entry {} of {}".format(entry["seq"], number)
    chained = "\n".join(("andon-trail-v1", "records", entry["prev_hash"], entry["payload"]))
    need(sha256(chained.encode()) == entry["entry_hash"], where + " has another hash.")
    proof = [base64.b64decode(step) for step in entry["proof"]]
    held = included(leaf_hash(data), entry["seq"] - 1, note["size"], proof, note["root"])
    need(held, where + " is not in the trail that the checkpoint covers.")
    payload: dict[str, Any] = json.loads(data)
    told = (payload["seq"], payload.get("number", ""))
    need(told == (entry["seq"], number), where + " is one of another record.")
    return payload


def replay(payloads: list[dict[str, Any]], number: str) -> dict[tuple[str, str], Any]:
    """Return each object as its entries tell it: model, id, state, seal."""
    objects: dict[tuple[str, str], Any] = {}
    for payload in payloads:
        before, after = payload.get("before", {}), payload.get("after", {})
        if not (before or after or "state" in payload):
            continue
        key = (payload["model"], payload["object"])
        known = objects.setdefault(key, {"state": {}, "personal": set()})
        known["personal"] |= set(payload.get("personal", ()))
        for name in set(before) - known["personal"]:
            told = known["state"].get(name) == before[name]
            need(told, "{}: an entry about {} {} is left out.".format(number, *key))
        known["exists"] = "state" in payload
        known["state"] = {**known["state"], **after} if before else after
        known["state"] = known["state"] if known["exists"] else {}
        if known["exists"] and not known["personal"]:
            text = {"model": key[0], "object": key[1], "state": known["state"],
                    "v": payload["state_version"]}  # fmt: skip
            sealed = sha256(dumps(text).encode()) == payload["state"]
            need(sealed, "{}: {} {} is not as it was sealed.".format(number, *key))
    return objects


def check_record(number: str, files: Files, note: Note) -> set[str]:
    """Check one record and return the hashes of its files."""
    entries = loads(files[f"trail/{number}.json"], "The trail of " + number)
    need(entries, f"The trail of {number} is empty.")
    seqs = [entry["seq"] for entry in entries]
    need(seqs == sorted(set(seqs)), f"The trail of {number} is not in order.")
    objects = replay([check_entry(entry, number, note) for entry in entries], number)
    told = [
        {"model": model, "object": pk, "state": known["state"]}
        for (model, pk), known in sorted(objects.items()) if known["exists"]
    ]  # fmt: skip
    shown = loads(files[f"records/{number}.json"], "The record " + number)
    need(shown == told, f"The record {number} is not as its trail tells it.")
    print(f"{number}: {len(entries)} entries, {len(told)} objects.")
    return {one["state"]["sha256"] for one in told if one["model"] == "records.attachment"}


def check_kept(text: str, note: Note, keys: list[bytes]) -> None:
    """Compare the checkpoint of the pack with those that somebody kept."""
    same = 0
    for whole in NOTE.finditer(text):
        kept = read_note(whole[0])
        need(kept["origin"] == note["origin"], "The kept checkpoint is one of another trail.")
        need(any(note_signed(kept, key) for key in keys), "The kept checkpoint is not signed.")
        if kept["number"] == note["number"] or kept["size"] == note["size"]:
            same += 1
            same_tree = (kept["size"], kept["root"]) == (note["size"], note["root"])
            need(same_tree, "The kept checkpoint says something else.")
    need(same, f"None of the kept checkpoints is number {note['number']}.")
    print("The checkpoint is the one that was kept.")


def check(data: bytes, wanted: str | None = None, kept: str | None = None) -> None:
    """Check a whole pack; raises `Refused` with what does not hold."""
    files = read_zip(data)
    for name in ("pack.json", "pack.sig", "keys.json", "checkpoint.txt"):
        need(name in files, f"{name} is missing.")
    pack = loads(files["pack.json"], "pack.json")
    need(pack["format"] == FORMAT, "This verifier does not know packs of this form.")
    hashes = {name: sha256(files[name]) for name in files if name not in ("pack.json", "pack.sig")}
    need(pack["files"] == hashes, "A file was changed, left out or added.")
    keys = check_keys(loads(files["keys.json"], "keys.json"), wanted)
    signature = base64.b64decode(files["pack.sig"])
    need(base64.b64encode(signature) == files["pack.sig"], "pack.sig is not in its one form.")
    need(signed(keys[-1], signature, files["pack.json"]), "The pack was not signed by its key.")
    note = read_note(files["checkpoint.txt"].decode())
    need(note["origin"] == "andon/" + sha256(keys[0])[:16], "The checkpoint is of another trail.")
    need(any(note_signed(note, key) for key in keys), "The checkpoint is not signed by its key.")
    attached = set()
    for number in pack["records"]:
        attached |= check_record(number, files, note)
    brought = {name[6:]: files[name] for name in files if name.startswith("files/")}
    need(set(brought) == attached, "A file of a record is missing, or one too many is there.")
    for name, content in brought.items():
        need(sha256(content) == name, f"The file {name} was changed.")
    if kept is not None:
        check_kept(kept, note, keys)
    print(f"Checkpoint {note['number']} of {note['time']}.")
    print(f"Signed by key {sha256(keys[-1])[:16]}.")
    if wanted is None:
        print("Compare this key with the one that you were told on another way, or give --key.")


def main(arguments: list[str] | None = None) -> int:
    """Check the pack that is named; 0 when everything holds, 1 when anything does not."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("pack")
    parser.add_argument("--key", help="the id or the public key that you know")
    parser.add_argument("--checkpoint", help="a file with checkpoints that you kept")
    options = parser.parse_args(arguments)
    try:
        kept = Path(options.checkpoint).read_text("utf-8") if options.checkpoint else None
        check(Path(options.pack).read_bytes(), options.key, kept)
    except (Refused, OSError) as trouble:
        print(f"REFUSED: {trouble}")
        return 1
    except (KeyError, TypeError, ValueError, AttributeError, IndexError, RecursionError) as trouble:
        print(f"REFUSED: The pack has another form ({type(trouble).__name__}).")
        return 1
    print("HOLDS: every entry, record and file of this pack.")
    return 0


if __name__ == "__main__":
    sys.exit(main())
