"""Result of charts of counts, and their centre, sigma and limits point by point."""

from dataclasses import dataclass
from typing import Literal, TypeAlias

import numpy as np

from andon.stats.charts.chart import ControlChart
from andon.stats.inputs import ROUNDING, ArgumentError, Floats, Values, amounts, real

CountKind: TypeAlias = Literal["p", "np", "c", "u"]


@dataclass(frozen=True, kw_only=True)
class AttributeChart(ControlChart):
    """A chart of counts; ``z`` is each point in sigmas from the centre (binomial or Poisson).

    ``level`` is the proportion or rate behind the centre line.
    """

    z: list[float | None]
    sigma_z: float | None = None
    level: float | None = None

    def given(self) -> dict[str, object]:
        """The arguments that freeze these lines for a chart of later points (phase 2)."""
        laney = {} if self.sigma_z is None else {"sigma_z": self.sigma_z}
        return {"center": self.level, **laney}


@dataclass(frozen=True)
class Lines:
    """Per-point arrays of one chart; NaN where a point or the level does not exist."""

    values: Floats
    center: Floats
    sigma: Floats
    z: Floats
    lcl: Floats
    ucl: Floats
    highest: Floats

    @classmethod
    def of(
        cls, kind: CountKind, top: Floats, bottom: Floats, level: float | None, sigma: float | None
    ) -> "Lines":
        share, drawn_as_number = kind in {"p", "np"}, kind in {"np", "c"}
        middle = np.nan if level is None else level
        one = np.sqrt(middle * (1 - middle) if share else middle) if sigma is None else sigma
        scale = bottom if drawn_as_number else np.ones_like(bottom)
        values, center = top / bottom * scale, middle * scale + 0 * bottom
        values = top if drawn_as_number else values
        spread = one / np.sqrt(bottom) * scale
        away = values - center
        # A point that equals the centre but for rounding lies on it.
        away[np.abs(away) <= ROUNDING * np.abs(center)] = 0
        z = np.full_like(away, np.nan)
        np.divide(away, spread, out=z, where=spread > 0)
        highest = scale if share else np.full_like(scale, np.inf)
        lines = cls(values, center, spread, z, center, center, highest)
        return lines.widened(1.0)

    def widened(self, factor: float | None) -> "Lines":
        """The same with sigma times ``factor``, limits anew; sigma 0 stays 0 without a factor."""
        times = np.nan if factor is None else factor
        sigma = np.where(self.sigma == 0, 0.0, self.sigma * times)
        return Lines(
            self.values,
            self.center,
            sigma,
            self.z,
            np.maximum(self.center - 3 * sigma, 0),
            np.minimum(self.center + 3 * sigma, self.highest),
            self.highest,
        )


def proportion_meant(center: float | None, n: Values | float) -> float | None:
    """The proportion meant by the ``center`` of an np chart."""
    if center is None or real(center, "center") <= 1:
        return center
    sizes = amounts([n] if isinstance(n, int | float) else n, "n")
    sizes = np.unique(sizes[sizes > 0])
    if sizes.size != 1:
        raise ArgumentError("center", "must be a proportion where the sample sizes differ")
    return real(center, "center") / float(sizes[0])
