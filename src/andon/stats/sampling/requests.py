"""Several plans asked for at once, one dict a plan."""

from collections.abc import Mapping
from typing import Any

from andon.stats.inputs import ArgumentError


def requests(wanted: object, name: str, allowed: set[str]) -> list[Mapping[str, Any]]:
    """``wanted`` as a list of dicts with ``allowed`` keys only, else ArgumentError."""
    refused = ArgumentError(name, "must be a list of dicts with keys " + ", ".join(sorted(allowed)))
    if not isinstance(wanted, list | tuple):
        raise refused
    if not all(isinstance(one, Mapping) and one.keys() <= allowed for one in wanted):
        raise refused
    return list(wanted)


def usual(value: object, default: str | float) -> bool:
    """Whether an argument was left at its default, whatever it may be instead."""
    return type(value) is type(default) and bool(value == default)
