"""The type-1 gage study: Cg and Cgk of one gage on one reference part."""

from dataclasses import dataclass
from typing import Any

from andon.stats.inputs import ROUNDING, ArgumentError, Values, positive
from andon.stats.measurement.bias import FEW_READINGS, BiasStudy, bias_study
from andon.stats.measurement.study import one_sided, tolerance_width
from andon.stats.results import Result
from andon.stats.scales import multiplier
from andon.stats.sentences import Sentence, gettext_noop

_ADVISED = 25
_FINE_ENOUGH = 0.05


@dataclass(frozen=True, kw_only=True)
class Type1Study(Result):
    """Capability of a gage on one reference part.

    ``cg`` judges the scatter, ``cgk`` scatter and bias; ``capable`` compares both with ``least``.
    ``smallest_tolerance`` is the narrowest tolerance for which the gage would be capable.
    """

    tolerance: float
    percent: float
    least: float
    mean: float | None = None
    bias: float | None = None
    sd: float | None = None
    cg: float | None = None
    cgk: float | None = None
    t: float | None = None
    p: float | None = None
    ci: list[float] | None = None
    capable: bool | None = None
    smallest_tolerance: float | None = None
    resolution_fine: bool | None = None
    report: tuple[Sentence, ...] = ()


def type1_study(
    x: Values,
    reference: float,
    tolerance: float | None = None,
    percent: float = 20.0,
    *,
    lsl: float | None = None,
    usl: float | None = None,
    spread: float = 6.0,
    least: float = 1.33,
    resolution: float | None = None,
    confidence: float = 0.95,
) -> Type1Study:
    r"""Type-1 gage study: Cg and Cgk of repeated readings of one reference part.

    :math:`C_g = \frac{P}{100}T/(k s)` and :math:`C_{gk} = (\frac{P}{200}T - |b|)/(k s/2)` with the
    part P percent of the tolerance T (20) and the spread of k standard deviations (6) [1]_.

    Parameters
    ----------
    x : sequence of float or None
        Readings of the reference part (25 or more, better 50), None and NaN left out.
    reference : float
        Its accepted value, same unit.
    tolerance, lsl, usl : float
        Width of the tolerance, or both specification limits.
    percent : float
        Percent of the tolerance the gage may take.
    spread : float
        Standard deviations that count as the gage's scatter: 6, in some company rules 4.
    least : float
        What Cg and Cgk must reach: 1.33, in some company rules 1.00 or 1.67.
    resolution : float, optional
        Smallest step of the display, same unit; ``resolution_fine`` says it is at most 5 % of T.
    confidence : float
        Of the interval of the bias.

    Returns
    -------
    Type1Study
        ``cg`` and ``cgk`` are None without scatter.

    Raises
    ------
    ValueError
        Without a two-sided tolerance, or for figures not above 0.

    References
    ----------
    .. [1] VDA volume 5; ISO 22514-7; company guides of the automotive industry differ in P and k.

    Examples
    --------
    >>> result = type1_study([20.01, 20.00, 19.99, 20.02, 20.00, 20.01], 20.0, tolerance=1.0)
    >>> round(result.cg, 2), round(result.cgk, 2), result.capable
    (3.18, 3.02, True)
    """
    width = tolerance_width(lsl, usl, tolerance)
    if width is None:
        name = "usl" if one_sided(lsl, usl) else "tolerance"
        raise ArgumentError(name, "a two-sided tolerance is needed: give tolerance or lsl and usl")
    share, times = multiplier(percent, "percent"), multiplier(spread, "spread")
    goal = multiplier(least, "least")
    step = None if resolution is None else positive(resolution, "resolution")
    base = bias_study(x, reference, confidence)
    figures = _figures(base, width * share / 100, times, goal)
    need = figures.pop("need", None)
    return Type1Study(
        n=base.n,
        n_missing=base.n_missing,
        method=f"{share:g} % of the tolerance against {times:g} s",
        warnings=_type1_warnings(base),
        tolerance=width,
        percent=share,
        least=goal,
        mean=base.mean,
        bias=base.bias,
        sd=base.sd,
        t=base.t,
        p=base.p,
        ci=base.ci,
        smallest_tolerance=None if need is None else 100 * need / share,
        resolution_fine=None if step is None else step <= _FINE_ENOUGH * width * (1 + ROUNDING),
        **figures,
    )


def _figures(base: BiasStudy, allowed: float, spread: float, least: float) -> dict[str, Any]:
    """The indices where the gage scatters; ``need`` is the width for which Cgk is ``least``."""
    if not base.sd or base.bias is None:
        return {}
    cg = allowed / (spread * base.sd)
    cgk = (allowed / 2 - abs(base.bias)) / (spread / 2 * base.sd)
    return {
        "cg": cg,
        "cgk": cgk,
        "capable": cgk >= least,  # Cgk is never above Cg.
        "need": least * spread * base.sd + 2 * abs(base.bias),
        "report": _type1_report(cg, cgk, least),
    }


def _type1_warnings(base: BiasStudy) -> tuple[Sentence, ...]:
    kept = tuple(warning for warning in base.warnings if warning.code != FEW_READINGS.code)
    if kept or base.n >= _ADVISED:
        return kept
    return (
        Sentence(
            "few_readings",
            gettext_noop("Fewer than 25 readings: Cg and Cgk are known only roughly."),
        ),
    )


def _type1_report(cg: float, cgk: float, least: float) -> tuple[Sentence, ...]:
    kind = "capable" if cgk >= least else "biased" if cg >= least else "scatters"
    values = {"cg": f"{cg:.2f}", "cgk": f"{cgk:.2f}", "least": f"{least:.2f}"}
    return (Sentence.of(kind, _TYPE1[kind], **values),)


_TYPE1 = {
    "capable": gettext_noop(
        "Cg = %(cg)s and Cgk = %(cgk)s reach %(least)s: the gage is capable for this tolerance."
    ),
    "biased": gettext_noop(
        "Cg = %(cg)s reaches %(least)s, but Cgk = %(cgk)s does not: the gage reads off the "
        "reference, adjust it."
    ),
    "scatters": gettext_noop(
        "Cg = %(cg)s does not reach %(least)s (Cgk = %(cgk)s): the gage scatters too much for "
        "this tolerance."
    ),
}
