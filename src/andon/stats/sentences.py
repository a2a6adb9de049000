"""Sentences of the statistics, kept apart from their numbers so that a page can translate them."""

import math
from dataclasses import dataclass, field
from typing import Self


def gettext_noop(text: str) -> str:
    """Mark ``text`` for the translators and return it unchanged."""
    return text


@dataclass(frozen=True)
class Sentence:
    """One sentence for people with a short code for programs.

    ``text`` has named places, ``values`` fills them: a page shows
    ``gettext(sentence.text) % sentence.values``; ``str(sentence)`` is the English.
    """

    code: str
    text: str
    values: dict[str, str] = field(default_factory=dict)

    @classmethod
    def of(cls, code: str, text: str, **values: str) -> Self:
        return cls(code, text, values)

    def __str__(self) -> str:
        return self.text % self.values


def number(value: float | None) -> str:
    """``value`` with four significant digits, for reading only; "–" for a missing one."""
    value = _read(value)
    if value is None:
        return "–"
    text = f"{value:,.4g}" if abs(value) < 1e4 else f"{value:,.0f}"  # noqa: PLR2004
    return text.replace("-", "−")


def percent(value: float | None) -> str:
    """``value`` (a fraction) as percent with three significant digits; "–" for a missing one."""
    value = _read(value)
    if value is None:
        return "–"
    return f"{value * 100:.3g} %".replace("-", "−")


def _read(value: object) -> float | None:
    """``value`` as a number, None for None and NaN, else ArgumentError."""
    if value is None:
        return None
    try:
        number = math.inf if isinstance(value, str | bytes) else float(value)  # type: ignore[arg-type]
    except (TypeError, ValueError, OverflowError):
        number = math.inf
    if math.isinf(number):
        from andon.stats.inputs import ArgumentError  # noqa: PLC0415  loads numpy, a page need not

        raise ArgumentError("value", "must be a number, or None for a missing one")
    return None if math.isnan(number) else number


NO_DATA = Sentence("no_data", gettext_noop("There are no values to compute from."))
ZERO_VARIANCE = Sentence(
    "zero_variance",
    gettext_noop("All values are equal, so nothing can be said about their scatter."),
)
NOT_COUNTS = Sentence(
    "not_counts",
    gettext_noop("Some values are not whole numbers, but these limits are meant for counts."),
)


def too_few(needed: int) -> Sentence:
    """The warning that fewer than ``needed`` values are there."""
    return Sentence.of(
        "too_few",
        gettext_noop("Too few values: at least %(needed)s are needed."),
        needed=str(needed),
    )
