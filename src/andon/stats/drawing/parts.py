"""What figures are made of: axes, lines, bars, marks."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from andon.stats.drawing.figure import Measured, Number, Option

MANY_LABELS = 12
FEW_NAMES = 3
SHORT_LABEL = 4
MANY_POINTS = 500


@dataclass(frozen=True, slots=True)
class Stage:
    """A stretch of a chart that starts at the point ``start`` and has a reason of its own."""

    start: int
    label: str


@dataclass(frozen=True, slots=True)
class Line:
    """A level drawn across a chart, and a column of its table."""

    name: str
    values: list[float | None]
    colour: str
    kind: str


def surroundings() -> Option:
    """The option of a figure before its axes: room, legend, what one reads on pointing."""
    return {
        "grid": {"left": 12, "right": 24, "top": 36, "bottom": 56, "containLabel": True},
        "legend": {"bottom": 0, "type": "scroll", "textStyle": {"color": "$ink"}, "data": []},
        "tooltip": {
            "trigger": "axis",
            "renderMode": "richText",
            "confine": True,
            "backgroundColor": "$surface",
            "borderColor": "$grid",
            "textStyle": {"color": "$ink", "width": 280, "overflow": "break"},
        },
    }


def value_axis(name: str, *, low: float | None = None, high: float | None = None) -> Option:
    """An axis of numbers; an end that is not given follows the data."""
    ends = {"min": low, "max": high}
    return {
        "type": "value",
        "name": name,
        "nameTextStyle": {"color": "$muted", "align": "left"},
        "scale": True,
        "axisLabel": {"color": "$muted", "hideOverlap": True},
        "axisLine": {"lineStyle": {"color": "$muted"}},
        "splitLine": {"lineStyle": {"color": "$grid"}},
    } | {key: end for key, end in ends.items() if end is not None}


def _is_long(labels: Sequence[str]) -> bool:
    return len(labels) > MANY_LABELS and max(map(len, labels)) > SHORT_LABEL


def frame(measured: Measured, *, from_zero: bool = False) -> Option:
    """The option of an empty chart of values in a row."""
    return surroundings() | {
        "xAxis": {
            "type": "category",
            "data": measured.labels,
            "axisLabel": {
                "color": "$muted",
                "hideOverlap": True,
                "rotate": 40 if _is_long(measured.labels) else 0,
                "width": 110,
                "overflow": "truncate",
            },
            "axisLine": {"lineStyle": {"color": "$muted"}},
        },
        "yAxis": value_axis(measured.unit) | {"scale": not from_zero},
    }


def every_name(option: Option) -> Option:
    """``option`` with each name on its axis shown, slanted where there are several."""
    labels = option["xAxis"]["axisLabel"]
    slant = 30 if len(option["xAxis"]["data"]) > FEW_NAMES else 0
    labels |= {"interval": 0, "hideOverlap": False, "rotate": slant, "width": 170}
    return option


def percent_axis() -> Option:
    """A second axis from 0 to 100 percent."""
    return {
        "type": "value",
        "name": "%",
        "min": 0,
        "max": 100,
        "nameTextStyle": {"color": "$muted"},
        "axisLabel": {"color": "$muted"},
        "splitLine": {"show": False},
    }


def data_line(name: str, values: Sequence[float | None], *, colour: str = "$data") -> Option:
    """A line through points; where there is no data it has a gap."""
    return {
        "type": "line",
        "name": name,
        "data": list(values),
        "color": colour,
        "symbol": "circle",
        "symbolSize": 6,
        "showAllSymbol": len(values) <= MANY_POINTS,
        "connectNulls": False,
        "lineStyle": {"width": 2},
    }


def bars(measured: Measured) -> Option:
    """One bar for each value."""
    return {
        "type": "bar",
        "name": measured.name,
        "data": measured.values,
        "color": "$data",
        "barMaxWidth": 56,
    }


def level_line(line: Line) -> Option:
    """A level as a line in steps, so that limits which move are drawn as they apply."""
    return {
        "type": "line",
        "name": line.name,
        "data": line.values,
        "color": line.colour,
        "step": "middle",
        "symbol": "none",
        "silent": True,
        "lineStyle": {"width": 1.5, "type": line.kind},
    }


def highlights(
    name: str, values: Sequence[float | None], at: Iterable[int], *, symbol: str, colour: str
) -> list[Option]:
    """A shape of its own on the points ``at``, or nothing when there are none."""
    chosen = set(at)
    if not chosen:
        return []
    data = [value if place in chosen else None for place, value in enumerate(values)]
    return [
        {
            "type": "scatter",
            "name": name,
            "data": data,
            "color": colour,
            "symbol": symbol,
            "symbolSize": 13,
            "z": 5,
        }
    ]


def marks(
    spec: tuple[Number | None, Number | None],
    stages: Sequence[Stage],
    labels: Sequence[str],
    *,
    names: tuple[str, str] = ("Lower spec", "Upper spec"),
) -> Option:
    """The mark lines of specification limits (across) and of stages (upright)."""
    look = {"lineStyle": {"color": "$spec", "type": "solid", "width": 1.5}}
    across = [
        {"yAxis": float(limit), "name": name, **look}
        for limit, name in zip(spec, names, strict=True)
        if limit is not None
    ]
    upright = [
        {"xAxis": labels[stage.start], "name": str(stage.label), "label": {"position": "end"}}
        for stage in stages
        if 0 <= stage.start < len(labels)
    ]
    return rule_marks([*across, *upright])


def room_for(places: Sequence[Sequence[float]]) -> list[Option]:
    """A series that nobody sees, by which the axes reach these places; nothing for none."""
    if not places:
        return []
    return [
        {
            "type": "scatter",
            "data": [list(place) for place in places],
            "symbol": "none",
            "silent": True,
            "tooltip": {"show": False},
        }
    ]


def rule_marks(data: Sequence[Option]) -> Option:
    """Mark lines drawn behind a series, with their names at the end; nothing for none."""
    if not data:
        return {}
    return {
        "markLine": {
            "symbol": "none",
            "silent": True,
            "label": {"formatter": "{b}", "position": "insideEndTop", "color": "$ink"},
            "lineStyle": {"color": "$muted", "type": "dotted"},
            "data": list(data),
        }
    }
