"""The figures of ``andon.stats.drawing`` in the language of the page.

A colour is a name (``$data``); the browser looks it up in the style of the page. What a point says
when one points at it stands in ``option["texts"]``, so no function has to travel with the data.
"""

from collections.abc import Mapping, Sequence
from functools import partial

from django.utils.formats import number_format
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from andon.stats.drawing import series
from andon.stats.drawing.figure import Figure as Chart
from andon.stats.drawing.figure import Level, Measured, Number, Words, rounded
from andon.stats.drawing.parts import Stage

__all__ = ["Chart", "Stage", "bar", "control_chart", "pareto_chart", "trend", "words"]

DIGITS = 2


def words(digits: int | None = None) -> Words:
    """Return the words of the page's language; numbers have ``digits`` or as many as they need."""
    if digits is None:
        return Words(_, places=_shown)
    return Words(_, partial(_shown, digits=digits), places=_shown)


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
    answers: Mapping[int, str] | None = None,
    notes: Mapping[int, str] | None = None,
    stages: Sequence[Stage] = (),
    spec: tuple[Number | None, Number | None] = (None, None),
    target: Level = None,
) -> Chart:
    """Return a control chart of ``points``; a level is one number, or one for each point.

    ``signals`` (sentences), ``answers`` and ``notes`` (a sentence) are keyed by the position of
    their point.
    A point without data is ``None``: it leaves a gap and reads "No data".
    """
    shown = _measured(points, labels, name, label_name, unit=unit, digits=digits)
    said = {at: [str(text) for text in texts] for at, texts in (signals or {}).items()}
    around = series.Around(
        levels={"ucl": ucl, "center": center, "lcl": lcl, "target": target},
        signals=said,
        answers={at: str(text) for at, text in (answers or {}).items()},
        notes={at: str(text) for at, text in (notes or {}).items()},
        stages=[Stage(stage.start, str(stage.label)) for stage in stages],
        spec=spec,
        digits=digits,
    )
    return series.control_figure(
        shown, around, caption=str(caption), said=_summary(len(said)), words=words(digits)
    )


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
    name, names_name = count_name or _("Count"), names_name or _("Cause")
    shown = _measured(counts, names, name, names_name, unit=unit, digits=digits)
    return series.pareto_figure(
        shown, caption=str(caption), cumulative=cumulative, words=words(digits)
    )


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
    shown = _measured(points, labels, name, label_name, unit=unit, digits=digits)
    return series.plain_figure(
        shown, caption=str(caption), target=target, digits=digits, words=words(digits)
    )


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
    shown = _measured(values, names, name, names_name, unit=unit, digits=digits)
    return series.plain_figure(
        shown, caption=str(caption), target=target, digits=digits, bars=True, words=words(digits)
    )


def _measured(
    points: Sequence[Number | None],
    labels: Sequence[str],
    name: str,
    label_name: str,
    *,
    unit: str,
    digits: int,
) -> Measured:
    return Measured(
        [str(label) for label in labels],
        rounded(points, digits),
        str(name) or _("Value"),
        str(label_name) or _("Period"),
        str(unit),
        show=words(digits).show,
        gap=_("No data"),
    )


def _shown(value: float, digits: int) -> str:
    return str(number_format(value, digits))


def _summary(signals: int) -> str:
    if not signals:
        return _("No point signals.")
    return ngettext("%d point signals.", "%d points signal.", signals) % signals
