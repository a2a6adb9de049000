"""Agreement of two appraisers beyond chance: Cohen's kappa, also weighted."""

import math
from collections.abc import Sequence
from dataclasses import dataclass, replace

import numpy as np

from andon.stats.inputs import MOST, ArgumentError, Floats, fraction
from andon.stats.measurement.agreement_ratings import (
    NO_VARIATION,
    Rating,
    categories_of,
    label,
    ratings_of,
    reading,
    table_of,
)
from andon.stats.results import Result
from andon.stats.sentences import NO_DATA, Sentence, gettext_noop
from andon.stats.special import normal_cdf, normal_quantile

_ROUNDED_ZERO = 1e-14
ORDER_ASSUMED = Sentence(
    "order_assumed",
    gettext_noop("The weights need an order, and the alphabet gave it: name the categories."),
)


@dataclass(frozen=True, kw_only=True)
class CohenKappa(Result):
    """``agreement`` is the (weighted) share that agrees, ``expected_agreement`` that by chance.

    ``z`` and ``p`` test kappa = 0; ``ci`` uses the variance that holds when it is not 0.
    """

    kappa: float | None = None
    z: float | None = None
    p: float | None = None
    ci: list[float] | None = None
    agreement: float | None = None
    expected_agreement: float | None = None
    categories: list[str]
    table: list[list[float]]
    sentence: Sentence | None = None


def cohen_kappa(
    a: Sequence[Rating],
    b: Sequence[Rating],
    weights: str | None = None,
    *,
    categories: Sequence[Rating] | None = None,
    confidence: float = 0.95,
) -> CohenKappa:
    r"""Cohen's kappa of two appraisers who rated the same items.

    :math:`\kappa = 1 - \sum w_{ij}p_{ij}/\sum w_{ij}e_{ij}` with the disagreement weights
    :math:`w_{ij}` = 0 or 1, :math:`|i-j|` (linear) or :math:`(i-j)^2` (quadratic) and
    :math:`e_{ij} = p_{i.}p_{.j}` [1]_; z from the variance under no agreement, the interval from
    the variance of Fleiss, Cohen and Everitt [2]_.

    Parameters
    ----------
    a, b : sequence of str or number
        The two ratings of each item; an item with a missing one is left out.
    weights : {None, "linear", "quadratic"}
        How much a larger distance of ordered categories counts.
    categories : sequence, optional
        All categories in their order; default those used, by size or alphabet.
    confidence : float
        Of the interval, two-sided.

    Returns
    -------
    CohenKappa
        ``kappa`` None with ``no_variation`` if only one category was used.

    Raises
    ------
    ValueError
        For lengths that differ, other weights, or what is no rating.

    References
    ----------
    .. [1] J. Cohen, Educ. Psychol. Meas. 20 (1960) 37; Psychol. Bull. 70 (1968) 213.
    .. [2] J. L. Fleiss, J. Cohen and B. S. Everitt, Psychol. Bull. 72 (1969) 323.

    Examples
    --------
    >>> result = cohen_kappa([1, 1, 0, 0, 1, 0, 1, 1], [1, 1, 0, 1, 1, 0, 1, 0])
    >>> round(result.kappa, 4), result.agreement
    (0.4667, 0.75)
    """
    first, second = ratings_of(a, "a"), ratings_of(b, "b")
    if len(first) != len(second):
        raise ArgumentError("b", "must have as many ratings as a")
    both = [pair for pair in zip(first, second, strict=True) if None not in pair]
    named = categories_of({value for pair in both for value in pair}, categories)
    code = {value: place for place, value in enumerate(named)}
    table = np.zeros((len(named), len(named)))
    for one, other in both:
        table[code[one], code[other]] += 1
    by_alphabet = weights is not None and categories is None and bool(both)
    assumed = by_alphabet and any(isinstance(value, str) for value in named)
    return _kappa(
        table,
        weights,
        [label(value) for value in named],
        confidence,
        missing=len(first) - len(both),
        notes=(ORDER_ASSUMED,) if assumed else (),
    )


