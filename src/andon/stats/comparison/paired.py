"""Two values of each part or period: the paired t."""

import math
from dataclasses import dataclass

import numpy as np

from andon.stats.comparison.statements import DIFFERENCE, statement
from andon.stats.comparison.t_test import Sample, TTest, sample_warnings, t_test
from andon.stats.inputs import ArgumentError, Floats, Values, fraction, series
from andon.stats.results import Result
from andon.stats.sentences import Sentence


@dataclass(frozen=True, kw_only=True)
class PairedT(Result):
    """``difference`` is the mean of a - b, ``sd`` the scatter of the differences."""

    difference: float | None = None
    sd: float | None = None
    t: float | None = None
    df: float | None = None
    p: float | None = None
    ci: list[float] | None = None
    sentence: Sentence | None = None


def paired_t(a: Values, b: Values, confidence: float = 0.95) -> PairedT:
    r"""Comparison of two values of each part or period: :math:`t = \bar d/(s_d/\sqrt n)`.

    Parameters
    ----------
    a, b : sequence of float or None
        Values of the same parts in the same order; a pair with a missing value is left out and
        counts once in ``n_missing``.
    confidence : float
        Of the interval of the mean difference a - b, two-sided.

    Returns
    -------
    PairedT
        t, p and interval are None with ``too_few`` for fewer than two pairs, and with
        ``zero_variance`` if all differences are equal.

    Raises
    ------
    ValueError
        For lists of different length or an infinite value.

    References
    ----------
    .. [1] Student, Biometrika 6 (1908) 1; NIST e-Handbook 7.3.1.

    Examples
    --------
    >>> result = paired_t([5.2, 4.8, 5.5, 5.1], [5.0, 4.9, 5.1, 4.8])
    >>> round(result.difference, 3), round(result.p, 3)
    (0.2, 0.161)
    """
    level = fraction(confidence, "confidence")
    first, second = series(a, "a"), series(b, "b")
    if first.size != second.size:
        raise ArgumentError("b", "must have as many values as a")
    pairs = ~(np.isnan(first) | np.isnan(second))
    first, second = first[pairs], second[pairs]
    size = _magnitude(first, second)
    change = Sample.of(first - second, size)
    test = TTest()
    if change.sd:
        test = t_test(change.mean or 0.0, change.sd / math.sqrt(change.n), change.n - 1, level)
    return PairedT(
        n=change.n,
        n_missing=int((~pairs).sum()),
        method=f"paired t, {level:g}",
        warnings=sample_warnings(change),
        difference=change.mean,
        sd=change.sd,
        t=test.t,
        df=test.df,
        p=test.p,
        ci=test.ci,
        sentence=statement(
            "difference", DIFFERENCE, estimate=change.mean, ci=test.ci, confidence=level, p=test.p
        ),
    )


def _magnitude(*parts: Floats) -> float:
    return max((float(np.abs(part).max()) for part in parts if part.size), default=0.0)
