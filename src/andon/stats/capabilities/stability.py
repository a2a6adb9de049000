"""Whether the chart of the same data signals: no capability is assessed for an unstable process."""

from dataclasses import dataclass

from andon.stats.charts.chart import ControlChart
from andon.stats.charts.signals import signals
from andon.stats.sentences import Sentence, gettext_noop

MOST_CHARTED = 10_000
"""Beyond it, chance alone gives a chart so many signals that they decide nothing."""

TOO_LONG = Sentence(
    "stability_unknown",
    gettext_noop("Too many values for one chart: look at its stages to see if it is stable."),
)


@dataclass(frozen=True)
class Stability:
    """``stable`` is None where no chart was drawn; ``signals`` counts what it raised."""

    stable: bool | None = None
    signals: int = 0
    warnings: tuple[Sentence, ...] = ()


def stability(chart: ControlChart | None, size: int) -> Stability:
    """What ``chart`` of the same data says by Andon's usual rules; None is a chart too long."""
    if chart is None:
        return Stability(warnings=(TOO_LONG,)) if size > MOST_CHARTED else Stability()
    if not chart.spread:
        return Stability()
    found = signals(chart)
    if not found:
        return Stability(stable=True)
    text = gettext_noop(
        "Not assessed: the chart of the same data signals (%(count)s in all, the first at "
        "point %(point)s), so the process is not stable and the figures describe these data only."
    )
    sentence = Sentence.of(
        "unstable", text, count=str(len(found)), point=str(min(item.point for item in found))
    )
    return Stability(stable=False, signals=len(found), warnings=(sentence,))
