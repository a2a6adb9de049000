"""Overall equipment effectiveness: what became of the planned time."""

from dataclasses import dataclass

from andon.stats.inputs import ArgumentError, positive, real
from andon.stats.results import Result
from andon.stats.scales import divisor_or_zero
from andon.stats.sentences import NO_DATA, Sentence, gettext_noop, percent

IDEAL_CYCLE = Sentence(
    "ideal_cycle",
    gettext_noop("Performance is above 100 %%: the ideal cycle time is too long. Check it."),
)
NO_OUTPUT = Sentence("no_output", gettext_noop("Nothing was made, so there is no quality rate."))
_SECONDS = 60


@dataclass(frozen=True, kw_only=True)
class Oee(Result):
    """The three factors, their product, and where the planned minutes went.

    ``good_minutes`` plus the three losses are the planned minutes.
    """

    availability: float | None = None
    performance: float | None = None
    quality: float | None = None
    oee: float | None = None
    good_minutes: float | None = None
    availability_loss_minutes: float | None = None
    performance_loss_minutes: float | None = None
    quality_loss_minutes: float | None = None
    sentence: Sentence | None = None


def oee(
    planned_minutes: float,
    downtime_minutes: float,
    ideal_cycle_seconds: float,
    total: float,
    good: float,
) -> Oee:
    r"""Overall equipment effectiveness of one machine or line.

    :math:`A = \text{run}/\text{planned}`, :math:`P = \text{ideal cycle}\cdot\text{total} /
    \text{run}`, :math:`Q = \text{good}/\text{total}`, :math:`OEE = A\,P\,Q` [1]_.

    Parameters
    ----------
    planned_minutes : float
        Planned production time (shift without planned breaks).
    downtime_minutes : float
        Stops within it, planned or not; run time is the difference.
    ideal_cycle_seconds : float
        Shortest time a piece can take.
    total, good : float
        Pieces made, and those right the first time.

    Returns
    -------
    Oee
        P above 1 means a wrong ideal cycle time: a warning, never clipped. Q is None where
        nothing was made, P where the machine never ran.

    Raises
    ------
    ValueError
        For negative amounts, downtime above planned time, good above total, or pieces made
        without run time.

    References
    ----------
    .. [1] S. Nakajima, Introduction to TPM (1988); ISO 22400-2.

    Examples
    --------
    >>> result = oee(420, 47, 1.0, 19271, 18848)
    >>> round(result.availability, 4), round(result.performance, 4), round(result.oee, 4)
    (0.8881, 0.8611, 0.7479)
    """
    planned = divisor_or_zero(planned_minutes, "planned_minutes")
    down = _amount(downtime_minutes, "downtime_minutes")
    cycle = positive(ideal_cycle_seconds, "ideal_cycle_seconds") / _SECONDS
    made, right = _amount(total, "total"), _amount(good, "good")
    if down > planned:
        raise ArgumentError("downtime_minutes", "must not exceed planned_minutes")
    if right > made:
        raise ArgumentError("good", "must not exceed total")
    run = planned - down
    if made and not run:
        raise ArgumentError("total", "must be 0 where the machine never ran")
    method = "availability x performance x quality"
    if planned == 0:
        return Oee(n=0, n_missing=0, method=method, warnings=(NO_DATA,))
    performance = cycle * made / run if run else None
    effectiveness = cycle * right / planned
    slow = performance is not None and performance > 1
    return Oee(
        n=int(made),
        n_missing=0,
        method=method,
        warnings=((IDEAL_CYCLE,) if slow else ()) + (() if made else (NO_OUTPUT,)),
        availability=run / planned,
        performance=performance,
        quality=right / made if made else None,
        oee=effectiveness,
        good_minutes=cycle * right,
        availability_loss_minutes=down,
        performance_loss_minutes=run - cycle * made,
        quality_loss_minutes=cycle * (made - right),
        sentence=_sentence(effectiveness, cycle * right),
    )


def _sentence(effectiveness: float, minutes: float) -> Sentence:
    return Sentence.of(
        "oee",
        gettext_noop("OEE %(oee)s: as many good pieces as %(minutes)s ideal minutes make."),
        oee=percent(effectiveness),
        minutes=f"{minutes:,.0f}",
    )


def _amount(value: object, name: str) -> float:
    amount = real(value, name)
    if amount < 0:
        raise ArgumentError(name, "must not be negative")
    return amount
