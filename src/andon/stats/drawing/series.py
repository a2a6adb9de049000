"""Figures of values in a row: control charts, lines over time, bars, Pareto."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from itertools import accumulate

from andon.stats.drawing import parts
from andon.stats.drawing.figure import (
    ENGLISH,
    Figure,
    Level,
    Measured,
    Number,
    Option,
    Table,
    Words,
    finish,
    level,
    rounded,
)
from andon.stats.drawing.parts import Line, Stage
from andon.stats.sentences import gettext_noop

LEVELS = {
    "ucl": (gettext_noop("Upper limit"), "$limit", "dashed"),
    "center": (gettext_noop("Center line"), "$muted", "solid"),
    "lcl": (gettext_noop("Lower limit"), "$limit", "dashed"),
    "target": (gettext_noop("Target"), "$target", "dotted"),
}
SIGNAL, SIGNALS, NOTE = gettext_noop("Signal"), gettext_noop("Signals"), gettext_noop("Note")
ANSWER, ANSWERED = gettext_noop("Answer"), gettext_noop("Answered")
STAGE = gettext_noop("Limits anew")
SHARE = gettext_noop("Cumulative share, %")
SPECS = (gettext_noop("Lower spec"), gettext_noop("Upper spec"))


@dataclass(frozen=True, slots=True)
class Around:
    """What stands around the values of a control chart.

    A level is one number, or one for each point; ``signals`` (sentences), ``answers`` and
    ``notes`` (one sentence each) are keyed by the position of their point, from 0. A point with
    an answer has the shape of an answer, not that of a signal.
    """

    levels: Mapping[str, Level] = field(default_factory=dict)
    signals: Mapping[int, Sequence[str]] = field(default_factory=dict)
    answers: Mapping[int, str] = field(default_factory=dict)
    notes: Mapping[int, str] = field(default_factory=dict)
    stages: Sequence[Stage] = ()
    spec: tuple[Number | None, Number | None] = (None, None)
    digits: int | None = None


def control_figure(
    shown: Measured, around: Around, *, caption: str, said: str = "", words: Words = ENGLISH
) -> Figure:
    """A control chart; a point without data is None, leaves a gap and reads so."""
    drawn = lines(around.levels, many=len(shown.values), digits=around.digits, words=words)
    names = (words.say(SPECS[0]), words.say(SPECS[1]))
    signals, answers, notes = around.signals, around.answers, around.notes
    option = parts.frame(shown)
    option["series"] = [
        parts.data_line(shown.name, shown.values)
        | parts.marks(around.spec, around.stages, shown.labels, names=names),
        *(parts.level_line(line) for line in drawn),
        *parts.highlights(words.say(NOTE), shown.values, notes, symbol="rect", colour="$note"),
        *parts.highlights(
            words.say(SIGNAL),
            shown.values,
            [at for at in signals if at not in answers],
            symbol="triangle",
            colour="$signal",
        ),
        *parts.highlights(
            words.say(ANSWERED), shown.values, answers, symbol="diamond", colour="$target"
        ),
        *parts.room_for([(0, float(limit)) for limit in around.spec if limit is not None]),
    ]
    more = {
        at: [*signals.get(at, ()), *filter(None, [answers.get(at), notes.get(at)])]
        for at in {*signals, *answers, *notes}
    }
    option["texts"] = shown.texts(more)
    table = with_lines(shown, drawn)
    places = range(len(shown.values))
    table.add(words.say(SIGNALS), [" ".join(signals.get(at, ())) for at in places])
    stages = {stage.start: str(stage.label) for stage in around.stages}
    for name, said_of in ((ANSWER, answers), (STAGE, stages), (NOTE, notes)):
        if said_of:
            table.add(words.say(name), [said_of.get(at, "") for at in places])
    return finish(option, table, caption, said=said)


def pareto_figure(
    shown: Measured,
    *,
    caption: str,
    cumulative: Sequence[Number] | None = None,
    words: Words = ENGLISH,
) -> Figure:
    """A Pareto chart of values in the order given: largest first, the rest last.

    ``cumulative`` is in percent; without it, it is summed up here.
    """
    share = words.say(SHARE)
    shares = rounded(_cumulated(shown.values) if cumulative is None else cumulative, 1)
    option = parts.every_name(parts.frame(shown, from_zero=True))
    option["yAxis"] = [option["yAxis"], parts.percent_axis()]
    line = parts.data_line(share, shares, colour="$limit")
    option["series"] = [parts.bars(shown), line | {"yAxisIndex": 1}]
    option["texts"] = shown.texts({at: [f"{share}: {each}"] for at, each in enumerate(shares)})
    table = shown.table()
    table.add(share, shares)
    return finish(option, table, caption)


def plain_figure(
    shown: Measured,
    *,
    caption: str,
    target: Level = None,
    digits: int | None = None,
    bars: bool = False,
    words: Words = ENGLISH,
) -> Figure:
    """A line over time, or one bar for each name from zero; with a target where there is one."""
    option = parts.frame(shown, from_zero=bars)
    if bars:
        option = parts.every_name(option)
    drawn = parts.bars(shown) if bars else parts.data_line(shown.name, shown.values)
    levels = lines({"target": target}, many=len(shown.values), digits=digits, words=words)
    option["series"] = [drawn, *(parts.level_line(line) for line in levels)]
    option["texts"] = shown.texts({})
    return finish(option, with_lines(shown, levels), caption)


def lines(
    levels: Mapping[str, Level], *, many: int, digits: int | None, words: Words
) -> list[Line]:
    """Those of the known levels that have a value somewhere."""
    drawn = ((key, level(value, many=many, digits=digits)) for key, value in levels.items())
    return [
        Line(words.say(LEVELS[key][0]), values, LEVELS[key][1], LEVELS[key][2])
        for key, values in drawn
        if any(value is not None for value in values)
    ]


def with_lines(shown: Measured, drawn: Sequence[Line]) -> Table:
    """The table of the values with one column for each line."""
    table = shown.table()
    for line in drawn:
        table.add(line.name, line.values)
    return table


def _cumulated(counts: Sequence[float | None]) -> list[float]:
    sums = list(accumulate(float(count or 0) for count in counts))
    return [100 * part / sums[-1] if sums[-1] else 0.0 for part in sums]


__all__ = ["Around", "Option", "Stage", "control_figure", "pareto_figure", "plain_figure"]
