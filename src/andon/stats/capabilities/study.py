"""Capability of a process with normal values: indices, intervals, tails and what they say."""

from dataclasses import dataclass
from typing import Any, Literal, TypeAlias

import numpy as np

from andon.stats.blocks import Engine, array
from andon.stats.capabilities.cautions import cautions
from andon.stats.capabilities.indices import Indices, Specification, Tails, about_target
from andon.stats.capabilities.intervals import minimum_interval, ratio_interval, target_interval
from andon.stats.capabilities.scatter import Scatter, Within
from andon.stats.capabilities.stability import stability
from andon.stats.capabilities.verdicts import verdict
from andon.stats.charts.subgroups import Rows
from andon.stats.inputs import ArgumentError, Values, fraction, one_of, positive
from andon.stats.results import Result
from andon.stats.sentences import Sentence

Freedom: TypeAlias = Literal["total", "within"]


@dataclass(frozen=True, kw_only=True)
class Capability(Result):
    """Indices of a process; None for what one limit alone, or too little data, cannot give.

    ``cp`` to ``cpk`` use ``sigma_within`` (what the process can do), ``pp`` to ``ppk``
    ``sigma_overall`` (what it did); ``cpm`` says in ``cpm_sigma`` which of them it uses.
    ``expected_ppm`` are tails of the normal distribution with ``sigma_overall``,
    ``observed`` are counts of values outside. ``stable`` is False if the chart of the same data
    signals, None if none was drawn.
    """

    lsl: float | None
    usl: float | None
    target: float | None
    mean: float | None = None
    minimum: float | None = None
    maximum: float | None = None
    sigma_within: float | None = None
    sigma_overall: float | None = None
    nu_within: float | None = None
    cp: float | None = None
    cpl: float | None = None
    cpu: float | None = None
    cpk: float | None = None
    cpm: float | None = None
    cpm_sigma: str
    pp: float | None = None
    ppl: float | None = None
    ppu: float | None = None
    ppk: float | None = None
    confidence: float
    cp_ci: list[float] | None = None
    cpk_ci: list[float] | None = None
    cpm_ci: list[float] | None = None
    pp_ci: list[float] | None = None
    ppk_ci: list[float] | None = None
    z_lower: float | None = None
    z_upper: float | None = None
    z_bench_min: float | None = None
    expected_ppm_below: float | None = None
    expected_ppm_above: float | None = None
    expected_ppm_total: float | None = None
    expected_within_ppm_total: float | None = None
    observed_below: int = 0
    observed_above: int = 0
    observed_ppm_total: float | None = None
    stable: bool | None = None
    required: float
    sentence: Sentence | None = None


def capability(
    x: Values | None = None,
    *,
    subgroups: Rows | None = None,
    lsl: float | None = None,
    usl: float | None = None,
    target: float | None = None,
    within: Within | None = None,
    confidence: float = 0.95,
    nu: Freedom = "total",
    required: float = 1.33,
    lower_bound: float | None = None,
    upper_bound: float | None = None,
    engine: Engine = "numpy",
) -> Capability:
    r"""Capability and performance of a process with normal values.

    :math:`C_p = (U-L)/6\hat\sigma_w`, :math:`C_{pk} = \min(U-\bar x, \bar x-L)/3\hat\sigma_w`
    with the scatter within subgroups, or of moving ranges; Pp and Ppk the same with the overall
    s; :math:`C_{pm} = (U-L)/6\sqrt{\hat\sigma^2+(\bar x-T)^2}` with the sigma within for
    subgroups and the overall s for single values [1]_ [2]_. Intervals as in `capability_ci`,
    for Cpm by Boyles.

    Parameters
    ----------
    x : sequence of float or None
        Single values in time order (None or NaN is missing), or
    subgroups : sequence of sequences of float or None, or array (subgroups, values)
        subgroups in time order, of one size or of several.
    lsl, usl : float, optional
        Specification limits in the unit of the values, at least one. A value on a limit is good.
    target : float, optional
        Aim of Cpm; default the middle of the tolerance.
    within : {"rbar", "sbar", "pooled", "mr"}, optional
        Sigma within: mean of R/d2 or of s/c4, pooled (corrected by c4), or mean moving range
        over d2(2). Default ``mr`` for single values, ``rbar`` for subgroups of up to 10 values,
        ``pooled`` for larger ones.
    confidence : float
        Of each interval.
    nu : {"total", "within"}
        Degrees of freedom in the intervals of Cp and Cpk: n - 1 (customary), or those of the
        sigma within: sum(n_i - 1) for ``pooled``, 0.9 of it for ``rbar`` and ``sbar``,
        0.62 (n - 1) for ``mr`` (nearer to the truth).
    required : float
        The index the sentence compares with.
    lower_bound, upper_bound : float, optional
        Values nothing can pass by nature (0 for flatness): a limit there is no limit.
    engine : {"numpy", "compiled"}
        See `andon.stats.blocks.survey`.

    Returns
    -------
    Capability
        Indices None with ``zero_variance`` if there is no scatter; negative if the mean lies
        outside the limits. ``unstable`` warns that the chart of the same data signals.

    Raises
    ------
    ValueError
        If no limit is given or lsl >= usl, for infinite values and texts, for both or neither
        of x and subgroups, and for a ``within`` that does not go with them.

    References
    ----------
    .. [1] ISO 22514-2:2017; AIAG, Statistical Process Control, 2nd edition.
    .. [2] D. C. Montgomery, Introduction to Statistical Quality Control, chapter 8.

    Examples
    --------
    >>> result = capability([5.1, 4.9, 5.0, 5.2, 4.8, 5.1, 5.0, 4.9], lsl=4, usl=6)
    >>> round(result.cpk, 2), round(result.ppk, 2), result.observed_above
    (1.88, 2.55, 0)
    """
    level, needed = fraction(confidence, "confidence"), positive(required, "required")
    asked = Specification.of(
        lsl, usl, target=target, lower_bound=lower_bound, upper_bound=upper_bound
    )
    one_of(nu, ("total", "within"), "nu")
    if x is not None and subgroups is None:
        with np.errstate(over="ignore", invalid="ignore"):
            values = array(x)
        found = Scatter.of_values(values, asked, within, engine)
    elif x is None and subgroups is not None:
        found = Scatter.of_subgroups(subgroups, asked, within, engine)
    else:
        raise ArgumentError("x", "give either x or subgroups")
    return _study(found, asked, level, nu, needed)


