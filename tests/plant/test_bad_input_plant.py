"""Absurd tables of a plant: refused by name, or seen in a column, never a silent number."""

import datetime as dt
import math

import numpy as np
import pytest

from andon.stats import ArgumentError

ibis = pytest.importorskip("ibis", reason="the extra plant is not installed")
pyarrow = pytest.importorskip("pyarrow")

from andon.stats import (  # noqa: E402
    Columns,
    plant_capability,
    plant_rule_hits,
    plant_rule_points,
    plant_summary,
    plant_xbar_r,
    plant_xbar_s,
)

NAN, INF = math.nan, math.inf
KEYS = {"characteristic": [1] * 6 + [2] * 6}
ROWS = {
    **KEYS,
    "sequence": list(range(6)) * 2,
    "subgroup": [0, 0, 0, 1, 1, 1] * 2,
    "value": [5.1, 4.9, 5.0, 5.2, 4.8, 5.1, 1.0, 1.1, 0.9, 1.0, 1.2, 1.0],
}


def memory(**columns):
    return ibis.memtable(pyarrow.table(columns))


def rows(expression):
    found = {row["characteristic"]: row for row in expression.to_pyarrow().to_pylist()}
    for row in found.values():
        assert all(math.isfinite(x) for x in row.values() if isinstance(x, float))
    return found


def limits(**given):
    return memory(**{"characteristic": [1, 2], "lsl": [4.0, 0.0], "usl": [6.0, 2.0]} | given)


def lines(**given):
    return memory(**{"characteristic": [1, 2], "center": [5.0, 1.0], "sigma": [0.1, 0.1]} | given)


@pytest.mark.parametrize("value", [INF, -INF, 1e308])
def test_a_value_that_lists_refuse_leaves_its_characteristic_without_figures(value):
    table = memory(**ROWS | {"value": [value, *ROWS["value"][1:]]})

    for expression in (plant_summary, plant_xbar_r, plant_xbar_s):
        odd, fine = rows(expression(table))[1], rows(expression(table))[2]
        counts = {name for name in odd if odd[name] is not None}
        assert (odd["n"], odd["n_missing"], odd["n_refused"]) == (5, 0, 1)
        assert not counts & {"mean", "sd", "sigma", "sigma_mr", "xbar_center", "r_ucl", "s_ucl"}
        assert fine["n_refused"] == 0
        assert fine == rows(expression(memory(**ROWS)))[2]
    assert rows(plant_capability(table, limits()))[1]["ppk"] is None
    assert rows(plant_rule_hits(table, lines()))[1]["n1"] == 0


@pytest.mark.parametrize(
    "given",
    [
        {"lsl": [6.0, 0.0], "usl": [4.0, 2.0]},
        {"lsl": [6.0, 0.0], "usl": [6.0, 2.0]},
        {"usl": [INF, 2.0]},
        {"lsl": [-INF, 0.0]},
        {"characteristic": [1, 1, 2], "lsl": [4.0, 3.0, 0.0], "usl": [6.0, 7.0, 2.0]},
    ],
)
def test_limits_that_cannot_be_give_no_index(given):
    found = rows(plant_capability(memory(**ROWS), limits(**given)))
    odd, fine = found[1], found[2]

    assert (odd["limits_refused"], fine["limits_refused"]) == (True, False)
    assert [odd[name] for name in ("lsl", "usl", "cp", "cpk", "pp", "ppk")] == [None] * 6
    assert [odd["below"], odd["above"]] == [None, None]
    assert odd["n"] == fine["n"] == 6
    assert fine == rows(plant_capability(memory(**ROWS), limits()))[2]


def test_a_characteristic_without_limits_is_none_that_is_refused():
    found = rows(plant_capability(memory(**ROWS), limits(characteristic=[1, 3])))[2]

    assert (found["limits_refused"], found["lsl"], found["cpk"]) == (False, None, None)
    assert found["mean"] is not None


@pytest.mark.parametrize(
    "given",
    [
        {"sigma": [-1.0, 0.1]},
        {"sigma": [NAN, 0.1]},
        {"sigma": [INF, 0.1]},
        {"center": [INF, 1.0]},
        {"center": [None, 1.0]},
        {"characteristic": [1, 1, 2], "center": [5.0, 5.0, 1.0], "sigma": [0.1, 0.2, 0.1]},
        {"characteristic": [3, 2]},
    ],
)
def test_without_lines_no_rule_is_judged(given):
    rules = ["n1", "n3"]
    found = rows(plant_rule_hits(memory(**ROWS), lines(**given), rules=rules))
    points = plant_rule_points(memory(**ROWS), lines(**given), rules=rules)

    assert [found[1][rule] for rule in rules] == [None, None]
    assert None not in [found[2][rule] for rule in rules]
    assert points.to_pyarrow().num_rows == 12


@pytest.mark.parametrize("values", [["abc"] * 12, ["1"] * 12, [dt.date(2026, 1, 1)] * 12])
def test_texts_and_dates_are_no_measurements(values):
    for expression in (plant_summary, plant_xbar_r, plant_xbar_s):
        with pytest.raises(ArgumentError, match=r"^columns: the column value must hold numbers"):
            expression(memory(**ROWS | {"value": values}))


@pytest.mark.parametrize(
    ("argument", "work"),
    [
        ("table", lambda _table: plant_summary(None)),
        ("table", lambda _table: plant_xbar_r([1, 2])),
        ("columns", lambda table: plant_summary(table, {"value": "value"})),
        ("limits", lambda table: plant_capability(table, None)),
        ("limits", lambda table: plant_capability(table, limits(lsl=["a", "b"]))),
        ("lines", lambda table: plant_rule_hits(table, None)),
        ("lines", lambda table: plant_rule_hits(table, lines(sigma=["a", "b"]))),
        ("rules", lambda table: plant_rule_hits(table, lines(), rules=None)),
        ("rules", lambda table: plant_rule_hits(table, lines(), rules="n1")),
        ("rules", lambda table: plant_rule_points(table, lines(), rules=[[]])),
        ("within", lambda table: plant_capability(table, limits(), within=[])),
        ("within", lambda table: plant_capability(table, limits(), within=np.array(["a", "b"]))),
        ("largest", lambda table: plant_xbar_s(table, largest=101)),
        ("largest", lambda table: plant_xbar_s(table, largest=10**9)),
        ("by", lambda _table: Columns(by=())),
        ("by", lambda _table: Columns(by="characteristic")),
        ("by", lambda _table: Columns(by=None)),
        ("columns", lambda _table: Columns(order=None)),
        ("columns", lambda _table: Columns(by=(1,))),
    ],
)
def test_what_is_no_table_and_no_name_is_refused(argument, work):
    with pytest.raises(ArgumentError, match=rf"^{argument}:"):
        work(memory(**ROWS))


def test_missing_values_are_not_refused_ones():
    found = rows(plant_summary(memory(**ROWS | {"value": [None, NAN, *ROWS["value"][2:]]})))[1]

    assert (found["n"], found["n_missing"], found["n_refused"]) == (4, 2, 0)
    assert found["mean"] is not None
