"""Gage R&R by averages and ranges, as worked by hand on the form of AIAG."""

import math
from dataclasses import dataclass
from typing import Any

import numpy as np

from andon.stats.charts.factors import d2, d3
from andon.stats.inputs import Floats, Values
from andon.stats.measurement.components import (
    ALONE,
    NO_GAGE_VARIATION,
    NO_PART_VARIATION,
    categories,
    grr_report,
)
from andon.stats.measurement.study import (
    Cell,
    Labels,
    Level,
    Study,
    crossed_study,
    one_sided,
    tolerance_width,
)
from andon.stats.results import Result
from andon.stats.scales import multiplier
from andon.stats.sentences import NO_DATA, ZERO_VARIANCE, Sentence

_METHOD = "averages and ranges, K factors computed from d2 and d2*"


@dataclass(frozen=True, kw_only=True)
class GrrAverageRange(Result):
    """A gage study by averages and ranges: standard deviations and their percents.

    ``ev`` equipment (repeatability), ``av`` appraisers, ``grr`` both, ``pv`` parts, ``tv`` total,
    in the unit of the readings; ``pct_…`` of the total, ``pct_tolerance_…`` of the tolerance.
    ``r_ucl``, ``x_lcl``, ``x_ucl`` are the lines of the range and average charts of the cells.
    """

    rbar: float | None = None
    xdiff: float | None = None
    rp: float | None = None
    ev: float | None = None
    av: float | None = None
    grr: float | None = None
    pv: float | None = None
    tv: float | None = None
    pct_ev: float | None = None
    pct_av: float | None = None
    pct_grr: float | None = None
    pct_pv: float | None = None
    pct_tolerance_ev: float | None = None
    pct_tolerance_av: float | None = None
    pct_tolerance_grr: float | None = None
    pct_tolerance_pv: float | None = None
    ndc: int | None = None
    r_ucl: float | None = None
    x_center: float | None = None
    x_lcl: float | None = None
    x_ucl: float | None = None
    cells: list[Cell]
    by_part: list[Level]
    by_operator: list[Level]
    report: tuple[Sentence, ...] = ()

    def rows(self) -> list[dict[str, object]]:
        """One row for each source that was estimated."""
        return [
            {
                "source": source,
                "sd": sd,
                "pct": getattr(self, f"pct_{source}", None),
                "pct_tolerance": getattr(self, f"pct_tolerance_{source}", None),
            }
            for source in ("ev", "av", "grr", "pv", "tv")
            if (sd := getattr(self, source)) is not None
        ]


