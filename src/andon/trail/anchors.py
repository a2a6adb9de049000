"""What checkpoints say of the trail: the own ones, those of the file, those kept elsewhere (AT10).

Every checkpoint is a mark on each stream: so many entries, this root. The walk along the chain
grows the tree and compares at every mark; where they differ, history was rewritten between this
mark and the one before. From the peaks that a sound checkpoint keeps the walk goes on afresh, so
that each interval is judged by itself.
"""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from datetime import timedelta

from django.utils import timezone

from andon.trail import checkpoints, keys, notes
from andon.trail.canonical import instant
from andon.trail.findings import Finding, Report
from andon.trail.merkle import Tree, leaf_hash
from andon.trail.models import Checkpoint, SigningKey
from andon.trail.notes import STREAMS, Note

KIND = "checkpoint"
RESTORE = "restore"
JUST_NOW = timedelta(minutes=1)


@dataclass(eq=False)
class Mark:
    """One checkpoint that is signed as it should be."""

    note: Note
    given: bool = False
    trees: dict[str, Tree] = field(default_factory=dict)
    held: set[str] = field(default_factory=set)

    def __str__(self) -> str:
        return f"checkpoint {self.note.number} of {self.note.time}"


class Anchors:
    """All checkpoints there are; made before the snapshot that they are compared with."""

    def __init__(self, given: Sequence[str] = ()) -> None:
        self.given = [part for text in given for part in _kept(text)]
        self.file = checkpoints.read_file()  # what is in the file was committed before
        self.marks: dict[str, Mark] = {}

    def load(self, report: Report) -> None:
        """Judge the checkpoints by themselves and against each other."""
        self.keys = list(SigningKey.objects.order_by("number"))
        self.rows = list(Checkpoint.objects.order_by("number"))
        self.restored = ""
        for text, only_remark in keys.faults(self.keys):
            _say(report, Finding("key", text), remark=only_remark)
        report.findings += self._rows()
        self._file(report)
        report.findings += self._given()
        report.checkpoints = len(self.rows)
        report.latest = self.rows[-1].text if self.rows else ""
        if not self.rows:
            report.remarks.append("There is no checkpoint yet.")

    def gauge(self, stream: str) -> "Gauge":
        """Return what compares ``stream`` with its marks along the walk."""
        return Gauge(stream, list(self.marks.values()) if stream in STREAMS else [])

    def conclude(self, report: Report) -> None:
        """Name the checkpoints from elsewhere that hold for both streams."""
        for mark in self.marks.values():
            if mark.given and mark.held.issuperset(STREAMS):
                report.trusted.append(str(mark))

    def _rows(self) -> Iterator[Finding]:
        due, previous, sizes = 1, "-", dict.fromkeys(STREAMS, 0)
        for row in self.rows:
            if row.number != due:
                yield _found(f"Checkpoint {due} is missing before {row.number}.")
            due = row.number + 1
            note, text = self._read(row.text)
            if note is None:
                yield _found(f"Checkpoint {row.number}: {text}")
                previous = row.digest()
                continue
            for fault in self._row_faults(row, note, previous, sizes):
                yield _found(f"Checkpoint {row.number}: {fault}")
            previous, sizes = row.digest(), {name: note.size(name) for name in STREAMS}
            if note.reason == RESTORE:
                self.restored = max(self.restored, note.time)
            self._mark(note, row)

    def _row_faults(
        self, row: Checkpoint, note: Note, previous: str, sizes: dict[str, int]
    ) -> Iterator[str]:
        told = (note.number, note.reason, note.time, *[note.size(name) for name in STREAMS])
        kept = (row.number, row.reason, instant(row.at), *[row.size(name) for name in STREAMS])
        if told != kept or not self._signed(note, row.key_id):
            yield "The columns do not say what its text says."
        if note.previous != previous:
            yield "It does not follow from the one before: one of the two was replaced."
        if any(note.size(name) < sizes[name] for name in STREAMS):
            yield "It covers less than the one before."
        if any(checkpoints.tree_of(row, note, name) is None for name in STREAMS):
            yield "The peaks of its trees are not those that were signed."

    def _file(self, report: Report) -> None:
        rows = {row.text: row for row in self.rows}
        for part in dict.fromkeys(self.file):
            if part not in rows:
                _say(report, *self._stray(part))
        late = checkpoints.read_file() if set(rows) - set(self.file) else self.file
        for text in rows.keys() - set(late):
            new = timezone.now() - rows[text].at < JUST_NOW or rows[text] is self.rows[-1]
            sentence = f"Checkpoint {rows[text].number} is not in {checkpoints.path()}."
            _say(report, _found(sentence), remark=new)

    def _stray(self, part: str) -> tuple[Finding, bool]:
        """Judge what the file has and the database has not; whether it is only a remark."""
        note, text = self._read(part)
        if note is None:
            cut_off = any(row.text.startswith(part) for row in self.rows)
            return _found(f"In {checkpoints.path()}: {text}"), cut_off
        name = f"Checkpoint {note.number} of {note.time}"
        if self.restored > note.time:
            return _found(f"{name} was lost when a backup was restored at {self.restored}."), True
        self._mark(note)
        other = any(row.number == note.number for row in self.rows)
        fault = "is another one in the database" if other else "is gone from the database"
        return _found(f"{name} is in {checkpoints.path()} and {fault}."), False

    def _given(self) -> Iterator[Finding]:
        texts = {row.text for row in self.rows}
        for part in self.given:
            note, text = self._read(part)
            if note is None:
                yield _found(f"The given checkpoint: {text}")
                continue
            if part not in texts:
                yield _found(
                    f"The database does not have the given checkpoint {note.number} of {note.time}."
                    + (f" A backup was restored at {self.restored}." if self.restored else "")
                )
            self._mark(note).given = True

    def _read(self, text: str) -> tuple[Note | None, str]:
        """Return the note if it is one and signed by a known key, else what is wrong."""
        try:
            note = notes.parse(text)
            if note.origin != keys.origin(self.keys):
                return None, f"It is one of another trail, {note.origin}, or the key was swapped."
            if not self._signed(note):
                return None, f"Number {note.number} was not signed by a key of this trail."
        except notes.NotANote as trouble:
            return None, str(trouble)
        return note, ""

    def _signed(self, note: Note, key_id: str = "") -> bool:
        known = [key for key in self.keys if not key_id or key.key_id == key_id]
        return any(note.signed_by(key.raw()) for key in known)

    def _mark(self, note: Note, row: Checkpoint | None = None) -> Mark:
        mark = self.marks.setdefault(note.text, Mark(note))
        if row is not None:
            trees = {name: checkpoints.tree_of(row, note, name) for name in STREAMS}
            mark.trees = {name: tree for name, tree in trees.items() if tree is not None}
        return mark


