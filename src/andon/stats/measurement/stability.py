"""Stability: repeated readings of one reference part over time, on a control chart."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import cast

import numpy as np

from andon.stats.charts.chart import ControlChart
from andon.stats.charts.individuals import imr_chart
from andon.stats.charts.signals import Signal, signals
from andon.stats.charts.xbar import xbar_r_chart
from andon.stats.inputs import ArgumentError, Values, listing, one_of, real
from andon.stats.measurement.bias import BiasStudy, bias_study
from andon.stats.names import column
from andon.stats.registers import BITS
from andon.stats.results import Result
from andon.stats.sentences import Sentence, gettext_noop

STABILITY_RULES = ("n1", "we4", "n3")
_ADVISED = 20
_FEW_POINTS = Sentence(
    "few_points",
    gettext_noop("Fewer than 20 points: the limits are provisional."),
)


@dataclass(frozen=True, kw_only=True)
class StabilityStudy(Result):
    """The chart of a reference part over time.

    ``stable`` if no rule signals (None without limits); ``bias`` compares all readings with the
    reference, if one is given, and means little if the gage is not stable.
    """

    chart: ControlChart
    signals: list[Signal]
    stable: bool | None = None
    bias: BiasStudy | None = None
    report: tuple[Sentence, ...] = ()

    def rows(self) -> list[dict[str, object]]:
        """One row for each point of the chart."""
        return self.chart.rows()


def stability_study(
    x: Values | Sequence[Values],
    reference: float | None = None,
    *,
    center: float | None = None,
    sigma: float | None = None,
    rules: Sequence[str] = STABILITY_RULES,
    confidence: float = 0.95,
) -> StabilityStudy:
    """Readings of one reference part over time, charted and judged by run rules.

    Single readings give a chart of individuals, several readings each time an X-bar-R chart (a
    list for each time); stable means that no rule signals [1]_.

    Parameters
    ----------
    x : sequence of float, or of sequences
        Readings in time order in their own unit, or the readings of each time.
    reference : float, optional
        The accepted value of the part, same unit: adds the bias of all readings.
    center, sigma : float, optional
        Frozen lines of an earlier study (``sigma`` of one reading).
    rules : sequence of str
        Ids of `run_rules`: beyond 3 sigma, 8 in a row on one side, 6 in a row rising or falling.
    confidence : float
        Of the interval of the bias.

    Returns
    -------
    StabilityStudy

    Raises
    ------
    ValueError
        For infinite values or texts, an unknown rule, or times with one reading only.

    References
    ----------
    .. [1] AIAG, Measurement Systems Analysis, 4th ed., stability.

    Examples
    --------
    >>> study = stability_study([6.0, 6.1, 5.9, 6.0, 6.1, 5.9, 6.0, 6.9], reference=6.0)
    >>> study.stable, str(study.signals[0])
    (False, 'Point 8: 6.9 lies above the upper limit of 6.758.')
    """
    given = column(x, "x")
    wanted = [one_of(rule, tuple(BITS), "rules") for rule in listing(rules, "rules")]
    nested = any(hasattr(item, "__len__") and not isinstance(item, str) for item in given)
    chart = _chart(x, center, sigma, nested=nested)
    found = signals(chart, rules=wanted)
    stable = None if chart.lcl is None else not found
    few = 0 < len(chart.values) < _ADVISED and center is None
    return StabilityStudy(
        n=chart.n,
        n_missing=chart.n_missing,
        method=chart.method,
        warnings=(*chart.warnings, *((_FEW_POINTS,) if few else ())),
        chart=chart,
        signals=found,
        stable=stable,
        bias=None if reference is None else _bias(x, real(reference, "reference"), confidence),
        report=_report(found, stable=stable),
    )


def _chart(
    x: Values | Sequence[Values], center: float | None, sigma: float | None, *, nested: bool
) -> ControlChart:
    if not nested:
        return imr_chart(cast("Values", x), center=center, sigma=sigma)
    try:
        return xbar_r_chart(cast("Sequence[Values]", x), center=center, sigma=sigma)
    except ArgumentError as error:
        name = "x" if error.argument == "subgroups" else error.argument
        raise ArgumentError(name, error.sentence) from error


def _bias(x: Values | Sequence[Values], reference: float, confidence: float) -> BiasStudy:
    rows = [np.asarray(row, dtype=np.float64).ravel() for row in x]
    return bias_study(np.concatenate([*rows, []]), reference, confidence)


def _report(found: list[Signal], *, stable: bool | None) -> tuple[Sentence, ...]:
    if stable is None:
        return ()
    if stable:
        return (_STABLE,)
    return (_NOT_STABLE, *(signal.sentence for signal in found))


_STABLE = Sentence("stable", gettext_noop("No rule signals: the gage is stable so far."))
_NOT_STABLE = Sentence(
    "not_stable",
    gettext_noop("The gage is not stable: find out what changed before trusting its readings."),
)
