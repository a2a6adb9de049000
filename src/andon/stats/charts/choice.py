"""Which control chart fits a ratio, and why."""

import math
from dataclasses import dataclass
from typing import Literal, TypeAlias, get_args

import numpy as np

from andon.stats.charts.chart import ControlChart
from andon.stats.charts.count_lines import AttributeChart
from andon.stats.charts.counts import (
    laney_p_chart,
    laney_u_chart,
    p_chart,
    u_chart,
)
from andon.stats.charts.individuals import imr_chart
from andon.stats.charts.sizes import ratios
from andon.stats.inputs import Floats, Values, one_of
from andon.stats.results import Result
from andon.stats.sentences import NO_DATA, Sentence, gettext_noop, number

Kind: TypeAlias = Literal["proportion", "rate", "measured"]
ChartName: TypeAlias = Literal["p", "laney_p", "u", "laney_u", "imr"]

LARGE = 2000
"""Units in a point from which the binomial limits become narrower than a real process."""
EVENNESS = 0.25
ENOUGH = 8
"""Points a scatter between points can be told from."""
_SCATTER_OF_SIGMA_Z = 0.826  # variance of a moving-range sigma times points, NIST 6.3.2.2


@dataclass(frozen=True, kw_only=True)
class ChartChoice(Result):
    """The chart to use, the reason in a sentence, and what the choice rests on."""

    chart: ChartName
    reason: Sentence
    mean_denominator: float | None = None
    sigma_z: float | None = None
    overdispersed: bool = False
    even: bool = False


def choose_chart(
    numerators: Values, denominators: Values, *, kind: Kind = "proportion"
) -> ChartChoice:
    r"""The chart that fits these period points.

    * ``proportion`` (units of units): p; Laney p' when the points hold 2 000 units or more on
      average, or scatter more than the binomial allows.
    * ``rate`` (events per exposure): u; Laney u' by the same rule, with 2 000 expected events.
    * ``measured`` (an amount of an amount: lost hours of planned hours, kilograms, money):
      individuals and moving ranges if the denominators lie within 25 % of their mean and the
      ratios stay away from 0 (and from 1, if they cannot exceed it); else Laney.

    Scatter counts as more than chance if :math:`\sigma_z > 1 + 1.645\sqrt{0.826/(k-1)}` [1]_
    over k points.

    Parameters
    ----------
    numerators, denominators : sequence of float or None
        One pair for each period in time order.
    kind : {"proportion", "rate", "measured"}

    Returns
    -------
    ChartChoice

    Raises
    ------
    ValueError
        For an unknown kind, or values no such ratio can have.

    References
    ----------
    .. [1] D. B. Laney, Quality Engineering 14 (2002) 531; the bound is the large-sample 95 %
       point of a sigma from moving ranges.

    Examples
    --------
    >>> print(choose_chart([4, 6, 5], [100, 120, 90]).reason)
    p chart: counted units of units, and the points scatter no more than chance allows.
    """
    one_of(kind, get_args(Kind), "kind")
    top, bottom, missing = ratios(
        numerators, denominators, ("numerators", "denominators"), share=kind == "proportion"
    )
    there = ~np.isnan(top)
    size = int(there.sum())
    facts = _Facts.of(top, bottom, kind)
    chart, reason = facts.choose(kind) if size else _default(kind)
    return ChartChoice(
        n=size,
        n_missing=missing,
        method="evenness of denominators, size of points, Laney's sigma z",
        warnings=() if size else (NO_DATA,),
        chart=chart,
        reason=reason,
        mean_denominator=facts.mean,
        sigma_z=facts.sigma_z,
        overdispersed=facts.overdispersed,
        even=facts.even,
    )


def draw(
    choice: ChartChoice | ChartName,
    numerators: Values,
    denominators: Values,
    *,
    baseline: slice | None = None,
    exclude: tuple[int, ...] = (),
) -> ControlChart:
    """The chart ``choice`` names, of these points (individuals: of the ratios)."""
    name = choice.chart if isinstance(choice, ChartChoice) else choice
    one_of(name, get_args(ChartName), "choice")
    if name == "imr":
        names = ("numerators", "denominators")
        top, bottom, _ = ratios(numerators, denominators, names, share=False)
        return imr_chart(top / bottom, baseline=baseline, exclude=exclude)
    return _DRAWN[name](numerators, denominators, baseline=baseline, exclude=exclude)


