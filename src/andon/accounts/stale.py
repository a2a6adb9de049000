"""Whoever edits has seen certain values; nobody overwrites what changed since."""

import hashlib
import json
from collections.abc import Iterable

from django.db import models
from django.utils.translation import gettext as _


class StaleError(Exception):
    """The row changed after the form was opened; carries the row as it is stored now."""

    def __init__(self, stored: models.Model) -> None:
        super().__init__(_("Someone else changed this after you opened it."))
        self.stored = stored


def seen(row: models.Model, fields: Iterable[str]) -> str:
    """Return a mark of the values of ``fields`` as they are now."""
    values = [str(row.serializable_value(field)) for field in sorted(fields)]
    return hashlib.sha256(json.dumps(values).encode()).hexdigest()


def refuse_when_stale(stored: models.Model, fields: Iterable[str], mark: str | None) -> None:
    """Raise when the locked row ``stored`` is not what ``mark`` was made of; None asks nothing."""
    if mark is not None and mark != seen(stored, fields):
        raise StaleError(stored)
