"""Agreement of several appraisers beyond chance: Fleiss' kappa."""

import math
from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from andon.stats.inputs import ArgumentError, Floats, listing
from andon.stats.measurement.agreement_ratings import (
    NO_VARIATION,
    Rating,
    categories_of,
    label,
    ratings_of,
    reading,
)
from andon.stats.results import Result
from andon.stats.sentences import NO_DATA, Sentence, too_few
from andon.stats.special import normal_cdf

_FOR_AGREEMENT = 2
_METHOD = "Fleiss 1971; z with the variance under no agreement (Fleiss, Nee and Landis 1979)"


@dataclass(frozen=True, kw_only=True)
class FleissKappa(Result):
    """``agreement`` is the share of pairs of appraisers that agree; dicts go by category."""

    kappa: float | None = None
    z: float | None = None
    p: float | None = None
    agreement: float | None = None
    expected_agreement: float | None = None
    kappa_by_category: dict[str, float | None]
    z_by_category: dict[str, float | None]
    appraisers: int = 0
    sentence: Sentence | None = None


def fleiss_kappa(
    ratings: Sequence[Sequence[Rating]], *, categories: Sequence[Rating] | None = None
) -> FleissKappa:
    r"""Fleiss' kappa of equally many ratings of each item.

    With :math:`n_{ij}` of m ratings of item i in category j,
    :math:`\bar P = \sum_{ij} n_{ij}(n_{ij}-1)/(N m(m-1))`, :math:`p_j = \sum_i n_{ij}/(Nm)`,
    :math:`\kappa = (\bar P - \sum p_j^2)/(1 - \sum p_j^2)`; for one category
    :math:`\kappa_j = 1 - \sum_i n_{ij}(m-n_{ij})/(N m(m-1)p_j q_j)` [1]_. z has the variance
    under no agreement [2]_.

    Parameters
    ----------
    ratings : sequence of rows
        One row for each item with its ratings; who gave which does not matter.
    categories : sequence, optional
        All categories; default those used.

    Returns
    -------
    FleissKappa
        ``kappa`` None with ``no_variation`` if only one category was used, with ``too_few`` for
        one rating an item. A category that nobody used has None.

    Raises
    ------
    ValueError
        For items with other numbers of ratings than the first (they are named), or what is no
        rating.

    References
    ----------
    .. [1] J. L. Fleiss, Psychol. Bull. 76 (1971) 378.
    .. [2] J. L. Fleiss, J. C. M. Nee and J. R. Landis, Psychol. Bull. 86 (1979) 974.

    Examples
    --------
    >>> result = fleiss_kappa([[1, 1, 1], [2, 2, 1], [2, 2, 2], [1, 2, 1]])
    >>> round(result.kappa, 4), round(result.agreement, 4)
    (0.3333, 0.6667)
    """
    rows = [[value for value in row if value is not None] for row in _items(ratings)]
    named = categories_of({value for row in rows for value in row}, categories)
    appraisers = len(rows[0]) if rows else 0
    if odd := [str(i) for i, row in enumerate(rows, start=1) if len(row) != appraisers]:
        raise ArgumentError(
            "ratings", f"all items need {appraisers} ratings; not so: item {', '.join(odd[:10])}"
        )
    names = [label(value) for value in named]
    if not rows or not appraisers or appraisers < _FOR_AGREEMENT:
        return FleissKappa(
            n=len(rows) if appraisers else 0,
            n_missing=0,
            method=_METHOD,
            warnings=(too_few(_FOR_AGREEMENT) if appraisers else NO_DATA,),
            kappa_by_category=dict.fromkeys(names),
            z_by_category=dict.fromkeys(names),
            appraisers=appraisers,
        )
    counts = np.array(
        [[sum(given == value for given in row) for value in named] for row in rows],
        dtype=np.float64,
    )
    return _result(counts, appraisers, names)


def _items(ratings: object) -> list[list[Rating]]:
    return [ratings_of(row, "ratings") for row in listing(ratings, "ratings")]


def _result(counts: Floats, m: int, names: list[str]) -> FleissKappa:
    pairs = len(counts) * m * (m - 1)
    p = counts.sum(axis=0) / (len(counts) * m)
    q = 1 - p
    seen = float((counts * (counts - 1)).sum()) / pairs
    chance = float((p * q).sum())
    kappa = z = None
    if np.count_nonzero(p) > 1:
        kappa = 1 - (1 - seen) / chance
        spread = chance**2 - float((p * q * (q - p)).sum())
        z = kappa * chance * math.sqrt(pairs / 2 / spread)
    parts = _by_category(counts, m, p)
    return FleissKappa(
        n=len(counts),
        n_missing=0,
        method=_METHOD,
        warnings=() if kappa is not None else (NO_VARIATION,),
        kappa=kappa,
        z=z,
        p=None if z is None else 2 * normal_cdf(-abs(z)),
        agreement=seen,
        expected_agreement=1 - chance,
        kappa_by_category=dict(zip(names, parts, strict=True)),
        z_by_category={
            name: None if part is None else part * math.sqrt(pairs / 2)
            for name, part in zip(names, parts, strict=True)
        },
        appraisers=m,
        sentence=reading(kappa),
    )


def _by_category(counts: Floats, m: int, p: Floats) -> list[float | None]:
    against = (counts * (m - counts)).sum(axis=0)
    by_chance = len(counts) * m * (m - 1) * p * (1 - p)
    used = (p > 0) & (p < 1)
    return [
        1 - float(against[j] / by_chance[j]) if used[j] else None for j in range(counts.shape[1])
    ]
