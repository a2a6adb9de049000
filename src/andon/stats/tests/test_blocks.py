"""Long series in blocks: the numbers of the short formulas, from numpy and from compiled code."""

import json
import math
import sys

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from andon.stats import (
    ArgumentError,
    blocks,
    run_rules,
    summary_statistics,
    survey,
    xbar_r_chart,
    xbar_r_limits,
    xbar_s_chart,
    xbar_s_limits,
)
from andon.stats.charts import rules

ENGINES = ["numpy", "compiled"]
RULES = ["n1", "n2", "n3", "n4", "n5", "n6", "n7", "n8", "we1", "we2", "we3", "we4"]
SERIES = st.lists(
    st.one_of(st.none(), st.floats(-1e6, 1e6).map(lambda value: round(value, 3))), max_size=40
)


@pytest.fixture
def small_blocks(monkeypatch):
    """Blocks of seven, so that short series have many joints."""
    monkeypatch.setattr(blocks, "BLOCK", 7)
    monkeypatch.setattr(blocks.blocks, "__defaults__", (7,))
    monkeypatch.setattr("andon.stats.charts.long_series._BLOCK", 24)
    monkeypatch.setattr(rules, "_BLOCK", 7)


def close(got, wanted, noise=1e-9):
    if got is None or wanted is None:
        return got is wanted
    return math.isclose(got, wanted, rel_tol=1e-7, abs_tol=noise)


@pytest.mark.parametrize("engine", ENGINES)
def test_a_survey_is_what_the_single_formulas_say(small_blocks, engine):
    @settings(max_examples=40, deadline=None)
    @given(SERIES)
    def check(x):
        array = np.array(x, dtype=float)
        there = array[~np.isnan(array)]
        moved = np.abs(np.diff(array))
        moved = moved[~np.isnan(moved)]
        found = survey(x, -10, 10, engine=engine)
        assert (found.n, found.n_missing) == (there.size, array.size - there.size)
        assert close(found.mean, there.mean() if there.size else None)
        assert close(found.sd, there.std(ddof=1) if there.size > 1 else None, 1e-6)
        assert close(found.mean_moving_range, moved.mean() if moved.size else None)
        assert (found.minimum, found.maximum) == (
            (there.min(), there.max()) if there.size else (None, None)
        )
        assert (found.below, found.above) == ((there < -10).sum(), (there > 10).sum())
        assert blocks.outside(x, -10, 10) == (found.below, found.above)
        assert close(blocks.mean_moving_range(x), found.mean_moving_range)
        assert close(blocks.moments(x, engine=engine).sd, found.sd, 1e-6)
        assert blocks.extremes(x) == (None if not there.size else (there.min(), there.max()))

    check()


@pytest.mark.parametrize("offset", [1e6, 1e7])
def test_digits_far_from_zero_are_kept_as_in_nist_numacc(offset):
    # NIST StRD NumAcc3 and NumAcc4: a mean of offset + 0.2 and a standard deviation of 0.1.
    x = np.array([offset + 0.2, *([offset + 0.1, offset + 0.3] * 500)])

    found = blocks.moments(x)

    assert found.mean == pytest.approx(offset + 0.2, rel=1e-15)
    assert found.sd == pytest.approx(0.1, rel=1e-8)
    assert found.sd == pytest.approx(summary_statistics(x).sd, rel=1e-12)


@pytest.mark.parametrize("engine", ENGINES)
def test_equal_values_have_exactly_their_mean_and_no_scatter(engine):
    x = np.full(200_003, 0.1)

    found, limits = survey(x, engine=engine), xbar_s_limits(x, 3, engine=engine)

    assert (found.mean, found.sd, found.mean_moving_range) == (0.1, 0.0, 0.0)
    assert (limits.xbar_center, limits.sigma, limits.xbar_ucl) == (0.1, 0.0, 0.1)
    assert [warning.code for warning in limits.warnings] == ["zero_variance"]


def test_subgroups_that_differ_only_from_each_other_have_no_scatter_within():
    x = [value for value in (1.1, 1.2, 1.3) for _ in range(3)]

    assert xbar_s_limits(x, 3).sigma == 0
    assert xbar_r_limits(x, 3).sigma == 0


