"""What a capability index says, in one sentence for a report: interval first."""

from andon.stats.sentences import Sentence, gettext_noop, percent

_TEXTS = {
    "capable": gettext_noop(
        "%(name)s %(index)s (%(level)s interval %(low)s to %(high)s, n = %(n)s): the whole "
        "interval meets the required %(required)s."
    ),
    "not_capable": gettext_noop(
        "%(name)s %(index)s (%(level)s interval %(low)s to %(high)s, n = %(n)s): the whole "
        "interval lies below the required %(required)s."
    ),
    "undecided": gettext_noop(
        "%(name)s %(index)s (%(level)s interval %(low)s to %(high)s, n = %(n)s): the required "
        "%(required)s lies within the interval, so these values do not decide."
    ),
    "not_assessed": gettext_noop(
        "Not assessed, because the chart of the same data signals. For these data only: "
        "%(name)s %(index)s (%(level)s interval %(low)s to %(high)s, n = %(n)s)."
    ),
}
_WITHOUT_INTERVAL = {
    "met": gettext_noop("%(name)s %(index)s (no interval): not below the required %(required)s."),
    "not_met": gettext_noop("%(name)s %(index)s (no interval): below the required %(required)s."),
    "not_assessed": gettext_noop(
        "Not assessed, because the chart of the same data signals. For these data only: "
        "%(name)s %(index)s (no interval)."
    ),
}


def verdict(
    name: str,
    index: float | None,
    interval: list[float] | None,
    *,
    n: int,
    required: float,
    confidence: float,
    stable: bool | None,
) -> Sentence | None:
    """The sentence on ``index`` (such as "Cpk"); None if there is no index."""
    if index is None:
        return None
    values = {"name": name, "index": _short(index), "n": str(n), "required": _short(required)}
    if interval is None:
        code = "met" if index >= required else "not_met"
        code = "not_assessed" if stable is False else code
        return Sentence(code, _WITHOUT_INTERVAL[code], values)
    low, high = interval
    values |= {"low": _short(low), "high": _short(high), "level": percent(confidence)}
    code = "capable" if low >= required else "not_capable" if high < required else "undecided"
    code = "not_assessed" if stable is False else code
    return Sentence(code, _TEXTS[code], values)


def _short(value: float) -> str:
    return f"{value:,.2f}".replace("-", "−")
