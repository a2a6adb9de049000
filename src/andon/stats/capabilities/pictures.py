"""What to draw beside a study of capability: bins of a histogram, points of a probability plot."""

import math
from dataclasses import dataclass

import numpy as np

from andon.stats.capabilities.boxcox import scattered
from andon.stats.capabilities.fit import FAMILIES, fitted, reason
from andon.stats.capabilities.magnitudes import measured
from andon.stats.inputs import ArgumentError, Floats, Values, one_of, whole
from andon.stats.results import Result
from andon.stats.sentences import NO_DATA, Sentence
from andon.stats.special import normal_quantile

_MOST_BINS = 60
_MOST_ASKED = 10_000
_MOST_POINTS = 400


@dataclass(frozen=True, kw_only=True)
class Histogram(Result):
    """``counts[i]`` values lie from ``edges[i]`` to below ``edges[i + 1]``, the last edge in."""

    edges: list[float]
    counts: list[int]


def histogram(x: Values, *, bins: int | None = None) -> Histogram:
    r"""Bins of equal width for drawing ``x``.

    Width :math:`2\,IQR\,n^{-1/3}` [1]_, or Sturges' number of bins where the quartiles coincide;
    at most 60 bins.

    Parameters
    ----------
    x : sequence of float or None
        Values in their own unit, in any order.
    bins : int, optional
        Number of bins instead.

    Returns
    -------
    Histogram
        One bin of width 0 for equal values, none without values.

    Raises
    ------
    ValueError
        If a value is infinite or a text, or bins is not a whole number from 1 to 10,000.

    References
    ----------
    .. [1] D. Freedman and P. Diaconis, Z. Wahrscheinlichkeitstheorie 57 (1981) 453.

    Examples
    --------
    >>> result = histogram([1, 2, 2, 3, 3, 3, 4, 4, 5], bins=4)
    >>> result.edges, result.counts
    ([1.0, 2.0, 3.0, 4.0, 5.0], [1, 2, 3, 3])
    """
    wanted = None if bins is None else whole(bins, "bins", least=1)
    if wanted is not None and wanted > _MOST_ASKED:
        raise ArgumentError("bins", f"must be at most {_MOST_ASKED:,}")
    values = measured(x, "x")
    there = values[~np.isnan(values)]
    missing = int(values.size - there.size)
    if not there.size:
        return Histogram(
            n=0, n_missing=missing, method=_BINS, warnings=(NO_DATA,), edges=[], counts=[]
        )
    edges, counts = _cut(there, wanted)
    return Histogram(n=int(there.size), n_missing=missing, method=_BINS, edges=edges, counts=counts)


_BINS = "bins of equal width (Freedman and Diaconis), at most 60"


def _cut(x: Floats, wanted: int | None) -> tuple[list[float], list[int]]:
    low, high = float(x.min()), float(x.max())
    if not scattered(x):
        return [low, high], [x.size]
    # No bin narrower than the spacing of the numbers in it.
    finest = int((high - low) / (4 * float(np.spacing(max(abs(low), abs(high))))))
    counts, edges = np.histogram(x, bins=min(wanted or _bins(x), finest))
    return edges.tolist(), counts.tolist()


def _bins(x: Floats) -> int:
    low, high = np.quantile(x, [0.25, 0.75])
    width = 2 * float(high - low) / math.cbrt(x.size)
    reach = float(x.max() - x.min())
    if width * _MOST_BINS <= reach:
        return _MOST_BINS if width else min(_MOST_BINS, math.ceil(math.log2(x.size)) + 1)
    return max(1, math.ceil(reach / width))


@dataclass(frozen=True, kw_only=True)
class ProbabilityPlot(Result):
    """Points and the line of the fit; both axes linear in ``x`` and ``z``.

    The points ``x`` (rising) have the plotting positions ``p`` and the normal scores ``z``;
    ``line_x`` is what the fitted distribution puts at each ``z``: on it, the fit is perfect.
    """

    distribution: str
    x: list[float]
    p: list[float]
    z: list[float]
    line_x: list[float]


def probability_plot(x: Values, *, distribution: str = "normal") -> ProbabilityPlot:
    r"""Points of a probability plot with the line of a fitted distribution.

    Plotting positions :math:`(i - 0.3)/(n + 0.4)`, about the median of each rank [1]_; of more
    than 400 values, 400 spread evenly over the ranks are kept, with both ends.

    Parameters
    ----------
    x : sequence of float or None
        Values in their own unit, in any order.
    distribution : str
        As in `fit_distribution`.

    Returns
    -------
    ProbabilityPlot
        ``line_x`` is empty, with a warning, where the distribution cannot be fitted.

    Raises
    ------
    ValueError
        If the distribution is unknown, or a value is infinite or a text.

    References
    ----------
    .. [1] A. Benard and E. C. Bos-Levenbach, Statistica Neerlandica 7 (1953) 163.

    Examples
    --------
    >>> plot = probability_plot([9.9, 10.0, 10.3, 10.1, 9.8])
    >>> plot.x[0], round(plot.p[0], 3), round(plot.z[0], 3), round(plot.line_x[0], 3)
    (9.8, 0.13, -1.128, 9.826)
    """
    one_of(distribution, tuple(FAMILIES), "distribution")
    values = measured(x, "x")
    ordered = np.sort(values[~np.isnan(values)])
    n = int(ordered.size)
    problem = reason(distribution, ordered)
    ranks = np.unique(np.linspace(1, n, min(n, _MOST_POINTS)).round()).astype(np.int64)
    shares = [(float(rank) - 0.3) / (n + 0.4) for rank in ranks]
    line: list[float] = []
    if problem is None:
        fit = fitted(distribution, ordered)
        line = [fit.quantile(share) for share in shares]
    warnings: tuple[Sentence, ...] = () if problem is None else (problem,)
    return ProbabilityPlot(
        n=n,
        n_missing=int(values.size - n),
        method="plotting positions (i - 0.3)/(n + 0.4); line by maximum likelihood",
        warnings=warnings,
        distribution=distribution,
        x=ordered[ranks - 1].tolist(),
        p=shares,
        z=[normal_quantile(share) for share in shares],
        line_x=line,
    )