def cohen_kappa_from_table(
    table: Sequence[Sequence[float]],
    weights: str | None = None,
    *,
    categories: Sequence[Rating] | None = None,
    confidence: float = 0.95,
) -> CohenKappa:
    """Cohen's kappa from the table of how often a rated i while b rated j.

    See `cohen_kappa` for the formula and its sources.

    Parameters
    ----------
    table : square matrix of counts
        Rows are the categories of a, columns those of b, in the same order.
    weights : {None, "linear", "quadratic"}
        How much a larger distance of ordered categories counts.
    categories : sequence, optional
        Names of the categories; default 1, 2, ...
    confidence : float
        Of the interval, two-sided.

    Returns
    -------
    CohenKappa

    Raises
    ------
    ValueError
        For a table that is not square, negative or missing counts, or other weights.

    Examples
    --------
    >>> round(cohen_kappa_from_table([[45, 3], [5, 97]]).kappa, 2)
    0.88
    """
    counts = table_of(table, "table")
    if counts.shape[0] != counts.shape[1]:
        raise ArgumentError("table", "must have as many rows as columns")
    if np.isnan(counts).any() or (counts < 0).any():
        raise ArgumentError("table", "must hold counts, 0 or more, without gaps")
    if (counts > MOST).any():
        raise ArgumentError("table", f"must hold counts of at most {MOST:,}")
    given = list(range(1, len(counts) + 1)) if categories is None else categories
    names = ratings_of(given, "categories")
    if len(names) != len(counts) or None in names:
        raise ArgumentError("categories", "must have one name for each row")
    labels = [label(value) for value in names]
    return _kappa(counts, weights, labels, confidence, missing=0, notes=())


def _kappa(
    table: Floats,
    weights: str | None,
    names: list[str],
    confidence: float,
    *,
    missing: int,
    notes: tuple[Sentence, ...],
) -> CohenKappa:
    level, n = fraction(confidence, "confidence"), float(table.sum())
    agree = _agreement_weights(weights, len(table))
    empty = CohenKappa(
        n=int(n),
        n_missing=missing,
        method=f"Cohen's kappa, {weights or 'no'} weights; z under no agreement; {level:g}",
        warnings=notes if n else (NO_DATA,),
        categories=names,
        table=table.tolist(),
    )
    if n == 0:
        return empty
    share = table / n
    chance = np.outer(share.sum(axis=1), share.sum(axis=0))
    if np.count_nonzero(chance) == 1 and np.trace(chance) > 0:
        return replace(
            empty, warnings=(*notes, NO_VARIATION), agreement=1.0, expected_agreement=1.0
        )
    seen, expected = float((agree * share).sum()), float((agree * chance).sum())
    if expected >= 1:  # all but a share below the rounding lies in one category
        return replace(
            empty, warnings=(*notes, NO_VARIATION), agreement=seen, expected_agreement=1.0
        )
    kappa = (seen - expected) / (1 - expected)
    z = _z(kappa, agree, chance, expected, n)
    return replace(
        empty,
        kappa=kappa,
        z=z,
        p=None if z is None else 2 * normal_cdf(-abs(z)),
        ci=_interval(kappa, agree, share, expected=expected, n=n, level=level),
        agreement=seen,
        expected_agreement=expected,
        sentence=reading(kappa),
    )


def _agreement_weights(weights: object, size: int) -> Floats:
    """1 on the diagonal, falling with the distance to 0."""
    powers = {None: 0, "linear": 1, "quadratic": 2, "unweighted": 0, "squared": 2, "equal": 1}
    if not (weights is None or isinstance(weights, str)) or weights not in powers:
        raise ArgumentError("weights", "must be None, 'linear' or 'quadratic'")
    distance = np.abs(np.subtract.outer(np.arange(size), np.arange(size))).astype(np.float64)
    if powers[weights] == 0:
        return np.asarray(distance == 0, dtype=np.float64)
    return np.asarray(1 - (distance / max(size - 1, 1)) ** powers[weights], dtype=np.float64)


def _mean_weights(agree: Floats, share: Floats) -> Floats:
    """For each cell the mean weight of its row under chance plus that of its column."""
    rows = agree @ share.sum(axis=0)
    columns = share.sum(axis=1) @ agree
    return np.asarray(np.add.outer(rows, columns), np.float64)


def _z(kappa: float, agree: Floats, chance: Floats, expected: float, n: float) -> float | None:
    inner = agree - _mean_weights(agree, chance)
    variance = float((chance * inner**2).sum()) - expected**2
    if variance <= _ROUNDED_ZERO:
        return None
    return kappa * (1 - expected) * math.sqrt(n / variance)


def _interval(
    kappa: float, agree: Floats, share: Floats, *, expected: float, n: float, level: float
) -> list[float] | None:
    inner = agree - _mean_weights(agree, share) * (1 - kappa)
    spread = float((share * inner**2).sum()) - (kappa - expected * (1 - kappa)) ** 2
    if spread <= _ROUNDED_ZERO:
        return None  # full agreement leaves nothing to tell the scatter from
    half = normal_quantile(0.5 + level / 2) * math.sqrt(spread / n) / (1 - expected)
    return [max(-1.0, kappa - half), min(1.0, kappa + half)]
