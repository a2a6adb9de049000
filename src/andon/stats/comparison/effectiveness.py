"""The verdict on a corrective action from its metric before and after it."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Literal, TypeAlias

from andon.stats.comparison.changes import Change, compare, needed, power
from andon.stats.comparison.drift import drifts, steady
from andon.stats.comparison.periods import KINDS, Dispersion, MetricKind, Periods, Phase, dispersion
from andon.stats.comparison.verdict_texts import Facts, checks, warnings
from andon.stats.inputs import ArgumentError, amount, flag, fraction, one_of, real, whole
from andon.stats.results import Result
from andon.stats.sentences import Sentence

Outcome: TypeAlias = Literal["effective", "not_effective", "inconclusive"]
Direction: TypeAlias = Literal["lower", "higher"]

_GOOD_POWER = 0.8
_MOST_TIMES = 1000.0


@dataclass(frozen=True)
class Check:
    """One condition of the verdict: met, not met, or not known (None), with its sentence."""

    name: str
    met: bool | None
    sentence: Sentence


@dataclass(frozen=True, kw_only=True)
class Effectiveness(Result):
    """The verdict and everything it rests on.

    Attributes
    ----------
    outcome : {"effective", "not_effective", "inconclusive"}
    change, change_ci
        Relative change of the level (−0.25 is a fall by a quarter) and its interval.
    difference, difference_ci
        The same in the metric's unit.
    before, after, target : float or None
        Levels, and the level the target asks for.
    p_change, p_target : float or None
        One-sided p of "no change in the wanted direction" and of "less than the target".
    checks : tuple of Check
        ``window``, ``exposure``, ``change``, ``target``, ``stable``, ``drift``, ``recurrence``.
    reasons : tuple of Sentence
        The verdict in sentences, the most important first.
    dispersion, lag1, effective_before, effective_after
        Scatter beyond counting (sigma z squared), lag-1 autocorrelation, effective exposures.
    power, needed_exposure : float or None
        Chance of seeing the promised change with these exposures, and the exposure after that
        would give 80 % (None if no wait would, or none is needed).
    """

    outcome: Outcome
    change: float | None = None
    change_ci: list[float] | None = None
    difference: float | None = None
    difference_ci: list[float] | None = None
    before: float | None = None
    after: float | None = None
    target: float | None = None
    p_change: float | None = None
    p_target: float | None = None
    checks: tuple[Check, ...] = ()
    reasons: tuple[Sentence, ...] = ()
    dispersion: float | None = None
    lag1: float | None = None
    exposure_before: float = 0.0
    exposure_after: float = 0.0
    effective_before: float | None = None
    effective_after: float | None = None
    power: float | None = None
    needed_exposure: float | None = None
    confidence: float = 0.95


def effectiveness(
    before: Periods,
    after: Periods,
    *,
    kind: MetricKind = "proportion",
    direction: Direction = "lower",
    target_change: float | None = None,
    target_value: float | None = None,
    minimum_exposure: float = 0.0,
    exclude: Sequence[int] = (),
    recurrences: int = 0,
    window_elapsed: bool = True,
    confidence: float = 0.95,
) -> Effectiveness:
    r"""Verdict on an action from the metric before and after it.

    *Effective*: the interval of the change excludes no change, and the estimate meets the target,
    and the period after is stable, and there is no relevant recurrence. A level that moved the
    wanted way by itself, within the periods (Mann-Kendall), is not put down to the action [3]_.
    *Not effective*: the whole interval falls short of the target. Everything else, and every look
    before the window has passed or the minimum exposure is reached, is *inconclusive*.

    The change is the ratio of the levels by logarithms, its variance
    :math:`\hat\phi\,(1/x_1 - 1/n_1 + 1/x_2 - 1/n_2)` (without :math:`1/n` for rates) with
    :math:`\hat\phi` the scatter between points (`dispersion`, so the effective n is
    :math:`n/\sigma_z^2`) times :math:`(1+r)/(1-r)` for autocorrelated points, by Student's t when
    :math:`\hat\phi` was estimated [1]_ [2]_. Effective counts below 10 use the exact conditional
    interval of two rates; a proportion above one half is judged on its complement; single values
    use Welch's difference.

    Parameters
    ----------
    before, after : Periods
        Period points in time order, each with its exposure.
    kind : {"proportion", "rate", "measured", "value"}
        Units of units; events per exposure; an amount of an amount (lost hours of planned hours);
        or single values without a denominator.
    direction : {"lower", "higher"}
        Which way is better.
    target_change : float, optional
        Promised relative change, positive: 0.25 is a quarter less (or more). Give this or
        ``target_value``.
    target_value : float, optional
        Promised level.
    minimum_exposure : float
        Sum of denominators (for values: points) the period after must reach.
    exclude : sequence of int
        Points of ``before`` (from 1) that triggered the action. Leaving them in would promise an
        improvement that is only the way back to normal.
    recurrences : int
        Relevant recurrences after the action took hold.
    window_elapsed : bool
        Whether the planned window has passed.
    confidence : float
        Of the interval, two-sided.

    Returns
    -------
    Effectiveness

    Raises
    ------
    ValueError
        For arguments that contradict each other or that no such metric can have.

    References
    ----------
    .. [1] D. Katz and others, Biometrics 34 (1978) 469; D. B. Laney, Quality Engineering 14
       (2002) 531.
    .. [2] P. McCullagh, J. A. Nelder, Generalized Linear Models, 4.5 and 9.2.
    .. [3] M. G. Kendall, Rank Correlation Methods, 4.

    Examples
    --------
    >>> before = Periods([80, 84, 78, 82, 79, 81], [1000] * 6)
    >>> after = Periods([52, 49, 55, 50, 51, 48], [1000] * 6)
    >>> verdict = effectiveness(before, after, target_change=0.25)
    >>> verdict.outcome
    'effective'
    >>> print(verdict.reasons[1])
    The level went from 8.07 % to 5.08 %: a change of −37 % (95 % interval −45.1 % to −27.6 %).
    """
    _validate(kind, direction, target_change, target_value)
    level = fraction(confidence, "confidence")
    first = Phase.of(before, kind, "before", exclude)
    second = Phase.of(after, kind, "after")
    if not first.size or not second.size:
        return _nothing(first, second, level, kind)
    goal = _goal(first.level, direction, target_change, target_value)
    spread = dispersion(first, second, kind=kind)
    change = compare(first, second, kind, spread, level) if first.level else None
    facts = Facts(
        kind=kind,
        lower=direction == "lower",
        before=first.level,
        after=second.level,
        goal=goal,
        interval=None if change is None else change.interval(level),
        confidence=level,
        exposure=second.exposure,
        minimum=amount(minimum_exposure, "minimum_exposure"),
        window=flag(window_elapsed, "window_elapsed"),
        stable=steady(second, kind, lower=direction == "lower"),
        drifts=drifts(first, second, lower=direction == "lower"),
        recurrences=whole(recurrences, "recurrences"),
        spread=spread,
        points=(first.size, second.size),
        power=_power(first, second, kind, spread, goal=goal, confidence=level),
    )
    return _verdict(facts, first, second, change)


def _validate(
    kind: str, direction: str, target_change: float | None, target_value: float | None
) -> None:
    one_of(kind, KINDS, "kind")
    one_of(direction, ("lower", "higher"), "direction")
    if (target_change is None) == (target_value is None):
        raise ArgumentError("target_change", "give either target_change or target_value")
    if target_change is not None and (
        real(target_change, "target_change") <= 0 or (direction == "lower" and target_change > 1)
    ):
        raise ArgumentError("target_change", "must be above 0, and a fall at most 1")
    if target_value is not None:
        real(target_value, "target_value")


def _goal(before: float, direction: Direction, change: float | None, value: float | None) -> float:
    if value is not None:
        return float(value)
    step = abs(before) * float(change or 0.0)
    return before - step if direction == "lower" else before + step


def _power(
    first: Phase,
    second: Phase,
    kind: MetricKind,
    spread: Dispersion,
    *,
    goal: float,
    confidence: float,
) -> tuple[float | None, float | None]:
    """Power for the promised change, and the exposure after that would give 80 %."""
    possible = kind == "value" or (goal >= 0 and (kind != "proportion" or goal <= 1))
    if not possible or goal == first.level or not first.level:
        return None, None

    def ask(times: float) -> float | None:
        return power(first, second, kind, spread, promised=goal, confidence=confidence, times=times)

    now = ask(1.0)
    if now is None or now >= _GOOD_POWER:
        return now, None
    times = needed(ask, wanted=_GOOD_POWER, most=_MOST_TIMES)
    return now, None if times is None else times * second.exposure


def _verdict(facts: Facts, first: Phase, second: Phase, change: Change | None) -> Effectiveness:
    found = tuple(Check(*row) for row in checks(facts))
    outcome = _outcome(facts, found)
    before, after, interval = facts.before, facts.after, facts.interval
    tail_change = tail_goal = None
    if change is not None:
        tails = [change.p_not_below(before), change.p_not_below(facts.goal)]
        tail_change, tail_goal = tails if facts.lower else [1 - tail for tail in tails]
    relative = before or None
    return Effectiveness(
        n=first.size + second.size,
        n_missing=first.missing + second.missing,
        method="not estimable" if change is None else change.method,
        warnings=warnings(facts),
        outcome=outcome,
        change=None if relative is None else (after - before) / abs(relative),
        change_ci=None
        if interval is None or relative is None
        else [(end - before) / abs(relative) for end in interval],
        difference=after - before,
        difference_ci=None if interval is None else [end - before for end in interval],
        before=before,
        after=after,
        target=facts.goal,
        p_change=tail_change,
        p_target=tail_goal,
        checks=found,
        reasons=facts.reasons(outcome, [check.sentence for check in found]),
        dispersion=None if facts.kind == "value" else facts.spread.factor,
        lag1=facts.spread.lag1,
        exposure_before=first.exposure,
        exposure_after=second.exposure,
        effective_before=first.exposure / facts.spread.total,
        effective_after=second.exposure / facts.spread.total,
        power=facts.power[0],
        needed_exposure=facts.power[1],
        confidence=facts.confidence,
    )


def _outcome(facts: Facts, found: Sequence[Check]) -> Outcome:
    met = {check.name: check.met for check in found}
    if not (met["window"] and met["exposure"]) or facts.interval is None:
        return "inconclusive"
    if facts.misses_goal():
        return "not_effective"
    return "effective" if all(met.values()) else "inconclusive"


def _nothing(first: Phase, second: Phase, confidence: float, kind: MetricKind) -> Effectiveness:
    reason = Facts.no_points(before=not first.size)
    return Effectiveness(
        n=first.size + second.size,
        n_missing=first.missing + second.missing,
        method=f"no comparison of {kind}",
        warnings=(reason,),
        outcome="inconclusive",
        reasons=(reason,),
        exposure_before=first.exposure,
        exposure_after=second.exposure,
        confidence=confidence,
    )
