"""Analyses, their values and their methods."""

from .analyses import Analysis
from .methods import METHODS, Method, Outcome, Unfit, compute, defaults, groups, suggestions
from .tables import ValueColumn, Values

__all__ = [
    "METHODS",
    "Analysis",
    "Method",
    "Outcome",
    "Unfit",
    "ValueColumn",
    "Values",
    "compute",
    "defaults",
    "groups",
    "suggestions",
]