def _study(
    found: Scatter, asked: Specification, confidence: float, nu: Freedom, required: float
) -> Capability:
    judged = stability(found.chart(), found.n)
    indices = _indices(found, asked)
    intervals = _intervals(found, asked, indices, confidence, nu)
    name = "ppk" if indices["cpk"] is None else "cpk"
    return Capability(
        n=found.n,
        n_missing=found.n_missing,
        method=found.method,
        warnings=(*asked.warnings, *cautions(found), *judged.warnings),
        lsl=asked.lsl,
        usl=asked.usl,
        target=asked.target,
        cpm_sigma="within" if found.grouped else "overall",
        confidence=confidence,
        stable=judged.stable,
        required=required,
        sentence=verdict(
            name.capitalize(),
            indices[name],
            intervals.get(f"{name}_ci"),
            n=found.n,
            required=required,
            confidence=confidence,
            stable=judged.stable,
        ),
        **_estimates(found),
        **indices,
        **intervals,
        **_tails(found, asked),
    )


def _estimates(found: Scatter) -> dict[str, Any]:
    return {
        "mean": found.survey.mean,
        "minimum": found.survey.minimum,
        "maximum": found.survey.maximum,
        "sigma_within": found.within,
        "sigma_overall": found.survey.sd,
        "nu_within": found.nu if found.within is not None else None,
    }


def _indices(found: Scatter, asked: Specification) -> dict[str, Any]:
    mean, within, overall = found.survey.mean, found.within or 0.0, found.survey.sd or 0.0
    can = Indices.of(asked, mean, 3 * within, 3 * within)
    did = Indices.of(asked, mean, 3 * overall, 3 * overall)
    distances = Indices.of(asked, mean, overall, overall)
    return {
        "cp": can.both,
        "cpl": can.lower,
        "cpu": can.upper,
        "cpk": can.smaller,
        "cpm": about_target(asked, mean, within if found.grouped else overall),
        "pp": did.both,
        "ppl": did.lower,
        "ppu": did.upper,
        "ppk": did.smaller,
        "z_lower": distances.lower,
        "z_upper": distances.upper,
        "z_bench_min": distances.smaller,
    }


def _intervals(
    found: Scatter,
    asked: Specification,
    indices: dict[str, Any],
    confidence: float,
    nu: Freedom,
) -> dict[str, Any]:
    """The intervals of those indices that exist."""
    total = float(found.n - 1)
    freedom = found.nu if nu == "within" else total
    known = {name: value for name, value in indices.items() if value is not None}
    ends = {}
    for name, df in (("cp", freedom), ("pp", total)):
        if name in known:
            ends[f"{name}_ci"] = ratio_interval(known[name], df, confidence)
        if f"{name}k" in known:
            ends[f"{name}k_ci"] = minimum_interval(known[f"{name}k"], found.n, df, confidence)
    sigma = found.within if found.grouped else found.survey.sd
    if "cpm" in known and sigma and found.survey.mean is not None and asked.target is not None:
        shift = (found.survey.mean - asked.target) / sigma
        ends["cpm_ci"] = target_interval(
            known["cpm"], n=found.n, shift=shift, confidence=confidence
        )
    return ends


def _tails(found: Scatter, asked: Specification) -> dict[str, Any]:
    overall = Tails.normal(asked, found.survey.mean, found.survey.sd)
    within = Tails.normal(asked, found.survey.mean, found.within)
    outside = found.survey.below + found.survey.above
    return {
        "expected_ppm_below": overall.below,
        "expected_ppm_above": overall.above,
        "expected_ppm_total": overall.total,
        "expected_within_ppm_total": within.total,
        "observed_below": found.survey.below,
        "observed_above": found.survey.above,
        "observed_ppm_total": 1e6 * outside / found.n if found.n else None,
    }
