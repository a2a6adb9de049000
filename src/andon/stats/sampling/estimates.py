"""Acceptance sampling by variables: the estimated fraction of a lot outside its limits, M and k."""

import math
from dataclasses import dataclass

import numpy as np

from andon.stats.inputs import Values, flag, fraction, limits, real, series, whole
from andon.stats.results import Result
from andon.stats.scales import divisor
from andon.stats.sentences import NO_DATA, ZERO_VARIANCE, Sentence, too_few
from andon.stats.special import beta_quantile, betainc, normal_cdf, normal_quantile
from andon.stats.summary import accurate_mean, scatter

_FOR_ESTIMATE = {True: 2, False: 3}
"""Values an estimate needs, with sigma known or not."""


@dataclass(frozen=True, kw_only=True)
class VariablesEstimate(Result):
    """Mean, standard deviation of the sample, quality indices and estimated fractions outside.

    ``accept`` compares ``p_total`` with the ``m`` given, else None.
    """

    mean: float | None = None
    sd: float | None = None
    q_u: float | None = None
    q_l: float | None = None
    p_u: float | None = None
    p_l: float | None = None
    p_total: float | None = None
    m: float | None = None
    accept: bool | None = None


def variables_sampling_estimate(
    x: Values,
    usl: float | None = None,
    lsl: float | None = None,
    sigma: float | None = None,
    m: float | None = None,
) -> VariablesEstimate:
    r"""Estimated fraction nonconforming of the lot that the sample ``x`` came from.

    :math:`Q_U = (U-\bar x)/s`, :math:`Q_L = (\bar x-L)/s`; with unknown sigma
    :math:`p = I_b(n/2-1, n/2-1)` at :math:`b = 1/2 - Q\sqrt n/(2(n-1))` within 0..1, the unbiased
    estimate with the smallest variance; with known sigma
    :math:`p = \Phi(-Q\sqrt{n/(n-1)})` [1]_ [2]_. Q keeps its sign: a mean outside the limit gives
    more than one half. ``p_total`` adds the sides that have a limit.

    Parameters
    ----------
    x : list of float or None
        The sample, any unit; missing values are dropped.
    usl, lsl : float, optional
        Specification limits in the unit of ``x``; at least one.
    sigma : float, optional
        The known standard deviation of the process; Q then uses it instead of s.
    m : float, optional
        The largest estimate that is accepted (fraction), see `z19_plan`.

    Returns
    -------
    VariablesEstimate
        ``p_u`` and ``p_l`` need 3 values (2 with sigma) that are not all equal (unless sigma is
        known), else None with ``too_few`` or ``zero_variance``.

    Raises
    ------
    ValueError
        Without any limit, for ``lsl >= usl``, sigma not above 0, m outside 0..1, or infinite
        values.

    References
    ----------
    .. [1] G. J. Lieberman and G. J. Resnikoff, J. Am. Stat. Assoc. 50 (1955) 457.
    .. [2] ANSI/ASQ Z1.9, form 2; MIL-STD-414, sections B and D.

    Examples
    --------
    >>> estimate = variables_sampling_estimate([197, 188, 184, 205, 201], usl=209, m=0.0332)
    >>> round(estimate.q_u, 3), round(estimate.p_u, 4), estimate.accept
    (1.59, 0.0218, True)
    """
    low, high = limits(lsl, usl)
    known = None if sigma is None else divisor(sigma, "sigma")
    most = None if m is None else fraction(m, "m")
    values = series(x, "x")
    there = values[~np.isnan(values)]
    mean = accurate_mean(there) if there.size else None
    sd = scatter(there)
    width = known or sd
    q_u = (high - mean) / width if high is not None and mean is not None and width else None
    q_l = (mean - low) / width if low is not None and mean is not None and width else None
    p_u, p_l = (_outside(q, there.size, known=known is not None) for q in (q_u, q_l))
    sides = [side for side in (p_u, p_l) if side is not None]
    total = min(1.0, sum(sides)) if sides else None
    return VariablesEstimate(
        n=int(there.size),
        n_missing=int(values.size - there.size),
        method="sigma known, normal" if known else "sigma unknown, Lieberman-Resnikoff",
        warnings=_warnings(there.size, sd, known),
        mean=mean,
        sd=sd,
        q_u=q_u,
        q_l=q_l,
        p_u=p_u,
        p_l=p_l,
        p_total=total,
        m=most,
        accept=None if total is None or most is None else total <= most,
    )


def _outside(q: float | None, n: int, *, known: bool) -> float | None:
    return None if q is None or n < _FOR_ESTIMATE[known] else m_of(q, n, known=known)


def _warnings(n: int, sd: float | None, sigma: float | None) -> tuple[Sentence, ...]:
    if not n:
        return (NO_DATA,)
    needed = _FOR_ESTIMATE[sigma is not None]
    if n < needed:
        return (too_few(needed),)
    return (ZERO_VARIANCE,) if sd == 0 and sigma is None else ()


@dataclass(frozen=True, kw_only=True)
class VariablesM(Result):
    """``m``, the largest estimated fraction nonconforming that is accepted."""

    k: float
    m: float
    sigma_known: bool


def variables_m_from_k(k: float, n: int, *, sigma_known: bool = False) -> VariablesM:
    r"""The M of the estimate that decides as k does for one limit.

    The estimate of `variables_sampling_estimate` at Q = k:
    :math:`M = I_b(n/2-1, n/2-1)`, :math:`b = \max(0, 1/2 - k\sqrt n/(2(n-1)))`; with known sigma
    :math:`M = \Phi(-k\sqrt{n/(n-1)})` [1]_.

    Parameters
    ----------
    k : float
        Acceptability constant, in standard deviations.
    n : int
        Sample size: 3 or more, with known sigma 2 or more.
    sigma_known : bool
        Whether Q uses a known sigma, or s of the sample.

    Returns
    -------
    VariablesM

    Raises
    ------
    ValueError
        For a sample too small or a k that is no number.

    References
    ----------
    .. [1] ANSI/ASQ Z1.9, forms 1 and 2; G. J. Lieberman and G. J. Resnikoff (1955).

    Examples
    --------
    >>> round(variables_m_from_k(1.53, 5).m, 4)
    0.0323
    """
    known = flag(sigma_known, "sigma_known")
    size, line = whole(n, "n", least=_FOR_ESTIMATE[known]), real(k, "k")
    return VariablesM(
        n=size,
        n_missing=0,
        method="sigma known, normal" if known else "sigma unknown, symmetric beta",
        k=line,
        m=m_of(line, size, known=known),
        sigma_known=known,
    )


def m_of(q: float, n: int, *, known: bool) -> float:
    """The estimated fraction beyond a limit with the quality index ``q``."""
    if known:
        return normal_cdf(-q * math.sqrt(n / (n - 1)))
    half = n / 2 - 1
    return betainc(half, half, 0.5 - q * math.sqrt(n) / (2 * (n - 1)))


def k_of(m: float, n: int, *, known: bool) -> float:
    """The quality index whose estimate is ``m``: the inverse of `m_of`."""
    if known:
        return -normal_quantile(m) * math.sqrt((n - 1) / n)
    half = n / 2 - 1
    return (1 - 2 * beta_quantile(m, half, half)) * (n - 1) / math.sqrt(n)
