"""Ratings by category: checked, numbered, and named."""

from collections.abc import Sequence
from typing import TypeAlias

import numpy as np
from numpy.typing import NDArray

from andon.stats.inputs import ArgumentError
from andon.stats.sentences import Sentence, gettext_noop

Rating: TypeAlias = str | int | float | bool | None
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


def rating(value: object, name: str) -> Rating:
    """``value`` as a category: a text or a finite number; None if missing."""
    plain = value.item() if isinstance(value, np.generic) else value
    if plain is None or plain != plain:  # noqa: PLR0124  NaN is a missing rating
        return None
    if not isinstance(plain, str | int | float) or plain in {np.inf, -np.inf}:
        raise ArgumentError(name, "ratings must be texts or finite numbers")
    return plain


def ratings_of(values: object, name: str) -> list[Rating]:
    """One list of ratings, None where missing."""
    if isinstance(values, str) or not isinstance(values, Sequence | np.ndarray):
        raise ArgumentError(name, "must be a list of ratings")
    return [rating(value, name) for value in values]


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
    return value if isinstance(value, str) else f"{float(value or 0):g}"


def reading(kappa: float | None) -> Sentence | None:
    """Kappa in the words of Landis and Koch: a reading aid, no limit of acceptance."""
    if kappa is None:
        return None
    text = next(text for end, text in _LANDIS_KOCH if kappa <= end + 1e-12)
    return Sentence.of("agreement", text, kappa=f"{kappa:.2f}".replace("-", "−"))
