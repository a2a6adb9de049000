"""Points that arrive one by one: at every moment what the whole series would say."""

import json
import math

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from andon.stats import (
    ArgumentError,
    StreamingCusum,
    StreamingEwma,
    StreamingImr,
    StreamingMoments,
    StreamingRules,
    StreamingXbar,
    cusum_chart,
    ewma_chart,
    imr_chart,
    run_rules,
    summary_statistics,
    xbar_r_chart,
    xbar_s_chart,
)

RULES = ["n1", "n2", "n3", "n4", "n5", "n6", "n7", "n8", "we1", "we2", "we3", "we4"]
POINTS = st.lists(
    st.sampled_from([-4, -3, -2.5, -1.5, -0.5, 0, 0.5, 1, 1.5, 2.5, 3.5, None, math.nan]),
    max_size=50,
)
VALUES = st.lists(st.one_of(st.none(), st.integers(-5000, 5000).map(lambda v: v / 8)), max_size=40)


def through_json(running):
    """The statistic stored and read again."""
    return type(running).resume(json.loads(json.dumps(running.state(), allow_nan=False)))


def near(got, wanted):
    return (
        got is wanted if wanted is None else math.isclose(got, wanted, rel_tol=1e-9, abs_tol=1e-9)
    )


@settings(max_examples=50)
@given(POINTS, st.integers(0, 50))
def test_rules_point_by_point_are_those_of_the_series(x, stop):
    watch = StreamingRules(0, 1, RULES)
    found = {rule: [] for rule in RULES}
    for i, value in enumerate(x, start=1):
        if i == stop:
            watch = through_json(watch)
        for rule in watch.add(value):
            found[rule].append(i)

    wanted = run_rules(x, 0, 1, RULES)
    assert found == wanted
    assert (watch.n, watch.n_missing) == (wanted.n, wanted.n_missing)


@settings(max_examples=50)
@given(st.lists(st.integers(-4, 4).map(lambda v: v / 4), min_size=20, max_size=60))
def test_quiet_series_agree_too(x):
    watch = StreamingRules(0, 1, RULES)

    found = [watch.add(value) for value in x]

    wanted = run_rules(x, 0, 1, RULES)
    assert all(
        [rule for rule in RULES if i in wanted[rule]] == hits for i, hits in enumerate(found, 1)
    )


@settings(max_examples=30)
@given(POINTS, POINTS)
def test_a_restart_is_a_new_series(before, after):
    watch = StreamingRules(0, 1, RULES)
    for value in before:
        watch.add(value)

    watch.restart(center=1, sigma=2)

    fresh = StreamingRules(1, 2, RULES)
    assert [watch.add(value) for value in after] == [fresh.add(value) for value in after]


@settings(max_examples=50)
@given(VALUES)
def test_running_moments_are_those_of_the_series(x):
    running = StreamingMoments()
    for value in x:
        running.add(value)
        running = through_json(running)

    wanted = summary_statistics(x)
    assert (running.n, running.n_missing) == (wanted.n, wanted.n_missing)
    assert near(running.mean, wanted.mean)
    assert near(running.sd, wanted.sd)


@settings(max_examples=50)
@given(VALUES)
def test_running_limits_of_individuals_are_those_of_the_chart(x):
    running = StreamingImr()
    for value in x:
        running.add(value)
        running = through_json(running)

    got, wanted = running.limits(), imr_chart(x)
    assert got.n == wanted.n
    for name in ("center", "sigma", "lcl", "ucl"):
        assert near(getattr(got, name), getattr(wanted, name)), name
        if name != "sigma":
            assert near(getattr(got, f"spread_{name}"), getattr(wanted, f"mr_{name}")), name


@pytest.mark.parametrize(("spread", "chart"), [("r", xbar_r_chart), ("s", xbar_s_chart)])
def test_running_limits_of_subgroups_are_those_of_the_chart(spread, chart):
    @settings(max_examples=40)
    @given(st.lists(st.lists(st.integers(0, 50).map(float), min_size=1, max_size=4), max_size=12))
    def check(groups):
        groups = [[1.0, 2.0, 4.0, 9.0], *groups]
        running = StreamingXbar(4, spread)
        for group in groups:
            running.add(group)
            running = through_json(running)
        got, wanted = running.limits(), chart(groups)
        assert near(got.center, wanted.xbar_center)
        assert near(got.sigma, wanted.sigma)
        for name in ("xbar_lcl", "xbar_ucl", f"{spread}_lcl", f"{spread}_ucl"):
            line = getattr(wanted, name)
            mine = name.replace("xbar_", "").replace(f"{spread}_", "spread_")
            assert near(getattr(got, mine), line[0] if isinstance(line, list) else line), name

    check()


