"""Checkpoints as a person reads them: what each covers, whether it is signed, where it is kept."""

from collections.abc import Iterable
from dataclasses import dataclass

from andon.trail import checkpoints, notes
from andon.trail.models import Checkpoint, SigningKey


@dataclass(frozen=True)
class Judged:
    """A checkpoint with what can be said of it by itself."""

    row: Checkpoint
    signed: bool
    in_file: bool
    roots: dict[str, str]


def judged(rows: Iterable[Checkpoint]) -> list[Judged]:
    """Check the signature of each of ``rows`` and look for it in the file outside."""
    known = {key.key_id: key for key in SigningKey.objects.all()}
    kept = set(checkpoints.read_file())
    return [_judged(row, known, kept) for row in rows]


def _judged(row: Checkpoint, known: dict[str, SigningKey], kept: set[str]) -> Judged:
    try:
        note = notes.parse(row.text)
    except notes.NotANote:
        return Judged(row, signed=False, in_file=row.text in kept, roots={})
    key = known.get(row.key_id)
    signed = key is not None and note.signed_by(key.raw())
    roots = {stream: note.root(stream).hex() for stream in notes.STREAMS}
    return Judged(row, signed=signed, in_file=row.text in kept, roots=roots)
