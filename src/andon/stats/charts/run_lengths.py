"""Average run length: how many points a chart takes to give a signal."""

import math
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.polynomial.legendre import leggauss

from andon.stats.charts.zones import shewhart_run_length
from andon.stats.inputs import ArgumentError, Floats, one_of, positive, real
from andon.stats.results import Result
from andon.stats.sentences import Sentence, gettext_noop
from andon.stats.special import normal_cdf

_NODES = 40
_NODES_PER_SIGMA = 6
_MOST_NODES = 800
_ROOT = math.sqrt(2 * math.pi)
NEVER = 1e9
"""Run lengths above this are not computed: their chances are lost in rounding."""
_LOST = 1e18  # Stands for any of these, and weighs nothing beside the other side.
_FARTHEST = 7.0
_HIGHEST = 100.0  # sigmas of h the equations are solved for
_NEVER_CLIMBED = 20.0  # a sum climbs against its drift exp(2 drift h) points: above 1e17
_SPARSEST = 0.6  # sigmas between two nodes
_BEYOND = Sentence(
    "too_large", gettext_noop("A run length above 1e9 points is given as none: practically never.")
)


@dataclass(frozen=True, kw_only=True)
class AverageRunLengths(Result):
    """``arl`` in the order of the charts asked, in points; None beyond 1e9 (`NEVER`)."""

    arl: list[float | None]


def arl(charts: Sequence[Mapping[str, Any]]) -> AverageRunLengths:
    r"""Average number of points until a signal, for independent normal values.

    For CUSUM and EWMA the run length L(u) from the state u solves
    :math:`L(u) = 1 + L(0)P(0 \mid u) + \int L(v)\,f(v \mid u)\,dv` over the states without a
    signal, here by Gauss-Legendre quadrature (Nyström) [1]_ [2]_. Two-sided CUSUM:
    :math:`1/ARL = 1/ARL^+ + 1/ARL^-`, with a head start in the form of [3]_. Shewhart charts
    with run rules: a Markov chain over all patterns of zones that matter [4]_.

    Parameters
    ----------
    charts : sequence of dict
        Each with ``kind`` and:

        * ``"cusum"``: ``k``, ``h``, optional ``head_start`` (in sigmas, default 0) and ``sided``
          (1 or 2, default 2; 1: for a rise only),
        * ``"ewma"``: ``lam``, ``L`` (limits of the settled average, two-sided),
        * ``"shewhart"``: optional ``rules`` (default n1; ids of `run_rules`, without the trends
          n3 and n4) or ``L`` (default 3, limits only).

        ``h`` above 100 and ``lam`` below about ``(L / 340)**2`` are refused where the run
        length is not beyond 1e9 anyway: the equations would be too many.

        All take ``shift``, the shift of the mean in sigmas of the plotted value (default 0),
        there from the first point on (zero state).

    Returns
    -------
    AverageRunLengths

    Raises
    ------
    ValueError
        For an unknown kind, a missing or impossible parameter.

    References
    ----------
    .. [1] E. S. Page, Biometrika 41 (1954) 100.
    .. [2] S. V. Crowder, Technometrics 29 (1987) 401; J. M. Lucas and M. S. Saccucci,
       Technometrics 32 (1990) 1.
    .. [3] J. M. Lucas and R. B. Crosier, Technometrics 24 (1982) 199.
    .. [4] C. W. Champ and W. H. Woodall, Technometrics 29 (1987) 393.

    Examples
    --------
    >>> found = arl([{"kind": "cusum", "k": 0.5, "h": 5}, {"kind": "shewhart"}])
    >>> [round(value, 1) for value in found.arl]
    [465.4, 370.4]
    """
    if isinstance(charts, Mapping | str) or not isinstance(charts, Sequence):
        raise ArgumentError("charts", "must be a list of charts, each a dict with a kind")
    lengths = [_one(chart) for chart in charts]
    found = [length if length <= NEVER else None for length in lengths]
    return AverageRunLengths(
        n=len(charts),
        n_missing=0,
        warnings=(_BEYOND,) if None in found else (),
        method="zero state; integral equation for CUSUM and EWMA, Markov chain for run rules",
        arl=found,
    )


def _one(chart: object) -> float:
    if not isinstance(chart, Mapping) or not all(isinstance(name, str) for name in chart):
        raise ArgumentError("charts", "each must be a dict with a kind")
    function, known = _KINDS[one_of(chart.get("kind"), tuple(_KINDS), "charts")]
    given = {name: value for name, value in chart.items() if name != "kind"}
    if unknown := set(given) - set(known):
        raise ArgumentError(
            "charts", f"a {chart['kind']} chart has no {', '.join(sorted(unknown))}"
        )
    if lacking := [
        name for name, default in known.items() if default is None and name not in given
    ]:
        raise ArgumentError("charts", f"a {chart['kind']} chart needs {' and '.join(lacking)}")
    return float(function(**{**known, **given}))


