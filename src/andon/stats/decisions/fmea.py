"""FMEA: which causes of failure call for action first."""

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from andon.stats.inputs import ArgumentError, matrix
from andon.stats.results import Result
from andon.stats.sentences import NO_DATA, Sentence, gettext_noop

_RATINGS = 3
_HIGHEST = 10
# Bands of the ratings 1 to 10.
_SEVERITY = (0, 1, 1, 2, 2, 2, 3, 3, 4, 4)
_OCCURRENCE = (0, 1, 1, 2, 2, 3, 3, 4, 4, 4)
_DETECTION = (0, 1, 1, 1, 2, 2, 3, 3, 3, 3)
# One row a severity band, one word an occurrence band, one letter a detection band.
_PRIORITY = (
    ("LLLL", "LLLL", "LLLL", "LLLL", "LLLL"),
    ("LLLL", "LLLL", "LLLL", "LLLL", "LLMM"),
    ("LLLL", "LLLL", "LLLM", "LMMM", "MMHH"),
    ("LLLL", "LLMM", "MMMH", "MHHH", "HHHH"),
    ("LLLL", "LLMH", "MHHH", "HHHH", "HHHH"),
)


@dataclass(frozen=True, kw_only=True)
class ActionPriority(Result):
    """``order`` lists the rows (from 1) by priority, then severity, then RPN."""

    ap: list[str | None]
    rpn: list[int | None]
    high: int
    medium: int
    low: int
    order: list[int]
    sentence: Sentence | None = None


def fmea_action_priority(
    sod: Sequence[Sequence[int | None]] | Sequence[int],
) -> ActionPriority:
    """Action priority (H, M, L) and risk priority number of rated causes of failure.

    The table of the DFMEA and PFMEA (not of the FMEA-MSR) goes by bands of severity 1, 2-3, 4-6,
    7-8, 9-10, occurrence 1, 2-3, 4-5, 6-7, 8-10 and detection 1, 2-4, 5-6, 7-10 [1]_.
    RPN = S O D is given for comparison only: equal numbers hide unequal risks.

    Parameters
    ----------
    sod : sequence of (severity, occurrence, detection)
        Ratings from 1 (harmless, never, surely found) to 10; one single triple will do. A row
        with a missing rating (None) has no priority.

    Returns
    -------
    ActionPriority

    Raises
    ------
    ValueError
        For a row without exactly three ratings, or a rating that is not 1 to 10.

    References
    ----------
    .. [1] AIAG & VDA FMEA Handbook, 1st edition (2019), tables of action priority.

    Examples
    --------
    >>> result = fmea_action_priority([[10, 2, 7], [8, 6, 1], [3, 3, 3]])
    >>> result.ap, result.rpn
    (['H', 'M', 'L'], [140, 48, 27])
    """
    rows = _rated(sod)
    ap = [None if row is None else _priority(*row) for row in rows]
    rpn = [None if row is None else row[0] * row[1] * row[2] for row in rows]
    ranks = [
        ("HML".index(_priority(*row)), -row[0], -row[0] * row[1] * row[2], place)
        for place, row in enumerate(rows, start=1)
        if row is not None
    ]
    high, medium, low = (ap.count(letter) for letter in "HML")
    return ActionPriority(
        n=len(ranks),
        n_missing=len(rows) - len(ranks),
        method="AIAG & VDA FMEA Handbook 2019, DFMEA and PFMEA",
        warnings=() if ranks else (NO_DATA,),
        ap=ap,
        rpn=rpn,
        high=high,
        medium=medium,
        low=low,
        order=[rank[-1] for rank in sorted(ranks)],
        sentence=Sentence.of(
            "action_priority",
            gettext_noop(
                "Of %(n)s rated causes, %(high)s have high and %(medium)s medium action priority."
            ),
            n=str(len(ranks)),
            high=str(high),
            medium=str(medium),
        ),
    )


def _rated(sod: object) -> list[tuple[int, int, int] | None]:
    """The ratings of each row, None where one is missing."""
    try:
        given = np.asarray(sod, dtype=object)
    except ValueError:
        raise ArgumentError("sod", "must be rows of three ratings") from None
    if given.size == 0:
        return []
    table = matrix([sod] if given.ndim == 1 else sod, "sod")
    if table.shape[1] != _RATINGS:
        raise ArgumentError("sod", "must have severity, occurrence and detection in each row")
    there = table[~np.isnan(table)]
    if ((there < 1) | (there > _HIGHEST) | (there % 1 != 0)).any():
        raise ArgumentError("sod", "ratings are whole numbers from 1 to 10")
    return [
        None if np.isnan(row).any() else (int(row[0]), int(row[1]), int(row[2])) for row in table
    ]


def _priority(severity: int, occurrence: int, detection: int) -> str:
    row = _PRIORITY[_SEVERITY[severity - 1]]
    return row[_OCCURRENCE[occurrence - 1]][_DETECTION[detection - 1]]