def grr_average_range(
    part: Labels,
    operator: Labels,
    y: Values,
    *,
    lsl: float | None = None,
    usl: float | None = None,
    tolerance: float | None = None,
    study_width: float = 6.0,
) -> GrrAverageRange:
    r"""Repeatability and reproducibility of a crossed gage study by averages and ranges.

    :math:`EV = \bar R K_1`, :math:`AV = \sqrt{\max(0, (X_{diff} K_2)^2 - EV^2/(pr))}`,
    :math:`PV = R_p K_3`, :math:`GRR^2 = EV^2 + AV^2`, :math:`TV^2 = GRR^2 + PV^2` [1]_, with
    :math:`K_1 = 1/d_2(r)`, :math:`K_2 = 1/d_2^*(o)`, :math:`K_3 = 1/d_2^*(p)` and
    :math:`d_2^* = \sqrt{d_2^2 + d_3^2}` for one range.

    Parameters
    ----------
    part, operator, y, lsl, usl, tolerance, study_width
        As in `grr_anova`.

    Returns
    -------
    GrrAverageRange
        ``av`` is None with one operator, ``pv`` and ``tv`` with one part.

    Raises
    ------
    ValueError
        As `grr_anova`.

    Notes
    -----
    The method leaves an interaction of parts and operators inside AV and EV; `grr_anova` shows it.

    References
    ----------
    .. [1] AIAG, Measurement Systems Analysis, 4th ed., average and range method.

    Examples
    --------
    >>> result = grr_average_range(
    ...     [1, 1, 2, 2, 3, 3] * 2,
    ...     ["A"] * 6 + ["B"] * 6,
    ...     [9.9, 10.1, 12.0, 12.1, 14.0, 13.9, 10.2, 10.1, 12.2, 12.2, 14.1, 14.3],
    ... )
    >>> round(result.ev, 3), round(result.av, 3), round(result.pct_grr, 1), result.ndc
    (0.103, 0.123, 7.6, 18)
    """
    width = tolerance_width(lsl, usl, tolerance)
    times = multiplier(study_width, "study_width")
    study = crossed_study(part, operator, y)
    if study is None:
        return GrrAverageRange(
            n=0,
            n_missing=len(part),
            method=_METHOD,
            warnings=(NO_DATA,),
            cells=[],
            by_part=[],
            by_operator=[],
        )
    sds = _deviations(study.cube)
    figures = sds | _percents(sds, width, times)
    grr_pct, of_tolerance = figures.get("pct_grr"), figures.get("pct_tolerance_grr")
    return GrrAverageRange(
        n=study.cube.size,
        n_missing=study.n_missing,
        method=_METHOD,
        warnings=(*_warnings(study, sds), *one_sided(lsl, usl)),
        cells=study.cells(),
        by_part=study.by_part(),
        by_operator=study.by_operator(),
        report=grr_report(grr_pct, of_tolerance, figures["ndc"], sds["ev"], sds["av"]),
        **figures,
    )


def k_factor(n: int) -> float:
    """Standard deviation per range of one sample of ``n``: 1/d2*(n, 1).

    >>> round(k_factor(3), 4), round(k_factor(10), 4)
    (0.5231, 0.3146)
    """
    return 1 / math.hypot(d2(n), d3(n))


def _deviations(cube: Floats) -> dict[str, Any]:
    p, o, r = cube.shape
    ranges = np.ptp(cube, axis=2)
    rbar = float(ranges.mean())
    x = cube - cube[0, 0, 0]
    xdiff, rp = float(np.ptp(x.mean(axis=(0, 2)))), float(np.ptp(x.mean(axis=(1, 2))))
    ev = rbar / d2(r)
    av = math.sqrt(max(0.0, (xdiff * k_factor(o)) ** 2 - ev**2 / (p * r))) if o > 1 else None
    pv = rp * k_factor(p) if p > 1 else None
    grr = math.hypot(ev, av or 0.0)
    center, half = float(cube[0, 0, 0] + x.mean()), 3 * ev / math.sqrt(r)
    return {
        "rbar": rbar,
        "xdiff": xdiff if o > 1 else None,
        "rp": rp if p > 1 else None,
        "ev": ev,
        "av": av,
        "grr": grr,
        "pv": pv,
        "tv": None if pv is None else math.hypot(grr, pv),
        "ndc": categories(pv, grr),
        "r_ucl": ev * (d2(r) + 3 * d3(r)),
        "x_center": center,
        "x_lcl": center - half,
        "x_ucl": center + half,
    }


def _percents(sds: dict[str, Any], tolerance: float | None, times: float) -> dict[str, float]:
    found = {}
    for source in ("ev", "av", "grr", "pv"):
        sd = sds[source]
        if sd is not None and sds["tv"]:
            found[f"pct_{source}"] = 100 * sd / sds["tv"]
        if sd is not None and tolerance and sds["tv"] != 0:
            found[f"pct_tolerance_{source}"] = 100 * times * sd / tolerance
    return found


def _warnings(study: Study, sds: dict[str, Any]) -> tuple[Sentence, ...]:
    p, o, _ = study.shape
    alone = (ALONE,) if 1 in {p, o} else ()
    if sds["grr"] == 0:
        return (*alone, NO_GAGE_VARIATION if sds["pv"] else ZERO_VARIANCE)
    return (*alone, NO_PART_VARIATION) if sds["pv"] == 0 else alone
