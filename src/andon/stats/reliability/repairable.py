"""Equipment that is repaired: time between failures, time to repair, availability."""

import math
from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from andon.stats.inputs import ArgumentError, Values, amounts, fraction, one_of, real, whole
from andon.stats.results import Result
from andon.stats.scales import certainty, divisor_or_zero
from andon.stats.sentences import NO_DATA, Sentence, gettext_noop, number, percent, too_few
from andon.stats.special import t_quantile

NO_FAILURES = Sentence(
    "no_failures", gettext_noop("No failure was seen, so only a lower bound can be given.")
)
NO_STOPS = Sentence(
    "no_failures", gettext_noop("No failure was recorded, so there is no mean between or of them.")
)
NONPOSITIVE = Sentence(
    "nonpositive", gettext_noop("Some times are not above 0, so no logarithm can be taken.")
)
_LARGEST_LOG = 700.0
_FAILURE_ENDS = ("failure", "failures")


@dataclass(frozen=True, kw_only=True)
class Mtbf(Result):
    """``ci`` is two-sided; ``lower_one_sided`` holds with the same confidence on one side."""

    mtbf: float | None = None
    ci: list[float] | None = None
    lower_one_sided: float | None = None
    failure_rate: float | None = None
    sentence: Sentence | None = None


def mtbf(
    total_time: float, failures: int, confidence: float = 0.95, termination: str = "time"
) -> Mtbf:
    r"""Mean time between failures of equipment with a constant failure rate.

    :math:`T/r` with the limits :math:`2T/\chi^2_{1-\alpha/2;\,2r+2}` (2r if the test ended with a
    failure) and :math:`2T/\chi^2_{\alpha/2;\,2r}`. Without a failure only
    :math:`T/(-\ln\alpha)` can be stated, which the true value exceeds with the given
    confidence [1]_.

    Parameters
    ----------
    total_time : float
        Operating time of all units together, in any unit of time; the result has the same.
    failures : int
        Failures within that time.
    confidence : float
        Of the two-sided interval, and of the one-sided bound.
    termination : {"time", "failure"}
        What ended the observation: a planned time, or a failure.

    Returns
    -------
    Mtbf

    Raises
    ------
    ValueError
        For a negative time or count, failures in no time, another ``termination``, or an end by
        failure without one.

    References
    ----------
    .. [1] NIST/SEMATECH e-Handbook of Statistical Methods, 8.4.5.1.

    Examples
    --------
    >>> result = mtbf(2.0, 2, confidence=0.9)
    >>> result.mtbf, [round(end, 4) for end in result.ci]
    (1.0, [0.3177, 5.6281])
    """
    time, count = divisor_or_zero(total_time, "total_time"), whole(failures, "failures")
    level = certainty(confidence, "confidence")
    by_failure = one_of(termination, ("time", *_FAILURE_ENDS), "termination") in _FAILURE_ENDS
    _check_test(time, count, termination)
    method = f"constant failure rate, chi-square limits, {level:g}, ended by {termination}"
    if time == 0:
        return Mtbf(n=0, n_missing=0, method=method, warnings=(NO_DATA,))
    rest = 2 * count if by_failure else 2 * count + 2
    lower = _limit(time, rest, 1 - level)
    if count == 0:
        return Mtbf(
            n=0,
            n_missing=0,
            method=method,
            warnings=(NO_FAILURES,),
            lower_one_sided=lower,
            sentence=Sentence.of(
                "mtbf_bound",
                gettext_noop("No failure seen: the MTBF is above %(low)s (confidence %(level)s)."),
                low=number(lower),
                level=percent(level),
            ),
        )
    tail = (1 - level) / 2
    ci = [_limit(time, rest, tail), _limit(time, 2 * count, 1 - tail)]
    return Mtbf(
        n=count,
        n_missing=0,
        method=method,
        mtbf=time / count,
        ci=ci,
        lower_one_sided=lower,
        failure_rate=count / time,
        sentence=_mtbf_sentence(time / count, ci, level),
    )


def _check_test(time: float, count: int, termination: str) -> None:
    if time == 0 and count:
        raise ArgumentError("total_time", "must be above 0 where there are failures")
    if termination in _FAILURE_ENDS and not count:
        raise ArgumentError("failures", "must be 1 or more if a failure ended the test")


def _limit(time: float, df: int, upper_tail: float) -> float:
    """2T / chi-square with this chance above it."""
    from scipy.special import chdtri  # noqa: PLC0415

    return 2 * time / float(chdtri(df, upper_tail))


def _mtbf_sentence(mean: float, ci: list[float], level: float) -> Sentence:
    return Sentence.of(
        "mtbf",
        gettext_noop("MTBF between %(low)s and %(high)s (%(level)s interval), estimate %(mean)s."),
        low=number(ci[0]),
        high=number(ci[1]),
        level=percent(level),
        mean=number(mean),
    )


