"""What a file can be imported as: a target, its fields, and how a cell becomes a value."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass
from enum import Enum
from typing import Any

from django.apps import apps
from django.utils.functional import Promise
from django.utils.module_loading import import_string
from django.utils.translation import gettext as _

from andon.accounts.models import Site, User
from andon.modules.production.models import Batched, ImportBatch
from andon.tables import Trouble
from andon.trail.services import SYSTEM

Text = str | Promise
Row = tuple[int, dict[str, Any]]
Errors = list[tuple[int, str, str]]
LONGEST = 120


class Kind(Enum):
    """What the cells of a field must be."""

    DAY = "day"
    CODE = "code"
    COUNT = "count"
    AMOUNT = "amount"
    TEXT = "text"
    FLAG = "flag"


@dataclass(frozen=True)
class Reference:
    """Where a code in a file leads: to a line, an item, a cause.

    ``find`` returns the ids of the codes there are, by casefolded code; ``create`` makes one.
    """

    find: Callable[[Site, Iterable[str]], dict[str, Any]]
    create: Callable[[Site, str, User | SYSTEM], Any] | None = None
    unknown: Text = ""
    """Sentence about a code that is not there, with %(code)s."""


@dataclass(frozen=True)
class Field:
    """One field of a target; ``column`` is the attribute of the model it fills.

    ``may_be_ahead``: its days may lie in the future. ``named_only``: no column is taken for it
    because of its content alone.
    """

    name: str
    label: Text
    kind: Kind
    column: str
    required: bool = False
    synonyms: tuple[str, ...] = ()
    reference: Reference | None = None
    places: int = 3
    signed: bool = False
    longest: int = LONGEST
    may_be_ahead: bool = False
    named_only: bool = False
    help: Text = ""

    @property
    def is_day(self) -> bool:
        """Whether its cells are days."""
        return self.kind is Kind.DAY

    @property
    def is_code(self) -> bool:
        """Whether its cells name something there is."""
        return self.kind is Kind.CODE

    @property
    def most_columns(self) -> int:
        """How many columns may be joined for it: a day can stand in three, an amount in one."""
        return {Kind.DAY: 3, Kind.CODE: 2, Kind.TEXT: 2}.get(self.kind, 1)

    @property
    def is_number(self) -> bool:
        """Whether its cells are numbers."""
        return self.kind in {Kind.COUNT, Kind.AMOUNT}


@dataclass(frozen=True)
class Target:
    """A kind of row that files can be imported as.

    ``prepare`` may change all checked rows (row number, values) before they are brought together,
    and returns them with the errors it found; ``after`` is called in the publishing transaction;
    ``site_column`` is where the site goes; ``sums``: what rows of one key say can be added up.
    """

    name: str
    label: Text
    help: Text
    model: type[Batched]
    fields: tuple[Field, ...]
    site_column: str = "site_id"
    permission: str = "production.import"
    sums: bool = True
    after: Callable[[ImportBatch, User | SYSTEM], None] | None = None
    prepare: Callable[[Site, list[Row]], tuple[list[Row], Errors]] | None = None

    def field(self, name: str) -> Field:
        """Return the field of this name; raise `Trouble` if there is none."""
        for field in self.fields:
            if field.name == name:
                return field
        raise Trouble(
            _("There is no field “%(name)s”; %(target)s has %(fields)s.")
            % {
                "name": name,
                "target": self.label,
                "fields": ", ".join(field.name for field in self.fields),
            }
        )

    @property
    def key_names(self) -> tuple[str, ...]:
        """Names of the fields that say what a row is about."""
        return tuple(field.name for field in self.fields if field.column in self.model.key_fields)

    @property
    def value_names(self) -> tuple[str, ...]:
        """Names of the fields that say what was counted."""
        return tuple(field.name for field in self.fields if field.column in self.model.value_fields)


def known_targets() -> Iterator[Target]:
    """Yield everything a file can be imported as, from the lists the apps carry."""
    for config in apps.get_app_configs():
        for name in getattr(config, "import_targets", ()):
            yield import_string(name)


def target_named(name: str) -> Target:
    """Return the target of this name; raise `Trouble` if there is none."""
    for target in known_targets():
        if target.name == name:
            return target
    raise Trouble(
        _("A file cannot be imported as “%(name)s”; choose from %(names)s.")
        % {"name": name, "names": ", ".join(target.name for target in known_targets())}
    )