@pytest.mark.parametrize("engine", ENGINES)
@pytest.mark.parametrize(
    ("limits", "chart", "letter"),
    [(xbar_r_limits, xbar_r_chart, "r"), (xbar_s_limits, xbar_s_chart, "s")],
)
def test_limits_of_a_long_series_are_those_of_the_chart(
    small_blocks, engine, limits, chart, letter
):
    @settings(max_examples=25, deadline=None)
    @given(SERIES.filter(len), st.integers(2, 5))
    def check(x, size):
        groups = [x[start : start + size] for start in range(0, len(x), size)]
        got = limits(x, size, engine=engine)
        sizes = [sum(v is not None for v in group) for group in groups]
        if max(sizes) < 2:
            assert got.sigma is None
            return
        wanted = chart(groups)
        assert got.n == sum(sizes)
        assert got.n_missing == len(x) - got.n
        assert got.subgroups == sum(n > 0 for n in sizes)
        assert close(got.xbar_center, wanted.xbar_center)
        assert close(got.sigma, wanted.sigma, 1e-6)
        if got.size in sizes:
            full = sizes.index(got.size)
            for name in (
                "xbar_lcl",
                "xbar_ucl",
                f"{letter}_center",
                f"{letter}_lcl",
                f"{letter}_ucl",
            ):
                line = getattr(wanted, name)
                line = line[full] if isinstance(line, list) else line
                assert close(getattr(got, name), line, 1e-5), name
        json.dumps(got.to_dict(), allow_nan=False)

    check()


def test_a_long_series_of_a_known_process_gives_its_sigma():
    x = np.random.default_rng(5).normal(10, 2, 1_000_000)

    for result in (
        xbar_r_limits(x, 5),
        xbar_s_limits(x, 5),
        xbar_r_limits(x, 5, engine="compiled"),
    ):
        assert result.sigma == pytest.approx(2, rel=0.005)
        assert result.xbar_center == pytest.approx(x.mean(), rel=1e-13)
        assert result.subgroups == 200_000


@pytest.mark.parametrize("engine", ENGINES)
def test_blocks_find_the_same_patterns_as_one_piece(monkeypatch, engine):
    rng = np.random.default_rng(11)
    x = rng.normal(0, 1, 3000).round(1)
    x[rng.random(3000) < 0.01] = np.nan
    x[1000:1040] += 1
    x[2000:2020] = [1.5, -1.5] * 10
    x[2100:2110] = np.arange(10) / 4
    x[2200:2220] = 0.3
    whole = {
        "plain": run_rules(x, 0, 1, RULES),
        "restarted": run_rules(x, 0, 1, RULES, restarts=[5, 1010, 2999]),
        "varying": run_rules(x, np.linspace(-1, 1, 3000), np.linspace(0, 2, 3000), RULES),
    }
    assert all(whole["plain"].values())

    monkeypatch.setattr(rules, "_BLOCK", 16)

    assert run_rules(x, 0, 1, RULES, engine=engine) == whole["plain"]
    assert run_rules(x, 0, 1, RULES, restarts=[5, 1010, 2999], engine=engine) == whole["restarted"]
    assert (
        run_rules(x, np.linspace(-1, 1, 3000), np.linspace(0, 2, 3000), RULES, engine=engine)
        == whole["varying"]
    )


@pytest.mark.parametrize("line", [math.nan, None])
def test_a_line_that_is_not_known_gives_no_signals(line):
    lines = [line] * 30
    for x in (list(range(30)), [5.0] * 30):
        for center, sigma in ((lines, 1), (0, lines)):
            assert not any(run_rules(x, center, sigma, RULES).values())


def test_a_million_points_need_little_memory():
    import tracemalloc  # noqa: PLC0415

    x = np.random.default_rng(1).normal(0, 1, 1_000_000)
    for work in (
        lambda: run_rules(x, 0, 1, RULES[:8]),
        lambda: survey(x, -3, 3),
        lambda: xbar_r_limits(x, 5),
        lambda: xbar_s_limits(x, 5),
    ):
        tracemalloc.start()
        work()
        peak = tracemalloc.get_traced_memory()[1]
        tracemalloc.stop()
        assert peak < 0.3 * x.nbytes


