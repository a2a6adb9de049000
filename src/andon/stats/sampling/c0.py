"""Plans that accept on zero nonconforming items: how many must be good to say so much."""

import math
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from fractions import Fraction
from typing import overload

from andon.stats.inputs import ArgumentError, fraction, whole
from andon.stats.results import Result
from andon.stats.sampling.populations import SMALLEST_LOT, hypergeometric_chances
from andon.stats.sampling.requests import requests, usual
from andon.stats.sentences import Sentence, gettext_noop, percent

_ROUNDING = 1e-12
_USUAL = 0.95
_KEYS = {"confidence", "reliability", "lot_size"}
_PROMISE = gettext_noop(
    "If none of %(n)s items is nonconforming, at least %(reliability)s are good, with "
    "%(confidence)s confidence."
)


@dataclass(frozen=True, kw_only=True)
class C0Plan(Result):
    """``n`` items, all of which must be good; ``bad`` is D, the bad items of a finite lot."""

    confidence: float
    reliability: float
    lot_size: int | None = None
    bad: int | None = None
    promise: Sentence


@dataclass(frozen=True, kw_only=True)
class C0Plans(Result):
    """``n`` of every case, in the order given, and the plans in full."""

    n: list[int]  # type: ignore[assignment]  # one sample size a case, as the cases name them
    plans: list[C0Plan]

    def rows(self) -> list[dict[str, object]]:
        """One row a plan."""
        return [
            {name: plan[name] for name in ("confidence", "reliability", "lot_size", "bad", "n")}
            for plan in self.plans
        ]


@overload
def c0_plan(cases: Sequence[Mapping[str, float | None]]) -> C0Plans: ...
@overload
def c0_plan(
    *, confidence: float = ..., reliability: float, lot_size: int | None = ...
) -> C0Plan: ...
def c0_plan(
    cases: Sequence[Mapping[str, float | None]] | None = None,
    *,
    confidence: float = _USUAL,
    reliability: float | None = None,
    lot_size: int | None = None,
) -> C0Plan | C0Plans:
    r"""Sample size for acceptance on zero (success run): none nonconforming shows ``reliability``.

    Large lot: :math:`n = \lceil \ln(1-C)/\ln R \rceil`. Lot of N items: the smallest n for which
    a lot with :math:`D = \lceil N(1-R) \rceil` bad items shows none with a chance of at most
    1 - C (hypergeometric) [1]_. N(1 - R) is taken as the decimal numbers say: 5 % of 100 are 5
    items, although 100 (1 - 0.95) in floating point is a little more.

    Parameters
    ----------
    cases : list of dict, optional
        Several plans at once, each with the keys below.
    confidence, reliability : float
        C and R, between 0 and 1.
    lot_size : int, optional
        N, at least 2.

    Returns
    -------
    C0Plan or C0Plans
        One plan for the named arguments, with ``cases`` all of them (``n`` is then a list).

    Raises
    ------
    ValueError
        For confidence or reliability outside 0..1, a lot of fewer than 2 items (inspect all), an
        unknown key, or both forms at once.

    References
    ----------
    .. [1] N. L. Squeglia, Zero Acceptance Number Sampling Plans; E. G. Schilling and
       D. V. Neubauer, Acceptance Sampling in Quality Control.

    Examples
    --------
    >>> print(c0_plan(confidence=0.95, reliability=0.99).promise)
    If none of 299 items is nonconforming, at least 99 % are good, with 95 % confidence.
    >>> c0_plan([{"confidence": 0.9, "reliability": 0.9, "lot_size": 100}]).n
    [20]
    """
    if cases is None:
        return _plan(confidence, reliability, lot_size)
    if reliability is not None or lot_size is not None or not usual(confidence, _USUAL):
        raise ArgumentError("cases", "give either cases or one plan, not both")
    plans = [_case(case) for case in requests(cases, "cases", _KEYS)]
    return C0Plans(n=[plan.n for plan in plans], n_missing=0, method=_METHOD, plans=plans)


_METHOD = "acceptance on zero; binomial, or hypergeometric for a lot size"


def _case(case: Mapping[str, object]) -> C0Plan:
    return _plan(case.get("confidence", _USUAL), case.get("reliability"), case.get("lot_size"))


def _plan(confidence: object, reliability: object, lot_size: object) -> C0Plan:
    sure, good = fraction(confidence, "confidence"), fraction(reliability, "reliability")
    if lot_size is None:
        size, bad, n = None, None, _success_run(sure, good)
    else:
        size = whole(lot_size, "lot_size")
        if size < SMALLEST_LOT:
            raise ArgumentError("lot_size", "below 2 items there is no sample: inspect them all")
        bad = math.ceil(size * (1 - Fraction(str(good))))
        n = _from_lot(sure, size, bad, most=_success_run(sure, good))
    words = {"n": str(n), "reliability": percent(good), "confidence": percent(sure)}
    return C0Plan(
        n=n,
        n_missing=0,
        method=_METHOD,
        confidence=sure,
        reliability=good,
        lot_size=size,
        bad=bad,
        promise=Sentence.of("promise", _PROMISE, **words),
    )


def _success_run(confidence: float, reliability: float) -> int:
    exact = math.log1p(-confidence) / math.log(reliability)
    return max(1, math.ceil(exact * (1 - _ROUNDING)))


def _from_lot(confidence: float, size: int, bad: int, *, most: int) -> int:
    """The smallest n with P(0) <= 1 - C; at most as for no lot, or one more than good items."""
    allowed = (1 - confidence) * (1 + _ROUNDING)
    below, n = 0, min(most, size - bad + 1)
    while n - below > 1:
        middle = (below + n) // 2
        none = float(hypergeometric_chances(middle, size, bad, 0)[0])
        below, n = (below, middle) if none <= allowed else (middle, n)
    return n
