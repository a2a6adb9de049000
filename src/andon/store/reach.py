"""What every shelf does, and how it says that it cannot."""

from collections.abc import Iterator
from datetime import datetime
from typing import Protocol

from django.utils.functional import Promise


class OutOfReach(Exception):
    """The shelf cannot be written or read now; the sentence is for the user."""

    def __init__(self, sentence: "str | Promise") -> None:
        super().__init__(sentence)
        self.sentence = sentence

    def __str__(self) -> str:
        return str(self.sentence)


class Shelf(Protocol):
    """Where bytes lie. A key is the SHA-256 of what lies under it."""

    def put(self, sha256: str, data: bytes) -> None:
        """Write ``data`` durably unless something lies there."""

    def get(self, sha256: str) -> bytes | None:
        """Return what lies there, whatever it is; None when nothing does."""

    def size(self, sha256: str) -> int | None:
        """Return how many bytes lie there; None when nothing does."""

    def all(self) -> Iterator[tuple[str, datetime]]:
        """Yield every key, with the instant it was written."""

    def remove(self, sha256: str) -> None:
        """Take away what lies there; only the sweep does, when no row refers to it."""

    def tidy(self, before: datetime) -> None:
        """Take away halves of writes that were begun before."""
