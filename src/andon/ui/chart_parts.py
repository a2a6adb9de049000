"""What the charts are made of: numbers made ready, axes, lines, marks and the table beside."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from decimal import Decimal
from typing import Any, TypeAlias

from django.utils.formats import number_format
from django.utils.translation import gettext as _

Number: TypeAlias = float | int | Decimal
Level: TypeAlias = Number | Sequence[Number | None] | None
Option: TypeAlias = dict[str, Any]

MANY_LABELS = 12
FEW_NAMES = 3


@dataclass(frozen=True, slots=True)
class Chart:
    """A chart and the same numbers as a table; the caption says what both show."""

    option: Option
    columns: list[str]
    rows: list[list[Any]]
    caption: str


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


@dataclass(frozen=True, slots=True)
class Measured:
    """The values of a chart with their names, rounded to what is shown."""

    labels: list[str]
    values: list[float | None]
    name: str
    label_name: str
    unit: str
    digits: int

    @classmethod
    def of(
        cls,
        points: Sequence[Number | None],
        labels: Sequence[str],
        *,
        name: str,
        label_name: str,
        unit: str,
        digits: int,
    ) -> "Measured":
        return cls(
            [str(label) for label in labels],
            rounded(points, digits),
            str(name) or _("Value"),
            str(label_name) or _("Period"),
            str(unit),
            digits,
        )

    def table(self) -> "Table":
        """Return the table that these values begin."""
        table = Table()
        table.add(self.label_name, self.labels)
        table.add(f"{self.name}, {self.unit}" if self.unit else self.name, self.values)
        return table

    def texts(self, more: Mapping[int, Iterable[str]]) -> list[str]:
        """Return what each point says, with ``more`` about some."""
        return [
            "\n".join([label, f"{self.name}: {self.shown(value)}", *more.get(at, ())])
            for at, (label, value) in enumerate(zip(self.labels, self.values, strict=True))
        ]

    def shown(self, value: float | None) -> str:
        if value is None:
            return _("No data")
        text = number_format(value, self.digits)
        return f"{text} {self.unit}" if self.unit else text


@dataclass(slots=True)
class Table:
    """Columns side by side."""

    columns: list[str] = field(default_factory=list)
    cells: list[Sequence[Any]] = field(default_factory=list)

    def add(self, name: str, values: Sequence[Any]) -> None:
        self.columns.append(name)
        self.cells.append(values)

    def rows(self) -> list[list[Any]]:
        return [list(row) for row in zip(*self.cells, strict=True)]


def rounded(numbers: Sequence[Number | None], digits: int) -> list[float | None]:
    """Return numbers as the chart shows them; without digits they are whole."""
    return [None if number is None else round(float(number), digits or None) for number in numbers]


def level(value: Level, *, many: int, digits: int) -> list[float | None]:
    """Return ``value`` for each of ``many`` points."""
    if value is None or not isinstance(value, Sequence):
        return rounded([value] * many, digits)
    return rounded(value, digits)


def lines(levels: Mapping[str, Level], *, many: int, digits: int) -> list[Line]:
    """Return those of the known levels that have a value somewhere."""
    looks = {
        "ucl": (_("Upper limit"), "$limit", "dashed"),
        "center": (_("Center line"), "$muted", "solid"),
        "lcl": (_("Lower limit"), "$limit", "dashed"),
        "target": (_("Target"), "$target", "dotted"),
    }
    drawn = ((key, level(value, many=many, digits=digits)) for key, value in levels.items())
    return [
        Line(looks[key][0], values, looks[key][1], looks[key][2])
        for key, values in drawn
        if any(value is not None for value in values)
    ]


def frame(measured: Measured, *, from_zero: bool = False) -> Option:
    """Return the option of an empty chart: axes, legend, what one reads on pointing."""
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
        "xAxis": {
            "type": "category",
            "data": measured.labels,
            "axisLabel": {
                "color": "$muted",
                "hideOverlap": True,
                "rotate": 40 if len(measured.labels) > MANY_LABELS else 0,
                "width": 110,
                "overflow": "truncate",
            },
            "axisLine": {"lineStyle": {"color": "$muted"}},
        },
        "yAxis": {
            "type": "value",
            "name": measured.unit,
            "nameTextStyle": {"color": "$muted"},
            "scale": not from_zero,
            "axisLabel": {"color": "$muted"},
            "splitLine": {"lineStyle": {"color": "$grid"}},
        },
    }


def every_name(option: Option) -> Option:
    """Return ``option`` with each name on its axis shown, slanted where there are several."""
    labels = option["xAxis"]["axisLabel"]
    slant = 30 if len(option["xAxis"]["data"]) > FEW_NAMES else 0
    labels |= {"interval": 0, "hideOverlap": False, "rotate": slant}
    return option


def percent_axis() -> Option:
    """Return a second axis from 0 to 100 percent."""
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
    """Return a line through points; where there is no data it has a gap."""
    return {
        "type": "line",
        "name": name,
        "data": list(values),
        "color": colour,
        "symbol": "circle",
        "symbolSize": 6,
        "connectNulls": False,
        "lineStyle": {"width": 2},
    }


def bars(measured: Measured) -> Option:
    """Return one bar for each value."""
    return {
        "type": "bar",
        "name": measured.name,
        "data": measured.values,
        "color": "$data",
        "barMaxWidth": 56,
    }


def level_line(line: Line) -> Option:
    """Return a level as a line in steps, so that limits which move are drawn as they apply."""
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
    """Return a shape of its own on the points ``at``, or nothing when there are none."""
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
    spec: tuple[Number | None, Number | None], stages: Sequence[Stage], labels: Sequence[str]
) -> Option:
    """Return the mark lines of specification limits (across) and of stages (upright)."""
    look = {"lineStyle": {"color": "$spec", "type": "solid", "width": 1.5}}
    across = [
        {"yAxis": float(limit), "name": name, **look}
        for limit, name in zip(spec, (_("Lower spec"), _("Upper spec")), strict=True)
        if limit is not None
    ]
    upright = [
        {"xAxis": labels[stage.start], "name": str(stage.label), "label": {"position": "end"}}
        for stage in stages
        if 0 <= stage.start < len(labels)
    ]
    if not across and not upright:
        return {}
    return {
        "markLine": {
            "symbol": "none",
            "silent": True,
            "label": {"formatter": "{b}", "position": "insideEndTop", "color": "$ink"},
            "lineStyle": {"color": "$muted", "type": "dotted"},
            "data": [*across, *upright],
        }
    }


def finish(option: Option, table: Table, caption: str, *, said: str = "") -> Chart:
    """Return the chart, described for those who do not see it."""
    option["legend"]["data"] = [series["name"] for series in option["series"]]
    description = f"{str(caption).removesuffix('.')}. {said}".strip()
    option["aria"] = {"enabled": True, "label": {"description": description}}
    return Chart(option, table.columns, table.rows(), str(caption))
