"""Evidence packs: records with their trail, proofs, checkpoint and files, for any machine (EX4).

The first checkpoint that covers the last entry of the records is taken, so that the same records
give the same bytes for as long as nothing happens to them. The form is that of
`andon.trail.standalone.andon_verify`, which checks it without Andon.
"""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from django.utils.translation import gettext_lazy as _

from andon.accounts.models import User
from andon.organization.policy import policy
from andon.records import changing
from andon.records.models import Record
from andon.records.workflow import Refused
from andon.store import shelf
from andon.trail import checkpoints, keys, merkle, notes
from andon.trail.canonical import dumps
from andon.trail.models import AuditEntry, Checkpoint, SigningKey
from andon.trail.queries import timeline
from andon.trail.sealing import RECORDS
from andon.trail.security import tell
from andon.trail.services import SYSTEM
from andon.trail.standalone import andon_verify

from .apps import MAKE

MOST = 200
GUIDE = Path(__file__).with_name("guide.txt")
ATTACHMENT = "records.attachment"


@dataclass(frozen=True)
class Pack:
    """A pack as it is handed out."""

    name: str
    content: bytes
    numbers: tuple[str, ...]


def make(numbers: Iterable[str], *, by: User | SYSTEM) -> Pack:
    """Pack the records that ``by`` may read, and record that they were handed out.

    Raises
    ------
    Refused
        A number names no record that ``by`` may see, or the trail is not what was signed.
    """
    wanted = sorted({number.strip() for number in numbers} - {""})
    for record in _known(wanted, by):
        if isinstance(by, User):
            changing.require(by, MAKE, record)
    content = _content(wanted)
    tell("exported", by=by, number=wanted[0], detail={"form": "pack", "records": wanted})
    name = wanted[0] if len(wanted) == 1 else f"{wanted[0]}-and-{len(wanted) - 1}-more"
    return Pack(f"{name}-pack.zip", content, tuple(wanted))


def _known(wanted: Sequence[str], by: User | SYSTEM) -> list[Record]:
    if not wanted:
        raise Refused(_("Name at least one record by its number, such as NC-ABC1-2026-0001."))
    if len(wanted) > MOST:
        raise Refused(_("A pack holds up to %d records. Make several.") % MOST)
    seen = Record.objects.visible_to(by) if isinstance(by, User) else Record.objects.all()
    found = list(seen.filter(number__in=wanted))
    numbers = {record.number for record in found}
    if missing := [number for number in wanted if number not in numbers]:
        sentence = _("There is no such record: %s. Write each number on a line of its own.")
        raise Refused(sentence % ", ".join(missing[:10]))
    return found


def _content(numbers: Sequence[str]) -> bytes:
    told = {number: list(timeline(number)) for number in numbers}
    last = max(entry.seq for entries in told.values() for entry in entries)
    covering = _covering(last)
    proofs = _proofs(covering, [entry.seq for entries in told.values() for entry in entries])
    files: dict[str, bytes] = {}
    for number, entries in told.items():
        objects = _objects(entries, number)
        files[f"records/{number}.json"] = dumps(objects).encode()
        files[f"trail/{number}.json"] = dumps([_told(one, proofs) for one in entries]).encode()
        files |= _attached(objects, number)
    known = list(SigningKey.objects.order_by("number"))
    files["keys.json"] = dumps([_key(key) for key in known]).encode()
    files["checkpoint.txt"] = covering.text.encode()
    files["people.json"] = dumps(_people(told.values())).encode()
    files["README.txt"] = _guide(covering, known[-1])
    return _signed(files, numbers)


def _signed(files: dict[str, bytes], numbers: Sequence[str]) -> bytes:
    about = {
        "format": andon_verify.FORMAT,
        "records": list(numbers),
        "files": {name: andon_verify.sha256(data) for name, data in files.items()},
    }
    files["pack.json"] = dumps(about).encode()
    try:
        files["pack.sig"] = keys.sign(files["pack.json"]).signature.encode()
    except keys.NoKey as trouble:
        raise Refused(str(trouble)) from trouble
    return andon_verify.zip_bytes(files)


