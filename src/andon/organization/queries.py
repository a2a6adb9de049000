"""What people ask about the organization."""

from collections.abc import Iterator
from contextlib import contextmanager
from contextvars import ContextVar

from andon.organization.models import Settings

# A box that lives as long as one request; without one, every call reads the row.
_box: ContextVar[dict[str, Settings] | None] = ContextVar("settings_of_the_request", default=None)


def settings() -> Settings:
    """Return the settings; before anybody has saved them, those of a new organization."""
    box = _box.get()
    if box is None:
        return _read()
    if "row" not in box:
        box["row"] = _read()
    return box["row"]


def _read() -> Settings:
    return Settings.objects.filter(pk=Settings.ONLY).first() or Settings(pk=Settings.ONLY)


@contextmanager
def read_once() -> Iterator[None]:
    """Read the settings at most once inside the block, which is one request."""
    token = _box.set({})
    try:
        yield
    finally:
        _box.reset(token)


def forget() -> None:
    """Read the settings anew at the next question; the services call this after a change."""
    if (box := _box.get()) is not None:
        box.clear()
