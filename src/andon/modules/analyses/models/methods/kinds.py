"""What a method of the Workbench is: what it needs, what can be set, what it answers."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any, Literal, TypeAlias

from django.utils.functional import Promise
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from andon.modules.analyses.models.tables import ValueColumn, Values
from andon.stats.drawing.figure import Figure, Words
from andon.ui import charts
from andon.ui.paper import Section

Text: TypeAlias = str | Promise
OptionKind: TypeAlias = Literal["number", "whole", "choice"]


class Unfit(Exception):
    """The values or a setting do not suit the method; ``field`` is the slot or option, if known."""

    def __init__(self, sentence: str, *, field: str = "") -> None:
        super().__init__(sentence)
        self.sentence = sentence
        self.field = field


@dataclass(frozen=True, kw_only=True)
class Slot:
    """A column a method takes, or several; of numbers unless ``texts``."""

    name: str
    label: Text
    texts: bool = False
    many: bool = False
    required: bool = True
    # Only a column of whole numbers that are not negative is proposed.
    counts: bool = False
    # Whether a slot that may stay empty takes a fitting column by itself.
    taken: bool = False


@dataclass(frozen=True, kw_only=True)
class Option:
    """A setting of a method; empty means that the method finds it itself."""

    name: str
    label: Text
    kind: OptionKind = "number"
    default: Any = None
    choices: Sequence[tuple[str, Text]] = ()
    help: Text = ""
    required: bool = False


@dataclass(frozen=True)
class Inputs:
    """What a method is given: the chosen columns by slot, the options by name."""

    columns: Mapping[str, tuple[ValueColumn, ...]]
    options: Mapping[str, Any]
    words: Words = field(default_factory=charts.words)

    def column(self, slot: str) -> ValueColumn | None:
        return next(iter(self.columns.get(slot, ())), None)

    def numbers(self, slot: str) -> list[float | None]:
        found = self.column(slot)
        return found.numbers if found else []

    def several(self, slot: str) -> list[list[float | None]]:
        return [column.numbers for column in self.columns.get(slot, ())]

    def texts(self, slot: str) -> list[str]:
        found = self.column(slot)
        return found.texts if found else []

    def name(self, slot: str) -> str:
        found = self.column(slot)
        return found.name if found else _("Value")

    def __getitem__(self, option: str) -> Any:
        return self.options.get(option)


@dataclass(frozen=True)
class Outcome:
    """What a method says: sentences for the report first, then the numbers behind them."""

    sentences: Sequence[str] = ()
    warnings: Sequence[str] = ()
    facts: Sequence[tuple[str, str]] = ()
    figures: Sequence[Figure] = ()
    tables: Sequence[Section] = ()


@dataclass(frozen=True, kw_only=True)
class Method:
    """One method: when it fits, what it takes, and how it is computed."""

    name: str
    label: Text
    group: Text
    when: Text
    slots: tuple[Slot, ...]
    options: tuple[Option, ...] = ()
    run: Callable[[Inputs], Outcome]
    # Says whether these values look like this method's, the more the higher, 0: not at all.
    fits: Callable[[Values], int] = lambda _values: 0


LABELS = Slot(name="labels", label=gettext_lazy("Names of the points"), texts=True, required=False)
