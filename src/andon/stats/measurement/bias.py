"""Bias of a gage against a reference."""

import math
from dataclasses import dataclass

import numpy as np

from andon.stats.inputs import (
    ROUNDING,
    ArgumentError,
    Values,
    fraction,
    positive,
    real,
    series,
    whole,
)
from andon.stats.results import Result
from andon.stats.scales import divisor_or_zero
from andon.stats.sentences import (
    NO_DATA,
    ZERO_VARIANCE,
    Sentence,
    gettext_noop,
    number,
    too_few,
)
from andon.stats.special import t_cdf, t_quantile
from andon.stats.summary import accurate_mean, scatter

_FOR_SCATTER = 2
_LEAST_FREEDOM = 0.5
_ADVISED = 10


@dataclass(frozen=True, kw_only=True)
class BiasStudy(Result):
    """Bias with its test and interval; ``acceptable`` if 0 lies inside ``ci``."""

    reference: float
    mean: float | None = None
    bias: float | None = None
    sd: float | None = None
    se: float | None = None
    df: float | None = None
    t: float | None = None
    p: float | None = None
    ci: list[float] | None = None
    acceptable: bool | None = None
    report: tuple[Sentence, ...] = ()


def bias_study(x: Values, reference: float, confidence: float = 0.95) -> BiasStudy:
    r"""Bias of repeated readings of one reference part, with its test and interval.

    :math:`b = \bar x - x_{ref}`, :math:`t = b/(s/\sqrt n)` with n - 1 degrees of freedom and the
    interval :math:`b \pm t_{1-\alpha/2}\,s/\sqrt n` [1]_.

    Parameters
    ----------
    x : sequence of float or None
        Readings of the reference part in their own unit; None and NaN are left out.
    reference : float
        Its accepted value, same unit.
    confidence : float
        Of the interval, two-sided.

    Returns
    -------
    BiasStudy
        Only ``bias`` for one reading; no t, p and interval if all readings are equal.

    Raises
    ------
    ValueError
        For infinite values or texts, or a confidence outside 0 to 1.

    References
    ----------
    .. [1] AIAG, Measurement Systems Analysis, 4th ed., independent sample method; R: t.test.

    Examples
    --------
    >>> result = bias_study([5.8, 5.7, 5.9, 5.9, 6.0, 6.1, 6.0, 6.1], 6.0)
    >>> round(result.bias, 4), [round(limit, 3) for limit in result.ci], result.acceptable
    (-0.0625, [-0.18, 0.055], True)
    """
    values, target = series(x, "x"), real(reference, "reference")
    level = fraction(confidence, "confidence")
    there = values[~np.isnan(values)]
    mean = accurate_mean(there) if there.size else None
    counts = (int(there.size), int(values.size - there.size))
    return _bias(mean, scatter(there), counts, target, df=there.size - 1, confidence=level)


def bias_study_from_summary(
    mean: float,
    sd: float,
    n: int,
    reference: float,
    *,
    confidence: float = 0.95,
    df: float | None = None,
) -> BiasStudy:
    r"""Bias as in `bias_study`, from mean, standard deviation and number of readings.

    Parameters
    ----------
    mean, sd : float
        Of the readings; ``sd`` may come from a control chart (:math:`\bar R/d_2^*`).
    n : int
        Readings behind ``mean``.
    reference : float
        The accepted value, same unit.
    confidence : float
        Of the interval, two-sided.
    df : float, optional
        Degrees of freedom of ``sd``; default n - 1. From ranges it is smaller (AIAG, table of
        d2*) and may be broken.

    Returns
    -------
    BiasStudy

    Raises
    ------
    ValueError
        For a negative sd, n below 0, df not above 0, or a confidence outside 0 to 1.

    Examples
    --------
    >>> result = bias_study_from_summary(6.0067, 0.22514, 15, 6.0, df=10.8)
    >>> round(result.t, 3), [round(limit, 4) for limit in result.ci]
    (0.115, [-0.1215, 0.1349])
    """
    middle, spread, target = (
        real(mean, "mean"),
        divisor_or_zero(sd, "sd"),
        real(reference, "reference"),
    )
    size, level = whole(n, "n"), fraction(confidence, "confidence")
    freedom = size - 1 if df is None else positive(df, "df")
    if df is not None and freedom < _LEAST_FREEDOM:
        raise ArgumentError("df", f"must be {_LEAST_FREEDOM:g} or more")
    known = None if size < _FOR_SCATTER and df is None else spread
    return _bias(middle if size else None, known, (size, 0), target, df=freedom, confidence=level)


def _bias(
    mean: float | None,
    sd: float | None,
    counts: tuple[int, int],
    reference: float,
    *,
    df: float,
    confidence: float,
) -> BiasStudy:
    n, n_missing = counts
    method = f"t interval of the mean against the reference, {confidence:g} two-sided"
    if mean is None:
        warned = (NO_DATA,)
        return BiasStudy(
            n=n, n_missing=n_missing, method=method, warnings=warned, reference=reference
        )
    bias = rounded_off(mean - reference, reference)
    se = None if sd is None else sd / math.sqrt(n)
    half = t_quantile(0.5 + confidence / 2, df) * se if se else None
    t = bias / se if se else None
    ci = None if half is None else [bias - half, bias + half]
    return BiasStudy(
        n=n,
        n_missing=n_missing,
        method=method,
        warnings=_warnings(n, sd),
        reference=reference,
        mean=mean,
        bias=bias,
        sd=sd,
        se=se,
        df=None if sd is None else float(df),
        t=t,
        p=None if t is None else 2 * t_cdf(-abs(t), df),
        ci=ci,
        acceptable=None if ci is None else ci[0] <= 0 <= ci[1],
        report=_report(bias, ci),
    )


def rounded_off(difference: float, level: float) -> float:
    """``difference`` of two values near ``level``, exactly 0 if it is only rounding."""
    return 0.0 if abs(difference) <= ROUNDING * abs(level) else difference


def _warnings(n: int, sd: float | None) -> tuple[Sentence, ...]:
    if sd is None:
        return (too_few(_FOR_SCATTER),)
    if sd == 0:
        return (ZERO_VARIANCE,)
    return (FEW_READINGS,) if n < _ADVISED else ()


def _report(bias: float, ci: list[float] | None) -> tuple[Sentence, ...]:
    if ci is None:
        return ()
    inside = ci[0] <= 0 <= ci[1]
    return (
        Sentence.of(
            "bias_acceptable" if inside else "bias_found",
            _NO_BIAS if inside else _BIAS,
            bias=number(bias),
            low=number(ci[0]),
            high=number(ci[1]),
        ),
    )


FEW_READINGS = Sentence(
    "few_readings", gettext_noop("Fewer than 10 readings: the bias is known only roughly.")
)
_NO_BIAS = gettext_noop(
    "The bias lies between %(low)s and %(high)s (estimate %(bias)s); 0 is among these: no bias "
    "is shown."
)
_BIAS = gettext_noop(
    "The bias lies between %(low)s and %(high)s (estimate %(bias)s); 0 is not among these: "
    "correct the gage."
)
