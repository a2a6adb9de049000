"""Which distribution the values may come from: maximum likelihood fits side by side."""

from collections.abc import Sequence
from dataclasses import dataclass, replace

import numpy as np

from andon.stats.capabilities.boxcox import LEAST, NONPOSITIVE, scattered
from andon.stats.capabilities.distributions import (
    Fitted,
    FoldedNormal,
    Gamma,
    LargestExtremeValue,
    Lognormal,
    Normal,
    Weibull,
)
from andon.stats.capabilities.magnitudes import check_size, measured
from andon.stats.capabilities.normality import anderson_darling
from andon.stats.inputs import Floats, Values, listing, one_of
from andon.stats.results import Result
from andon.stats.sentences import NO_DATA, ZERO_VARIANCE, Sentence, too_few

FAMILIES: dict[str, type[Fitted]] = {
    "lognormal": Lognormal,
    "weibull": Weibull,
    "gamma": Gamma,
    "normal": Normal,
    "folded_normal": FoldedNormal,
    "largest_extreme_value": LargestExtremeValue,
}
_ABOVE_ZERO = {"lognormal", "weibull", "gamma"}
_FROM_ZERO = {"folded_normal"}


@dataclass(frozen=True, kw_only=True)
class FittedDistributions(Result):
    """The fits that were asked for; ``best`` has the greatest likelihood of them.

    All families here have two parameters, so AIC and BIC order them in the same way.
    """

    lognormal: Lognormal | None = None
    weibull: Weibull | None = None
    gamma: Gamma | None = None
    normal: Normal | None = None
    folded_normal: FoldedNormal | None = None
    largest_extreme_value: LargestExtremeValue | None = None
    best: str | None = None


def fit_distribution(
    x: Values, *, distributions: Sequence[str] = ("lognormal", "weibull")
) -> FittedDistributions:
    r"""Distributions fitted to ``x`` by maximum likelihood.

    Lognormal: mean and standard deviation (divisor n) of the logarithms. Weibull:
    :math:`\sum x^k\ln x/\sum x^k - 1/k = \overline{\ln x}` for the shape and
    :math:`(\overline{x^k})^{1/k}` for the scale. Gamma: :math:`\ln k-\psi(k)=\ln\bar x
    -\overline{\ln x}`. Each with its log-likelihood and Anderson-Darling distance [1]_.

    Parameters
    ----------
    x : sequence of float or None
        Values in their own unit, in any order.
    distributions : sequence of str
        Of lognormal, weibull, gamma (above 0), folded_normal (0 or above), normal and
        largest_extreme_value.

    Returns
    -------
    FittedDistributions
        None for what was not asked, and with a warning for what cannot be fitted: fewer than 3
        values, equal values, values not above 0.

    Raises
    ------
    ValueError
        If a distribution is unknown, or a value is infinite or a text.

    References
    ----------
    .. [1] N. L. Johnson, S. Kotz and N. Balakrishnan, Continuous Univariate Distributions (1994).

    Examples
    --------
    >>> result = fit_distribution([17.9, 28.9, 33.0, 41.5, 42.1, 45.6, 48.5, 51.8, 54.1, 105.1])
    >>> round(result.weibull.shape, 2), round(result.lognormal.mu, 2), result.best
    (2.23, 3.75, 'lognormal')
    """
    names = checked_families(distributions)
    values = measured(x, "x")
    there = np.sort(values[~np.isnan(values)])
    reasons = {name: reason(name, there) for name in names}
    fits = {name: fitted(name, there) for name in names if reasons[name] is None}
    return FittedDistributions(
        n=int(there.size),
        n_missing=int(values.size - there.size),
        method="maximum likelihood, two parameters each",
        warnings=tuple({w.code: w for w in reasons.values() if w is not None}.values()),
        best=max(fits, key=lambda name: fits[name].loglik, default=None),
        **fits,  # type: ignore[arg-type]  # each name has its own class
    )


def checked_families(names: Sequence[str]) -> list[str]:
    """``names``, else ArgumentError."""
    given = [names] if isinstance(names, str) else listing(names, "distributions")
    return [one_of(name, tuple(FAMILIES), "distributions") for name in given]


def reason(name: str, ordered: Floats) -> Sentence | None:
    """Why the family cannot be fitted to values in rising order, or None."""
    if not ordered.size:
        return NO_DATA
    least = float(ordered[0])
    if (name in _ABOVE_ZERO and least <= 0) or (name in _FROM_ZERO and least < 0):
        return NONPOSITIVE
    if ordered.size < LEAST:
        return too_few(LEAST)
    if name in _ABOVE_ZERO:
        check_size(least, "x")
    return None if scattered(ordered) else ZERO_VARIANCE


def fitted(name: str, ordered: Floats) -> Fitted:
    """The family fitted to values in rising order that it can be fitted to."""
    fit = FAMILIES[name].of(ordered)
    loglik = float(np.sum(fit.log_density(ordered)))
    return replace(fit, loglik=loglik, ad=anderson_darling(*fit.log_tails(ordered)))
