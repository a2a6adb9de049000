"""The methods of the Workbench, in the order they are offered."""

from typing import Any

from andon.modules.analyses.models.tables import Values

from . import capability, charts, comparing, deciding, gages, shifts
from .computing import compute, defaults
from .kinds import Method, Option, Outcome, Slot, Unfit

_MODULES = (charts, shifts, capability, gages, comparing, deciding)
METHODS: dict[str, Method] = {
    method.name: method for module in _MODULES for method in module.METHODS
}


def groups() -> list[tuple[Any, list[Method]]]:
    """Return the methods by the question they answer."""
    found: dict[Any, list[Method]] = {}
    for method in METHODS.values():
        found.setdefault(method.group, []).append(method)
    return list(found.items())


def suggestions(values: Values) -> list[Method]:
    """Return the methods that ``values`` look like, the best first."""
    scored = [(method.fits(values), method) for method in METHODS.values()]
    return [method for score, method in sorted(scored, key=lambda pair: -pair[0]) if score]


__all__ = [
    "METHODS",
    "Method",
    "Option",
    "Outcome",
    "Slot",
    "Unfit",
    "compute",
    "defaults",
    "groups",
    "suggestions",
]
