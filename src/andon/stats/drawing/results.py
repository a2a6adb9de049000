"""Any result as figures: what each kind of result is usually drawn as."""

import math
from collections.abc import Callable, Sequence
from typing import Any

from andon.stats.drawing.control import Look, drawn
from andon.stats.drawing.figure import Figure, Measured, rounded
from andon.stats.drawing.plane import (
    Axis,
    Curve,
    Interval,
    Mark,
    curve_figure,
    histogram_figure,
    interval_figure,
)
from andon.stats.drawing.series import pareto_figure, plain_figure
from andon.stats.results import Result
from andon.stats.sentences import gettext_noop as _

Drawer = Callable[[Any, Look], list[Figure]]
Pairs = Sequence[tuple[float | None, float | None]]
SEEN = 1e-4
"""Chances below this are not drawn."""


def figures(result: Result, look: Look | None = None) -> list[Figure]:
    """The figures ``result`` is usually drawn as, the most telling first; empty if there are none.

    Control charts by their panels, curves of plans and lives, histograms, probability plots,
    studies of gages by their components, and any estimate with its interval.

    Parameters
    ----------
    result : Result
        What a function of this package returned.
    look : Look, optional
        Names, units, language.

    Examples
    --------
    >>> from andon.stats import oc_curve
    >>> figures(oc_curve(50, 1))[0].caption
    'Chance that a lot is accepted, by its quality.'
    """
    look = look or Look()
    drawers = (_DRAWERS.get(kind.__name__) for kind in type(result).__mro__)
    return next((draw for draw in drawers if draw), _estimates)(result, look)


def _chart(result: Any, look: Look) -> list[Figure]:
    return [one.figure for one in drawn(result, look.words.say(_("Values")), look)]


def _sums(result: Any, look: Look) -> list[Figure]:
    say = look.words.say
    lines = (
        (_("Upwards"), result.c_plus, 1, "$data"),
        (_("Downwards"), result.c_minus, -1, "$limit"),
    )
    curves = [
        Curve(say(name), _places([(at, v and sign * v) for at, v in enumerate(line, 1)]), colour)
        for name, line, sign, colour in lines
    ]
    if not any(curve.places for curve in curves):
        return []
    marks = [Mark("h", result.h, upright=False), Mark("−h", -result.h, upright=False)]
    return [
        curve_figure(
            curves, x=Axis(say(_("Point"))), y=Axis(say(_("Sum of the deviations, in sigmas"))),
            marks=marks, caption=say(SUMS), words=look.words,
        )
    ]  # fmt: skip


def _pareto(result: Any, look: Look) -> list[Figure]:
    shown = Measured(
        list(result.names), rounded(result.counts, None), look.name, look.label_name, look.unit,
        show=look.words.show,
    )  # fmt: skip
    shares = [value or 0.0 for value in result.cumulative_percent]
    caption = look.words.say(_("Causes, the largest first."))
    return [pareto_figure(shown, cumulative=shares, caption=caption, words=look.words)]


def _acceptance(result: Any, look: Look) -> list[Figure]:
    say = look.words.say
    pairs = zip(result.p, result.pa, strict=True)
    places = [(100 * p, 100 * a) for p, a in pairs if p is not None and a is not None and a > SEEN]
    return [
        curve_figure(
            [Curve(say(_("Chance of acceptance")), places)],
            x=Axis(say(_("Nonconforming, %")), low=0),
            y=Axis(say(_("Accepted, %")), low=0, high=100),
            marks=[] if look.aql is None else [Mark("AQL", look.aql)],
            caption=say(ACCEPTANCE), words=look.words,
        )
    ] if places else []  # fmt: skip


def _histogram(result: Any, look: Look) -> list[Figure]:
    if not result.counts:
        return []
    limits = zip(look.spec, ("Lower spec", "Upper spec"), strict=True)
    marks = [Mark(look.words.say(n), float(at)) for at, n in limits if at is not None]
    caption = look.words.say(_("How often each value occurs."))
    return [
        histogram_figure(
            result.edges, result.counts, x=Axis(look.name), marks=marks, caption=caption,
            words=look.words,
        )
    ]  # fmt: skip


def _probability(result: Any, look: Look) -> list[Figure]:
    if not result.line_x:
        return []
    say = look.words.say
    points = Curve(say(_("Values")), list(zip(result.x, result.z, strict=True)), points=True)
    line = Curve(say(_("Fitted")), list(zip(result.line_x, result.z, strict=True)), "$limit")
    return [
        curve_figure(
            [points, line], x=Axis(look.name), y=Axis(say(_("Normal score"))),
            caption=say(PROBABILITY), words=look.words,
        )
    ]  # fmt: skip


