"""Defect levels in parts per million, and the sigma level they are called by."""

from dataclasses import dataclass

import numpy as np

from andon.stats.comparison.rates import exact_interval
from andon.stats.inputs import (
    ArgumentError,
    Values,
    amounts,
    listed,
    real,
    whole,
)
from andon.stats.results import Result
from andon.stats.scales import LEAST, certainty, divisor
from andon.stats.sentences import NO_DATA, Sentence, gettext_noop, number, percent
from andon.stats.special import normal_quantile

NO_LEVEL = Sentence(
    "no_level", gettext_noop("No defects, or nothing but defects, have no sigma level.")
)
NONE_FOUND = Sentence(
    "none_found", gettext_noop("None was found: read the upper bound, not the zero.")
)
_MILLION = 1e6


@dataclass(frozen=True, kw_only=True)
class SigmaLevel(Result):
    sigma: list[float | None] | float | None
    shift: float


def sigma_level(dpmo: Values | float, shift: float = 1.5) -> SigmaLevel:
    r"""Sigma level of defects per million opportunities.

    :math:`-\Phi^{-1}(dpmo/10^6) + \text{shift}` [1]_. The shift of 1.5 is a convention for a
    process that wanders over time, not a measurement; it is reported with the result.

    Parameters
    ----------
    dpmo : float or sequence of float
        Defects per million opportunities, 0 to 1 000 000.
    shift : float
        What is added; 0 for the level of the data themselves.

    Returns
    -------
    SigmaLevel
        One number for one number, else a list; None for a dpmo of 0 or a million.

    Raises
    ------
    ValueError
        For a dpmo outside 0 to a million.

    References
    ----------
    .. [1] M. J. Harry, The Vision of Six Sigma; ISO 13053-1.

    Examples
    --------
    >>> [round(level, 2) for level in sigma_level([3.4, 6210, 308538]).sigma]
    [6.0, 4.0, 2.0]
    """
    single = isinstance(dpmo, int | float | np.number)
    values = amounts([dpmo] if isinstance(dpmo, int | float | np.number) else dpmo, "dpmo")
    added = real(shift, "shift")
    if (values > _MILLION).any() or ((values > 0) & (values < LEAST)).any():
        raise ArgumentError("dpmo", f"must be 0, or from {LEAST:g} to 1 000 000")
    given = listed(values)
    levels = [
        added - normal_quantile(value / _MILLION) if value and value / _MILLION < 1 else None
        for value in given
    ]
    there = len(given) - given.count(None)
    without = levels.count(None) > given.count(None)
    return SigmaLevel(
        n=there,
        n_missing=given.count(None),
        method=f"normal quantile, shift {added:g}",
        warnings=() if there and not without else (NO_LEVEL if there else NO_DATA,),
        sigma=levels[0] if single else levels,
        shift=added,
    )


@dataclass(frozen=True, kw_only=True)
class PartsPerMillion(Result):
    """``ci`` is exact and two-sided, ``upper_one_sided`` holds with the same confidence."""

    ppm: float | None = None
    ci: list[float] | None = None
    upper_one_sided: float | None = None
    sentence: Sentence | None = None


def ppm(nonconforming: int, received: int, confidence: float = 0.95) -> PartsPerMillion:
    r"""Nonconforming parts per million parts received.

    :math:`10^6\,x/n` with its exact (Clopper-Pearson) interval. If none was found the exact
    one-sided bound :math:`10^6(1 - \alpha^{1/n})` is the figure to quote [1]_.

    Parameters
    ----------
    nonconforming, received : int
        Parts, ``0 <= nonconforming <= received``.
    confidence : float
        Of the interval and of the bound.

    Returns
    -------
    PartsPerMillion
        None throughout for nothing received.

    Raises
    ------
    ValueError
        For values no count can have.

    References
    ----------
    .. [1] C. J. Clopper and E. S. Pearson, Biometrika 26 (1934) 404.

    Examples
    --------
    >>> round(ppm(37, 154000).ppm, 2), round(ppm(0, 3000).upper_one_sided, 1)
    (240.26, 998.1)
    """
    bad, all_parts = whole(nonconforming, "nonconforming"), whole(received, "received")
    level = certainty(confidence, "confidence")
    if bad > all_parts:
        raise ArgumentError("nonconforming", "must not exceed received")
    method = f"share with exact binomial limits, {level:g}"
    if not all_parts:
        return PartsPerMillion(n=0, n_missing=0, method=method, warnings=(NO_DATA,))
    good = all_parts - bad
    ci = [_MILLION * end for end in exact_interval(bad, good, level)]
    upper = _MILLION * exact_interval(bad, good, 2 * level - 1)[1]
    return PartsPerMillion(
        n=all_parts,
        n_missing=0,
        method=method,
        warnings=() if bad else (NONE_FOUND,),
        ppm=_MILLION * bad / all_parts,
        ci=ci,
        upper_one_sided=upper,
        sentence=_sentence(ci, upper, level) if bad else _none_found(upper, level),
    )


