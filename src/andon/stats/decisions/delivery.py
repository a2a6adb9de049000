"""On-time delivery: order lines that came within their window."""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import date, datetime
from typing import TypeAlias

import numpy as np

from andon.stats.comparison.rates import exact_interval
from andon.stats.inputs import ArgumentError, fraction, one_of, real
from andon.stats.names import column
from andon.stats.results import Result
from andon.stats.sentences import NO_DATA, Sentence, gettext_noop, percent

Day: TypeAlias = date | str | float | None

_PROMISES = ("first", "current")


@dataclass(frozen=True, kw_only=True)
class OnTimeDelivery(Result):
    """Each order line counts once; lists hold the numbers (from 1) of the lines.

    ``early_lines`` came before the window, ``late_lines`` after it; ``overdue_lines`` are late and
    still open; ``open_lines`` are not due and not counted. ``days_late`` is the mean over all
    late lines.
    """

    rate: float | None = None
    ci: list[float] | None = None
    on_time: int = 0
    early_lines: list[int]
    late_lines: list[int]
    overdue_lines: list[int]
    open_lines: list[int]
    days_late: float | None = None
    sentence: Sentence | None = None


def on_time_delivery(
    promised: Sequence[Day],
    delivered: Sequence[Day],
    early: float | None = 0,
    late: float = 0,
    report_date: Day = None,
    *,
    promise: str = "first",
    confidence: float = 0.95,
) -> OnTimeDelivery:
    """Share of order lines delivered from ``early`` days before to ``late`` days after the promise.

    An open line whose window has passed at the report date counts as late; one that is not due
    does not count. The interval is the exact one (Clopper-Pearson). By definition, not from a
    standard; the window and the promise must be stated with the figure, and the method does.

    Parameters
    ----------
    promised, delivered : sequence of date, ISO text or day number
        One entry for each order line; ``delivered`` None for an open line, ``promised`` None is
        a line without promise (missing).
    early, late : float
        Days allowed before and after; ``early`` None allows any earliness.
    report_date : date, ISO text or day number, optional
        Needed if there are open lines.
    promise : {"first", "current"}
        Which promise the dates are: the one first confirmed, or the last agreed.
    confidence : float
        Of the interval, two-sided.

    Returns
    -------
    OnTimeDelivery

    Raises
    ------
    ValueError
        For lengths that differ, what is no date, a negative window, a delivery after the report
        date, or open lines without a report date.

    Examples
    --------
    >>> result = on_time_delivery(
    ...     ["2026-03-02", "2026-03-03", "2026-03-04"],
    ...     ["2026-03-02", "2026-03-05", None],
    ...     report_date="2026-03-31",
    ... )
    >>> round(result.rate, 3), result.late_lines, result.overdue_lines
    (0.333, [2, 3], [3])
    """
    due = [_day(value, "promised") for value in column(promised, "promised")]
    came = [_day(value, "delivered") for value in column(delivered, "delivered")]
    level, window = fraction(confidence, "confidence"), _window(early, late)
    today = _day(report_date, "report_date")
    one_of(promise, _PROMISES, "promise")
    _check_days(due, came, today)
    lines = _Lines.of(due, came, window, today)
    judged = lines.on_time + len(lines.early) + len(lines.late)
    counted = OnTimeDelivery(
        n=judged,
        n_missing=due.count(None),
        method=_method(early, late, promise, level),
        warnings=() if judged else (NO_DATA,),
        on_time=lines.on_time,
        early_lines=lines.early,
        late_lines=lines.late,
        overdue_lines=lines.overdue,
        open_lines=lines.open,
    )
    if not judged:
        return counted
    ci = exact_interval(lines.on_time, judged - lines.on_time, level)
    return replace(
        counted,
        rate=lines.on_time / judged,
        ci=ci,
        days_late=sum(lines.days) / len(lines.days) if lines.days else None,
        sentence=_sentence(lines, judged, ci, level),
    )


def _day(value: object, name: str) -> float | None:
    if value is None or value is np.ma.masked:
        return None
    if isinstance(value, bool | np.bool_ | np.ndarray):
        raise ArgumentError(name, "must be dates such as 2026-03-02")
    if value != value:  # noqa: PLR0124  NaN is a missing day
        return None
    if isinstance(value, str):
        try:
            value = datetime.fromisoformat(value)
        except ValueError:
            raise ArgumentError(name, "must be dates such as 2026-03-02") from None
    # A time of the day does not make a line late: only the day counts.
    return float(value.toordinal()) if isinstance(value, date) else real(value, name)


def _window(early: object, late: object) -> tuple[float | None, float]:
    if isinstance(early, bool | np.bool_) or isinstance(late, bool | np.bool_):
        raise ArgumentError("early", "and late must be numbers of days")
    before = None if early is None else real(early, "early")
    after = real(late, "late")
    if before is not None and before < 0:
        raise ArgumentError("early", "must not be negative")
    if after < 0:
        raise ArgumentError("late", "must not be negative")
    return before, after


def _check_days(due: list[float | None], came: list[float | None], today: float | None) -> None:
    if len(came) != len(due):
        raise ArgumentError("delivered", "must have as many values as promised")
    if today is None and any(
        day is None and promise is not None for promise, day in zip(due, came, strict=True)
    ):
        raise ArgumentError("report_date", "must be given where a line is open")
    if today is not None and any(day is not None and day > today for day in came):
        raise ArgumentError("delivered", "must not lie after report_date")


@dataclass(frozen=True)
class _Lines:
    on_time: int
    early: list[int]
    late: list[int]
    overdue: list[int]
    open: list[int]
    days: list[float]

    @classmethod
    def of(
        cls,
        due: list[float | None],
        came: list[float | None],
        window: tuple[float | None, float],
        today: float | None,
    ) -> "_Lines":
        lines, on_time = cls(0, [], [], [], [], []), 0
        for place, (promise, day) in enumerate(zip(due, came, strict=True), start=1):
            if promise is None:
                continue
            end = today if day is None else day
            behind = (end or 0.0) - promise
            if behind > window[1]:
                lines.late.append(place)
                lines.days.append(behind)
                if day is None:
                    lines.overdue.append(place)
            elif day is None:
                lines.open.append(place)
            elif window[0] is not None and behind < -window[0]:
                lines.early.append(place)
            else:
                on_time += 1
        return cls(on_time, lines.early, lines.late, lines.overdue, lines.open, lines.days)


def _method(early: float | None, late: float, promise: str, level: float) -> str:
    before = "any time" if early is None else f"{early:g} days"
    return f"{promise} promise, {before} early to {late:g} days late; Clopper-Pearson, {level:g}"


def _sentence(lines: _Lines, judged: int, ci: list[float], level: float) -> Sentence:
    return Sentence.of(
        "on_time_delivery",
        gettext_noop(
            "On time: %(low)s to %(high)s (%(level)s interval), %(on_time)s of %(judged)s lines;"
            " %(overdue)s are overdue."
        ),
        low=percent(ci[0]),
        high=percent(ci[1]),
        level=percent(level),
        on_time=str(lines.on_time),
        judged=str(judged),
        overdue=str(len(lines.overdue)),
    )
