"""Capability of values that are not normal: by the percentiles of a distribution."""

from dataclasses import dataclass
from typing import Any, Literal, TypeAlias, get_args

import numpy as np

from andon.stats.blocks import survey
from andon.stats.capabilities.cautions import few_values
from andon.stats.capabilities.distributions import Fitted
from andon.stats.capabilities.fit import fitted, reason
from andon.stats.capabilities.fit_errors import fit_interval
from andon.stats.capabilities.indices import Indices, Specification, Tails
from andon.stats.capabilities.magnitudes import measured
from andon.stats.capabilities.stability import MOST_CHARTED, Stability, stability
from andon.stats.capabilities.verdicts import verdict
from andon.stats.charts.individuals import imr_chart
from andon.stats.inputs import Floats, Values, fraction, one_of, positive
from andon.stats.results import Result
from andon.stats.sentences import NO_DATA, ZERO_VARIANCE, Sentence, too_few

Distribution: TypeAlias = Literal[
    "lognormal",
    "weibull",
    "gamma",
    "normal",
    "folded_normal",
    "largest_extreme_value",
    "empirical",
]

_LOW, _HIGH = 0.00135, 0.99865
_FOR_EMPIRICAL = 2000


@dataclass(frozen=True, kw_only=True)
class CapabilityNonnormal(Result):
    """Indices by percentiles; ``x_lo``, ``median`` and ``x_hi`` hold 0.135, 50 and 99.865 %.

    ``fit`` is the distribution fitted; ``expected_ppm`` are its tails (None for ``empirical``).
    """

    distribution: str
    lsl: float | None
    usl: float | None
    fit: Fitted | None = None
    x_lo: float | None = None
    median: float | None = None
    x_hi: float | None = None
    pp: float | None = None
    ppl: float | None = None
    ppu: float | None = None
    ppk: float | None = None
    confidence: float
    pp_ci: list[float] | None = None
    ppk_ci: list[float] | None = None
    expected_ppm_below: float | None = None
    expected_ppm_above: float | None = None
    expected_ppm_total: float | None = None
    observed_below: int = 0
    observed_above: int = 0
    observed_ppm_total: float | None = None
    stable: bool | None = None
    required: float
    sentence: Sentence | None = None


def capability_nonnormal(
    x: Values,
    *,
    lsl: float | None = None,
    usl: float | None = None,
    distribution: Distribution = "lognormal",
    confidence: float = 0.95,
    required: float = 1.33,
    lower_bound: float | None = None,
    upper_bound: float | None = None,
) -> CapabilityNonnormal:
    r"""Performance indices of a process whose values are not normal.

    :math:`P_p = (U-L)/(X_{99.865}-X_{0.135})`, :math:`P_{pu} = (U-X_{50})/(X_{99.865}-X_{50})`,
    :math:`P_{pl} = (X_{50}-L)/(X_{50}-X_{0.135})`, Ppk the smaller of those that exist [1]_. The
    percentiles come from a distribution fitted by maximum likelihood (`fit_distribution`), or
    from the values themselves (``empirical``, median-unbiased quantiles [2]_).

    Parameters
    ----------
    x : sequence of float or None
        Single values in time order (None or NaN is missing).
    lsl, usl : float, optional
        Specification limits in the unit of ``x``, at least one. A value on a limit is good.
    distribution : str
        lognormal, weibull, gamma (above 0), folded_normal (0 or above), normal,
        largest_extreme_value, or empirical (2000 values or more).
    confidence : float
        Of each interval: large-sample, by the delta method (from about 50 values on); none for
        ``empirical``.
    required : float
        The index the sentence compares with.
    lower_bound, upper_bound : float, optional
        Values nothing can pass by nature (0 for flatness): a limit there is no limit.

    Returns
    -------
    CapabilityNonnormal
        None with a warning where the distribution cannot be fitted. ``unstable`` warns that
        the individuals chart of the normal scores :math:`\Phi^{-1}(F(x_i))` signals.

    Raises
    ------
    ValueError
        For an unknown distribution, no limit, lsl >= usl, infinite values and texts.

    References
    ----------
    .. [1] ISO 22514-2:2017, percentile method.
    .. [2] R. J. Hyndman and Y. Fan, American Statistician 50 (1996) 361, definition 8.

    Examples
    --------
    >>> x = [17.9, 28.9, 33.0, 41.5, 42.1, 45.6, 48.5, 51.8, 54.1, 105.1]
    >>> result = capability_nonnormal(x, lsl=5, usl=250, distribution="weibull")
    >>> round(result.x_lo, 2), round(result.ppk, 2)
    (2.76, 0.95)
    """
    one_of(distribution, get_args(Distribution), "distribution")
    level, needed = fraction(confidence, "confidence"), positive(required, "required")
    asked = Specification.of(lsl, usl, lower_bound=lower_bound, upper_bound=upper_bound)
    values = measured(x, "x")
    spread = _Spread.of(values, distribution)
    judged = spread.stability(values)
    seen = survey(values, asked.lsl, asked.usl)
    indices = _indices(spread, asked, values, level)
    return CapabilityNonnormal(
        n=seen.n,
        n_missing=seen.n_missing,
        method=_METHODS[distribution == "empirical"],
        warnings=(*asked.warnings, *spread.warnings, *judged.warnings),
        distribution=distribution,
        lsl=asked.lsl,
        usl=asked.usl,
        fit=spread.fit,
        x_lo=spread.low,
        median=spread.middle,
        x_hi=spread.high,
        confidence=level,
        observed_below=seen.below,
        observed_above=seen.above,
        observed_ppm_total=1e6 * (seen.below + seen.above) / seen.n if seen.n else None,
        stable=judged.stable,
        required=needed,
        sentence=verdict(
            "Ppk",
            indices["ppk"],
            indices["ppk_ci"],
            n=seen.n,
            required=needed,
            confidence=level,
            stable=judged.stable,
        ),
        **indices,
    )


