"""The plant in a database: the numbers of the library, whatever computes them."""

import math
import os
import shutil
import sys
import uuid

import numpy as np
import pytest

from andon.stats import (
    ArgumentError,
    imr_chart,
    run_rules,
    summary_statistics,
    survey,
    xbar_r_chart,
    xbar_s_chart,
)

ibis = pytest.importorskip("ibis", reason="the extra plant is not installed")
pyarrow = pytest.importorskip("pyarrow")
parquet = pytest.importorskip("pyarrow.parquet")

from andon.stats import (  # noqa: E402
    Columns,
    plant_capability,
    plant_rule_hits,
    plant_rule_points,
    plant_summary,
    plant_xbar_r,
    plant_xbar_s,
)

RULES = ["n1", "n2", "n3", "n4", "n5", "n6", "n7", "n8"]
LIMITS = {1: (7.0, 13.0), 2: (None, 12.5), 3: (8.0, None), 4: (4.0, 6.0), 5: (1.0, 2.0)}
LINES = {1: (10.0, 1.0), 2: (10.0, 1.5), 3: (10.0, 0.8), 4: (5.0, 0.0), 5: (1.0, 1.0)}


def measurements():
    """Ordinary, shifted and quiet series; one without scatter; one with a single value."""
    rng = np.random.default_rng(7)
    data = {
        1: rng.normal(10, 1, 200).round(2),
        2: np.concatenate((rng.normal(10, 1, 60), rng.normal(12, 1, 41))).round(2),
        3: 10 + 0.5 * (-1.0) ** np.arange(60),
        4: np.full(20, 5.0),
        5: np.array([1.5, np.nan, np.nan]),
    }
    data[1][[3, 50, 51, 52, 53, 54]] = np.nan
    data[1][100:102] = 14.5
    data[3][20:40] = rng.choice([8.5, 11.5], 20)
    data[3][45:53] = 10 + np.arange(8) / 8
    return data


