"""Capability from a mean and a standard deviation that are known already."""

from dataclasses import dataclass

from andon.stats.capabilities.indices import Indices, Specification, Tails, about_target
from andon.stats.capabilities.intervals import minimum_interval, ratio_interval
from andon.stats.capabilities.magnitudes import check_size
from andon.stats.capabilities.verdicts import verdict
from andon.stats.inputs import ArgumentError, fraction, positive, real, whole
from andon.stats.results import Result
from andon.stats.sentences import ZERO_VARIANCE, Sentence, too_few

_FOR_SCATTER = 2


@dataclass(frozen=True, kw_only=True)
class CapabilityFromSummary(Result):
    """Indices from the figures given; ``k`` is how far the mean is off the middle (1: a limit)."""

    mean: float
    sigma: float
    lsl: float | None
    usl: float | None
    target: float | None
    cp: float | None = None
    cpl: float | None = None
    cpu: float | None = None
    cpk: float | None = None
    cpm: float | None = None
    k: float | None = None
    confidence: float
    cp_ci: list[float] | None = None
    cpk_ci: list[float] | None = None
    z_bench_min: float | None = None
    expected_ppm_below: float | None = None
    expected_ppm_above: float | None = None
    expected_ppm_total: float | None = None
    required: float
    sentence: Sentence | None = None


def capability_from_summary(
    mean: float,
    sigma: float,
    *,
    lsl: float | None = None,
    usl: float | None = None,
    target: float | None = None,
    n: int | None = None,
    confidence: float = 0.95,
    required: float = 1.33,
    lower_bound: float | None = None,
    upper_bound: float | None = None,
) -> CapabilityFromSummary:
    r"""Capability indices from a mean and a standard deviation.

    The formulas of `capability`, and :math:`k = |M - \bar x|/\tfrac12(U-L)` with the middle M of
    the tolerance, so that :math:`C_{pk} = (1-k)C_p` while the mean lies inside [1]_.

    Parameters
    ----------
    mean, sigma : float
        In the unit of the limits; a sigma of 0 gives no index. Whether this sigma is within or
        overall is the caller's to know: the names are those of Cp.
    lsl, usl : float, optional
        Specification limits, at least one.
    target, required, lower_bound, upper_bound
        As in `capability`.
    n : int, optional
        Values behind the figures; with it there are intervals with n - 1 degrees of freedom.
    confidence : float
        Of each interval.

    Returns
    -------
    CapabilityFromSummary

    Raises
    ------
    ValueError
        If no limit is given, lsl >= usl, or sigma is negative.

    References
    ----------
    .. [1] NIST/SEMATECH e-Handbook of Statistical Methods, 6.1.6.

    Examples
    --------
    >>> result = capability_from_summary(16, 2, lsl=8, usl=20)
    >>> result.cp, round(result.cpk, 4), round(result.k, 4)
    (1.0, 0.6667, 0.3333)
    """
    middle, spread = real(mean, "mean"), real(sigma, "sigma")
    check_size(middle, "mean")
    check_size(spread, "sigma")
    if spread < 0:
        raise ArgumentError("sigma", "must not be negative")
    size = 0 if n is None else whole(n, "n", least=1)
    level, needed = fraction(confidence, "confidence"), positive(required, "required")
    asked = Specification.of(
        lsl, usl, target=target, lower_bound=lower_bound, upper_bound=upper_bound
    )
    found = Indices.of(asked, middle, 3 * spread, 3 * spread)
    tails = Tails.normal(asked, middle, spread)
    cp_ci, cpk_ci = _intervals(found, size, level)
    return CapabilityFromSummary(
        n=size,
        n_missing=0,
        method="normal distribution; mean and sigma as given",
        warnings=(*asked.warnings, *_warnings(spread, n)),
        mean=middle,
        sigma=spread,
        lsl=asked.lsl,
        usl=asked.usl,
        target=asked.target,
        cp=found.both,
        cpl=found.lower,
        cpu=found.upper,
        cpk=found.smaller,
        cpm=about_target(asked, middle, spread),
        k=_off_centre(asked, middle),
        confidence=level,
        cp_ci=cp_ci,
        cpk_ci=cpk_ci,
        z_bench_min=Indices.of(asked, middle, spread, spread).smaller,
        expected_ppm_below=tails.below,
        expected_ppm_above=tails.above,
        expected_ppm_total=tails.total,
        required=needed,
        sentence=verdict(
            "Cpk", found.smaller, cpk_ci, n=size, required=needed, confidence=level, stable=None
        ),
    )


def _intervals(
    found: Indices, n: int, level: float
) -> tuple[list[float] | None, list[float] | None]:
    if n < _FOR_SCATTER:
        return None, None
    cp = None if found.both is None else ratio_interval(found.both, n - 1, level)
    cpk = None if found.smaller is None else minimum_interval(found.smaller, n, n - 1, level)
    return cp, cpk


def _off_centre(asked: Specification, mean: float) -> float | None:
    if asked.lsl is None or asked.usl is None:
        return None
    return abs(asked.lsl / 2 + asked.usl / 2 - mean) / (asked.usl / 2 - asked.lsl / 2)


def _warnings(sigma: float, n: int | None) -> tuple[Sentence, ...]:
    if sigma == 0:
        return (ZERO_VARIANCE,)
    return (too_few(_FOR_SCATTER),) if n is not None and n < _FOR_SCATTER else ()
