"""Checkpoints kept elsewhere, held against a backup: it may be older, or another one (BK1)."""

from collections.abc import Iterator, Sequence
from pathlib import Path

from django.utils.translation import gettext as _

from andon.records.workflow import Refused
from andon.trail import checkpoints, keys, notes
from andon.trail.merkle import Tree
from andon.trail.notes import STREAMS, NotANote, Note

Heads = dict[str, int]


def read(path: Path) -> list[Note]:
    """Return the checkpoints in ``path``; raises ``Refused`` for a file that has none."""
    found = list(_notes([path.read_text(encoding="utf-8", errors="replace")]))
    if not found:
        raise Refused(_("There is no checkpoint in %s. Name a file with one.") % path)
    return found


def carried(path: Path) -> list[str]:
    """Return the text of the checkpoints an archive carries; none where there was no key."""
    text = path.read_text(encoding="utf-8") if path.exists() else ""
    return [text] if text.strip() else []


def of_this_place() -> list[Note]:
    """Return the checkpoints of the append-only file, which may have outlived the database."""
    return list(_notes(checkpoints.read_file()))


def warnings(kept: Sequence[Note], heads: Heads) -> Iterator[str]:
    """Yield what must be said loudly of a restored database that ends at ``heads``.

    Raises
    ------
    Refused
        A kept checkpoint says that its history is another one.
    """
    ours = [note for note in kept if note.origin == keys.origin()]
    if len(ours) < len(kept):
        yield _("%d kept checkpoints are of another trail and say nothing of this one.") % (
            len(kept) - len(ours)
        )
    newer = [note for note in ours if _lost(note, heads)]
    if newer:
        yield _older(max(newer, key=lambda note: note.number), heads)
    within = [note for note in ours if not _lost(note, heads)]
    if within and not _holds(newest := max(within, key=lambda note: note.number)):
        raise Refused(
            _(
                "The history in this backup is not the one that checkpoint %(number)d of %(time)s"
                " covers: it was rewritten. Nothing was restored; take another backup."
            )
            % {"number": newest.number, "time": newest.time}
        )


def _older(note: Note, heads: Heads) -> str:
    lost = sum(max(0, note.size(stream) - heads[stream]) for stream in STREAMS)
    return _(
        "WARNING: this backup is OLDER than checkpoint %(number)d of %(time)s. At least %(lost)d"
        " entries of the trail were written after it and are not in it. Look for a newer backup"
        " before anybody works on."
    ) % {"number": note.number, "time": note.time, "lost": lost}


def _lost(note: Note, heads: Heads) -> bool:
    return any(note.size(stream) > heads[stream] for stream in STREAMS)


def _holds(note: Note) -> bool:
    """Whether the entries are the ones the note covers."""
    for stream in STREAMS:
        tree = Tree()
        for payload in checkpoints.leaves(stream, 0, note.size(stream)):
            tree.add(payload)
        if tree.root() != note.root(stream):
            return False
    return True


def _notes(texts: Sequence[str]) -> Iterator[Note]:
    for text in texts:
        for part in notes.split(text):
            try:
                yield notes.parse(part)
            except NotANote:
                continue  # the file may end with one that was cut off; verify says so
