"""Before and after, groups, trends, causes, lives and lots in the Workbench."""

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy as _l

from andon import stats
from andon.modules.analyses.models.tables import Values
from andon.stats.drawing.plane import Axis, Curve, Interval, curve_figure, interval_figure
from andon.ui import charts
from andon.ui.paper import Section

from .charts import COUNT, OUT_OF
from .kinds import LABELS, Inputs, Method, Option, Outcome, Slot, Unfit
from .speaking import chance, fact, said, span, told

CHANGED = _l("Did it change, and by how much?")
TWO = 2
DIRECTION = Option(
    name="direction", label=_l("Better is"), kind="choice", default="lower",
    choices=(("lower", _l("lower")), ("higher", _l("higher"))),
)  # fmt: skip
PROMISED = Option(
    name="change", label=_l("Promised change, %"), default=25.0, required=True,
    help=_l("25 for a quarter less (or more)."),
)  # fmt: skip


def _split(inputs: Inputs, *slots: str) -> list[tuple[str, list[list[float | None]]]]:
    """Return the columns parted by the two names in the column of the groups, as they come."""
    names = inputs.texts("group")
    found = list(dict.fromkeys(name for name in names if name))
    if len(found) != TWO:
        raise Unfit(
            _("This column must hold two names, such as before and after; it holds %d.")
            % len(found),
            field="group",
        )
    return [
        (
            name,
            [
                [v for v, at in zip(inputs.numbers(s), names, strict=True) if at == name]
                for s in slots
            ],
        )
        for name in found
    ]


def _effect(inputs: Inputs) -> Outcome:
    (first, before), (second, after) = _split(inputs, "d", "n")
    tops, bottoms = before[0] + after[0], before[1] + after[1]
    units = all(a is None or b is None or a <= b for a, b in zip(tops, bottoms, strict=True))
    result = stats.effectiveness(
        stats.Periods(before[0], before[1]), stats.Periods(after[0], after[1]),
        kind="proportion" if units else "rate", direction=inputs["direction"],
        target_change=float(inputs["change"]) / 100,
    )  # fmt: skip
    words = inputs.words
    levels = [
        (name, 100 * level)
        for name, level in ((first, result.before), (second, result.after))
        if level is not None
    ]
    return Outcome(
        sentences=said(result.reasons[:2], words),
        warnings=said(result.warnings, words),
        facts=[
            (_("Verdict"), str(VERDICTS[result.outcome])),
            (_("Computed as"), result.method),
            *chance(_("p of no change"), result.p_change),
            *fact(_("Power for the promised change"), result.power, words),
        ],
        figures=[
            charts.bar(
                [name for name, _level in levels], [level for _name, level in levels],
                name=_("Level"), names_name=_("Period"), unit="%",
                target=None if result.target is None else 100 * result.target,
                caption=_("The level before and after, against the target."),
            )
        ],
        tables=[
            Section(
                title=_("Conditions of the verdict"), columns=[_("Met"), _("What")],
                rows=[(MET[check.met], words.sentence(check.sentence)) for check in result.checks],
            )
        ],
    )  # fmt: skip


VERDICTS = {
    "effective": _l("Effective"),
    "not_effective": _l("Not effective"),
    "inconclusive": _l("Inconclusive"),
}
MET = {True: _l("yes"), False: _l("no"), None: _l("not known")}


def _fits_effect(values: Values) -> int:
    groups = [c for c in values.columns if not c.is_number and c.kinds == TWO]
    return 3 * (len(values.numeric) == TWO and bool(groups) and values.numeric[0].is_count)


def _means(inputs: Inputs) -> Outcome:
    a, b = _two(inputs)
    result = stats.two_sample_t(a[1], b[1])
    words = inputs.words
    intervals = []
    for name, values in (a, b):
        one = stats.paired_t(values, [0.0] * len(values))
        if one.ci and one.difference is not None:
            intervals.append(Interval(name, one.difference, one.ci[0], one.ci[1]))
    return Outcome(
        sentences=told(result, words),
        warnings=said(result.warnings, words),
        facts=[
            (_("a and b"), f"{a[0]}, {b[0]}"),
            (_("Computed as"), result.method),
            *chance(_("p (Welch)"), result.welch.p),
            *chance(_("p (Mann-Whitney)"), result.mann_whitney.p),
            *chance(_("p of equal variances"), result.variance_ratio.p),
        ],
        figures=[
            interval_figure(
                intervals, x=Axis(_("Mean")), words=words,
                caption=_("Each mean with the 95 % interval its true value lies in."),
            )
        ] if intervals else [],
    )  # fmt: skip


def _two(inputs: Inputs) -> list[tuple[str, list[float | None]]]:
    if inputs.texts("group"):
        return [(name, columns[0]) for name, columns in _split(inputs, "a")]
    if not inputs.column("b"):
        raise Unfit(_("Choose the second column, or a column with two groups."), field="b")
    return [(inputs.name("a"), inputs.numbers("a")), (inputs.name("b"), inputs.numbers("b"))]


def _fits_means(values: Values) -> int:
    groups = [c for c in values.columns if not c.is_number and c.kinds == TWO]
    return 1 if len(values.numeric) == TWO or (groups and values.numeric) else 0


def _trend(inputs: Inputs) -> Outcome:
    values = inputs.numbers("x")
    result, line = stats.mann_kendall(values), stats.linear_trend(values)
    words = inputs.words
    there = [(float(at), v) for at, v in enumerate(values, start=1) if v is not None]
    curves = [Curve(inputs.name("x"), there)]
    if line.slope is not None and line.intercept is not None:
        ends = [1.0, float(len(values))]
        fitted = [(x, line.intercept + line.slope * x) for x in ends]
        curves.append(Curve(_("Fitted line"), fitted, colour="$limit", kind="dashed"))
    return Outcome(
        sentences=told(result, words),
        warnings=said(result.warnings, words),
        facts=[
            (_("Computed as"), result.method),
            *fact(_("Sen's slope for each point"), result.slope, words),
            (_("95 % interval"), span(result.slope_ci, words) or "–"),
            *chance(_("p (Mann-Kendall)"), result.p),
        ],
        figures=[
            curve_figure(
                curves, x=Axis(_("Point")), y=Axis(inputs.name("x")), words=words,
                caption=_("The values in time order with a straight line through them."),
            )
        ] if there else [],
    )  # fmt: skip


GROUPED = Slot(name="group", label=_l("Before or after"), texts=True, required=False)
METHODS = (
    Method(
        name="effect", label=_l("Did the action work?"), group=CHANGED,
        when=_l("Counts out of something by period, each marked before or after."),
        slots=(
            COUNT, OUT_OF, Slot(name="group", label=_l("Before or after"), texts=True),
        ),
        options=(DIRECTION, PROMISED), run=_effect, fits=_fits_effect,
    ),
    Method(
        name="means", label=_l("Two means: Welch, Mann-Whitney"), group=CHANGED,
        when=_l("Measured values of two machines, two suppliers, or before and after."),
        slots=(
            Slot(name="a", label=_l("Values")),
            Slot(name="b", label=_l("Values of the other"), required=False, taken=True), GROUPED,
        ),
        run=_means, fits=_fits_means,
    ),
    Method(
        name="trend", label=_l("Trend"), group=CHANGED,
        when=_l("Is it creeping up or down over time? Needs no normal distribution."),
        slots=(Slot(name="x", label=_l("Values in time order")), LABELS), run=_trend,
    ),
)  # fmt: skip
