"""What a file can become: a target, its fields, and what a cell of each must be."""

from __future__ import annotations

from dataclasses import dataclass
from enum import Enum

from django.db import models
from django.utils.functional import Promise

from andon.records.adopting import Extra

Text = str | Promise
SKIP_ROW = "-row"
"""A value that means: leave the row out."""
NEW_ROW = "+new"
"""A value that means: make it."""


class Sort(Enum):
    """What the cells of a field must be."""

    TEXT = "text"
    LONG = "long"
    NUMBER = "number"
    DAY = "day"
    CLOCK = "clock"
    YESNO = "yesno"
    CHOICE = "choice"
    ROW = "row"
    LINK = "link"


@dataclass(frozen=True)
class Field:
    """One field of a target."""

    name: str
    label: Text
    sort: Sort
    required: bool = False
    synonyms: tuple[str, ...] = ()
    choices: tuple[tuple[str, Text], ...] = ()
    model: type[models.Model] | None = None
    help: Text = ""
    extra: Extra | None = None

    @property
    def has_values(self) -> bool:
        """Whether its cells name one of several values, so that words can be taught."""
        return self.sort in {Sort.CHOICE, Sort.ROW, Sort.YESNO}

    @property
    def takes_several(self) -> bool:
        """Whether several columns can be put together."""
        return self.sort in {Sort.TEXT, Sort.LONG}


@dataclass(frozen=True)
class Target:
    """A kind of record or a list of the organization that files can be imported into."""

    name: str
    label: Text
    model: type[models.Model]
    fields: tuple[Field, ...]
    is_record: bool = True
    key: tuple[str, ...] = ()
    """Names of the fields by which a row is recognised when it comes again."""

    def field(self, name: str) -> Field | None:
        """Return the field of this name."""
        return next((field for field in self.fields if field.name == name), None)

    @property
    def is_at_site(self) -> bool:
        return any(field.name == "site" for field in self.model._meta.concrete_fields)