def _components(result: Any, look: Look) -> list[Figure]:
    say = look.words.say
    shares = [(say(n), getattr(result, f"pct_study_var_{key}", None)) for key, n in SOURCES.items()]
    there = [(name, share) for name, share in shares if share is not None]
    shown = Measured(
        [name for name, _share in there], rounded([share for _name, share in there], 1),
        say(_("Share of the total variation")), say(_("Source")), "%", show=look.words.show,
    )  # fmt: skip
    caption = say(_("Where the variation of the readings comes from."))
    return [plain_figure(shown, caption=caption, bars=True, words=look.words)] if there else []


def _linearity(result: Any, look: Look) -> list[Figure]:
    if not result.references or result.slope is None or result.intercept is None:
        return []
    say = look.words.say
    line = [(r, result.intercept + result.slope * r) for r in sorted(set(result.references))]
    points = list(zip(result.references, result.biases, strict=True))
    curves = [
        Curve(say(_("Bias of a reading")), points, points=True),
        Curve(say(_("Fitted line")), line, "$limit"),
    ]
    return [
        curve_figure(
            curves, x=Axis(say(_("Accepted value"))), y=Axis(say(_("Bias"))), words=look.words,
            marks=[Mark(say(_("No bias")), 0.0, upright=False, colour="$target")],
            caption=say(_("Bias over the range of the gauge.")),
        )
    ]  # fmt: skip


def _life(result: Any, look: Look) -> list[Figure]:
    if result.shape is None or result.scale is None:
        return []
    say = look.words.say
    longest = result.scale * 5 ** (1 / result.shape)
    times = [longest * at / 80 for at in range(81)]
    left = [(t, 100 * math.exp(-((t / result.scale) ** result.shape))) for t in times]
    return [
        curve_figure(
            [Curve(say(_("Still running")), left)], x=Axis(look.name), caption=say(LIFE),
            y=Axis(say(_("Still running, %")), low=0, high=100), words=look.words,
        )
    ]  # fmt: skip


def _estimates(result: Any, look: Look) -> list[Figure]:
    """Every number of ``result`` that has an interval beside it (``cpk`` and ``cpk_ci``)."""
    known = result.keys()
    found = []
    for name in known:
        of = _estimated(name, known)
        value, ends = (result[of], result[name]) if of else (None, None)
        if isinstance(value, float) and isinstance(ends, list | tuple) and None not in ends:
            found.append(Interval(of, value, *ends))
    if not found:
        return []
    caption = look.words.say(_("Each estimate with the interval its true value lies in."))
    return [interval_figure(found, x=Axis(look.name), caption=caption, words=look.words)]


def _estimated(name: str, known: Sequence[str]) -> str:
    """What the interval ``name`` is the interval of; empty if it is no interval."""
    if name == "ci":
        return next((one for one in MAIN if one in known), "")
    if name in {"exact_ci", "wilson_ci"}:
        return "rate"
    stem = name.removesuffix("_ci")
    return stem if stem != name and stem in known else ""


def _places(pairs: Pairs) -> list[tuple[float, float]]:
    return [(float(x), float(y)) for x, y in pairs if x is not None and y is not None]


SUMS = _("Deviations summed up: a slope is a shift, and beyond h it signals.")
ACCEPTANCE = _("Chance that a lot is accepted, by its quality.")
PROBABILITY = _("Probability plot: the nearer to the line, the better the fit.")
LIFE = _("Share of the parts that still run, by the fitted distribution.")
SOURCES = {
    "grr": _("Gage R&R"),
    "repeatability": _("Repeatability (equipment)"),
    "reproducibility": _("Reproducibility (appraisers)"),
    "interaction": _("Part by appraiser"),
    "part": _("Part to part"),
}
# What an interval called "ci" is the interval of: the first that the result has.
MAIN = (
    "rate_ratio", "diff", "difference", "bias", "kappa", "dpmo", "observed", "shift", "mtbf",
    "ppm", "lag1", "rate",
)  # fmt: skip
_DRAWERS: dict[str, Drawer] = {
    "ControlChart": _chart,
    "CusumChart": _sums,
    "Pareto": _pareto,
    "OcCurve": _acceptance,
    "VariablesOcCurve": _acceptance,
    "Histogram": _histogram,
    "ProbabilityPlot": _probability,
    "GrrComponents": _components,
    "LinearityStudy": _linearity,
    "WeibullFit": _life,
}
