"""Control charts in the Workbench."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any, cast

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy as _l
from django.utils.translation import ngettext

from andon import stats
from andon.modules.analyses.models.tables import Values

from .kinds import LABELS, Inputs, Method, Option, Outcome, Slot, Unfit
from .speaking import fact, said

GROUP = _l("Is the process stable?")
VALUES = Slot(name="x", label=_l("Values in time order"))
RULES = Option(
    name="rules",
    label=_l("Run rules"),
    kind="choice",
    default="default",
    choices=(
        ("default", _l("Beyond 3 sigma, and 8 in a row on one side")),
        ("western_electric", _l("Western Electric")),
        ("nelson", _l("Nelson 1 to 8 (many false alarms)")),
    ),
)
LOWER = Option(name="lsl", label=_l("Lower specification limit"))
UPPER = Option(name="usl", label=_l("Upper specification limit"))
SIZE = Option(
    name="size", label=_l("Values in one subgroup"), kind="whole",
    help=_l("Leave it empty when a column names the subgroup, or each row is one."),
)  # fmt: skip
SETS = {
    "western_electric": ("we1", "we2", "we3", "we4"),
    "nelson": ("n1", "n2", "n3", "n4", "n5", "n6", "n7", "n8"),
}


def rules_of(inputs: Inputs) -> Sequence[str]:
    """Return the run rules that were chosen."""
    return SETS.get(inputs["rules"] or "default", stats.DEFAULT_RULES)


def look_of(inputs: Inputs, name: str, size: int, **more: Any) -> stats.Look:
    """Return how a chart of these inputs is shown."""
    labels = inputs.texts("labels")
    return stats.Look(
        labels=labels if len(labels) == size else None, name=name, label_name=_("Point"),
        rules=rules_of(inputs), words=inputs.words, **more,
    )  # fmt: skip


def outcome_of(
    chart: stats.ControlChart, what: str, look: stats.Look, *facts: tuple[str, str]
) -> Outcome:
    """Return what a control chart says: whether it is stable, and each signal."""
    panels = stats.drawn(chart, what, look)
    return Outcome(
        sentences=_sentences(panels, look),
        warnings=said(chart.warnings, look.words),
        facts=[(_("Computed as"), chart.method), *facts],
        figures=[panel.figure for panel in panels],
    )


def _sentences(panels: Sequence[stats.Drawn], look: stats.Look) -> list[str]:
    first = panels[0].chart
    if first.center is None or first.ucl is None:
        return [_("There are too few values for control limits.")]
    found = [signal for panel in panels for signal in panel.signals]
    if not found:
        text = _("%(name)s is stable: none of %(points)d points signals under the rules chosen.")
        return [text % {"name": look.name, "points": _plotted(first)}]
    text = ngettext(
        "%(name)s is not stable: %(count)d signal in %(points)d points.",
        "%(name)s is not stable: %(count)d signals in %(points)d points.",
        len(found),
    )
    opening = text % {"name": look.name, "count": len(found), "points": _plotted(first)}
    return [opening, *(look.words.sentence(signal.sentence) for signal in found[:20])]


def _plotted(chart: stats.ControlChart) -> int:
    return sum(value is not None for value in chart.values)


# -- individuals ----------------------------------------------------------------------------


def _individuals(inputs: Inputs) -> Outcome:
    x = inputs.numbers("x")
    look = look_of(inputs, inputs.name("x"), len(x), spec=(inputs["lsl"], inputs["usl"]))
    chart = stats.imr_chart(x)
    return outcome_of(chart, _("Values"), look, *fact(_("Sigma"), chart.sigma, inputs.words))


def _fits_individuals(values: Values) -> int:
    names = [column for column in values.columns if not column.is_number]
    each = all(column.kinds == len(column.there) for column in names)
    return (2 if len(values.numeric) == 1 and each else 1) if values.numeric else 0


# -- subgroups ------------------------------------------------------------------------------


def subgroups_of(inputs: Inputs) -> list[list[float | None]]:
    """Return the subgroups: by a column that names them, by rows, or by so many values."""
    columns = inputs.several("x")
    names, size = inputs.texts("subgroup"), inputs["size"]
    if len(columns) > 1:
        return [list(row) for row in zip(*columns, strict=True)]
    values = columns[0] if columns else []
    if names:
        groups: dict[str, list[float | None]] = {}
        for name, value in zip(names, values, strict=True):
            groups.setdefault(name, []).append(value)
        return list(groups.values())
    if not size or int(size) < 2:  # noqa: PLR2004
        raise Unfit(
            _("Say how many values make one subgroup, or choose the column that names them."),
            field="size",
        )
    return [values[at : at + int(size)] for at in range(0, len(values), int(size))]


def _subgroups(inputs: Inputs) -> Outcome:
    groups = subgroups_of(inputs)
    ranges = inputs["spread"] != "s"
    chart = stats.xbar_r_chart(groups) if ranges else stats.xbar_s_chart(groups)
    names = list(dict.fromkeys(inputs.texts("subgroup")))
    look = stats.Look(
        labels=names or None, name=inputs.name("x"), label_name=_("Subgroup"),
        rules=rules_of(inputs), words=inputs.words,
    )  # fmt: skip
    return outcome_of(
        chart, _("Means"), look, *fact(_("Sigma of one value"), chart.sigma, inputs.words)
    )


def _fits_subgroups(values: Values) -> int:
    numeric, texts = values.numeric, [c for c in values.columns if not c.is_number]
    repeated = any(values.size / max(column.kinds, 1) >= 2 for column in texts)  # noqa: PLR2004
    if len(numeric) == 1 and len(texts) == 1 and repeated:
        return 2
    return 1 if len(numeric) > 2 else 0  # noqa: PLR2004


# -- counts ---------------------------------------------------------------------------------

COUNT = Slot(name="d", label=_l("Counted"), counts=True)
OUT_OF = Slot(name="n", label=_l("Out of how many, or how much"))
AS = Option(
    name="chart",
    label=_l("Chart"),
    kind="choice",
    default="auto",
    choices=(
        ("auto", _l("Chosen by the data")),
        ("p", _l("p: proportion of units")),
        ("laney_p", _l("Laney p′: large or uneven scatter")),
        ("u", _l("u: events per exposure")),
        ("laney_u", _l("Laney u′: large or uneven scatter")),
    ),
)


def _counts(inputs: Inputs) -> Outcome:
    top, bottom = inputs.numbers("d"), inputs.numbers("n")
    units = all(a is None or b is None or a <= b for a, b in zip(top, bottom, strict=True))
    choice = stats.choose_chart(top, bottom, kind="proportion" if units else "rate")
    wanted = inputs["chart"] or "auto"
    chart = stats.draw(choice if wanted == "auto" else cast("stats.ChartName", wanted), top, bottom)
    name, shown = f"{inputs.name('d')} / {inputs.name('n')}", _percent(chart)
    look = look_of(inputs, name, len(top), **shown)
    reason = (
        [(_("Why this chart"), inputs.words.sentence(choice.reason))] if wanted == "auto" else []
    )
    return outcome_of(chart, _("Shares") if shown else _("Rates"), look, *reason)


def _percent(chart: stats.ControlChart) -> dict[str, Any]:
    """Return how shares are shown: those that cannot exceed 1 as percent."""
    shares = all(value is None or value <= 1 for value in chart.values)
    return {"unit": "%", "factor": 100} if shares else {}


def _fits_counts(values: Values) -> int:
    numeric = values.numeric
    if len(numeric) != 2 or not numeric[0].is_count:  # noqa: PLR2004
        return 0
    pairs = zip(numeric[0].numbers, numeric[1].numbers, strict=True)
    return 2 if all(a is None or b is None or a <= b for a, b in pairs) else 1


def _events(inputs: Inputs) -> Outcome:
    counts = inputs.numbers("c")
    chart = stats.c_chart(counts)
    return outcome_of(chart, _("Numbers"), look_of(inputs, inputs.name("c"), len(counts)))


METHODS = (
    Method(
        name="imr", label=_l("Individuals and moving ranges"), group=GROUP,
        when=_l("One measured value at a time, in time order: temperatures, hours, a dimension."),
        slots=(VALUES, LABELS), options=(LOWER, UPPER, RULES),
        run=_individuals, fits=_fits_individuals,
    ),
    Method(
        name="subgroups", label=_l("X̄-R and X̄-s: subgroups"), group=GROUP,
        when=_l("Several pieces measured at each time: means show the level, ranges the scatter."),
        slots=(
            Slot(name="x", label=_l("Values (one column, or one for each piece)"), many=True),
            Slot(name="subgroup", label=_l("Subgroup"), texts=True, required=False),
        ),
        options=(
            SIZE,
            Option(
                name="spread", label=_l("Scatter from"), kind="choice", default="r",
                choices=(("r", _l("Ranges")), ("s", _l("Standard deviations"))),
            ),
            RULES,
        ),
        run=_subgroups, fits=_fits_subgroups,
    ),
    Method(
        name="counts", label=_l("p and u: counts out of something"), group=GROUP,
        when=_l("Defective of inspected, late of delivered, complaints per shipped lines."),
        slots=(COUNT, OUT_OF, LABELS), options=(AS, RULES), run=_counts, fits=_fits_counts,
    ),
    Method(
        name="c", label=_l("c: events in equal periods"), group=GROUP,
        when=_l("Accidents a month, defects on one unit: the same exposure every time."),
        slots=(Slot(name="c", label=_l("Number of events"), counts=True), LABELS),
        options=(RULES,), run=_events,
        fits=lambda values: int(len(values.numeric) == 1 and values.numeric[0].is_count),
    ),
)  # fmt: skip
