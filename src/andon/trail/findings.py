"""What a verification says: each finding names entry, model, object, number and field."""

from collections.abc import Iterator
from dataclasses import asdict, dataclass, field
from typing import Any


@dataclass(frozen=True)
class Finding:
    """One thing that is not as the trail says, and where."""

    kind: str
    text: str
    stream: str = ""
    seq: int | None = None
    model: str = ""
    object_id: str = ""
    number: str = ""
    field: str = ""
    trail_value: Any = None
    table_value: Any = None
    until: int | None = None

    def line(self) -> str:
        """Return the finding as one line: kind, place, sentence."""
        places = (
            self._entries(),
            " ".join(part for part in (self.model, self.object_id, self.field) if part),
            self.number,
        )
        place = ", ".join(part for part in places if part)
        return f"{self.kind} [{place}] {self.text}" if place else f"{self.kind} {self.text}"

    def _entries(self) -> str:
        if self.seq is None:
            return ""
        several = self.until is not None and self.until > self.seq
        return f"{self.stream} {self.seq}" + (f" to {self.until}" if several else "")


@dataclass
class Report:
    """What was looked at and what was found."""

    findings: list[Finding] = field(default_factory=list)
    entries: int = 0
    objects: int = 0
    batches: int = 0
    heads: dict[str, tuple[int, str]] = field(default_factory=dict)
    checkpoints: int = 0
    latest: str = ""
    """The text of the newest checkpoint of this database."""
    trusted: list[str] = field(default_factory=list)
    """The checkpoints from elsewhere that hold."""
    remarks: list[str] = field(default_factory=list)
    """What is worth knowing and no finding."""

    @property
    def clean(self) -> bool:
        """Whether nothing was found."""
        return not self.findings

    def lines(self) -> Iterator[str]:
        """Yield the report in lines for a person."""
        for finding in self.findings:
            yield finding.line()
        for stream, (seq, digest) in self.heads.items():
            yield f"Head of {stream}: entry {seq}, {digest}."
        yield from self.remarks
        for mark in self.trusted:
            yield f"Kept elsewhere and true: {mark}."
        looked_at = (
            f"{self.entries} entries, {self.objects} objects, {self.batches} sealed batches,"
            f" {self.checkpoints} checkpoints"
        )
        count = len(self.findings)
        result = "No finding" if self.clean else f"{count} finding{'s' if count > 1 else ''}"
        yield f"{result} in {looked_at}."

    def as_json(self) -> dict[str, Any]:
        """Return the report as data for a JSON file."""
        return {"clean": self.clean, **asdict(self)}
