"""The stored files as a backup sees them, whatever shelf they lie on: listed, and put back."""

import os
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import UTC, datetime
from pathlib import Path

from andon.records.workflow import Refused
from andon.store.shelf import OutOfReach, Shelf, shelf


def stored() -> Iterator[tuple[str, bytes]]:
    """Yield hash and content of each stored file, in the order of the hashes, one at a time.

    What was committed when the database was copied is there now: files are written before the
    rows that name them, and are never written over. What a sweep takes meanwhile had no row.
    """
    place = shelf()
    with within_reach():
        for sha256, _kept_at in place.all():
            if (data := place.get(sha256)) is not None:
                yield sha256, data


def is_empty() -> bool:
    """Whether no file lies on the shelf."""
    with within_reach():
        return next(iter(shelf().all()), None) is None


@contextmanager
def put_back(folder: Path) -> Iterator[None]:
    """Put the files below ``folder`` on the empty shelf; what the block raises takes them away."""
    place, put = shelf(), list[str]()
    try:
        with within_reach():
            for path in sorted(path for path in folder.rglob("*") if path.is_file()):
                put.append(path.name)
                place.put(path.name, path.read_bytes())
        yield
    except BaseException:
        _take_away(place, put)
        raise


def _take_away(place: Shelf, names: list[str]) -> None:
    for name in names:
        place.remove(name)


@contextmanager
def within_reach() -> Iterator[None]:
    """Turn a shelf that does not answer into a sentence of ours."""
    try:
        yield
    except OutOfReach as trouble:
        raise Refused(str(trouble)) from trouble


def member_name(sha256: str) -> str:
    """Return the name of a stored file in an archive."""
    return f"files/{sha256[:2]}/{sha256}"


def sync_folder(folder: Path) -> None:
    """Make renames in ``folder`` survive a loss of power; Windows does it by itself."""
    if os.name == "nt":
        return
    handle = os.open(folder, os.O_RDONLY)
    try:
        os.fsync(handle)
    finally:
        os.close(handle)


def instant(text: str) -> datetime | None:
    """Return an instant written as the trail does."""
    return datetime.strptime(text, "%Y-%m-%dT%H:%M:%S.%fZ").replace(tzinfo=UTC) if text else None