def _sentence(ci: list[float], upper: float, level: float) -> Sentence:
    text = gettext_noop("%(low)s to %(high)s ppm (%(level)s interval); at most %(upper)s ppm.")
    places = {"low": ci[0], "high": ci[1], "upper": upper}
    values = {name: number(value) for name, value in places.items()}
    return Sentence("ppm", text, values | {"level": percent(level)})


def _none_found(upper: float, level: float) -> Sentence:
    text = gettext_noop("None found: at most %(upper)s ppm (confidence %(level)s).")
    return Sentence.of("ppm_none", text, upper=number(upper), level=percent(level))


@dataclass(frozen=True, kw_only=True)
class DefectsPerMillion(Result):
    """``ci`` (exact Poisson) and ``upper_one_sided`` are of the dpmo."""

    dpu: float | None = None
    dpo: float | None = None
    dpmo: float | None = None
    ci: list[float] | None = None
    upper_one_sided: float | None = None


def dpmo(
    defects: int, units: int, opportunities: float = 1, confidence: float = 0.95
) -> DefectsPerMillion:
    r"""Defects per million opportunities.

    :math:`10^6\,d/(N k)`, with the exact limits of a Poisson count,
    :math:`\chi^2_{\alpha/2;\,2d}/2` and :math:`\chi^2_{1-\alpha/2;\,2d+2}/2` [1]_ [2]_.

    Parameters
    ----------
    defects, units : int
        Defects found (a unit may have several) on so many units.
    opportunities : float
        Opportunities for a defect on one unit.
    confidence : float
        Of the interval and of the bound.

    Returns
    -------
    DefectsPerMillion
        None throughout for no units.

    Raises
    ------
    ValueError
        For values no count can have.

    References
    ----------
    .. [1] ISO 13053-1.
    .. [2] F. Garwood, Biometrika 28 (1936) 437.

    Examples
    --------
    >>> result = dpmo(34, 750, 10)
    >>> round(result.dpmo), [round(end) for end in result.ci]
    (4533, [3139, 6335])
    """
    found, seen = whole(defects, "defects"), whole(units, "units")
    chances, level = divisor(opportunities, "opportunities"), certainty(confidence, "confidence")
    if not seen and found:
        raise ArgumentError("units", "must be above 0 where there are defects")
    method = f"Poisson count, exact limits, {level:g}"
    if not seen:
        return DefectsPerMillion(n=0, n_missing=0, method=method, warnings=(NO_DATA,))
    scale, tail = _MILLION / (seen * chances), (1 - level) / 2
    return DefectsPerMillion(
        n=seen,
        n_missing=0,
        method=method,
        warnings=() if found else (NONE_FOUND,),
        dpu=found / seen,
        dpo=found / (seen * chances),
        dpmo=scale * found,
        ci=[
            scale * _count_limit(found, 1 - tail) if found else 0.0,
            scale * _count_limit(found + 1, tail),
        ],
        upper_one_sided=scale * _count_limit(found + 1, 1 - level),
    )


def _count_limit(shape: int, above: float) -> float:
    """The mean at which a Poisson limit of this shape has the chance ``above`` over it."""
    from scipy.special import gammainccinv  # noqa: PLC0415

    return float(gammainccinv(shape, above))
