"""Yield of a process: first time, and through all of its steps."""

import math
from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from andon.stats.inputs import ArgumentError, Floats, Values, amounts, real
from andon.stats.results import Result, named
from andon.stats.scales import divisor, divisor_or_zero
from andon.stats.sentences import NO_DATA

_MILLION = 1e6


@named(yield_="yield")
@dataclass(frozen=True, kw_only=True)
class ProcessYield(Result):
    """``yield`` counts defects, ``fty`` also rework, ``rty`` multiplies the steps."""

    yield_: float | None = None
    fty: float | None = None
    rty: float | None = None
    dpmo: float | None = None
    step_yield: list[float | None]


def process_yield(
    defects: Values | float, rework: Values | float | None = None, units: float = 1
) -> ProcessYield:
    r"""Yield of a process of several steps through which all units pass.

    ``yield`` = :math:`1 - \sum d/N`, first-time yield ``fty`` = :math:`1 - \sum(d + r)/N`,
    rolled-throughput yield ``rty`` = :math:`\prod(1 - (d_i + r_i)/N)`, ``dpmo`` =
    :math:`10^6\sum d/N` [1]_.

    Parameters
    ----------
    defects : sequence of float
        Units lost in each step, in order (one number for one step).
    rework : sequence of float, optional
        Units that passed each step only after rework; default none.
    units : float
        Units that entered the process.

    Returns
    -------
    ProcessYield
        None throughout for no units. A step without a number is left out.

    Raises
    ------
    ValueError
        For negative numbers, lengths that differ, or more defects and rework in a step than
        units.

    References
    ----------
    .. [1] SixSigma (R), ss.ca.yield; ASQ, Certified Six Sigma Black Belt Handbook.

    Examples
    --------
    >>> result = process_yield([3, 5, 12], [1, 2, 4], 1915)
    >>> round(result["yield"], 4), round(result.fty, 4), round(result.rty, 4)
    (0.9896, 0.9859, 0.986)
    """
    lost, again = _steps(defects, rework)
    entered = divisor_or_zero(units, "units")
    if (lost + again > entered).any():
        raise ArgumentError("units", "must not be below defects and rework of a step")
    there = ~np.isnan(lost + again)
    missing = int((~there).sum())
    method = "shares of the units that entered; steps multiplied"
    if not entered or not there.any():
        return ProcessYield(
            n=0, n_missing=missing, method=method, warnings=(NO_DATA,), step_yield=[]
        )
    lost, again = lost[there], again[there]
    passed = 1 - (lost + again) / entered
    return ProcessYield(
        n=int(entered),
        n_missing=missing,
        method=method,
        yield_=1 - float(lost.sum()) / entered,
        fty=1 - float((lost + again).sum()) / entered,
        rty=float(passed.prod()),
        dpmo=_MILLION * float(lost.sum()) / entered,
        step_yield=passed.tolist(),
    )


def _steps(defects: Values | float, rework: Values | float | None) -> tuple[Floats, Floats]:
    lost = amounts(_listed(defects), "defects")
    again = np.zeros(lost.size) if rework is None else amounts(_listed(rework), "rework")
    if again.size != lost.size:
        raise ArgumentError("rework", "must have as many values as defects")
    return lost, again


def _listed(values: Values | float) -> Values:
    return [values] if isinstance(values, int | float | np.number) else values


@dataclass(frozen=True, kw_only=True)
class PoissonYield(Result):
    dpu: float | None = None
    dpmo: float | None = None
    fty: float | None = None


def process_yield_poisson(defects: float, units: float, opportunities: float = 1) -> PoissonYield:
    r"""First-time yield from defects that fall on the units by chance.

    :math:`dpu = d/N`, :math:`dpmo = 10^6\,d/(N\,k)`, and the share of units without any defect
    :math:`fty = e^{-dpu}` (Poisson) [1]_.

    Parameters
    ----------
    defects : float
        Defects found; a unit may have several.
    units : float
        Units inspected.
    opportunities : float
        Opportunities for a defect on one unit.

    Returns
    -------
    PoissonYield
        None throughout for no units.

    Raises
    ------
    ValueError
        For negative numbers, or opportunities not above 0.

    References
    ----------
    .. [1] F. W. Breyfogle, Implementing Six Sigma.

    Examples
    --------
    >>> result = process_yield_poisson(34, 750, 10)
    >>> round(result.dpu, 4), round(result.dpmo), round(result.fty, 4)
    (0.0453, 4533, 0.9557)
    """
    found, seen = real(defects, "defects"), divisor_or_zero(units, "units")
    chances = divisor(opportunities, "opportunities")
    if found < 0:
        raise ArgumentError("defects", "must not be negative")
    if not seen and found:
        raise ArgumentError("units", "must not be 0 where there are defects")
    method = "Poisson: units without defect exp(-dpu)"
    if not seen:
        return PoissonYield(n=0, n_missing=0, method=method, warnings=(NO_DATA,))
    return PoissonYield(
        n=int(seen),
        n_missing=0,
        method=method,
        dpu=found / seen,
        dpmo=_MILLION * found / seen / chances,
        fty=math.exp(-found / seen),
    )


@dataclass(frozen=True, kw_only=True)
class RolledYield(Result):
    """``normalized`` is the yield of one step if all were equal; ``weakest`` counts from 1."""

    rty: float | None = None
    normalized: float | None = None
    weakest: int | None = None


def rolled_throughput_yield(yields: Sequence[float | None]) -> RolledYield:
    r"""Share of units that pass all steps the first time: the product of the step yields.

    The normalized yield is the geometric mean :math:`rty^{1/k}` [1]_.

    Parameters
    ----------
    yields : sequence of float
        First-time yield of each step, 0 to 1; None is left out.

    Returns
    -------
    RolledYield

    Raises
    ------
    ValueError
        For a yield outside 0 to 1.

    References
    ----------
    .. [1] M. J. Harry, The Vision of Six Sigma.

    Examples
    --------
    >>> result = rolled_throughput_yield([0.98, 0.95, 0.99])
    >>> round(result.rty, 4), round(result.normalized, 4), result.weakest
    (0.9217, 0.9732, 2)
    """
    steps = amounts(yields, "yields")
    if (steps > 1).any():
        raise ArgumentError("yields", "must lie from 0 to 1")
    there = steps[~np.isnan(steps)]
    missing = int(steps.size - there.size)
    if not there.size:
        return RolledYield(n=0, n_missing=missing, method="product", warnings=(NO_DATA,))
    product = float(there.prod())
    return RolledYield(
        n=int(there.size),
        n_missing=missing,
        method="product of the step yields",
        rty=product,
        normalized=product ** (1 / there.size),
        weakest=int(np.nanargmin(steps)) + 1,
    )