@settings(max_examples=40)
@given(VALUES.filter(lambda x: any(v is not None for v in x)))
def test_running_averages_are_those_of_the_chart(x):
    watch = StreamingEwma(0.2, 2.7, 10, 300)
    points = []
    for value in x:
        points.append(watch.add(value))
        watch = through_json(watch)

    wanted = ewma_chart(x, 0.2, 2.7, 10, 300)
    for point, z in zip(points, wanted.z, strict=True):
        assert near(None if point is None else point.z, z)
    assert [i for i, point in enumerate(points, 1) if point and point.signal] == wanted.signals


@settings(max_examples=40)
@given(VALUES.filter(lambda x: any(v is not None for v in x)), st.sampled_from([0, 2]))
def test_running_sums_are_those_of_the_chart(x, head_start):
    watch = StreamingCusum(0.5, 4, 10, 200, head_start)
    points = []
    for value in x:
        points.append(watch.add(value))
        watch = through_json(watch)

    wanted = cusum_chart(x, 0.5, 4, 10, 200, head_start=head_start)
    for point, plus, minus in zip(points, wanted.c_plus, wanted.c_minus, strict=True):
        assert near(None if point is None else point.c_plus, plus)
        assert near(None if point is None else point.c_minus, minus)
    assert [i for i, p in enumerate(points, 1) if p and p.signal_up] == wanted.signals_up
    assert [i for i, p in enumerate(points, 1) if p and p.signal_down] == wanted.signals_down


def test_the_state_does_not_grow():
    watch, running = StreamingRules(0, 1, RULES), StreamingImr()
    sizes = set()
    for i in range(1000):
        watch.add((i % 7) - 3)
        running.add((i % 7) - 3)
        if i > 100:
            sizes.add(len(json.dumps(watch.state())) // 64)
    assert len(sizes) == 1


def test_nothing_yet_has_no_limits():
    for running in (StreamingImr(), StreamingXbar(5)):
        limits = running.limits()
        assert (limits.n, limits.center, limits.sigma, limits.ucl) == (0, None, None, None)
    assert (StreamingMoments().mean, StreamingMoments().sd) == (None, None)


@pytest.mark.parametrize(
    ("make", "name"),
    [
        (lambda: StreamingRules(0, 1, ["n9"]), "rules"),
        (lambda: StreamingRules(0, -1), "sigma"),
        (lambda: StreamingRules(math.nan, 1), "center"),
        (lambda: StreamingRules(0, 1).add(math.inf), "value"),
        (lambda: StreamingRules(0, 1).add("1"), "value"),  # type: ignore[arg-type]
        (lambda: StreamingXbar(1), "size"),
        (lambda: StreamingXbar(3, "x"), "spread"),
        (lambda: StreamingXbar(2).add([1, 2, 3]), "subgroup"),
        (lambda: StreamingXbar(2).add([1, math.inf]), "subgroup"),
        (lambda: StreamingEwma(1.5, 3, 0, 1), "lam"),
        (lambda: StreamingEwma(0.2, 3, 0, -1), "sigma"),
        (lambda: StreamingCusum(-1, 4, 0, 1), "k"),
        (lambda: StreamingCusum(0.5, 0, 0, 1), "h"),
        (lambda: StreamingCusum(0.5, 4, 0, 0), "sigma"),
        (lambda: StreamingCusum(0.5, 4, 0, 1, 5), "head_start"),
        (lambda: StreamingImr.resume({"values": [0, 0, 0]}), "state"),
        (lambda: StreamingImr().add(-math.inf), "value"),
    ],
)
def test_what_cannot_be_is_refused_by_name(make, name):
    with pytest.raises(ArgumentError, match=rf"^{name}:"):
        make()