@dataclass(frozen=True, kw_only=True)
class RepairTimes(Result):
    mttr: float | None = None
    median: float | None = None
    median_ci: list[float] | None = None
    longest: float | None = None
    total: float | None = None


def mttr(repair_times: Values, confidence: float = 0.95) -> RepairTimes:
    r"""Mean time to repair, with the median as the time to expect.

    Repair times are skewed, so the interval is that of the median of a lognormal distribution,
    :math:`\exp(\bar y \pm t_{n-1} s_y/\sqrt n)` with :math:`y = \ln t` [1]_.

    Parameters
    ----------
    repair_times : sequence of float or None
        One time for each repair, in any unit of time.
    confidence : float
        Of the interval, two-sided.

    Returns
    -------
    RepairTimes
        ``median`` is that of the sample; ``median_ci`` None for fewer than two repairs or times
        of 0.

    Raises
    ------
    ValueError
        For a negative or infinite time.

    References
    ----------
    .. [1] IEC 61703; E. L. Crow and K. Shimizu, Lognormal Distributions (1988), chapter 2.

    Examples
    --------
    >>> result = mttr([12, 20, 18])
    >>> round(result.mttr, 2), result.median, result.longest
    (16.67, 18.0, 20.0)
    """
    values = amounts(repair_times, "repair_times")
    level = fraction(confidence, "confidence")
    there = values[~np.isnan(values)]
    missing = int(values.size - there.size)
    method = f"arithmetic mean; interval of a lognormal median, {level:g}"
    if not there.size:
        return RepairTimes(n=0, n_missing=missing, method=method, warnings=(NO_DATA,))
    ci: list[float] | None = None
    warnings: tuple[Sentence, ...] = ()
    if there.size == 1:
        warnings = (too_few(2),)
    elif there.min() <= 0:
        warnings = (NONPOSITIVE,)
    else:
        logs = np.log(there)
        reach = t_quantile(0.5 + level / 2, there.size - 1) * logs.std(ddof=1)
        half = reach / math.sqrt(there.size)
        ends = [float(logs.mean()) - half, float(logs.mean()) + half]
        ci = [math.exp(end) for end in ends] if max(map(abs, ends)) < _LARGEST_LOG else None
    return RepairTimes(
        n=int(there.size),
        n_missing=missing,
        method=method,
        warnings=warnings,
        mttr=float(there.mean()),
        median=float(np.median(there)),
        median_ci=ci,
        longest=float(there.max()),
        total=float(there.sum()),
    )


@dataclass(frozen=True, kw_only=True)
class Availability(Result):
    mtbf: float | None = None
    mttr: float | None = None
    availability: float | None = None
    uptime: float
    downtime: float


def availability(
    uptime: float, downtime: float | Sequence[float | None], failures: int | None = None
) -> Availability:
    r"""Share of the time in which equipment could work.

    :math:`MTBF = \text{up}/r`, :math:`MTTR = \text{down}/r`,
    :math:`A = MTBF/(MTBF + MTTR) = \text{up}/(\text{up} + \text{down})` [1]_.

    Parameters
    ----------
    uptime : float
        Time in which the equipment worked or could have worked.
    downtime : float or sequence of float
        Time of repair in the same unit: the sum, or one value for each stop (None: not recorded).
    failures : int, optional
        Number of failures; default the number of values in ``downtime``.

    Returns
    -------
    Availability
        MTBF and MTTR are None without a failure.

    Raises
    ------
    ValueError
        For negative times or counts.

    References
    ----------
    .. [1] IEC 60050-192, Dependability; ISO 22400-2.

    Examples
    --------
    >>> result = availability(950, [12, 20, 18])
    >>> round(result.mtbf, 1), round(result.mttr, 1), result.availability
    (316.7, 16.7, 0.95)
    """
    up = real(uptime, "uptime")
    if up < 0:
        raise ArgumentError("uptime", "must not be negative")
    one_sum = isinstance(downtime, int | float | np.number)
    stops = amounts(
        [downtime] if isinstance(downtime, int | float | np.number) else downtime, "downtime"
    )
    down = float(np.nansum(stops))
    if one_sum and failures is None:
        raise ArgumentError("failures", "must be given where downtime is one sum")
    counted = int((~np.isnan(stops)).sum())
    count = counted if failures is None else whole(failures, "failures")
    return Availability(
        n=count,
        n_missing=int(np.isnan(stops).sum()),
        method="operating time / (operating time + repair time)",
        warnings=(NO_DATA,) if up + down == 0 else () if count else (NO_STOPS,),
        mtbf=up / count if count else None,
        mttr=down / count if count else None,
        availability=up / (up + down) if up + down else None,
        uptime=up,
        downtime=down,
    )
