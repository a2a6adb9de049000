"""The sentence a comparison is reported with: the interval first, then the estimate, then p."""

from collections.abc import Callable, Sequence

from andon.stats.sentences import Sentence, gettext_noop, number

_SMALL_P = 0.001


def statement(
    code: str,
    text: str,
    *,
    estimate: float | None,
    ci: Sequence[float | None] | None,
    confidence: float,
    p: float | None = None,
    show: Callable[[float], str] = number,
    **words: str,
) -> Sentence | None:
    """``text`` filled with low, high, confidence, estimate and p; None without an interval."""
    if ci is None or estimate is None:
        return None
    low, high = ("…" if end is None else show(end) for end in ci)
    return Sentence.of(
        code,
        text,
        low=low,
        high=high,
        confidence=f"{confidence * 100:g} %",
        estimate=show(estimate),
        p=shown_p(p),
        **words,
    )


def shown_p(p: float | None) -> str:
    """``p`` as a reader expects it: "p = 0.024", "p < 0.001", or "p not known"."""
    if p is None:
        return "p –"
    return f"p < {_SMALL_P:g}" if p < _SMALL_P else f"p = {p:.2g}"


RELATIVE_CHANGE = gettext_noop(
    "The relative change lies between %(low)s and %(high)s (%(confidence)s interval; estimate "
    "%(estimate)s; %(p)s for no change)."
)
DIFFERENCE = gettext_noop(
    "The difference a − b lies between %(low)s and %(high)s (%(confidence)s interval; estimate "
    "%(estimate)s; %(p)s for no difference)."
)
SLOPE = gettext_noop(
    "The slope lies between %(low)s and %(high)s per point (%(confidence)s interval; estimate "
    "%(estimate)s; %(p)s for no trend)."
)
