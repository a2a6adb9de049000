"""Pareto: which few causes make most of the trouble."""

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from andon.stats.inputs import ArgumentError, Floats, Values, amounts, whole
from andon.stats.names import Name, names_of
from andon.stats.results import Result
from andon.stats.sentences import NO_DATA

_MOST = 80.0


@dataclass(frozen=True, kw_only=True)
class Pareto(Result):
    """Causes sorted by size; ``vital_few`` of them make 80 % of the total."""

    names: list[str]
    counts: list[float]
    percent: list[float | None]
    cumulative_percent: list[float | None]
    total: float
    vital_few: int
    folded: int = 0


def pareto(
    names: Sequence[Name],
    counts: Values | None = None,
    *,
    weights: Values | None = None,
    keep: int | None = None,
    other: str = "Other",
) -> Pareto:
    """Causes by falling count with percent and cumulative percent.

    Ties stay in the order given. A missing count is left out and counted in ``n_missing``.

    Parameters
    ----------
    names : sequence of str or number
        The causes, none missing; the result has them as texts.
    counts : sequence of float, optional
        How often each occurred.
    weights : sequence of float, optional
        What each cost, minutes or money: sorts and sums instead of ``counts``.
    keep : int, optional
        Show this many causes and fold the rest into ``other``, which stands last whatever its
        size; one single cause is not folded.
    other : str
        Name of the folded rest.

    Returns
    -------
    Pareto
        Percents are None if the total is 0.

    Raises
    ------
    ValueError
        If neither or both of counts and weights are given, for negative values, lengths that
        differ, ``keep`` below 1, or what is no name.

    References
    ----------
    .. [1] J. M. Juran, Quality Control Handbook; qcc (R), pareto.chart.

    Examples
    --------
    >>> result = pareto(["porosity", "burr", "scratch"], [5, 12, 3])
    >>> result.names, result.cumulative_percent
    (['burr', 'porosity', 'scratch'], [60.0, 85.0, 100.0])
    """
    label, given = ("counts", counts) if weights is None else ("weights", weights)
    if given is None or (counts is not None and weights is not None):
        raise ArgumentError("counts", "give either counts or weights")
    kept = None if keep is None else whole(keep, "keep", least=1)
    sizes = amounts(given, label)
    causes, rest_name = _named(names, "names"), _named([other], "other")[0]
    if sizes.size != len(causes):
        raise ArgumentError(label, "must have as many values as names")
    there = np.flatnonzero(~np.isnan(sizes))
    order = there[np.argsort(-sizes[there], kind="stable")]
    sorted_names, sorted_sizes = [causes[i] for i in order], sizes[order]
    folded = 0
    if kept is not None and order.size > kept + 1:
        folded = int(order.size) - kept
        rest = sorted_sizes[kept:].sum()
        sorted_names = [*sorted_names[:kept], rest_name]
        sorted_sizes = np.append(sorted_sizes[:kept], rest)
    total = float(sorted_sizes.sum())
    cumulative = _percent(np.cumsum(sorted_sizes), total)
    return Pareto(
        n=int(there.size),
        n_missing=int(sizes.size - there.size),
        method=f"sorted by {label}",
        warnings=() if total else (NO_DATA,),
        names=sorted_names,
        counts=sorted_sizes.tolist(),
        percent=_percent(sorted_sizes, total),
        cumulative_percent=cumulative,
        total=total,
        vital_few=sum(1 for value in cumulative if value is not None and value < _MOST)
        + (1 if total else 0),
        folded=folded,
    )


def _named(names: object, argument: str) -> list[str]:
    """The names as texts, none missing, else ArgumentError."""
    found = names_of(names, argument)
    if None in found:
        raise ArgumentError(argument, "must not be missing")
    return [name if isinstance(name, str) else f"{name:.15g}" for name in found]


def _percent(sizes: Floats, total: float) -> list[float | None]:
    return [100 * float(size) / total if total else None for size in sizes]
