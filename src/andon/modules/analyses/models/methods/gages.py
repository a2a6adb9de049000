"""Measurement system analysis in the Workbench."""

from dataclasses import replace
from typing import Any

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy as _l

from andon import stats
from andon.modules.analyses.models.tables import Values
from andon.stats.drawing.figure import Figure
from andon.stats.drawing.plane import Axis, Curve, Mark, curve_figure
from andon.ui.paper import Section

from .kinds import Inputs, Method, Option, Outcome, Slot, Unfit
from .speaking import fact, said, span, told

GROUP = _l("Can the gauge be trusted?")
READING = Slot(name="y", label=_l("Reading"))
REFERENCE = Option(name="reference", label=_l("Accepted value of the part"), required=True)
TOLERANCE = Option(name="tolerance", label=_l("Tolerance: upper less lower limit"))
SOURCES = {
    "grr": _l("Gage R&R"),
    "repeatability": _l("Repeatability (equipment)"),
    "reproducibility": _l("Reproducibility (appraisers)"),
    "interaction": _l("Part by appraiser"),
    "part": _l("Part to part"),
    "total": _l("Total"),
}


def _grr(inputs: Inputs) -> Outcome:
    parts, people, readings = inputs.texts("part"), inputs.texts("operator"), inputs.numbers("y")
    result = stats.grr_anova(parts, people, readings, tolerance=inputs["tolerance"])
    words = inputs.words
    rows = [
        (str(label), *(_cell(result, f"{kind}_{source}") for kind in _KINDS))
        for source, label in SOURCES.items()
        if getattr(result, f"sd_{source}", None) is not None
    ]
    return Outcome(
        sentences=told(result, words),
        warnings=said(result.warnings, words),
        facts=[(_("Computed as"), result.method)],
        figures=[
            *stats.figures(result, stats.Look(words=words)),
            _by_part(parts, people, readings, words),
        ],
        tables=[
            Section(
                title=_("Components"), rows=rows,
                columns=[
                    _("Source"), _("s"), _("% of study variation"), _("% of variance"),
                    _("% of tolerance"),
                ],
            )
        ],
    )  # fmt: skip


_KINDS = ("sd", "pct_study_var", "pct_contribution", "pct_tolerance")


def _cell(result: Any, name: str) -> str | None:
    value = getattr(result, name, None)
    return None if value is None else f"{value:.4g}"


def _by_part(parts: list[str], people: list[str], readings: list[float | None], words: Any) -> Any:
    order = {name: at for at, name in enumerate(dict.fromkeys(parts), start=1)}
    colours = ("$data", "$signal", "$target", "$limit", "$note")
    curves = []
    for at, person in enumerate(dict.fromkeys(people)):
        places = [
            (float(order[part]), value)
            for part, who, value in zip(parts, people, readings, strict=True)
            if who == person and value is not None
        ]
        curves.append(Curve(person, places, points=True, colour=colours[at % len(colours)]))
    return curve_figure(
        curves, x=Axis(_("Part, in the order given")), y=Axis(_("Reading")), words=words,
        caption=_("Readings by part, one colour for each appraiser."),
    )  # fmt: skip


def _fits_grr(values: Values) -> int:
    names = [column for column in values.columns if not column.is_number]
    numeric = values.numeric
    several = sum(column.kinds * 2 <= values.size for column in [*names, *numeric[:-1]])
    return 2 if numeric and len(names) >= 2 and several >= 2 else 0  # noqa: PLR2004


def _bias(inputs: Inputs) -> Outcome:
    result = stats.bias_study(inputs.numbers("y"), inputs["reference"])
    numbers = ((_("Bias"), result.bias), (_("95 % interval"), result.ci))
    return replace(_study(result, inputs, *numbers), figures=_readings(inputs))