_DRAWN = {"p": p_chart, "laney_p": laney_p_chart, "u": u_chart, "laney_u": laney_u_chart}


@dataclass(frozen=True)
class _Facts:
    mean: float | None
    sigma_z: float | None
    overdispersed: bool
    large: bool
    even: bool
    away: bool
    share: bool

    @classmethod
    def of(cls, top: Floats, bottom: Floats, kind: Kind) -> "_Facts":
        there = ~np.isnan(top)
        size = int(there.sum())
        if not size:
            return cls(None, None, False, False, False, False, False)
        exposure, amount = bottom[there], top[there]
        share = kind == "proportion" or bool((amount <= exposure).all())
        mean = float(exposure.mean())
        chart = _laney(top, bottom, share=share)
        sigma_z = chart.sigma_z
        bound = 1 + 1.645 * math.sqrt(_SCATTER_OF_SIGMA_Z / max(size - 1, 1))
        typical = mean if kind == "proportion" else float(amount.mean())
        return cls(
            mean=mean,
            sigma_z=sigma_z,
            overdispersed=sigma_z is not None and sigma_z > bound,
            large=typical >= LARGE and size >= ENOUGH,
            even=bool((np.abs(exposure / mean - 1) <= EVENNESS).all()),
            away=_away(amount / exposure, share=share),
            share=share,
        )

    def choose(self, kind: Kind) -> tuple[ChartName, Sentence]:
        laney: ChartName = "laney_p" if self.share and kind != "rate" else "laney_u"
        if kind == "measured":
            return self._measured(laney)
        if self.overdispersed and self.sigma_z is not None:
            return laney, Sentence.of("overdispersed", _OVERDISPERSED, sigma_z=number(self.sigma_z))
        if self.large:
            return laney, Sentence("large", _LARGE)
        return _default(kind)

    def _measured(self, laney: ChartName) -> tuple[ChartName, Sentence]:
        if self.even and self.away:
            return "imr", Sentence("even", _EVEN)
        if not self.even:
            return laney, Sentence("uneven", _UNEVEN)
        return laney, Sentence("near_bound", _NEAR)


def _laney(top: Floats, bottom: Floats, *, share: bool) -> AttributeChart:
    return laney_p_chart(top, bottom) if share else laney_u_chart(top, bottom)


def _away(ratio: Floats, *, share: bool) -> bool:
    """Three sigmas from the mean stay inside the possible range, and no ratio is on its edge."""
    chart = imr_chart(ratio)
    if chart.lcl is None or chart.ucl is None:
        return False
    inside = chart.lcl > 0 and float(ratio.min()) > 0
    return inside and (not share or (chart.ucl < 1 and float(ratio.max()) < 1))


def _default(kind: Kind) -> tuple[ChartName, Sentence]:
    if kind == "proportion":
        return "p", Sentence("binomial", _BINOMIAL)
    if kind == "rate":
        return "u", Sentence("poisson", _POISSON)
    return "imr", Sentence("measured", _EVEN)


_BINOMIAL = gettext_noop(
    "p chart: counted units of units, and the points scatter no more than chance allows."
)
_POISSON = gettext_noop(
    "u chart: counted events per exposure, and the points scatter no more than chance allows."
)
_OVERDISPERSED = gettext_noop(
    "Laney chart: the points scatter %(sigma_z)s times as much as pure counting would, so its "
    "limits take in the usual scatter between periods."
)
_LARGE = gettext_noop(
    "Laney chart: the points hold so many units that limits from counting alone would be too "
    "narrow and raise false alarms."
)
_EVEN = gettext_noop(
    "Individuals and moving ranges: measured amounts, similar denominators (within 25 %%) and "
    "ratios away from their bounds."
)
_UNEVEN = gettext_noop(
    "Laney chart: the denominators differ by more than 25 %% from their mean, so every point "
    "needs its own limits."
)
_NEAR = gettext_noop(
    "Laney chart: the ratios come close to their bound, where limits for individual values "
    "would be wrong."
)