def rows(data):
    order = np.random.default_rng(1).permutation(sum(x.size for x in data.values()))
    columns = {
        "characteristic": np.concatenate([np.full(x.size, key) for key, x in data.items()]),
        "sequence": np.concatenate([np.arange(x.size) for x in data.values()]),
        "subgroup": np.concatenate([np.arange(x.size) // 5 for x in data.values()]),
        "value": np.concatenate(list(data.values())),
    }
    return pyarrow.table({name: column[order] for name, column in columns.items()})


def keyed(pairs, *names):
    columns = {
        name: pyarrow.array([pair[i] for pair in pairs.values()], pyarrow.float64())
        for i, name in enumerate(names)
    }
    return pyarrow.table({"characteristic": list(pairs), **columns})


def duckdb(folder):
    connection = ibis.duckdb.connect()
    for name, frame in frames().items():
        parquet.write_table(frame, folder / f"{name}.parquet")
    return {name: connection.read_parquet(folder / f"{name}.parquet") for name in frames()}


def postgresql(_folder):
    url = os.environ.get("DATABASE_URL", "")
    if not url.startswith("postgres"):
        pytest.skip("DATABASE_URL names no PostgreSQL")
    try:
        connection = ibis.connect(url.replace("postgres://", "postgresql://"))
    except (ImportError, AttributeError) as missing:
        pytest.skip(f"Ibis has no PostgreSQL here: {missing}")
    mark = uuid.uuid4().hex[:8]
    return {
        name: connection.create_table(f"plant_{name}_{mark}", frame, temp=True)
        for name, frame in frames().items()
    }


def spark(_folder):
    if shutil.which("java") is None:
        pytest.skip("there is no Java here, which Spark needs")
    if "CI" in os.environ:
        from pyspark import sql  # noqa: PLC0415 -- with Java on CI there is no excuse
    else:
        sql = pytest.importorskip(
            "pyspark.sql", reason="pyspark is not installed (requirements/spark.in)"
        )
    session = (
        sql.SparkSession.builder.master("local[2]")
        .config("spark.ui.enabled", "false")
        .config("spark.sql.shuffle.partitions", "2")
        .config("spark.driver.bindAddress", "127.0.0.1")
        .config("spark.driver.host", "127.0.0.1")
        .getOrCreate()
    )
    connection = ibis.pyspark.connect(session)
    return {
        name: connection.create_view(name, ibis.memtable(frame), overwrite=True)
        for name, frame in frames().items()
    }


def frames():
    return {
        "measurements": rows(measurements()),
        "limits": keyed(LIMITS, "lsl", "usl"),
        "lines": keyed(LINES, "center", "sigma"),
    }


@pytest.fixture(
    scope="module",
    params=[duckdb, pytest.param(postgresql, marks=[pytest.mark.slow, pytest.mark.postgres]),
            pytest.param(spark, marks=[pytest.mark.slow, pytest.mark.filterwarnings("ignore")])],
    ids=lambda engine: engine.__name__,
)  # fmt: skip
def plant(request, tmp_path_factory):
    return request.param(tmp_path_factory.mktemp("plant"))


def table(expression):
    """The rows of the answer by characteristic."""
    return {row["characteristic"]: row for row in expression.to_pyarrow().to_pylist()}


def same(got, wanted):
    if got is None or wanted is None:
        return got is None and wanted is None
    return math.isclose(got, wanted, rel_tol=1e-9, abs_tol=1e-9)


def test_moments_and_moving_ranges(plant):
    found = table(plant_summary(plant["measurements"]))

    for key, x in measurements().items():
        wanted, chart = summary_statistics(x), imr_chart(x)
        row = found[key]
        assert (row["n"], row["n_missing"]) == (wanted.n, wanted.n_missing)
        for name, value in {
            "mean": wanted.mean, "sd": wanted.sd, "minimum": wanted.minimum,
            "maximum": wanted.maximum, "mr_center": chart.mr_center, "sigma_mr": chart.sigma,
        }.items():  # fmt: skip
            assert same(row[name], value), (key, name)


@pytest.mark.parametrize(
    ("expression", "chart", "letter"),
    [(plant_xbar_r, xbar_r_chart, "r"), (plant_xbar_s, xbar_s_chart, "s")],
)
def test_limits_of_subgroups(plant, expression, chart, letter):
    found = table(expression(plant["measurements"]))

    for key, x in measurements().items():
        groups = [list(x[start : start + 5]) for start in range(0, x.size, 5)]
        row = found[key]
        if key == 5:
            assert row["sigma"] is None
            assert row["xbar_center"] == 1.5
            continue
        wanted = chart(groups)
        assert same(row["xbar_center"], wanted.xbar_center)
        assert same(row["sigma"], wanted.sigma)
        sizes = [sum(not math.isnan(v) for v in group) for group in groups]
        full = sizes.index(max(sizes))
        for name in ("xbar_lcl", "xbar_ucl", f"{letter}_center", f"{letter}_lcl", f"{letter}_ucl"):
            line = getattr(wanted, name)
            assert same(row[name], line[full] if isinstance(line, list) else line), (key, name)


def test_capability_and_counts_outside(plant):
    for within, sigma in (("mr", None), ("rbar", plant_xbar_r), ("sbar", plant_xbar_s)):
        found = table(plant_capability(plant["measurements"], plant["limits"], within=within))
        inside = table(sigma(plant["measurements"])) if sigma else None
        for key, x in measurements().items():
            low, high = LIMITS[key]
            wanted, row = survey(x, low, high), found[key]
            assert (row["below"], row["above"]) == (wanted.below, wanted.above)
            s_w = inside[key]["sigma"] if inside else imr_chart(x).sigma
            assert same(row["sigma_within"], s_w)
            for two_sided, one_sided, scatter in (("cp", "cpk", s_w), ("pp", "ppk", wanted.sd)):
                if not scatter:
                    assert (row[two_sided], row[one_sided]) == (None, None)
                    continue
                both = (high - low) / (6 * scatter) if None not in (low, high) else None
                sides = [] if high is None else [(high - wanted.mean) / (3 * scatter)]
                sides += [] if low is None else [(wanted.mean - low) / (3 * scatter)]
                assert same(row[two_sided], both)
                assert same(row[one_sided], min(sides))


def test_rule_hits(plant):
    found = table(plant_rule_hits(plant["measurements"], plant["lines"], rules=RULES))

    seen = set()
    for key, x in measurements().items():
        wanted = run_rules(x, *LINES[key], RULES)
        assert {rule: found[key][rule] for rule in RULES} == {r: len(p) for r, p in wanted.items()}
        seen |= {rule for rule, hits in wanted.items() if hits}
    assert seen == set(RULES)


def test_rule_points(plant):
    points = plant_rule_points(plant["measurements"], plant["lines"], rules=["n1", "n5"])
    points = points.order_by("characteristic", "sequence").to_pyarrow().to_pylist()

    for key, x in measurements().items():
        mine = [row for row in points if row["characteristic"] == key]
        assert len(mine) == x.size
        for rule, hits in run_rules(x, *LINES[key], ["n1", "n5"]).items():
            assert [row["sequence"] + 1 for row in mine if row[rule]] == hits


def test_columns_may_have_other_names_and_more_keys(plant):
    data = plant["measurements"]
    renamed = data.select(
        part="characteristic", plant=ibis.literal("A"), at="sequence", sample="subgroup", mm="value"
    )
    columns = Columns(by=("plant", "part"), order="at", subgroup="sample", value="mm")

    got = plant_xbar_r(renamed, columns).to_pyarrow()

    assert got.column_names[:2] == ["plant", "part"]
    assert got.num_rows == 5


def test_wrong_arguments_are_named(plant):
    data, lines = plant["measurements"], plant["lines"]
    for work, name in (
        (lambda: plant_xbar_r(data.drop("value")), "columns"),
        (lambda: plant_xbar_r(data, largest=1), "largest"),
        (lambda: plant_capability(data, lines), "limits"),
        (lambda: plant_capability(data, plant["limits"], within="x"), "within"),
        (lambda: plant_rule_hits(data, plant["limits"]), "lines"),
        (lambda: plant_rule_hits(data, lines, rules=["we1"]), "rules"),
    ):
        with pytest.raises(ArgumentError, match=rf"^{name}:"):
            work()


def test_without_ibis_a_sentence_says_what_to_install(monkeypatch):
    monkeypatch.setitem(sys.modules, "ibis", None)
    monkeypatch.delitem(sys.modules, "andon.stats.plant.columns")
    with pytest.raises(ImportError, match=r"install andon\[plant\]"):
        import andon.stats.plant.columns  # noqa: F401, PLC0415