def _type1(inputs: Inputs) -> Outcome:
    result = stats.type1_study(
        inputs.numbers("y"), inputs["reference"], tolerance=inputs["tolerance"]
    )
    numbers = (("Cg", result.cg), ("Cgk", result.cgk), (_("Bias"), result.bias))
    return replace(_study(result, inputs, *numbers), figures=_readings(inputs))


def _readings(inputs: Inputs) -> list[Figure]:
    """Return the readings in their order against the accepted value."""
    readings = [(float(at), v) for at, v in enumerate(inputs.numbers("y"), 1) if v is not None]
    mark = Mark(_("Accepted value"), float(inputs["reference"]), upright=False, colour="$target")
    curve = Curve(inputs.name("y"), readings)
    return [
        curve_figure(
            [curve], x=Axis(_("Reading")), y=Axis(inputs.name("y")), marks=[mark],
            caption=_("The readings in their order against the accepted value."),
            words=inputs.words,
        )
    ]  # fmt: skip


def _linearity(inputs: Inputs) -> Outcome:
    references, readings = inputs.numbers("reference"), inputs.numbers("y")
    result = stats.linearity_study(references, readings)
    outcome = _study(
        result, inputs, (_("Slope"), result.slope), (_("Intercept"), result.intercept),
        ("R²", result.r2),
    )  # fmt: skip
    return replace(outcome, figures=stats.figures(result, stats.Look(words=inputs.words)))


def _study(result: Any, inputs: Inputs, *numbers: tuple[str, Any]) -> Outcome:
    words = inputs.words
    shown: list[tuple[str, str]] = [(_("Computed as"), result.method)]
    for name, value in numbers:
        if isinstance(value, (list, tuple)):
            shown.append((name, span(value, words)))
        else:
            shown += fact(name, value, words)
    return Outcome(
        sentences=told(result, words), warnings=said(result.warnings, words), facts=shown
    )


def _agreement(inputs: Inputs) -> Outcome:
    columns = [column.texts for column in inputs.columns.get("ratings", ())]
    if len(columns) < 2:  # noqa: PLR2004
        raise Unfit(_("Choose the ratings of two appraisers or more."), field="ratings")
    if len(columns) == 2:  # noqa: PLR2004
        result: Any = stats.cohen_kappa(columns[0], columns[1])
    else:
        result = stats.fleiss_kappa([list(row) for row in zip(*columns, strict=True)])
    return _study(result, inputs, (_("Kappa"), result.kappa))


METHODS = (
    Method(
        name="grr", label=_l("Gage R&R, crossed"), group=GROUP,
        when=_l("Several appraisers measure several parts, each two or three times."),
        slots=(
            Slot(name="part", label=_l("Part"), texts=True),
            Slot(name="operator", label=_l("Appraiser"), texts=True), READING,
        ),
        options=(TOLERANCE,), run=_grr, fits=_fits_grr,
    ),
    Method(
        name="type1", label=_l("Type 1 study: Cg, Cgk"), group=GROUP,
        when=_l("One part of known value, measured 25 times or more by one person."),
        slots=(READING,), options=(REFERENCE, TOLERANCE), run=_type1,
    ),
    Method(
        name="bias", label=_l("Bias"), group=GROUP,
        when=_l("Does the gauge read too high or too low on a part of known value?"),
        slots=(READING,), options=(REFERENCE,), run=_bias,
    ),
    Method(
        name="linearity", label=_l("Linearity"), group=GROUP,
        when=_l("Parts of known value over the whole range: does the bias change with the size?"),
        slots=(Slot(name="reference", label=_l("Accepted value")), READING), run=_linearity,
    ),
    Method(
        name="agreement", label=_l("Agreement of appraisers: kappa"), group=GROUP,
        when=_l("Good or bad, or a defect class: do people who judge the same pieces agree?"),
        slots=(
            Slot(name="ratings", label=_l("One column each appraiser"), texts=True, many=True),
        ),
        run=_agreement,
        fits=lambda values: 2 * (not values.numeric and len(values.columns) > 1),
    ),
)  # fmt: skip
