"""Ratings by category: checked, numbered, and named."""

from collections.abc import Sequence
from typing import TypeAlias

import numpy as np
from numpy.typing import NDArray

from andon.stats.inputs import ArgumentError, Floats, matrix
from andon.stats.names import Name, names_of
from andon.stats.sentences import Sentence, gettext_noop

Rating: TypeAlias = Name
Codes: TypeAlias = NDArray[np.int64]

NO_VARIATION = Sentence(
    "no_variation", gettext_noop("Only one category was used: agreement beyond chance is 0/0.")
)
# Upper ends of Landis and Koch, Biometrics 33 (1977) 159, table in section 3.
_LANDIS_KOCH = (
    (0.0, gettext_noop("Kappa %(kappa)s: poor agreement (Landis and Koch 1977).")),
    (0.2, gettext_noop("Kappa %(kappa)s: slight agreement (Landis and Koch 1977).")),
    (0.4, gettext_noop("Kappa %(kappa)s: fair agreement (Landis and Koch 1977).")),
    (0.6, gettext_noop("Kappa %(kappa)s: moderate agreement (Landis and Koch 1977).")),
    (0.8, gettext_noop("Kappa %(kappa)s: substantial agreement (Landis and Koch 1977).")),
    (1.0, gettext_noop("Kappa %(kappa)s: almost perfect agreement (Landis and Koch 1977).")),
)


def ratings_of(values: object, name: str) -> list[Rating]:
    """One list of ratings (texts or finite numbers), None where missing, else ArgumentError."""
    return names_of(values, name)


def table_of(values: object, name: str) -> Floats:
    """Rows of equally many numbers, also none at all, else ArgumentError."""
    empty = isinstance(values, list | tuple) and not values
    return np.zeros((0, 0)) if empty else matrix(values, name)


def categories_of(used: set[Rating], given: Sequence[Rating] | None) -> list[Rating]:
    """The categories in order: as ``given``, else by size if all read as numbers, or by letter."""
    used = used - {None}
    if given is not None:
        ordered = ratings_of(given, "categories")
        if None in ordered or len(set(ordered)) != len(ordered):
            raise ArgumentError("categories", "must be named once each")
        if strange := used - set(ordered):
            raise ArgumentError("categories", f"must include {', '.join(map(label, strange))}")
        return ordered
    try:
        return sorted(used, key=lambda value: float(value or 0))
    except ValueError:
        return sorted(used, key=label)


def label(value: Rating) -> str:
    """A category as the key of a result."""
    return value if isinstance(value, str) else f"{float(value or 0):.15g}"


def reading(kappa: float | None) -> Sentence | None:
    """Kappa in the words of Landis and Koch: a reading aid, no limit of acceptance."""
    if kappa is None:
        return None
    text = next(text for end, text in _LANDIS_KOCH if kappa <= end + 1e-12)
    return Sentence.of("agreement", text, kappa=f"{kappa:.2f}".replace("-", "−"))
