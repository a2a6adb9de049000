"""Capability and normality in the Workbench."""

from __future__ import annotations

import math
from collections.abc import Sequence
from typing import Any, cast

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy as _l

from andon import stats
from andon.stats.drawing.figure import Figure
from andon.stats.drawing.plane import Axis, Curve, Mark, histogram_figure
from andon.ui.paper import Section

from .charts import LOWER, SIZE, UPPER, subgroups_of
from .kinds import LABELS, Inputs, Method, Option, Outcome, Slot
from .speaking import chance, fact, said, span, told

GROUP = _l("Does it fit the tolerance?")
MOST_DRAWN = 400
FAMILY = Option(
    name="distribution",
    label=_l("stats.Distribution"),
    kind="choice",
    default="normal",
    choices=(
        ("normal", _l("Normal")),
        ("boxcox", _l("Normal after Box-Cox")),
        ("lognormal", _l("Lognormal")),
        ("weibull", _l("Weibull")),
        ("gamma", _l("Gamma")),
        ("folded_normal", _l("Folded normal: flatness, run-out")),
        ("empirical", _l("None: percentiles of 2,000 values or more")),
    ),
)
REQUIRED = Option(name="required", label=_l("Index that is asked for"), default=1.33, required=True)


def _capability(inputs: Inputs) -> Outcome:
    limits = {"lsl": inputs["lsl"], "usl": inputs["usl"]}
    required = inputs["required"]
    family = inputs["distribution"] or "normal"
    columns = inputs.several("x")
    grouped = len(columns) > 1 or inputs.texts("subgroup") or inputs["size"]
    if family == "normal" and grouped:
        groups = subgroups_of(inputs)
        result: Any = stats.capability(
            subgroups=groups, target=inputs["target"], required=required, **limits
        )
        chart: stats.ControlChart = stats.xbar_r_chart(groups)
        values = [value for group in groups for value in group]
    else:
        values = [value for column in columns for value in column]
        result = _of_values(values, family, inputs, required, limits)
        chart = stats.imr_chart(values)
    return Outcome(
        sentences=told(result, inputs.words),
        warnings=said(result.warnings, inputs.words),
        facts=[(_("Computed as"), result.method), *_tails(result, inputs)],
        figures=_pictures(values, family, chart, inputs),
        tables=[_indices(result, inputs)],
    )


def _of_values(
    values: Sequence[float | None], family: str, inputs: Inputs, required: float, limits: Any
) -> Any:
    if family == "normal":
        return stats.capability(values, target=inputs["target"], required=required, **limits)
    if family == "boxcox":
        return stats.capability_boxcox(values, required=required, **limits)
    return stats.capability_nonnormal(
        values, distribution=cast("stats.Distribution", family), required=required, **limits
    )


def _tails(result: Any, inputs: Inputs) -> list[tuple[str, str]]:
    words = inputs.words
    return [
        *fact(_("Mean"), getattr(result, "mean", None), words),
        *fact(_("Sigma within"), getattr(result, "sigma_within", None), words),
        *fact(_("Sigma overall"), getattr(result, "sigma_overall", None), words),
        *fact(_("Expected outside, ppm"), getattr(result, "expected_ppm_total", None), words),
        *fact(_("Seen outside, ppm"), getattr(result, "observed_ppm_total", None), words),
    ]


def _indices(result: Any, inputs: Inputs) -> Section:
    shown = []
    for name in ("cp", "cpl", "cpu", "cpk", "cpm", "pp", "ppl", "ppu", "ppk"):
        value = getattr(result, name, None)
        if value is not None:
            ends = getattr(result, f"{name}_ci", None)
            shown.append(
                (
                    name.capitalize(),
                    f"{value:.2f}",
                    "–" if ends is None else span(ends, inputs.words),
                )
            )
    return Section(
        title=_("Indices"), columns=[_("Index"), _("Estimate"), _("95 % interval")], rows=shown
    )


def _pictures(
    values: Sequence[float | None], family: str, chart: stats.ControlChart, inputs: Inputs
) -> list[Figure]:
    name, words = inputs.name("x"), inputs.words
    there = [value for value in values if value is not None]
    if not there:
        return []
    bins = stats.histogram(there)
    marks = [
        Mark(str(label), float(inputs[key]))
        for key, label in (("lsl", _("Lower spec")), ("usl", _("Upper spec")))
        if inputs[key] is not None
    ]
    figures = [
        histogram_figure(
            bins.edges, bins.counts, x=Axis(name), marks=marks, words=words,
            curve=_bell(there, bins.edges) if family == "normal" else None,
            caption=_("%(count)d values of %(name)s against the specification.")
            % {"count": len(there), "name": name},
        )
    ]  # fmt: skip
    figures += _probability(there, family, inputs)
    if len(chart.values) <= MOST_DRAWN:
        look = stats.Look(name=name, label_name=_("Point"), words=words)
        figures.append(stats.drawn(chart, _("Values"), look)[0].figure)
    return figures


def _bell(values: Sequence[float], edges: Sequence[float]) -> Curve | None:
    found = stats.summary_statistics(values)
    if not found.sd or found.mean is None:
        return None
    low, high = found.mean - 4 * found.sd, found.mean + 4 * found.sd
    scale = len(values) * (edges[1] - edges[0]) / (found.sd * math.sqrt(2 * math.pi))
    xs = [low + (high - low) * at / 80 for at in range(81)]
    places = [(x, scale * math.exp(-(((x - found.mean) / found.sd) ** 2) / 2)) for x in xs]
    return Curve(_("Normal distribution"), places, colour="$limit")


def _probability(values: Sequence[float], family: str, inputs: Inputs) -> list[Figure]:
    if family in {"empirical", "boxcox"}:
        return []
    plot = stats.probability_plot(values, distribution=family)
    return stats.figures(plot, stats.Look(name=inputs.name("x"), words=inputs.words))


def _normality(inputs: Inputs) -> Outcome:
    values = inputs.numbers("x")
    result = stats.normality_test(values)
    words = inputs.words
    there = [value for value in values if value is not None]
    return Outcome(
        sentences=told(result, words),
        warnings=said(result.warnings, words),
        facts=[
            (_("Computed as"), result.method),
            *fact(_("Anderson-Darling"), result.ad, words),
            *chance(_("p of Anderson-Darling"), result.ad_p),
            *fact(_("Shapiro-Wilk"), result.shapiro_w, words),
            *chance(_("p of Shapiro-Wilk"), result.shapiro_p),
        ],
        figures=_probability(there, "normal", inputs),
    )


METHODS = (
    Method(
        name="capability", label=_l("Capability: Cp, Cpk, Pp, Ppk"), group=GROUP,
        when=_l("Measured values with a specification limit, from a process that is stable."),
        slots=(
            Slot(name="x", label=_l("Values (one column, or one for each piece)"), many=True),
            Slot(name="subgroup", label=_l("Subgroup"), texts=True, required=False),
        ),
        options=(
            LOWER, UPPER, Option(name="target", label=_l("Target of the dimension")),
            REQUIRED, FAMILY, SIZE,
        ),
        run=_capability, fits=lambda values: int(bool(values.numeric)),
    ),
    Method(
        name="normality", label=_l("Normality test"), group=GROUP,
        when=_l("Before a capability study: do the values follow the normal distribution?"),
        slots=(Slot(name="x", label=_l("Values")), LABELS), run=_normality,
    ),
)  # fmt: skip
