"""What every result of the statistics carries, and how it becomes plain data."""

from collections.abc import Callable, Iterator
from dataclasses import dataclass, fields, is_dataclass
from operator import attrgetter
from typing import Any, TypeVar

import numpy as np

from andon.stats.sentences import Sentence

T = TypeVar("T", bound=type)


@dataclass(frozen=True, kw_only=True)
class Value:
    """A frozen group of named numbers: read as ``value.name``, ``value["name"]`` or a dict."""

    def keys(self) -> list[str]:
        """The names of the fields; with ``value[name]`` this makes ``dict(value)`` work."""
        return [item.name for item in fields(self)]

    def __getitem__(self, name: str) -> object:
        if name not in self.keys():
            raise KeyError(name)
        return getattr(self, name)

    def __iter__(self) -> Iterator[str]:
        return iter(self.keys())

    def to_dict(self) -> dict[str, object]:
        """All fields as plain values that `json.dumps` accepts."""
        return {name: plain(getattr(self, name)) for name in self.keys()}


@dataclass(frozen=True, kw_only=True)
class Result(Value):
    """A result: the fields of its function, and how they came about.

    Attributes
    ----------
    n : int
        Values used.
    n_missing : int
        Values left out because they are missing (None or NaN).
    method : str
        The estimator, distribution and sigma in words.
    warnings : tuple of Sentence
        What the reader must know before using the numbers.
    """

    n: int
    n_missing: int
    method: str
    warnings: tuple[Sentence, ...] = ()

    def rows(self) -> list[dict[str, object]]:
        """The result as rows of a table: here one row a figure, for charts one row a point."""
        skipped = {"warnings", "method"}
        return [
            {"figure": name, "value": value}
            for name, value in self.to_dict().items()
            if name not in skipped
        ]


def named(**words: str) -> Callable[[T], T]:
    """Give fields of a dataclass the name of the field of quality where Python reserves it.

    ``@named(lambda_="lambda")`` above ``@dataclass`` keeps ``lambda_`` for the constructor and for
    code; `fields`, `to_dict`, ``result["lambda"]`` and ``getattr`` say ``lambda``.
    """

    def renamed(cls: T) -> T:
        known: dict[str, Any] = vars(cls)["__dataclass_fields__"]
        for plain_name, word in words.items():
            item = known.pop(plain_name)
            item.name = word
            known[word] = item
            setattr(cls, word, property(attrgetter(plain_name)))
        return cls

    return renamed


def plain(value: object) -> object:
    """``value`` with results as dicts, tuples as lists and numpy scalars as numbers."""
    if isinstance(value, Sentence):
        return {"code": value.code, "text": str(value)}
    if is_dataclass(value) and not isinstance(value, type):
        value = {item.name: getattr(value, item.name) for item in fields(value)}
    if isinstance(value, dict):
        return {str(key): plain(item) for key, item in value.items()}
    if isinstance(value, list | tuple):
        return [plain(item) for item in value]
    return value.tolist() if isinstance(value, np.generic | np.ndarray) else value
