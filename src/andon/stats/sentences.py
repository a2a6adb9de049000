"""Sentences of the statistics, kept apart from their numbers so that a page can translate them."""

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


def number(value: float) -> str:
    """``value`` with four significant digits, for reading only."""
    text = f"{value:,.4g}" if abs(value) < 1e4 else f"{value:,.0f}"  # noqa: PLR2004
    return text.replace("-", "−")


def percent(value: float) -> str:
    """``value`` (a fraction) as percent with three significant digits, for reading only."""
    return f"{value * 100:.3g} %".replace("-", "−")


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
