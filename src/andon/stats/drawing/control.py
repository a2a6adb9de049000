"""Every control chart of the statistics as figures, one below the other."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass

from andon.stats.charts.chart import ControlChart, Panel
from andon.stats.charts.rules import DEFAULT_RULES
from andon.stats.charts.signals import Signal, signals
from andon.stats.drawing.figure import (
    ENGLISH,
    Figure,
    Measured,
    Number,
    Words,
    decimals,
    rounded,
)
from andon.stats.drawing.parts import Stage
from andon.stats.drawing.series import Around, control_figure
from andon.stats.sentences import gettext_noop

SILENT = gettext_noop("No point signals.")
CAPTION = gettext_noop("%(what)s of %(name)s: centre %(center)s, limits %(lcl)s to %(ucl)s.")
MOVING = gettext_noop("%(what)s of %(name)s; the limits move from point to point.")
UNKNOWN = gettext_noop("%(what)s of %(name)s; too few values for limits.")
POINT = gettext_noop("Point %s")
NO_DATA = gettext_noop("No data")
STATISTICS = {
    "MR": gettext_noop("Moving ranges"),
    "R": gettext_noop("Ranges"),
    "s": gettext_noop("Standard deviations"),
}
SIGNIFICANT = 12
"""Digits of a value that are the value and not the noise of binary fractions."""
NOISE = 1e-6


@dataclass(frozen=True, slots=True)
class Look:
    """How a chart is shown: names of the points, of the value and its unit, limits, rules.

    ``factor`` turns the plotted statistic into the unit shown: 100 for "%". ``aql``, in percent, is
    marked on the curve of a plan.
    """

    labels: Sequence[str] | None = None
    name: str = "Value"
    label_name: str = "Point"
    unit: str = ""
    factor: float = 1
    spec: tuple[Number | None, Number | None] = (None, None)
    aql: float | None = None
    stages: Sequence[Stage] = ()
    rules: Iterable[str] = DEFAULT_RULES
    words: Words = ENGLISH


@dataclass(frozen=True, slots=True)
class Drawn:
    """A panel with its figure and what it says."""

    chart: ControlChart
    figure: Figure
    signals: list[Signal]


def drawn(chart: ControlChart, what: str, look: Look) -> list[Drawn]:
    """The panels of ``chart``, each with its signals; ``what`` names the plotted statistic.

    >>> from andon.stats import imr_chart
    >>> [one.figure.caption for one in drawn(imr_chart([1, 2, 3, 2, 9]), "Values", Look())][0]
    'Values of Value: centre 3.4, limits −3.2 to 10.0.'
    """
    return [
        _panel(panel, what if at == 0 else _statistic(panel, look.words), look, first=at == 0)
        for at, panel in enumerate(chart.panels())
    ]


def _panel(chart: ControlChart, what: str, look: Look, *, first: bool) -> Drawn:
    size, factor = len(chart.values), look.factor
    values = _times(chart.values, factor)
    levels = {
        "ucl": _times(chart.along(chart.ucl), factor),
        "center": _times(chart.along(chart.center), factor),
        "lcl": _times(chart.along(chart.lcl), factor),
    }
    width = _width(levels, values)
    words = look.words.telling(width=width)
    found = signals(
        chart,
        rules=[rule for rule in look.rules if _fits(rule, chart)],
        labels=look.labels or [words.say(POINT) % at for at in range(1, size + 1)],
        show=lambda value: f"{words.show(value * factor)} {look.unit}".rstrip(),
        restarts=chart.restarts,
    )
    said: dict[int, list[str]] = {}
    for signal in found:
        said.setdefault(signal.point - 1, []).append(words.sentence(signal.sentence))
    shown = Measured(
        list(look.labels or [str(at) for at in range(1, size + 1)]),
        rounded(values, decimals(width)),
        look.name if first else what,
        look.label_name,
        look.unit,
        show=words.show,
        gap=words.say(NO_DATA),
    )
    spec = look.spec if first else (None, None)
    around = Around(
        levels=levels, signals=said, stages=look.stages, spec=spec, digits=decimals(width)
    )
    silent = "" if said else words.say(SILENT)
    caption = _caption(levels, what, look, words)
    return Drawn(
        chart, control_figure(shown, around, caption=caption, said=silent, words=words), found
    )


def _times(line: Sequence[float | None], factor: float) -> list[float | None]:
    return [None if v is None else float(f"{v * factor:.{SIGNIFICANT}g}") for v in line]


def _width(
    levels: Mapping[str, Sequence[float | None]], values: Sequence[float | None]
) -> float | None:
    """The room between the limits, or less where a point beyond one would read like the limit."""
    spans, gaps = [], []
    for low, high, value in zip(levels["lcl"], levels["ucl"], values, strict=True):
        if low is None or high is None or high <= low:
            continue
        spans.append(high - low)
        if value is not None:
            gaps.append(max(value - high, low - value))
    width = min(spans, default=None)
    if width is None:
        return None
    return min([width, *(100 * gap for gap in gaps if gap > NOISE * width)])


def _fits(rule: str, chart: ControlChart) -> bool:
    return chart.fitting_rules is None or rule in chart.fitting_rules


def _statistic(panel: ControlChart, words: Words) -> str:
    statistic = panel.statistic if isinstance(panel, Panel) else ""
    return words.say(STATISTICS.get(statistic, statistic))


def _caption(
    levels: Mapping[str, Sequence[float | None]], what: str, look: Look, words: Words
) -> str:
    about = {"what": what, "name": look.name}
    lines = {name: set(line) for name, line in levels.items()}
    if lines["ucl"] | lines["lcl"] <= {None}:
        return words.say(UNKNOWN) % about
    if any(len(line) > 1 for line in lines.values()):
        return words.say(MOVING) % about
    shown = {name: _shown(line.pop(), look, words) for name, line in lines.items()}
    return words.say(CAPTION) % {**about, **shown}


def _shown(value: float | None, look: Look, words: Words) -> str:
    return "–" if value is None else f"{words.show(value)} {look.unit}".rstrip()
