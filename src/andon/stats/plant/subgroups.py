"""X-bar-R and X-bar-S limits of every characteristic of a plant."""

import math
from collections.abc import Callable
from typing import Any

from andon.stats.charts.factors import c4, d2, d3
from andon.stats.inputs import ArgumentError, whole
from andon.stats.plant.columns import Columns, Table, constants, ibis

_SMALLEST, _LARGEST = 2, 100


def plant_xbar_r(table: Table, columns: Columns | None = None, *, largest: int = 10) -> Table:
    r"""Limits of the X-bar-R chart of every characteristic, as one expression.

    The numbers of `xbar_r_chart`: sigma is the mean of :math:`R_i/d_2(n_i)` over subgroups with
    two values or more, the centre the mean of all values; limits are for the largest subgroup of
    the characteristic [1]_.

    Parameters
    ----------
    table : ibis.Table
        Long table of measurements, of any backend.
    columns : Columns, optional
        Names of its columns.
    largest : int
        Largest subgroup size there is, 2 to 100; larger ones give NULL.

    Returns
    -------
    ibis.Table
        One row a characteristic: ``n``, ``n_missing``, ``n_refused`` (see `Columns`),
        ``subgroups``, ``ranges``, ``size``, ``sigma``, ``xbar_center``, ``xbar_lcl``,
        ``xbar_ucl``, ``r_center``, ``r_lcl``, ``r_ucl``. What cannot be estimated is NULL.

    Raises
    ------
    ArgumentError
        If a column is missing or holds no numbers, or ``largest`` is not 2 to 100.

    References
    ----------
    .. [1] ISO 7870-2:2013; Montgomery, Introduction to Statistical Quality Control, chapter 6.
    """
    columns = Columns.of(columns)
    sizes = _sizes(largest)
    groups = _subgroups(table, columns, lambda value: value.max() - value.min())
    limits = _limits(groups, columns, {n: d2(n) for n in sizes}, "ranges")
    middle, apart = (constants(limits["size"], {n: f(n) for n in sizes}) for f in (d2, d3))
    return _lines(limits, columns, middle, apart, "r")


def plant_xbar_s(table: Table, columns: Columns | None = None, *, largest: int = 10) -> Table:
    r"""Limits of the X-bar-S chart of every characteristic, as one expression.

    Like `plant_xbar_r` with the mean of :math:`s_i/c_4(n_i)` as sigma, and ``deviations``,
    ``s_center``, ``s_lcl``, ``s_ucl`` in place of those of the range [1]_.

    Parameters
    ----------
    table : ibis.Table
        Long table of measurements, of any backend.
    columns : Columns, optional
        Names of its columns.
    largest : int
        Largest subgroup size there is, 2 to 100; larger ones give NULL.

    Returns
    -------
    ibis.Table
        One row a characteristic.

    Raises
    ------
    ArgumentError
        If a column is missing or holds no numbers, or ``largest`` is not 2 to 100.

    References
    ----------
    .. [1] ISO 7870-2:2013; Montgomery, Introduction to Statistical Quality Control, chapter 6.
    """
    columns = Columns.of(columns)
    sizes = _sizes(largest)
    groups = _subgroups(table, columns, lambda value: value.std(how="sample"))
    limits = _limits(groups, columns, {n: c4(n) for n in sizes}, "deviations")
    middle = constants(limits["size"], {n: c4(n) for n in sizes})
    apart = constants(limits["size"], {n: math.sqrt(1 - c4(n) ** 2) for n in sizes})
    return _lines(limits, columns, middle, apart, "s")


def _sizes(largest: int) -> range:
    if (most := whole(largest, "largest", least=_SMALLEST)) > _LARGEST:
        raise ArgumentError("largest", f"must be at most {_LARGEST}")
    return range(_SMALLEST, most + 1)


def _subgroups(table: Table, columns: Columns, spread: Callable[[Any], Any]) -> Table:
    """Size, sum and spread of every subgroup."""
    rows = columns.checked(table, "subgroup")
    value = rows[columns.value]
    return rows.aggregate(
        by=[*columns.by, columns.subgroup],
        rows=rows.count(),
        refused=rows["refused"].sum(),
        size=value.count(),
        total=value.sum(),
        spread=spread(value),
    )


def _limits(groups: Table, columns: Columns, factor: dict[int, float], counted: str) -> Table:
    """Counts, centre and sigma of every characteristic, through sums by size of subgroup."""
    sums = groups.aggregate(
        by=[*columns.by, "size"],
        rows=groups["rows"].sum(),
        refused=groups["refused"].sum(),
        subgroups=groups.count(),
        total=groups["total"].sum(),
        spread=groups["spread"].sum(),
    )
    one, several = sums["size"] > 0, sums["size"] >= _SMALLEST
    ratio = sums["spread"] / constants(sums["size"], factor)
    n = (sums["size"] * sums["subgroups"]).sum()
    spreads = sums["subgroups"].sum(where=several)
    odd = sums["refused"].sum()
    found = sums.aggregate(
        by=list(columns.by),
        n=n,
        n_missing=sums["rows"].sum() - n - odd,
        n_refused=odd,
        subgroups=sums["subgroups"].sum(where=one).fill_null(0),
        **{counted: spreads.fill_null(0)},
        size=sums["size"].max(),
        xbar_center=_unless(odd, sums["total"].sum() / n.nullif(0)),
        sigma=_unless(odd, ratio.sum(where=several) / spreads),
    )
    whole_numbers = ("n", "n_missing", "n_refused", "subgroups", counted)
    return found.cast(dict.fromkeys(whole_numbers, "int64"))


def _unless(odd: Any, figure: Any) -> Any:
    return (odd > 0).ifelse(ibis.null("float64"), figure)


def _lines(limits: Table, columns: Columns, middle: Any, apart: Any, letter: str) -> Table:
    sigma, center = limits["sigma"], limits["xbar_center"]
    half = 3 * sigma / limits["size"].cast("float64").sqrt()
    lower = middle - 3 * apart
    lines = {
        "xbar_lcl": center - half,
        "xbar_ucl": center + half,
        f"{letter}_center": middle * sigma,
        f"{letter}_lcl": ibis.greatest(lower, 0.0) * sigma,
        f"{letter}_ucl": (middle + 3 * apart) * sigma,
    }
    return limits.mutate(**lines).order_by(list(columns.by))
