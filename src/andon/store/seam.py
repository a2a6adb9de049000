"""The seam at which apps above say which files their rows carry.

Such an app has ``stored_files`` in its config: a callable that gets hashes and yields an `InUse`
for each row that carries one of them, also where the row was withdrawn.
"""

from collections.abc import Collection, Iterable, Iterator
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from django.apps import apps

if TYPE_CHECKING:
    from andon.accounts.models import User


@dataclass(frozen=True)
class InUse:
    """One row that carries a file."""

    sha256: str
    name: str
    number: str
    url: str


def in_use(hashes: Collection[str], *, viewer: "User | None" = None) -> Iterator[InUse]:
    """Yield the rows that carry one of ``hashes``; with a ``viewer``, only those in their sight."""
    for config in apps.get_app_configs():
        asked: Any = getattr(config, "stored_files", None)
        if asked is not None:
            rows: Iterable[InUse] = asked(hashes, viewer)
            yield from rows
