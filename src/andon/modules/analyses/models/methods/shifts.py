"""Small shifts and rare events in the Workbench."""

from collections.abc import Sequence

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy as _l
from django.utils.translation import ngettext

from andon import stats

from .charts import GROUP, RULES, VALUES, look_of, outcome_of
from .kinds import LABELS, Inputs, Method, Option, Outcome, Slot
from .speaking import fact, said


def _ewma(inputs: Inputs) -> Outcome:
    x = inputs.numbers("x")
    base = stats.imr_chart(x)
    chart = stats.ewma_chart(
        x, lam=inputs["lam"], L=inputs["L"], center=base.center, sigma=base.sigma
    )
    return outcome_of(chart, _("Weighted means"), look_of(inputs, inputs.name("x"), len(x)))


def _cusum(inputs: Inputs) -> Outcome:
    x, words = inputs.numbers("x"), inputs.words
    chart = stats.cusum_chart(x, k=inputs["k"], h=inputs["h"], center=inputs["center"])
    found = len(chart.signals_up) + len(chart.signals_down)
    name = inputs.name("x")
    text = ngettext(
        "%(name)s has moved: %(count)d point signals.",
        "%(name)s has moved: %(count)d points signal.",
        found,
    ) % {"name": name, "count": found}
    return Outcome(
        sentences=[text if found else _("%s has not moved: no point signals.") % name],
        warnings=said(chart.warnings, words),
        facts=[
            (_("Computed as"), chart.method),
            (_("Signals upwards"), _points(chart.signals_up)),
            (_("Signals downwards"), _points(chart.signals_down)),
            *fact(_("New mean, upwards"), _last(chart.new_mean_up), words),
            *fact(_("New mean, downwards"), _last(chart.new_mean_down), words),
        ],
        figures=stats.figures(chart, stats.Look(name=name, words=words)),
    )


def _points(points: Sequence[int]) -> str:
    shown = ", ".join(str(point) for point in points[:20])
    return shown + (" …" if len(points) > 20 else "") or "–"  # noqa: PLR2004


def _last(value: float | Sequence[float | None] | None) -> float | None:
    if isinstance(value, Sequence):
        return next((one for one in reversed(value) if one is not None), None)
    return value


def _rare(inputs: Inputs) -> Outcome:
    x = inputs.numbers("x")
    chart = stats.g_chart(x) if inputs["kind"] == "units" else stats.t_chart(x)
    return outcome_of(
        chart, _("Distances between events"), look_of(inputs, inputs.name("x"), len(x))
    )


METHODS = (
    Method(
        name="ewma", label=_l("EWMA: small shifts"), group=GROUP,
        when=_l("A shift of one sigma or less must be seen soon."),
        slots=(VALUES, LABELS),
        options=(
            Option(name="lam", label=_l("Weight of the newest value"), default=0.2, required=True),
            Option(name="L", label=_l("Width of the limits in sigmas"), default=2.7, required=True),
        ),
        run=_ewma,
    ),
    Method(
        name="cusum", label=_l("CUSUM: small shifts that stay"), group=GROUP,
        when=_l("When did it begin to move, and where is it now?"),
        slots=(VALUES, LABELS),
        options=(
            Option(name="center", label=_l("Aim; empty for the mean of the values")),
            Option(name="k", label=_l("Slack k, in sigmas"), default=0.5, required=True),
            Option(name="h", label=_l("Decision h, in sigmas"), default=5.0, required=True),
        ),
        run=_cusum,
    ),
    Method(
        name="rare", label=_l("g and t: rare events"), group=GROUP,
        when=_l("So few events that most periods have none: chart the distance between them."),
        slots=(Slot(name="x", label=_l("Distance from the event before")), LABELS),
        options=(
            Option(
                name="kind", label=_l("Distance in"), kind="choice", default="time",
                choices=(("time", _l("Time")), ("units", _l("Units made"))),
            ),
            RULES,
        ),
        run=_rare,
    ),
)  # fmt: skip
