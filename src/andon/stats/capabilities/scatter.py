"""Mean and scatter of the values under study: within subgroups or moving ranges, and overall."""

from dataclasses import dataclass
from typing import Literal, TypeAlias

import numpy as np

from andon.stats.blocks import Engine, Survey, survey
from andon.stats.capabilities.indices import Specification
from andon.stats.capabilities.magnitudes import check_size
from andon.stats.capabilities.stability import MOST_CHARTED
from andon.stats.charts.chart import ControlChart
from andon.stats.charts.factors import d2
from andon.stats.charts.individuals import imr_chart
from andon.stats.charts.subgroups import Rows, Subgroups
from andon.stats.charts.xbar import xbar_r_chart, xbar_s_chart
from andon.stats.inputs import Floats, one_of

Within: TypeAlias = Literal["rbar", "sbar", "pooled", "mr"]

_SPAN = 2
_MOST_FOR_RANGES = 10
_FREEDOM = {"pooled": 1.0, "rbar": 0.9, "sbar": 0.9, "mr": 0.62}
_TEXTS = {
    "rbar": "mean of R/d2 of the subgroups",
    "sbar": "mean of s/c4 of the subgroups",
    "pooled": "pooled s within the subgroups over c4",
    "mr": "mean moving range over d2(2)",
}


@dataclass(frozen=True)
class Scatter:
    """What the indices are computed from, and the values themselves for tests and the chart.

    ``nu`` are the degrees of freedom of the sigma within.
    """

    survey: Survey
    n_missing: int
    how: str
    within: float | None
    nu: float
    values: Floats
    rows: Floats | None = None

    @classmethod
    def of_values(
        cls, x: Floats, asked: Specification, within: Within | None, engine: Engine
    ) -> "Scatter":
        """Single values in time order."""
        if within is not None:
            one_of(within, ("mr",), "within")
        found = survey(x, asked.lsl, asked.usl, engine=engine)
        check_size(max(abs(found.minimum or 0.0), abs(found.maximum or 0.0)), "x")
        moved = found.mean_moving_range
        sigma = None if moved is None else moved / d2(_SPAN)
        nu = _FREEDOM["mr"] * max(found.n - 1, 0)
        return cls(found, found.n_missing, "mr", sigma, nu, x)

    @classmethod
    def of_subgroups(
        cls, subgroups: Rows, asked: Specification, within: Within | None, engine: Engine
    ) -> "Scatter":
        """Subgroups in time order."""
        if within is not None:
            one_of(within, ("rbar", "sbar", "pooled"), "within")
        with np.errstate(over="ignore", invalid="ignore"):
            groups = Subgroups.of(subgroups)
        check_size(float(np.nanmax(np.abs(groups.rows), initial=0.0)), "subgroups")
        everything = np.ones(groups.sizes.size, dtype=np.bool_)
        largest = int(groups.sizes.max(initial=0))
        how = within or ("rbar" if largest <= _MOST_FOR_RANGES else "pooled")
        if how == "rbar":
            sigma = groups.sigma_r(everything, weighted=False)
        elif how == "sbar":
            sigma = groups.sigma_s(everything, weighted=False)
        else:
            sigma = groups.sigma_pooled(everything)
        nu = _FREEDOM[how] * int(np.maximum(groups.sizes - 1, 0).sum())
        values = groups.rows.ravel()
        found = survey(values, asked.lsl, asked.usl, engine=engine)
        return cls(found, groups.n_missing, how, sigma, nu, values, groups.rows)

    @property
    def n(self) -> int:
        """Values used."""
        return self.survey.n

    @property
    def grouped(self) -> bool:
        """Whether the values came in subgroups."""
        return self.rows is not None

    @property
    def method(self) -> str:
        """The two sigmas in words."""
        sigma_m = "within" if self.grouped else "overall"
        return (
            f"normal distribution; sigma within: {_TEXTS[self.how]}; sigma overall: s (n - 1); "
            f"Cpm with sigma {sigma_m}"
        )

    def chart(self) -> ControlChart | None:
        """The control chart of the same values with the same sigma; None if too long for one."""
        if self.values.size > MOST_CHARTED:
            return None
        if self.rows is None:
            return imr_chart(self.values)
        if self.how == "rbar":
            return xbar_r_chart(self.rows)
        return xbar_s_chart(self.rows, estimator="mean" if self.how == "sbar" else "pooled")
