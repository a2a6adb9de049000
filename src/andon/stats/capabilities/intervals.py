"""Confidence intervals of the capability indices, from the index and the number of values."""

import math
from dataclasses import dataclass

from andon.stats.inputs import ArgumentError, fraction, positive, real, whole
from andon.stats.results import Result
from andon.stats.sentences import Sentence, too_few
from andon.stats.special import normal_quantile

_FOR_SCATTER = 2
_FAR = 1e6
_LEAST_FREEDOM = 0.1


@dataclass(frozen=True, kw_only=True)
class CapabilityInterval(Result):
    """Intervals of the indices that were given; ``nu`` are the degrees of freedom of sigma."""

    nu: float
    confidence: float
    cp_ci: list[float] | None = None
    cpk_ci: list[float] | None = None
    pp_ci: list[float] | None = None
    ppk_ci: list[float] | None = None


def capability_ci(
    *,
    n: int,
    cp: float | None = None,
    cpk: float | None = None,
    pp: float | None = None,
    ppk: float | None = None,
    nu: float | None = None,
    confidence: float = 0.95,
) -> CapabilityInterval:
    r"""Two-sided confidence intervals of capability indices.

    :math:`\hat C_p\sqrt{\chi^2_{\alpha/2;\nu}/\nu}` to
    :math:`\hat C_p\sqrt{\chi^2_{1-\alpha/2;\nu}/\nu}` for Cp and Pp, exact for normal data [1]_;
    :math:`\hat C_{pk}\big(1 \pm z\sqrt{1/(9n\hat C_{pk}^2) + 1/(2\nu)}\big)` for Cpk and Ppk,
    an approximation that is good from about 30 values on [2]_.

    Parameters
    ----------
    n : int
        Measured values behind the index.
    cp, cpk, pp, ppk : float, optional
        The estimates; at least one.
    nu : float, optional
        Degrees of freedom of the standard deviation in the index. The default n - 1 is that of
        the overall s; a within sigma has fewer: sum(n_i - 1) for ``pooled``, about 0.9 of that
        for ``rbar``, about 0.62 (n - 1) for ``mr``.
    confidence : float
        Of each interval.

    Returns
    -------
    CapabilityInterval
        None for an index that was not given, and where n < 2.

    Raises
    ------
    ValueError
        If no index is given, Cp or Pp is negative, n is not whole, or nu is below 0.1.

    References
    ----------
    .. [1] D. C. Montgomery, Introduction to Statistical Quality Control, chapter 8.
    .. [2] A. F. Bissell, Applied Statistics 39 (1990) 331.

    Examples
    --------
    >>> [round(end, 2) for end in capability_ci(cp=2.29, n=20).cp_ci]
    [1.57, 3.01]
    """
    size, level = whole(n, "n"), fraction(confidence, "confidence")
    freedom = float(max(size - 1, 0)) if nu is None else positive(nu, "nu")
    if nu is not None and freedom < _LEAST_FREEDOM:
        raise ArgumentError("nu", f"must be {_LEAST_FREEDOM:g} or more")
    given = {"cp": cp, "cpk": cpk, "pp": pp, "ppk": ppk}
    known = {name: real(value, name) for name, value in given.items() if value is not None}
    if not known:
        raise ArgumentError("cp", "give cp, cpk, pp or ppk")
    for name in ("cp", "pp"):
        if known.get(name, 0) < 0:
            raise ArgumentError(name, "must not be negative")
    few = size < _FOR_SCATTER
    ends = {
        f"{name}_ci": _ends(name, index, size, freedom, level)
        for name, index in known.items()
        if not few
    }
    warnings: tuple[Sentence, ...] = (too_few(_FOR_SCATTER),) if few else ()
    return CapabilityInterval(
        n=size,
        n_missing=0,
        method="chi-square for Cp and Pp; Bissell's normal approximation for Cpk and Ppk",
        warnings=warnings,
        nu=freedom,
        confidence=level,
        **ends,
    )


def _ends(name: str, index: float, n: int, nu: float, confidence: float) -> list[float]:
    if name.endswith("k"):
        return minimum_interval(index, n, nu, confidence)
    return ratio_interval(index, nu, confidence)


def ratio_interval(index: float, nu: float, confidence: float) -> list[float]:
    """Interval of an index that is a tolerance over a sigma with ``nu`` degrees of freedom."""
    return [index * math.sqrt(chi2_quantile(p, nu) / nu) for p in tails(confidence)]


def minimum_interval(index: float, n: int, nu: float, confidence: float) -> list[float]:
    """Bissell's interval of an index that is the smaller of two distances."""
    spread = math.hypot(1 / (3 * math.sqrt(n)), index / math.sqrt(2 * nu))
    half = normal_quantile(0.5 + confidence / 2) * spread
    return [index - half, index + half]


def target_interval(index: float, *, n: int, shift: float, confidence: float) -> list[float]:
    """Boyles' interval of Cpm; ``shift`` is (mean - target) / sigma.

    References
    ----------
    R. A. Boyles, J. Quality Technology 23 (1991) 17: the sum of squares about the target is
    taken as a chi-square with as many degrees of freedom as give it the right variance.
    """
    square = min(abs(shift), _FAR) ** 2
    nu = n * (1 + square) ** 2 / (1 + 2 * square)
    return ratio_interval(index, nu, confidence)


def tails(confidence: float) -> tuple[float, float]:
    """The two probabilities that leave ``confidence`` between them."""
    tail = (1 - confidence) / 2
    return tail, 1 - tail


def chi2_quantile(p: float, nu: float) -> float:
    """The value that chi-square with ``nu`` degrees of freedom stays below with chance ``p``."""
    from scipy.special import gammaincinv  # noqa: PLC0415 - loads when an interval is wanted

    return 2 * float(gammaincinv(nu / 2, p))
