"""Mean, scatter and capability of every characteristic of a plant."""

from typing import Any, Literal

from andon.stats.charts.factors import d2
from andon.stats.inputs import ArgumentError
from andon.stats.plant.columns import Columns, Table, ibis, present
from andon.stats.plant.subgroups import plant_xbar_r, plant_xbar_s


def plant_summary(table: Table, columns: Columns | None = None) -> Table:
    """Mean, standard deviation and moving range of every characteristic, as one expression.

    The numbers of `summary_statistics` and `imr_chart`: a missing value is left out and breaks
    the moving ranges.

    Parameters
    ----------
    table : ibis.Table
        Long table of measurements, of any backend.
    columns : Columns, optional
        Names of its columns.

    Returns
    -------
    ibis.Table
        One row a characteristic: ``n``, ``n_missing``, ``mean``, ``sd`` (n - 1), ``minimum``,
        ``maximum``, ``mr_center`` (mean moving range) and ``sigma_mr``; NULL where not estimable.

    Raises
    ------
    ArgumentError
        If a column is missing.
    """
    columns = columns or Columns()
    return _summary(_moved(table, columns), columns, {}).order_by(list(columns.by))


def plant_capability(
    table: Table,
    limits: Table,
    columns: Columns | None = None,
    *,
    within: Literal["mr", "rbar", "sbar"] = "mr",
    largest: int = 10,
) -> Table:
    r"""Capability of every characteristic, as one expression.

    The formulas of `capability`: :math:`C_p = (U-L)/(6 s_w)`, :math:`C_{pk}` the lesser distance
    of the mean from a limit in :math:`3 s_w`; :math:`P_p`, :math:`P_{pk}` with the overall s [1]_.

    Parameters
    ----------
    table : ibis.Table
        Long table of measurements.
    limits : ibis.Table
        One row a characteristic with the columns of ``columns.by``, ``lsl`` and ``usl`` (NULL for
        a limit that does not exist), in the same backend.
    columns : Columns, optional
        Names of the columns.
    within : {"mr", "rbar", "sbar"}
        Sigma within: mean moving range, mean range or mean standard deviation of subgroups.
    largest : int
        Largest subgroup size there is.

    Returns
    -------
    ibis.Table
        The columns of `plant_summary`, ``lsl``, ``usl``, ``below`` and ``above`` (values strictly
        outside), ``sigma_within``, ``cp``, ``cpk``, ``pp``, ``ppk``; NULL without scatter.

    Raises
    ------
    ArgumentError
        If a column is missing or ``within`` unknown.

    References
    ----------
    .. [1] ISO 22514-2:2017.
    """
    columns = columns or Columns()
    if absent := [name for name in (*columns.by, "lsl", "usl") if name not in limits.columns]:
        raise ArgumentError("limits", f"the table has no {', '.join(absent)}")
    rows = _moved(table, columns)
    keys = list(columns.by)
    lines = limits.select(*keys, lsl=present(limits["lsl"]), usl=present(limits["usl"]))
    rows = rows.left_join(lines, keys)
    rows = rows.select(*keys, columns.value, "moved", "lsl", "usl")
    value, low, high = rows[columns.value], rows["lsl"], rows["usl"]
    found = _summary(
        rows,
        columns,
        {
            "lsl": low.max(),
            "usl": high.max(),
            "below": (value < low).ifelse(1, 0).sum().fill_null(0).cast("int64"),
            "above": (value > high).ifelse(1, 0).sum().fill_null(0).cast("int64"),
        },
    )
    found = _with_sigma(found, table, columns, within, largest)
    return _indices(found).order_by(keys)


def _moved(table: Table, columns: Columns) -> Table:
    """The rows with ``moved``, the moving range that ends at each."""
    rows = columns.checked(table, "order")
    along = ibis.window(group_by=list(columns.by), order_by=columns.order)
    value = rows[columns.value]
    return rows.mutate(moved=(value - value.lag().over(along)).abs())


def _summary(rows: Table, columns: Columns, more: dict[str, Any]) -> Table:
    value, moved = rows[columns.value], rows["moved"]
    return rows.aggregate(
        by=list(columns.by),
        n=value.count(),
        n_missing=rows.count() - value.count(),
        mean=value.mean(),
        sd=value.std(how="sample"),
        minimum=value.min(),
        maximum=value.max(),
        mr_center=moved.mean(),
        sigma_mr=moved.mean() / d2(2),
        **more,
    )


def _with_sigma(found: Table, table: Table, columns: Columns, within: str, largest: int) -> Table:
    if within == "mr":
        return found.mutate(sigma_within=found["sigma_mr"])
    if within not in ("rbar", "sbar"):
        raise ArgumentError("within", "must be 'mr', 'rbar' or 'sbar'")
    chart = plant_xbar_r if within == "rbar" else plant_xbar_s
    sigmas = chart(table, columns, largest=largest).select(*columns.by, sigma_within="sigma")
    joined = found.left_join(sigmas, list(columns.by))
    return joined.select(*found.columns, "sigma_within")


def _indices(found: Table) -> Table:
    def pair(sigma: Any) -> tuple[Any, Any]:
        scatter = sigma.nullif(0.0)
        upper = (found["usl"] - found["mean"]) / (3 * scatter)
        lower = (found["mean"] - found["lsl"]) / (3 * scatter)
        lesser = ibis.coalesce((upper < lower).ifelse(upper, lower), upper, lower)
        return (found["usl"] - found["lsl"]) / (6 * scatter), lesser

    (cp, cpk), (pp, ppk) = pair(found["sigma_within"]), pair(found["sd"])
    return found.mutate(cp=cp, cpk=cpk, pp=pp, ppk=ppk)
