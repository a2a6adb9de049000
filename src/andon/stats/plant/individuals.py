"""Mean, scatter and capability of every characteristic of a plant."""

from typing import Any, Literal

from andon.stats.charts.factors import d2
from andon.stats.inputs import one_of
from andon.stats.plant.columns import Columns, Table, ibis
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
        One row a characteristic: ``n``, ``n_missing``, ``n_refused`` (see `Columns`), ``mean``,
        ``sd`` (n - 1), ``minimum``, ``maximum``, ``mr_center`` (mean moving range) and
        ``sigma_mr``; NULL where not estimable.

    Raises
    ------
    ArgumentError
        If a column is missing.
    """
    columns = Columns.of(columns)
    return _summary(_moved(table, columns), columns).order_by(list(columns.by))


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
        Largest subgroup size there is, 2 to 100.

    Returns
    -------
    ibis.Table
        The columns of `plant_summary`, ``lsl``, ``usl``, ``below`` and ``above`` (values strictly
        outside), ``sigma_within``, ``cp``, ``cpk``, ``pp``, ``ppk``; NULL without scatter.
        ``limits_refused`` is true, and all that needs limits NULL, where they stand in several
        rows, are infinite, or ``lsl`` is not below ``usl``.

    Raises
    ------
    ArgumentError
        If a column is missing or holds no numbers, ``within`` is unknown, or ``largest`` not 2 to
        100.

    References
    ----------
    .. [1] ISO 22514-2:2017.
    """
    columns = Columns.of(columns)
    one_of(within, ("mr", "rbar", "sbar"), "within")
    known = _with_limits(_moved(table, columns), limits, columns)
    value, low, high = known[columns.value], known["lsl"], known["usl"]
    found = _summary(
        known,
        columns,
        lsl=low.max(),
        usl=high.max(),
        below=(value < low).ifelse(1, 0).sum().fill_null(0).cast("int64"),
        above=(value > high).ifelse(1, 0).sum().fill_null(0).cast("int64"),
        limits_refused=known["wrong"].max() == 1,
    )
    outside = {
        name: found["limits_refused"].ifelse(ibis.null("int64"), found[name])
        for name in ("below", "above")
    }
    found = _with_sigma(found.mutate(**outside), table, columns, within, largest)
    return _indices(found).order_by(list(columns.by))


def _with_limits(rows: Table, limits: Table, columns: Columns) -> Table:
    """The rows with their limits, NULL and ``wrong`` 1 where those cannot be."""
    keys = list(columns.by)
    lines = columns.once(limits, ("lsl", "usl"), "limits")
    ordered = (lines["lsl"] < lines["usl"]).fill_null(True) & lines["known"]
    lines = lines.select(
        *keys,
        wrong=ordered.ifelse(0, 1),
        **{name: ordered.ifelse(lines[name], ibis.null("float64")) for name in ("lsl", "usl")},
    )
    rows = rows.left_join(lines, keys)
    return rows.select(
        *keys, columns.value, "moved", "refused", "lsl", "usl", wrong=rows["wrong"].fill_null(0)
    )


def _moved(table: Table, columns: Columns) -> Table:
    """The rows with ``moved``, the moving range that ends at each."""
    rows = columns.checked(table, "order")
    along = ibis.window(group_by=list(columns.by), order_by=columns.order)
    value = rows[columns.value]
    return rows.mutate(moved=(value - value.lag().over(along)).abs())


def _summary(rows: Table, columns: Columns, **more: Any) -> Table:
    value, moved, odd = rows[columns.value], rows["moved"], rows["refused"]

    def unless_odd(figure: Any) -> Any:
        return (odd.max() == 1).ifelse(ibis.null("float64"), figure)

    return rows.aggregate(
        by=list(columns.by),
        n=value.count(),
        n_missing=rows.count() - value.count() - odd.sum(),
        n_refused=odd.sum().cast("int64"),
        mean=unless_odd(value.mean()),
        sd=unless_odd(value.std(how="sample")),
        minimum=unless_odd(value.min()),
        maximum=unless_odd(value.max()),
        mr_center=unless_odd(moved.mean()),
        sigma_mr=unless_odd(moved.mean() / d2(2)),
        **more,
    )


def _with_sigma(found: Table, table: Table, columns: Columns, within: str, largest: int) -> Table:
    if within == "mr":
        return found.mutate(sigma_within=found["sigma_mr"])
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
