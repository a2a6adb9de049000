"""The decision on a lot from what its samples showed."""

from collections.abc import Sequence
from dataclasses import dataclass
from itertools import accumulate

import numpy as np

from andon.stats.inputs import ArgumentError, listing, whole
from andon.stats.results import Result
from andon.stats.sampling.iso2859 import SamplingPlan
from andon.stats.sampling.iso2859_stages import Stage
from andon.stats.sentences import NO_DATA, Sentence, gettext_noop, number

ACCEPT, NOT_ACCEPT, NEXT_SAMPLE = "accept", "not_accept", "next_sample"


@dataclass(frozen=True, kw_only=True)
class LotDecision(Result):
    """What becomes of a lot; ``n`` is the number of items inspected so far.

    Attributes
    ----------
    decision : str or None
        ``accept``, ``not_accept`` or ``next_sample``; None before the first sample.
    sample : int
        Samples taken.
    found : int
        Nonconforming items or nonconformities in all of them.
    back_to_normal : bool
        Z1.4 reduced inspection only: the lot is accepted between Ac and Re, and the next lot is
        inspected normally.
    sentence : Sentence
        The decision with its reason.
    """

    decision: str | None
    sample: int
    found: int
    back_to_normal: bool
    sentence: Sentence


def decide(plan: SamplingPlan, nonconforming: Sequence[int] | int) -> LotDecision:
    """Accept, do not accept, or take the next sample.

    All that was found so far is compared with the numbers of the last sample taken: at most Ac
    accepts, Re or more does not, and in between the next sample decides. The last sample of a
    Z1.4 reduced plan may leave a gap, inside which the lot is accepted and normal inspection
    comes back.

    Parameters
    ----------
    plan : SamplingPlan
        From `sampling_plan`.
    nonconforming : sequence of int, or int
        Nonconforming items (or nonconformities, as ``plan.counting`` says) of each sample taken,
        not cumulated; one number for one sample.

    Returns
    -------
    LotDecision

    Raises
    ------
    ValueError
        For a count that is negative, not whole or above its sample size, or for a sample that
        the plan does not have or that came after the decision.

    References
    ----------
    .. [1] ISO 2859-1:1999 and ANSI/ASQ Z1.4, determination of acceptability.

    Examples
    --------
    >>> from andon.stats.sampling.iso2859 import sampling_plan
    >>> plan = sampling_plan(3200, 2.5, kind="double", rules="ANSI Z1.4")
    >>> decide(plan, [5]).decision, decide(plan, [5, 4]).decision
    ('next_sample', 'not_accept')
    >>> print(decide(plan, [5, 3]).sentence)
    8 found in 160 items: not more than the acceptance number 8, so the lot is accepted.
    """
    counts = _counts(plan, nonconforming)
    totals = list(accumulate(counts))
    for place, total in enumerate(totals[:-1]):
        if _verdict(plan.stages, place, total) != NEXT_SAMPLE:
            raise ArgumentError("nonconforming", f"the decision fell with sample {place + 1}")
    if not totals:
        return _result(plan, None, 0, 0)
    verdict = _verdict(plan.stages, len(totals) - 1, totals[-1])
    return _result(plan, verdict, len(totals), totals[-1])


def _counts(plan: SamplingPlan, nonconforming: Sequence[int] | int) -> list[int]:
    if not isinstance(plan, SamplingPlan):
        raise ArgumentError("plan", "must be a plan by sampling_plan")
    several = isinstance(nonconforming, Sequence | np.ndarray) and np.ndim(nonconforming) > 0
    given = listing(nonconforming, "nonconforming") if several else [nonconforming]
    if len(given) > len(plan.stages):
        raise ArgumentError("nonconforming", f"the plan has {len(plan.stages)} sample(s)")
    counts = [whole(count, "nonconforming") for count in given]
    for count, stage in zip(counts, plan.stages, strict=False):
        if plan.counting == "items" and count > stage.n:
            raise ArgumentError("nonconforming", f"must not exceed the sample size {stage.n}")
    return counts


def _verdict(stages: list[Stage], place: int, found: int) -> str:
    stage = stages[place]
    if found <= stage.ac:
        return ACCEPT
    if found >= stage.re:
        return NOT_ACCEPT
    return NEXT_SAMPLE if place + 1 < len(stages) else ACCEPT


def _result(plan: SamplingPlan, verdict: str | None, sample: int, found: int) -> LotDecision:
    return LotDecision(
        n=sum(stage.n for stage in plan.stages[:sample]),
        n_missing=0,
        method=plan.method,
        warnings=() if verdict else (NO_DATA,),
        decision=verdict,
        sample=sample,
        found=found,
        back_to_normal=verdict == ACCEPT and found > plan.stages[sample - 1].ac,
        sentence=_sentence(plan, verdict or NEXT_SAMPLE, sample, found),
    )


def _sentence(plan: SamplingPlan, verdict: str, sample: int, found: int) -> Sentence:
    inspected = sum(stage.n for stage in plan.stages[:sample])
    values = {"found": number(found), "n": number(inspected)}
    if verdict == NEXT_SAMPLE:
        text = gettext_noop(
            "%(found)s found in %(n)s items decide nothing yet: take sample %(next)s of %(size)s."
        )
        size = number(plan.stages[sample].n)
        return Sentence.of(verdict, text, next=str(sample + 1), size=size, **values)
    stage = plan.stages[sample - 1]
    if verdict == NOT_ACCEPT:
        text = gettext_noop(
            "%(found)s found in %(n)s items: the rejection number %(re)s is reached, so the lot is "
            "not accepted."
        )
        return Sentence.of(verdict, text, re=str(stage.re), **values)
    if found > stage.ac:
        text = gettext_noop(
            "%(found)s found in %(n)s items: between the acceptance number %(ac)s and the "
            "rejection number %(re)s, so the lot is accepted and the next one is inspected "
            "normally."
        )
        return Sentence.of(
            "accept_back_to_normal", text, ac=str(stage.ac), re=str(stage.re), **values
        )
    text = gettext_noop(
        "%(found)s found in %(n)s items: not more than the acceptance number %(ac)s, so the lot is "
        "accepted."
    )
    return Sentence.of(verdict, text, ac=str(stage.ac), **values)
