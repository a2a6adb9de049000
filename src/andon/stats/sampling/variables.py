"""Acceptance sampling by variables: the chance that a lot is accepted by its Q and k."""

import math
from dataclasses import dataclass

import numpy as np

from andon.stats.inputs import (
    ArgumentError,
    Floats,
    Values,
    flag,
    listed,
    real,
    whole,
)
from andon.stats.results import Result
from andon.stats.sampling.noncentral import crossing, noncentral_t_quantile, noncentral_t_tail
from andon.stats.sampling.populations import qualities_of
from andon.stats.sampling.promises import promise
from andon.stats.sentences import NO_DATA, Sentence
from andon.stats.special import normal_cdf, normal_quantile

DRAWN_POINTS = 101
_OFTEN, _HALF, _SELDOM, _HARDLY_EVER = 0.95, 0.5, 0.1, 0.001
_FAR = 38.0
_FARTHEST = 30.0
"""Beyond it the fraction nonconforming is smaller than any number of double precision."""


@dataclass(frozen=True, kw_only=True)
class VariablesOcCurve(Result):
    """``pa`` for each quality ``p``; ``n`` is the sample size."""

    k: float
    sigma_known: bool
    p: list[float | None]
    pa: list[float | None]
    p95: float
    p50: float
    p10: float
    promise: Sentence

    def rows(self) -> list[dict[str, object]]:
        """One row a quality."""
        return [{"p": p, "pa": pa} for p, pa in zip(self.p, self.pa, strict=True)]


def oc_curve_variables(
    n: int,
    k: float,
    *,
    sigma_known: bool = False,
    p: Values | float | None = None,
) -> VariablesOcCurve:
    r"""Chance that a plan by variables (one limit, accept if Q >= k) accepts, for each quality.

    Known sigma: :math:`\Phi(\sqrt n (z_p - k))`. Unknown: :math:`P(T > k\sqrt n)` of the noncentral
    t with n - 1 degrees of freedom and noncentrality :math:`z_p\sqrt n`, where
    :math:`z_p = -\Phi^{-1}(p)` [1]_. The characteristic must be normal.

    Parameters
    ----------
    n : int
        Sample size, at least 2 for an unknown sigma.
    k : float
        Acceptability constant, in standard deviations, -30 to 30.
    sigma_known : bool
        Whether Q uses a known sigma, or s of the sample.
    p : list of float, optional
        Fractions nonconforming, 0 to 1; default: 101 points to where hardly a lot is accepted.

    Returns
    -------
    VariablesOcCurve

    Raises
    ------
    ValueError
        For a sample too small, a k that is no number, or ``p`` outside 0..1.

    References
    ----------
    .. [1] N. L. Johnson and B. L. Welch, Biometrika 31 (1940) 362; ISO 3951-1.

    Examples
    --------
    >>> curve = oc_curve_variables(10, 1.58, p=[0.01, 0.1])
    >>> [round(chance, 4) for chance in curve.pa]
    [0.9453, 0.3041]
    """
    known = flag(sigma_known, "sigma_known")
    size, line = whole(n, "n", least=1 if known else 2), real(k, "k")
    if abs(line) > _FARTHEST:
        raise ArgumentError("k", f"must lie between {-_FARTHEST:g} and {_FARTHEST:g}")

    def accepts(share: float) -> float:
        if share in {0, 1}:
            return 1.0 - share
        return acceptance_by_k(size, line, -normal_quantile(share), known=known)

    def chance(x: float) -> float:
        return acceptance_by_k(size, line, -x, known=known)

    def quality(wanted: float) -> float:
        if not chance(_FAR) < wanted < chance(-_FAR):  # no fraction in double precision is there
            return 0.0 if chance(-_FAR) <= wanted else 1.0
        return normal_cdf(crossing(chance, wanted, -_FAR, _FAR))

    qualities = np.linspace(0, quality(_HARDLY_EVER), DRAWN_POINTS) if p is None else _shares(p)
    missing = int(np.isnan(qualities).sum())
    p95, p10 = quality(_OFTEN), quality(_SELDOM)
    return VariablesOcCurve(
        n=size,
        n_missing=missing,
        method="normal; sigma known" if known else "normal; sigma unknown, noncentral t",
        warnings=(NO_DATA,) if missing == qualities.size else (),
        k=line,
        sigma_known=known,
        p=listed(qualities),
        pa=[None if math.isnan(share) else accepts(float(share)) for share in qualities],
        p95=p95,
        p50=quality(_HALF),
        p10=p10,
        promise=promise((p95, _OFTEN), (p10, _SELDOM)),
    )


def _shares(p: Values | float) -> Floats:
    values = qualities_of(p)
    if ((values < 0) | (values > 1)).any():
        raise ArgumentError("p", "must lie between 0 and 1")
    return values


def acceptance_by_k(n: int, k: float, z: float, *, known: bool) -> float:
    """Chance of Q >= k when the limit lies ``z`` standard deviations from the mean."""
    root = math.sqrt(n)
    chance = normal_cdf(root * (z - k)) if known else noncentral_t_tail(k * root, n - 1, z * root)
    return min(1.0, chance)  # a sum of weights may exceed it by its rounding


def k_at(n: int, z: float, chance: float, *, known: bool) -> float:
    """The k at which a limit ``z`` standard deviations from the mean is accepted so often."""
    root = math.sqrt(n)
    if known:
        return z - normal_quantile(chance) / root
    return noncentral_t_quantile(chance, n - 1, z * root) / root