def _covering(last: int) -> Checkpoint:
    """Return the first checkpoint over entry ``last``, made now if there is none."""
    covering = checkpoints.covering(last)
    if covering is None:
        try:
            covering = checkpoints.checkpoint("pack")
        except (keys.NoKey, checkpoints.Unsound) as trouble:
            raise Refused(str(trouble)) from trouble
    if covering is None or covering.records_size < last:
        raise Refused(_NOT_WHOLE)
    return covering


def _proofs(covering: Checkpoint, seqs: Sequence[int]) -> dict[int, list[bytes]]:
    """Return the proof of each entry, after a walk along all that the checkpoint covers."""
    size = covering.records_size
    spans = {seq: merkle.inclusion_spans(seq - 1, size) for seq in seqs}
    every = {span for path in spans.values() for span in path} | {(0, size)}
    leaves = (merkle.leaf_hash(data) for data in checkpoints.leaves(RECORDS, 0, size))
    try:
        hashes = merkle.span_hashes(leaves, every)
        root = notes.parse(covering.text).root(RECORDS)
    except (checkpoints.Unsound, notes.NotANote) as trouble:
        raise Refused(_NOT_WHOLE) from trouble
    if hashes[0, size] != root:
        raise Refused(_NOT_WHOLE)
    return {seq: [hashes[span] for span in path] for seq, path in spans.items()}


_NOT_WHOLE = _(
    "The trail is not the one that its checkpoint covers, so nothing can be proved."
    " Run: andon verify"
)


def _objects(entries: Sequence[AuditEntry], number: str) -> list[dict[str, Any]]:
    """Return what the verifier must find by replaying; refused where the trail has a break."""
    try:
        told = andon_verify.replay([entry.content() for entry in entries], number)
    except andon_verify.Refused as trouble:
        raise Refused(_NOT_WHOLE) from trouble
    return [
        {"model": model, "object": pk, "state": known["state"]}
        for (model, pk), known in sorted(told.items())
        if known["exists"]
    ]


def _told(entry: AuditEntry, proofs: dict[int, list[bytes]]) -> dict[str, Any]:
    return {
        "seq": entry.seq,
        "prev_hash": entry.prev_hash,
        "entry_hash": entry.entry_hash,
        "payload": entry.payload,
        "proof": [notes.encoded(step) for step in proofs[entry.seq]],
    }


def _attached(objects: Sequence[dict[str, Any]], number: str) -> dict[str, bytes]:
    hashes = {one["state"]["sha256"] for one in objects if one["model"] == ATTACHMENT}
    try:
        return {f"files/{sha256}": shelf.read(sha256) for sha256 in sorted(hashes)}
    except shelf.Altered as trouble:
        sentence = _("A stored file of %s is missing or was altered. Run: andon verify")
        raise Refused(sentence % number) from trouble


def _key(key: SigningKey) -> dict[str, Any]:
    return {
        "number": key.number,
        "key_id": key.key_id,
        "public_key": key.public_key,
        "endorsement": key.endorsement,
    }


def _people(told: Iterable[Sequence[AuditEntry]]) -> dict[str, str]:
    """Return the names of those who acted; the trail itself keeps ids only."""
    ids = {e.actor_id for entries in told for e in entries if e.actor_kind == "user"}
    return {str(user.pk): user.display_name for user in User.objects.filter(pk__in=ids)}


def _guide(covering: Checkpoint, key: SigningKey) -> bytes:
    about = {
        "organisation": policy().name or "–",
        "number": str(covering.number),
        "time": notes.parse(covering.text).time,
        "key": key.key_id,
    }
    text = GUIDE.read_text(encoding="utf-8")
    for name, value in about.items():
        text = text.replace(f"{{{name}}}", value)
    return text.encode()
