"""Supplier scorecard: one score and one grade from several criteria."""

import math
from collections.abc import Mapping
from dataclasses import dataclass, replace

from andon.stats.inputs import ArgumentError, real
from andon.stats.results import Result
from andon.stats.sentences import NO_DATA, Sentence, gettext_noop, number

_BANDS: Mapping[str, float] = {"A": 90.0, "B": 75.0, "C": 60.0}
_LOWEST_GRADE = "D"
_FULL = 100


@dataclass(frozen=True, kw_only=True)
class SupplierScorecard(Result):
    """``weights_used`` add up to 1; ``contributions`` (points) add up to the score."""

    score: float | None = None
    grade: str | None = None
    missing: list[str]
    weights_used: dict[str, float]
    contributions: dict[str, float]
    sentence: Sentence | None = None


def supplier_scorecard(
    scores: Mapping[str, float | None],
    weights: Mapping[str, float],
    bands: Mapping[str, float] = _BANDS,
) -> SupplierScorecard:
    """Weighted mean of the criteria that were scored, and its grade.

    A criterion without a score drops out and the other weights are made to add up to 1; its name
    is in ``missing``. The grade is the band with the highest threshold that the score reaches,
    else "D". By definition, not from a standard.

    Parameters
    ----------
    scores : mapping of str to float
        Points from 0 to 100 for each criterion; None where not scored.
    weights : mapping of str to float
        Weight of each criterion, 0 or more; they need not add up to 1.
    bands : mapping of str to float
        Least score of each grade.

    Returns
    -------
    SupplierScorecard

    Raises
    ------
    ValueError
        For points outside 0 to 100, a score without weight, or negative weights.

    Examples
    --------
    >>> result = supplier_scorecard({"ppm": 80, "otd": 95}, {"ppm": 2, "otd": 1, "response": 1})
    >>> result.score, result.grade, result.missing
    (85.0, 'B', ['response'])
    """
    points, shares = _points(scores), _weights(weights)
    thresholds = {name: real(value, "bands") for name, value in _named(bands, "bands").items()}
    if strange := [name for name in points if name not in shares]:
        raise ArgumentError("weights", f"must have a weight for {', '.join(strange)}")
    missing = [name for name in shares if name not in points]
    total = math.fsum(shares[name] for name in points)
    used = {name: shares[name] / total for name in points} if total else {}
    counted = SupplierScorecard(
        n=len(used),
        n_missing=len(missing),
        method="weighted mean over the criteria present",
        warnings=_incomplete(missing) if total else (NO_DATA,),
        missing=missing,
        weights_used=used,
        contributions={name: share * points[name] for name, share in used.items()},
    )
    if not total:
        return counted
    score = math.fsum(shares[name] * points[name] for name in points) / total
    grade = _grade(score, thresholds)
    return replace(
        counted,
        score=score,
        grade=grade,
        sentence=Sentence.of(
            "scorecard",
            gettext_noop("Score %(score)s of 100, grade %(grade)s."),
            score=number(score),
            grade=grade,
        ),
    )


def _named(values: object, name: str) -> Mapping[str, object]:
    if not isinstance(values, Mapping):
        raise ArgumentError(name, "must give a number for each name")
    if not all(isinstance(key, str) for key in values):
        raise ArgumentError(name, "must have texts for names")
    return values


def _points(scores: object) -> dict[str, float]:
    points = {
        name: real(value, "scores")
        for name, value in _named(scores, "scores").items()
        if not _is_missing(value)
    }
    if any(not 0 <= value <= _FULL for value in points.values()):
        raise ArgumentError("scores", "must lie from 0 to 100")
    return points


def _is_missing(value: object) -> bool:
    return value is None or (isinstance(value, float) and math.isnan(value))


def _weights(weights: object) -> dict[str, float]:
    shares = {name: real(value, "weights") for name, value in _named(weights, "weights").items()}
    if any(value < 0 for value in shares.values()):
        raise ArgumentError("weights", "must not be negative")
    return shares


def _grade(score: float, thresholds: Mapping[str, float]) -> str:
    # A weighted mean that should be exactly the threshold may miss it by rounding.
    reached = {name: least for name, least in thresholds.items() if score >= least - 1e-9}
    return max(reached, key=reached.__getitem__, default=_LOWEST_GRADE)


def _incomplete(missing: list[str]) -> tuple[Sentence, ...]:
    if not missing:
        return ()
    text = gettext_noop("Not scored, so left out of the mean: %(names)s.")
    return (Sentence.of("missing_criteria", text, names=", ".join(missing)),)