BAD = [
    ([1.0, math.inf, 2.0], "x"),
    ([1.0, -math.inf, math.nan], "x"),
    (np.array([math.inf, math.inf]), "x"),
    (np.array([1e200, -1e200, 1.0]), "x"),
    (np.array([1e200, math.nan, -1e200]), "x"),
    (["1"], "x"),
    ([[1.0]], "x"),
]


@pytest.mark.parametrize("engine", ENGINES)
@pytest.mark.parametrize(("x", "name"), BAD)
def test_a_series_that_cannot_be_is_refused(x, name, engine):
    with pytest.raises(ArgumentError, match=rf"^{name}:"):
        survey(x, engine=engine)
    with pytest.raises(ArgumentError, match=rf"^{name}:"):
        blocks.moments(x, engine=engine)


@pytest.mark.parametrize(
    ("values", "size", "name"),
    [
        ([1, 2], 1, "size"),
        ([1, 2], 2.5, "size"),
        ([1, 2], "5", "size"),
        ([1, math.inf], 2, "values"),
        (np.array([1, math.inf]), 2, "values"),
        (np.array([1, math.inf, math.nan, 3]), 2, "values"),
        (["a", "b"], 2, "values"),
    ],
)
def test_wrong_arguments_of_limits_are_named(values, size, name):
    for limits in (xbar_r_limits, xbar_s_limits):
        with pytest.raises(ArgumentError, match=rf"^{name}:"):
            limits(values, size)


@pytest.mark.parametrize(
    ("values", "code"),
    [([], "no_data"), ([None, None], "no_data"), ([3], "too_few"), ([1, None, None, 2], "too_few")],
)
def test_too_little_data_gives_none_and_says_so(values, code):
    for limits in (xbar_r_limits, xbar_s_limits):
        result = limits(values, 2)
        assert result.sigma is None
        assert result.xbar_ucl is None
        assert [warning.code for warning in result.warnings] == [code]
        json.dumps(result.to_dict(), allow_nan=False)


def test_an_unknown_engine_is_refused():
    for work in (
        lambda: survey([1, 2], engine="fast"),
        lambda: xbar_r_limits([1, 2], 2, engine="fast"),
        lambda: run_rules([1, 2], 0, 1, engine="fast"),
    ):
        with pytest.raises(ArgumentError, match=r"^engine:"):
            work()


def test_without_numba_the_compiled_engine_says_what_to_install(monkeypatch):
    from andon.stats import compiled  # noqa: PLC0415

    monkeypatch.setitem(sys.modules, "numba", None)
    compiled._compiled.cache_clear()
    with pytest.raises(ArgumentError, match=r"^engine: .*andon\[compiled\]"):
        survey([1, 2], engine="compiled")


def test_the_statistics_never_load_numba_by_themselves():
    import subprocess  # noqa: PLC0415

    code = (
        "import sys, andon.stats as s; s.run_rules([1, 2], 0, 1); s.survey([1, 2]);"
        "s.xbar_r_limits([1, 2], 2);"
        "assert not {'numba', 'ibis', 'scipy.stats'} & set(sys.modules)"
    )
    subprocess.run([sys.executable, "-c", code], check=True)


def test_the_code_before_compiling_is_the_code_that_is_tested(monkeypatch):
    from andon.stats import compiled  # noqa: PLC0415

    x = np.random.default_rng(3).normal(0, 1, 300)
    with monkeypatch.context() as plain:
        plain.setattr(compiled, "_compiled", lambda function, _fastmath: function)
        compiled._range_kernel.cache_clear()
        compiled._deviation_kernel.cache_clear()
        slow = (
            survey(x, engine="compiled"),
            xbar_r_limits(x, 3, engine="compiled").sigma,
            xbar_s_limits(x, 3, engine="compiled").sigma,
        )
        assert run_rules(x, 0, 1, RULES, engine="compiled") == run_rules(x, 0, 1, RULES)
    compiled._range_kernel.cache_clear()
    compiled._deviation_kernel.cache_clear()
    assert slow[0] == pytest.approx(survey(x), rel=1e-12)
    assert slow[1:] == pytest.approx((xbar_r_limits(x, 3).sigma, xbar_s_limits(x, 3).sigma))