class Gauge:
    """The tree of one stream along the walk, compared at every mark."""

    def __init__(self, stream: str, marks: list[Mark]) -> None:
        self.stream = stream
        self.waiting = sorted(marks, key=lambda mark: mark.note.size(stream), reverse=True)
        self.tree = Tree()
        self.count, self.checked, self.lost = 0, 0, False
        self.findings: list[Finding] = []
        self._compare()

    def add(self, payload: bytes) -> None:
        """Go on by one entry."""
        self.count += 1
        if self.waiting:
            self.tree.add_hash(leaf_hash(payload))
            if self.count == self.due:
                self._compare()

    @property
    def due(self) -> int:
        return self.waiting[-1].note.size(self.stream) if self.waiting else -1

    def close(self) -> list[Finding]:
        """Return what was found, at the end of the stream."""
        if self.waiting:
            mark = self.waiting[0]
            self.findings.append(
                Finding(
                    KIND,
                    f"The end was cut off: {mark} covers {mark.note.size(self.stream)} entries,"
                    f" and {self.count} are there.",
                    self.stream,
                    self.count + 1,
                    until=mark.note.size(self.stream),
                )
            )
        return self.findings

    def _compare(self) -> None:
        """Compare with all marks at this size; one finding for what is between two sizes."""
        wrong, going_on = None, None
        compared = self.count == self.due
        while self.count == self.due:
            mark = self.waiting.pop()
            if not self.lost and self.tree.root() == mark.note.root(self.stream):
                mark.held.add(self.stream)
            else:
                wrong = wrong or mark
                going_on = going_on or mark.trees.get(self.stream)
        if wrong is not None and not self.lost:
            self.findings.append(self._rewritten(wrong))
        if wrong is not None:
            self.lost = going_on is None
            self.tree = going_on.copy() if going_on else Tree()
        if compared:
            self.checked = self.count

    def _rewritten(self, mark: Mark) -> Finding:
        first = self.checked + 1
        text = f"Entries {first} to {self.count} are not those that {mark} covers: history was"
        text += " rewritten here." if self.count >= first else " replaced."
        return Finding(KIND, text, self.stream, first, until=self.count)


def _kept(text: str) -> list[str]:
    """Return the checkpoints in what somebody kept, without what a mail says around them."""
    parts = notes.split(text)
    signed = [part for part in parts if notes.SIGNED in part]
    return signed or parts or [""]


def _found(text: str) -> Finding:
    return Finding(KIND, text)


def _say(report: Report, finding: Finding, remark: bool = False) -> None:  # noqa: FBT001, FBT002
    if remark:
        report.remarks.append(finding.text)
    else:
        report.findings.append(finding)
