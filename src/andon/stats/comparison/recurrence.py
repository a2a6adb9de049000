"""The verdict of a plain promise: no recurrence in so many lots, units or days."""

from dataclasses import dataclass
from typing import Literal

from andon.stats.inputs import ArgumentError, fraction, whole
from andon.stats.results import Result
from andon.stats.sentences import Sentence, gettext_noop, number, percent


@dataclass(frozen=True, kw_only=True)
class NoRecurrence(Result):
    """``rate_upper`` is the highest true rate that would still show none with a chance of 5 %."""

    outcome: Literal["effective", "not_effective", "inconclusive"]
    reasons: tuple[Sentence, ...]
    rate_upper: float | None = None


def no_recurrence(
    recurrences: int, exposure: int, required: int, *, confidence: float = 0.95
) -> NoRecurrence:
    r"""Verdict on "no recurrence in ``required`` lots, units or days".

    One recurrence breaks the promise; none over the whole exposure keeps it, and says that the
    true rate is at most :math:`1 - (1-C)^{1/n}` with confidence C (the rule of three) [1]_.

    Parameters
    ----------
    recurrences, exposure, required : int
        Relevant recurrences, lots (units, days) seen since the action took hold, and promised.
    confidence : float
        Of the one-sided bound.

    Raises
    ------
    ValueError
        For negative or broken numbers, or ``required`` 0.

    References
    ----------
    .. [1] J. A. Hanley, A. Lippman-Hand, J. Am. Med. Assoc. 249 (1983) 1743.

    Examples
    --------
    >>> result = no_recurrence(0, 30, 30)
    >>> result.outcome, round(result.rate_upper, 3)
    ('effective', 0.095)
    """
    count, seen = whole(recurrences, "recurrences"), whole(exposure, "exposure")
    if whole(required, "required") == 0:
        raise ArgumentError("required", "must be 1 or more")
    missed = 1 - fraction(confidence, "confidence")
    upper = 1 - missed ** (1 / seen) if seen and not count else None
    values = {
        "count": str(count),
        "seen": number(seen),
        "required": number(required),
        "upper": "" if upper is None else percent(upper),
    }
    if count:
        outcome, text = "not_effective", _BROKEN
    elif seen >= required:
        outcome, text = "effective", _KEPT
    else:
        outcome, text = "inconclusive", _OPEN
    return NoRecurrence(
        n=seen,
        n_missing=0,
        method="zero events, exact one-sided binomial bound",
        outcome=outcome,  # type: ignore[arg-type]
        reasons=(Sentence(outcome, text, values),),
        rate_upper=upper,
    )


_BROKEN = gettext_noop("Not effective: recurrences after the action took hold: %(count)s.")
_KEPT = gettext_noop(
    "Effective: no recurrence in %(seen)s (%(required)s were promised); a true rate above "
    "%(upper)s would very probably have shown one."
)
_OPEN = gettext_noop("Inconclusive: no recurrence yet, in %(seen)s of %(required)s.")
