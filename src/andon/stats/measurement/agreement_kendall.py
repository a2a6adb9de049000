"""Agreement of several appraisers on an order: Kendall's coefficient of concordance."""

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from andon.stats.inputs import Floats
from andon.stats.measurement.agreement_ratings import table_of
from andon.stats.results import Result
from andon.stats.sentences import NO_DATA, Sentence, gettext_noop, number, too_few

ALL_TIED = Sentence(
    "no_variation", gettext_noop("Every appraiser rated all items alike: there is no order.")
)
_FOR_AGREEMENT = 2
_METHOD = "Kendall's W with mean ranks and tie correction; chi-square for large n"


@dataclass(frozen=True, kw_only=True)
class KendallW(Result):
    """``mean_rank`` of each item used, 1 for the lowest."""

    w: float | None = None
    chi2: float | None = None
    df: int | None = None
    p: float | None = None
    appraisers: int = 0
    mean_rank: list[float]
    sentence: Sentence | None = None


def kendall_w(ratings: Sequence[Sequence[float | None]]) -> KendallW:
    r"""Kendall's coefficient of concordance W: 1 if all appraisers see the same order.

    Each appraiser's ratings become mean ranks; with :math:`R_i` the sum of ranks of item i,
    :math:`W = 12\sum(R_i-\bar R)^2/(m^2(n^3-n) - m\sum(t^3-t))`, where t are the sizes of the
    groups of ties; :math:`\chi^2 = m(n-1)W` with n - 1 degrees of freedom [1]_.

    Parameters
    ----------
    ratings : sequence of rows
        One row for each item with one rating by each appraiser, in the same order. An item with
        a missing rating is left out.

    Returns
    -------
    KendallW
        None with ``too_few`` for fewer than two items or appraisers, with ``no_variation`` if
        every appraiser rated all items alike.

    Raises
    ------
    ValueError
        For rows of different length, texts, or infinite values.

    References
    ----------
    .. [1] M. G. Kendall and B. Babington Smith, Ann. Math. Stat. 10 (1939) 275; AIAG-MSA,
       4th edition, attribute studies.

    Examples
    --------
    >>> result = kendall_w([[1, 1, 2], [2, 3, 1], [3, 2, 3], [4, 4, 4]])
    >>> round(result.w, 4), round(result.chi2, 2)
    (0.7778, 7.0)
    """
    table = table_of(ratings, "ratings")
    there = table[~np.isnan(table).any(axis=1)]
    n, m = there.shape
    missing = len(table) - n
    if min(n, m) < _FOR_AGREEMENT:
        return KendallW(
            n=n,
            n_missing=missing,
            method=_METHOD,
            warnings=(too_few(_FOR_AGREEMENT) if n else NO_DATA,),
            appraisers=m,
            mean_rank=[],
        )
    ranked = [_ranks(there[:, j]) for j in range(m)]
    ranks = np.column_stack([ranks for ranks, _ in ranked])
    sums = ranks.sum(axis=1)
    largest = m * m * (n**3 - n) - m * sum(ties for _, ties in ranked)
    w = 12 * float(((sums - sums.mean()) ** 2).sum()) / largest if largest else None
    return KendallW(
        n=n,
        n_missing=missing,
        method=_METHOD,
        warnings=(ALL_TIED,) if w is None else (),
        w=w,
        chi2=None if w is None else m * (n - 1) * w,
        df=n - 1,
        p=None if w is None else _tail(m * (n - 1) * w, n - 1),
        appraisers=m,
        mean_rank=(sums / m).tolist(),
        sentence=None if w is None else _sentence(w),
    )


def _ranks(x: Floats) -> tuple[Floats, float]:
    """Mean ranks, and the sum of t^3 - t over the groups of ties."""
    _, group, sizes = np.unique(x, return_inverse=True, return_counts=True)
    last = np.cumsum(sizes).astype(np.float64)
    return (last - (sizes - 1) / 2)[group], float((sizes.astype(np.float64) ** 3 - sizes).sum())


def _tail(chi2: float, df: int) -> float:
    from scipy.special import chdtrc  # noqa: PLC0415

    return float(chdtrc(df, chi2))


def _sentence(w: float) -> Sentence:
    return Sentence.of(
        "concordance",
        gettext_noop("Kendall's W %(w)s (0: no common order, 1: the same order by all)."),
        w=number(w),
    )
