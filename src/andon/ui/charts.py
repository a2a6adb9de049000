"""Charts as values: ECharts options that can be tested, drawn in light and dark, read as tables.

A colour is a name (``$data``); the browser looks it up in the style of the page. What a point says
when one points at it stands in ``option["texts"]``, so no function has to travel with the data.
"""

from collections.abc import Mapping, Sequence
from itertools import accumulate

from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from andon.ui import chart_parts as parts
from andon.ui.chart_parts import Chart, Level, Measured, Number, Stage

__all__ = ["Chart", "Stage", "bar", "control_chart", "pareto_chart", "trend"]

DIGITS = 2


def control_chart(
    points: Sequence[Number | None],
    *,
    labels: Sequence[str],
    center: Level,
    lcl: Level,
    ucl: Level,
    caption: str,
    name: str = "",
    label_name: str = "",
    unit: str = "",
    digits: int = DIGITS,
    signals: Mapping[int, Sequence[str]] | None = None,
    notes: Mapping[int, str] | None = None,
    stages: Sequence[Stage] = (),
    spec: tuple[Number | None, Number | None] = (None, None),
    target: Level = None,
) -> Chart:
    """Return a control chart of ``points``; a level is one number, or one for each point.

    ``signals`` (sentences) and ``notes`` (a sentence) are keyed by the position of their point.
    A point without data is ``None``: it leaves a gap and reads "No data".
    """
    shown = Measured.of(points, labels, name=name, label_name=label_name, unit=unit, digits=digits)
    said = {at: [str(text) for text in texts] for at, texts in (signals or {}).items()}
    noted = {at: str(text) for at, text in (notes or {}).items()}
    levels = {"ucl": ucl, "center": center, "lcl": lcl, "target": target}
    lines = parts.lines(levels, many=len(points), digits=digits)
    option = parts.frame(shown)
    option["series"] = [
        parts.data_line(shown.name, shown.values) | parts.marks(spec, stages, shown.labels),
        *(parts.level_line(line) for line in lines),
        *parts.highlights(_("Note"), shown.values, noted, symbol="rect", colour="$note"),
        *parts.highlights(_("Signal"), shown.values, said, symbol="triangle", colour="$signal"),
    ]
    more = {at: [*said.get(at, ()), *filter(None, [noted.get(at)])] for at in {*said, *noted}}
    option["texts"] = shown.texts(more)
    table = _with_signals(_with_lines(shown, lines), said, noted)
    return parts.finish(option, table, caption, said=_summary(len(said)))


def pareto_chart(
    names: Sequence[str],
    counts: Sequence[Number],
    *,
    caption: str,
    cumulative: Sequence[Number] | None = None,
    count_name: str = "",
    names_name: str = "",
    unit: str = "",
    digits: int = 0,
) -> Chart:
    """Return a Pareto chart of ``counts`` in the order given: largest first, the rest last.

    ``cumulative`` is in percent; without it, it is summed up here.
    """
    shown = Measured.of(
        counts,
        names,
        name=count_name or _("Count"),
        label_name=names_name or _("Cause"),
        unit=unit,
        digits=digits,
    )
    share = _("Cumulative share, %")
    shares = parts.rounded(_cumulated(counts) if cumulative is None else cumulative, 1)
    option = parts.every_name(parts.frame(shown, from_zero=True))
    option["yAxis"] = [option["yAxis"], parts.percent_axis()]
    line = parts.data_line(share, shares, colour="$limit")
    option["series"] = [parts.bars(shown), line | {"yAxisIndex": 1}]
    option["texts"] = shown.texts({at: [f"{share}: {each}"] for at, each in enumerate(shares)})
    table = shown.table()
    table.add(share, shares)
    return parts.finish(option, table, caption)


def trend(
    points: Sequence[Number | None],
    *,
    labels: Sequence[str],
    caption: str,
    name: str = "",
    label_name: str = "",
    unit: str = "",
    digits: int = DIGITS,
    target: Level = None,
) -> Chart:
    """Return a line over time without limits; a point without data leaves a gap."""
    shown = Measured.of(points, labels, name=name, label_name=label_name, unit=unit, digits=digits)
    drawn = parts.data_line(shown.name, shown.values)
    return _against(shown, drawn, parts.frame(shown), target=target, caption=caption)


def bar(
    names: Sequence[str],
    values: Sequence[Number | None],
    *,
    caption: str,
    name: str = "",
    names_name: str = "",
    unit: str = "",
    digits: int = DIGITS,
    target: Level = None,
) -> Chart:
    """Return one bar for each of ``names``, from zero."""
    shown = Measured.of(values, names, name=name, label_name=names_name, unit=unit, digits=digits)
    option = parts.every_name(parts.frame(shown, from_zero=True))
    return _against(shown, parts.bars(shown), option, target=target, caption=caption)


def _against(
    shown: Measured, drawn: parts.Option, option: parts.Option, *, target: Level, caption: str
) -> Chart:
    lines = parts.lines({"target": target}, many=len(shown.values), digits=shown.digits)
    option["series"] = [drawn, *(parts.level_line(line) for line in lines)]
    option["texts"] = shown.texts({})
    return parts.finish(option, _with_lines(shown, lines), caption)


def _with_lines(shown: Measured, lines: Sequence[parts.Line]) -> parts.Table:
    table = shown.table()
    for line in lines:
        table.add(line.name, line.values)
    return table


def _with_signals(
    table: parts.Table, said: Mapping[int, Sequence[str]], noted: Mapping[int, str]
) -> parts.Table:
    places = range(len(table.cells[0]))
    table.add(_("Signals"), [" ".join(said.get(at, ())) for at in places])
    if noted:
        table.add(_("Note"), [noted.get(at, "") for at in places])
    return table


def _cumulated(counts: Sequence[Number]) -> list[float]:
    sums = list(accumulate(float(count) for count in counts))
    return [100 * part / sums[-1] if sums[-1] else 0.0 for part in sums]


def _summary(signals: int) -> str:
    if not signals:
        return _("No point signals.")
    return ngettext("%d point signals.", "%d points signal.", signals) % signals
