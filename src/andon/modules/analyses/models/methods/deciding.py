"""Causes, lives and lots in the Workbench."""

from __future__ import annotations

from typing import Any, cast

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy as _l

from andon import stats
from andon.modules.analyses.models.tables import Values
from andon.ui.paper import Section

from .kinds import Inputs, Method, Option, Outcome, Slot
from .speaking import fact, said, span, told

CAUSES = _l("Where to begin?")
LOTS = _l("Accept this lot?")
TWO = 2
MOST_CAUSES = 40
AQLS = ("0.065", "0.10", "0.15", "0.25", "0.40", "0.65", "1.5", "2.5", "4.0", "6.5", "10")


def _pareto(inputs: Inputs) -> Outcome:
    names = inputs.texts("names")
    counts = inputs.numbers("counts") or [1.0] * len(names)
    sums: dict[str, float] = {}
    for name, count in zip(names, counts, strict=True):
        if name and count is not None:
            sums[name] = sums.get(name, 0.0) + count
    found = stats.pareto(list(sums), list(sums.values()), keep=12, other=_("Other causes"))
    words = inputs.words
    if not found.total:
        return Outcome(warnings=said(found.warnings, words))
    few = ", ".join(found.names[: found.vital_few])
    share = found.cumulative_percent[found.vital_few - 1]
    return Outcome(
        sentences=[
            _("%(few)s make %(share)s %% of the total of %(total)s.")
            % {"few": few, "share": f"{share:.0f}", "total": words.show(found.total)}
        ],
        facts=[(_("Computed as"), found.method)],
        figures=stats.figures(found, _look_of_causes(inputs)),
    )  # fmt: skip


def _look_of_causes(inputs: Inputs) -> stats.Look:
    name = inputs.name("counts") if inputs.column("counts") else _("Count")
    return stats.Look(name=name, label_name=inputs.name("names"), words=inputs.words)


def _fits_pareto(values: Values) -> int:
    texts = [column for column in values.columns if not column.is_number]
    if len(texts) != 1 or len(values.columns) > TWO:
        return 0
    if values.numeric:
        # Names with digits are rather periods or samples than causes.
        causes = not any(character.isdigit() for name in texts[0].texts for character in name)
        return 1 + 2 * (causes and texts[0].kinds == values.size <= MOST_CAUSES)
    return 2 * (texts[0].kinds < values.size)


def _weibull(inputs: Inputs) -> Outcome:
    failed = [None if v is None else bool(v) for v in inputs.numbers("failed")] or None
    result = stats.weibull_fit(inputs.numbers("t"), failed)
    words = inputs.words
    return Outcome(
        sentences=told(result, words),
        warnings=said(result.warnings, words),
        facts=[
            (_("Computed as"), result.method),
            *fact(_("Shape"), result.shape, words),
            *fact(_("Scale"), result.scale, words),
            *fact(_("B10 life"), result.b10, words),
            (_("Interval of B10"), span(result.b10_ci, words) or "–"),
            *fact(_("Mean life"), result.mean_life, words),
        ],
        figures=stats.figures(result, stats.Look(name=inputs.name("t"), words=words)),
    )


def _lots(inputs: Inputs) -> Outcome:
    words = inputs.words
    sizes = [int(size) for size in inputs.numbers("lot_size") if size is not None]
    found = inputs.numbers("found")
    plans = [_plan(size, inputs) for size in sizes]
    rows: list[tuple[Any, ...]] = []
    for at, plan in enumerate(plans):
        cells = ", ".join(f"{s.n}: {s.ac}/{s.re}" for s in plan.stages)
        count = found[at] if at < len(found) else None
        verdict = None
        if count is not None:
            verdict = words.sentence(stats.decide(plan, [cast("int", count)]).sentence)
        rows.append((sizes[at], plan.plan_letter, cells, verdict))
    if not plans:
        return Outcome(warnings=[_("There are no values to compute from.")])
    first = plans[0]
    curve = stats.oc_curve([s.n for s in first.stages], [s.ac for s in first.stages],
                           [s.re for s in first.stages], model=first.oc_model)  # fmt: skip
    return Outcome(
        sentences=[*said([first.task], words), *told(curve, words)],
        warnings=said(first.warnings, words),
        facts=[
            (_("Rules"), first.method),
            *((_("Step"), text) for text in said(first.steps, words)),
        ],
        figures=stats.figures(curve, stats.Look(words=words, aql=float(inputs["aql"]))),
        tables=[
            Section(
                title=_("Lots"), rows=rows,
                columns=[_("Lot size"), _("Code letter"), _("Sample: Ac/Re"), _("Decision")],
            )
        ],
    )  # fmt: skip


def _plan(size: int, inputs: Inputs) -> Any:
    return stats.sampling_plan(
        size, inputs["aql"], level=inputs["level"], severity=inputs["severity"],
        kind=inputs["kind"], rules=inputs["rules"],
    )  # fmt: skip


def _choice(name: str, label: Any, *values: str) -> Option:
    return Option(
        name=name, label=label, kind="choice", default=values[0],
        choices=[(value, value) for value in values],
    )  # fmt: skip


METHODS = (
    Method(
        name="pareto", label=_l("Pareto"), group=CAUSES,
        when=_l("Causes with their number, cost or time: which few make most of the trouble?"),
        slots=(
            Slot(name="names", label=_l("Cause"), texts=True),
            Slot(name="counts", label=_l("Number, cost or time"), required=False, taken=True),
        ),
        run=_pareto, fits=_fits_pareto,
    ),
    Method(
        name="weibull", label=_l("Life: Weibull"), group=CAUSES,
        when=_l("Times to failure, and of those that still run."),
        slots=(
            Slot(name="t", label=_l("Time")),
            Slot(name="failed", label=_l("Failed: 1, still running: 0"), required=False),
        ),
        run=_weibull,
    ),
    Method(
        name="lots", label=_l("Acceptance sampling by attributes"), group=LOTS,
        when=_l("One row for each lot: how many to inspect, and whether to accept."),
        slots=(
            Slot(name="lot_size", label=_l("Lot size"), counts=True),
            Slot(name="found", label=_l("Nonconforming found"), required=False),
        ),
        options=(
            _choice("aql", _l("AQL"), "1.0", *AQLS),
            _choice("level", _l("Inspection level"), "II", "I", "III", "S-1", "S-2", "S-3", "S-4"),
            _choice("severity", _l("Inspection"), "normal", "tightened", "reduced"),
            _choice("kind", _l("Sampling"), "single", "double"),
            _choice("rules", _l("Rules"), "ISO 2859-1:1999", "ANSI Z1.4"),
        ),
        run=_lots,
    ),
)  # fmt: skip