def _cusum(
    *, k: float, h: float, shift: float, head_start: float | bool, sided: int | str
) -> float:
    k, h, shift = real(k, "k"), positive(h, "h"), real(shift, "shift")
    fast = isinstance(head_start, bool | np.bool_) and bool(head_start)
    start = h / 2 if fast else real(head_start, "head_start")
    if k < 0:
        raise ArgumentError("k", "must not be negative")
    if not 0 <= start < h:
        raise ArgumentError("head_start", "must be 0 or more and below h")
    words = {"1": 1, "2": 2, "one": 1, "two": 2}
    if isinstance(sided, bool) or str(sided) not in words:
        raise ArgumentError("sided", "must be 1 or 2, or 'one' or 'two'")
    rising_only = words[str(sided)] == 1
    if h > _HIGHEST:
        return _beyond(h, k - (shift if rising_only else abs(shift)))
    up, up_ahead = _one_sided_cusum(k, h, shift, start)
    if rising_only:
        return up_ahead
    down, down_ahead = _one_sided_cusum(k, h, -shift, start)
    return max(1.0, (up_ahead * down + up * down_ahead - up * down) / (up + down))


def _beyond(h: float, drift: float) -> float:
    """More than `NEVER` for a sum that falls by ``drift`` a point and must climb above ``h``."""
    if drift * h < _NEVER_CLIMBED:
        raise ArgumentError("h", f"must be at most {_HIGHEST:g} sigmas for such a shift")
    return _LOST


def _one_sided_cusum(k: float, h: float, shift: float, start: float) -> tuple[float, float]:
    """Run lengths from 0 and from ``start``, limit on one side."""
    if k - shift > _FARTHEST:
        return _LOST, _LOST
    nodes, weights = _quadrature(0.0, h, h)
    points = np.append(nodes, [0.0, start])
    to_zero = np.array([normal_cdf(k - shift - u) for u in points])
    kernel = weights * _density(nodes[None, :] - points[:, None] + k - shift)
    # Unknowns: L at the nodes and at 0; the last row gives L at the start from these.
    system = np.column_stack((kernel, to_zero))
    size = nodes.size + 1
    lengths = np.linalg.solve(np.eye(size) - system[:size], np.ones(size))
    return _sure(lengths[-1]), _sure(1 + system[-1] @ lengths)


def _ewma(*, lam: float, L: float, shift: float) -> float:  # noqa: N803  the field's letter
    lam, width, shift = positive(lam, "lam"), positive(L, "L"), real(shift, "shift")
    if lam > 1:
        raise ArgumentError("lam", "must be above 0 and not above 1")
    settled = math.sqrt(lam / (2 - lam))
    if width - abs(shift) / settled > _FARTHEST:
        return _LOST
    limit = width * settled
    if 2 * limit / lam > _SPARSEST * _MOST_NODES:
        raise ArgumentError("lam", f"is too small for limits at {width:g} sigmas")
    nodes, weights = _quadrature(-limit, limit, 2 * limit / lam)
    points = np.append(nodes, 0.0)
    step = (nodes[None, :] - (1 - lam) * points[:, None]) / lam
    kernel = weights / lam * _density(step - shift)
    lengths = np.linalg.solve(np.eye(nodes.size) - kernel[:-1], np.ones(nodes.size))
    return _sure(1 + kernel[-1] @ lengths)


def _shewhart(*, rules: Sequence[str] | None, L: float, shift: float) -> float:  # noqa: N803
    shift = real(shift, "shift")
    if not rules:
        width = positive(L, "L")
        return 1 / max(normal_cdf(shift - width) + normal_cdf(-shift - width), 0.5 / NEVER)
    return shewhart_run_length(rules, shift)


_KINDS: dict[str, tuple[Any, dict[str, Any]]] = {
    "cusum": (_cusum, {"k": None, "h": None, "shift": 0.0, "head_start": 0.0, "sided": 2}),
    "ewma": (_ewma, {"lam": None, "L": None, "shift": 0.0}),
    "shewhart": (_shewhart, {"rules": (), "L": 3.0, "shift": 0.0}),
}


def _sure(length: float) -> float:
    """``length``, or more than `NEVER` where rounding has spoilt it."""
    return float(length) if 1 <= length <= NEVER else _LOST


def _quadrature(low: float, high: float, sigmas: float) -> tuple[Floats, Floats]:
    """Nodes and weights, enough for a kernel that is one sigma wide on a path of ``sigmas``."""
    nodes, weights = leggauss(min(_MOST_NODES, _NODES + math.ceil(_NODES_PER_SIGMA * sigmas)))
    half = (high - low) / 2
    return low + half * (nodes + 1), half * weights


def _density(z: Floats) -> Floats:
    return np.asarray(np.exp(-(z**2) / 2) / _ROOT)
