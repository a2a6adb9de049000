"""Figures in the plane: curves and points over a number, histograms, intervals."""

from collections.abc import Sequence
from dataclasses import dataclass

from andon.stats.drawing.figure import ENGLISH, Figure, Option, Table, Words, finish
from andon.stats.drawing.parts import room_for, rule_marks, surroundings, value_axis
from andon.stats.sentences import gettext_noop

CURVE, VALUES = gettext_noop("Curve"), gettext_noop("Values")
FROM, TO, ESTIMATE = gettext_noop("From"), gettext_noop("To"), gettext_noop("Estimate of")
Pair = tuple[float, float]


@dataclass(frozen=True, slots=True)
class Curve:
    """Places joined by a line, or shown as points; in the order of x."""

    name: str
    places: Sequence[Pair]
    colour: str = "$data"
    points: bool = False
    kind: str = "solid"


@dataclass(frozen=True, slots=True)
class Axis:
    """An axis of numbers; the ends are those of the data unless given."""

    name: str
    low: float | None = None
    high: float | None = None


@dataclass(frozen=True, slots=True)
class Mark:
    """A value worth a line across the figure: a limit, a target."""

    name: str
    at: float
    upright: bool = True
    colour: str = "$spec"


def curve_figure(
    curves: Sequence[Curve],
    *,
    x: Axis,
    y: Axis,
    caption: str,
    marks: Sequence[Mark] = (),
    words: Words = ENGLISH,
    rows: int = 60,
) -> Figure:
    """Curves and points over x; the table holds every place of every curve, thinned to ``rows``."""
    option = _plane(x, y)
    option["series"] = [
        _drawn(curve, x, y, words) | (rule_marks(_lines(marks)) if at == 0 else {})
        for at, curve in enumerate(curves)
    ]
    option["series"] += _room(marks, [place for curve in curves for place in curve.places])
    table = Table()
    places = [(curve.name, place) for curve in curves for place in _thinned(curve.places, rows)]
    table.add(words.say(CURVE), [name for name, _place in places])
    table.add(x.name, [words.show(place[0]) for _name, place in places])
    table.add(y.name, [words.show(place[1]) for _name, place in places])
    return finish(option, table, caption)


def histogram_figure(
    edges: Sequence[float],
    counts: Sequence[int],
    *,
    x: Axis,
    caption: str,
    curve: Curve | None = None,
    marks: Sequence[Mark] = (),
    words: Words = ENGLISH,
) -> Figure:
    """Bars of ``counts`` between ``edges`` (one more), with a fitted curve and limits over them."""
    bars = [
        (low, high, count) for low, high, count in zip(edges[:-1], edges[1:], counts, strict=True)
    ]
    outline: list[Pair] = []
    for low, high, count in bars:
        outline += [(low, 0.0), (low, float(count)), (high, float(count)), (high, 0.0)]
    y = Axis(words.say(VALUES), low=0)
    option = _plane(x, y)
    body = _drawn(Curve(words.say(VALUES), outline), x, y, words)
    body["areaStyle"] = {"color": "$data", "opacity": 0.25}
    option["series"] = [body | rule_marks(_lines(marks))]
    if curve is not None:
        option["series"].append(_drawn(curve, x, y, words))
    option["series"] += _room(marks, outline)
    table = Table()
    table.add(words.say(FROM), [words.show(low) for low, _high, _count in bars])
    table.add(words.say(TO), [words.show(high) for _low, high, _count in bars])
    table.add(words.say(VALUES), [count for _low, _high, count in bars])
    return finish(option, table, caption)


@dataclass(frozen=True, slots=True)
class Interval:
    """An estimate with the interval its true value lies in."""

    name: str
    estimate: float
    low: float
    high: float


def interval_figure(
    intervals: Sequence[Interval],
    *,
    x: Axis,
    caption: str,
    marks: Sequence[Mark] = (),
    words: Words = ENGLISH,
) -> Figure:
    """One line from low to high for each estimate, the first on top."""
    height = len(intervals)
    option = _plane(x, Axis("", low=0.5, high=height + 0.5))
    names = {height - at: one.name for at, one in enumerate(intervals)}
    option["yAxis"]["axisLabel"] = {"show": False}
    option["yAxis"]["axisTick"] = {"show": False}
    option["yAxis"]["splitLine"] = {"show": False}
    series = []
    for place, one in zip(names, intervals, strict=True):
        ends = f"{words.show(one.low)} … {words.show(one.high)}"
        text = f"{one.name}: {words.show(one.estimate)} ({ends})"
        series.append(
            {
                "type": "line",
                "name": one.name,
                "data": [
                    [one.low, place, text],
                    [one.estimate, place, text],
                    [one.high, place, text],
                ],
                "color": "$data",
                "symbol": "circle",
                "symbolSize": 9,
                "lineStyle": {"width": 3},
                "endLabel": {
                    "show": True,
                    "formatter": one.name,
                    "color": "$ink",
                    "offset": [4, -12],
                },
            }
        )
    if series:
        series[0] |= rule_marks(_lines(marks))
    series += _room(marks, [(one.low, 1.0) for one in intervals])
    option["series"] = series
    option["grid"]["right"] = 90
    option["legend"]["show"] = False
    table = Table()
    table.add(words.say(ESTIMATE), [one.name for one in intervals])
    table.add(x.name, [words.show(one.estimate) for one in intervals])
    table.add(words.say(FROM), [words.show(one.low) for one in intervals])
    table.add(words.say(TO), [words.show(one.high) for one in intervals])
    return finish(option, table, caption)


def _plane(x: Axis, y: Axis) -> Option:
    option = surroundings()
    option["tooltip"]["trigger"] = "item"
    option["xAxis"] = value_axis(x.name, low=x.low, high=x.high) | {
        "axisLine": {"onZero": False, "lineStyle": {"color": "$muted"}},
        "nameTextStyle": {"color": "$muted", "align": "center"},
        "nameLocation": "middle",
        "nameGap": 28,
    }
    # The name stands above those of the lines that reach the upper edge.
    option["grid"]["top"] = 48
    option["yAxis"] = value_axis(y.name, low=y.low, high=y.high) | {"nameGap": 26}
    option["texts"] = []
    return option


def _drawn(curve: Curve, x: Axis, y: Axis, words: Words) -> Option:
    data = [
        [one, other, f"{x.name}: {words.show(one)}\n{y.name}: {words.show(other)}"]
        for one, other in curve.places
    ]
    if curve.points:
        return {
            "type": "scatter",
            "name": curve.name,
            "data": data,
            "color": curve.colour,
            "symbolSize": 7,
        }
    return {
        "type": "line",
        "name": curve.name,
        "data": data,
        "color": curve.colour,
        "symbol": "none",
        "lineStyle": {"width": 2, "type": curve.kind},
    }


def _lines(marks: Sequence[Mark]) -> list[Option]:
    return [
        {
            "xAxis" if mark.upright else "yAxis": mark.at,
            "name": mark.name,
            "lineStyle": {"color": mark.colour, "type": "solid", "width": 1.5},
            "label": {"position": "end"} if mark.upright else {},
        }
        for mark in marks
    ]


def _room(marks: Sequence[Mark], places: Sequence[Pair]) -> list[Option]:
    """What makes the axes reach the marks, beginning at one of the places that are drawn."""
    if not places:
        return []
    x, y = places[0]
    return room_for([(mark.at, y) if mark.upright else (x, mark.at) for mark in marks])


def _thinned(places: Sequence[Pair], most: int) -> Sequence[Pair]:
    step = max(1, -(-len(places) // most))
    return places[::step]
