"""How outcomes are put in words."""

from collections.abc import Iterable, Sequence
from typing import Any

from andon.stats.drawing.figure import Words
from andon.stats.sentences import Sentence

Facts = list[tuple[str, str]]
TINY = 1e-4


def said(sentences: Iterable[Sentence], words: Words) -> list[str]:
    """Return sentences of the statistics in the language of the page."""
    return [words.sentence(sentence) for sentence in sentences]


def told(result: Any, words: Words) -> list[str]:
    """Return the sentences that a result has for the report."""
    found: list[Sentence] = []
    for name in ("sentence", "promise"):
        one = getattr(result, name, None)
        found += [one] if one is not None else []
    return said([*found, *getattr(result, "report", ())], words)


def fact(name: str, value: float | None, words: Words) -> Facts:
    """Return a number under its name, or nothing where there is none."""
    return [] if value is None else [(name, words.show(value))]


def facts(words: Words, **values: float | None) -> Facts:
    """Return those numbers that exist, each under its name."""
    return [pair for name, value in values.items() for pair in fact(name, value, words)]


def chance(name: str, p: float | None) -> Facts:
    """Return a p-value under its name; what is tiny is only said to be."""
    if p is None:
        return []
    return [(name, "< 0.0001" if p < TINY else f"{p:.4f}")]


def span(ends: Sequence[float | None] | None, words: Words) -> str:
    """Return an interval as "1.2 to 3.4"; an open end is a dash."""
    return " … ".join("–" if end is None else words.show(end) for end in ends or ())