def _indices(
    spread: "_Spread", asked: Specification, x: Floats, confidence: float
) -> dict[str, Any]:
    found, tails = spread.indices(asked), spread.tails(asked)
    pp_ci, ppk_ci = spread.intervals(asked, x, confidence)
    return {
        "pp": found.both,
        "ppl": found.lower,
        "ppu": found.upper,
        "ppk": found.smaller,
        "pp_ci": pp_ci,
        "ppk_ci": ppk_ci,
        "expected_ppm_below": tails.below,
        "expected_ppm_above": tails.above,
        "expected_ppm_total": tails.total,
    }


_METHODS = (
    "ISO 22514-2 percentile method on the distribution fitted by maximum likelihood",
    "ISO 22514-2 percentile method on the quantiles of the values (median-unbiased)",
)


@dataclass(frozen=True)
class _Spread:
    """The three percentiles and where they come from; None with a warning if there are none."""

    low: float | None = None
    middle: float | None = None
    high: float | None = None
    fit: Fitted | None = None
    warnings: tuple[Sentence, ...] = ()

    @classmethod
    def of(cls, x: Floats, distribution: Distribution) -> "_Spread":
        ordered = np.sort(x[~np.isnan(x)])
        if distribution == "empirical":
            return cls._empirical(ordered)
        problem = reason(distribution, ordered)
        if problem is not None:
            return cls(warnings=(problem,))
        fit = fitted(distribution, ordered)
        return cls.at(fit, few_values(ordered.size))

    @classmethod
    def at(cls, fit: Fitted, warnings: tuple[Sentence, ...] = ()) -> "_Spread":
        return cls(fit.quantile(_LOW), fit.quantile(0.5), fit.quantile(_HIGH), fit, warnings)

    @classmethod
    def _empirical(cls, ordered: Floats) -> "_Spread":
        if ordered.size < _FOR_EMPIRICAL:
            return cls(warnings=(too_few(_FOR_EMPIRICAL) if ordered.size else NO_DATA,))
        low, middle, high = np.quantile(ordered, [_LOW, 0.5, _HIGH], method="median_unbiased")
        flat = middle in {low, high}
        found = (ZERO_VARIANCE,) if flat else ()
        return cls(float(low), float(middle), float(high), warnings=found)

    def indices(self, asked: Specification) -> Indices:
        if self.low is None or self.middle is None or self.high is None:
            return Indices()
        return Indices.of(asked, self.middle, self.middle - self.low, self.high - self.middle)

    def intervals(
        self, asked: Specification, x: Floats, confidence: float
    ) -> tuple[list[float] | None, list[float] | None]:
        if self.fit is None:
            return None, None
        there = x[~np.isnan(x)]

        def indices(fit: Fitted) -> Indices:
            return _Spread.at(fit).indices(asked)

        both = fit_interval(self.fit, there, lambda fit: indices(fit).both, confidence)
        smaller = fit_interval(self.fit, there, lambda fit: indices(fit).smaller, confidence)
        return both, smaller

    def tails(self, asked: Specification) -> Tails:
        if self.fit is None:
            return Tails()
        below = None if asked.lsl is None else self.fit.below(asked.lsl)
        above = None if asked.usl is None else self.fit.above(asked.usl)
        return Tails.of(below, above)

    def stability(self, x: Floats) -> Stability:
        """By the chart of the values as they would be if normal."""
        if x.size > MOST_CHARTED or self.middle is None:
            return stability(None, x.size)
        return stability(imr_chart(x if self.fit is None else normal_scores(self.fit, x)), x.size)


def normal_scores(fit: Fitted, x: Floats) -> Floats:
    """The standard normal value with as much below it as ``fit`` has below each of ``x``."""
    from scipy.special import ndtri_exp  # noqa: PLC0415 - loads when a chart is wanted

    below, above = fit.log_tails(x)
    return np.asarray(np.where(below < above, ndtri_exp(below), -ndtri_exp(above)))
