"""Gage R&R: components, percents, classes, intervals, and what a study must have."""

import json
import math

import numpy as np
import pandas as pd
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from scipy import stats as scipy_stats
from statsmodels.formula.api import ols
from statsmodels.stats.anova import anova_lm

from andon.stats import (
    grr_anova,
    grr_average_range,
    grr_confidence_intervals,
    grr_nested,
)

PART = [1, 1, 2, 2, 3, 3, 4, 4] * 2
OPERATOR = ["A"] * 8 + ["B"] * 8
Y = [9.9, 10.1, 12.0, 12.1, 14.0, 13.9, 11.1, 11.0]
Y += [10.2, 10.1, 12.4, 12.2, 13.9, 14.3, 11.4, 11.6]

CROSSED = [grr_anova, grr_average_range, grr_confidence_intervals]


def codes(result):
    return [warning.code for warning in result.warnings]


def is_clean(result):
    return json.loads(json.dumps(result.to_dict(), allow_nan=False)) == result.to_dict()


def labelled(cube):
    index = np.indices(cube.shape)
    return index[0].ravel().tolist(), index[1].ravel().tolist(), cube.ravel().tolist()


cubes = st.builds(
    lambda shape, seed: np.round(np.random.default_rng(seed).normal(size=shape), 3),
    st.tuples(st.integers(2, 5), st.integers(2, 4), st.integers(2, 3)),
    st.integers(0, 10**6),
)


def test_the_table_is_that_of_statsmodels():
    result = grr_anova(PART, OPERATOR, Y, 1.0)
    frame = pd.DataFrame({"part": PART, "operator": OPERATOR, "y": Y})
    table = anova_lm(ols("y ~ C(part) * C(operator)", frame).fit())

    for name, row in [("part", "C(part)"), ("operator", "C(operator)"), ("repeatability", None)]:
        want = table.loc[row or "Residual"]
        assert result.anova[name].ss == pytest.approx(want["sum_sq"], rel=1e-9)
        assert result.anova[name].df == want["df"]
    crossed = table.loc["C(part):C(operator)"]
    assert result.anova["interaction"].f == pytest.approx(crossed["F"], rel=1e-9)
    assert result.anova["interaction"].p == pytest.approx(crossed["PR(>F)"], rel=1e-9)
    assert result.anova["total"].ss == pytest.approx(np.var(Y) * 16)


def test_the_nested_table_is_that_of_montgomery():
    # Montgomery, Design and Analysis of Experiments: purity, 3 suppliers x 4 batches x 3 readings.
    y = [1, -1, 0, -2, -3, -4, -2, 0, 1, 1, 4, 0, 1, -2, -3, 0, 4, 2]
    y += [-1, 0, -2, 0, 3, 2, 2, 4, 0, -2, 0, 2, 1, -1, 2, 3, 2, 1]
    batch = [b for _ in range(3) for b in range(4) for _ in range(3)]
    supplier = [s for s in "ABC" for _ in range(12)]

    result = grr_nested(batch, supplier, y)

    anova = result.anova
    assert [anova[name].df for name in ("operator", "part", "repeatability")] == [2, 9, 24]
    squares = [anova[name].ss for name in ("operator", "part", "repeatability", "total")]
    assert squares == pytest.approx([15.06, 69.92, 63.33, 148.31], abs=0.005)
    assert anova["operator"].f == pytest.approx(0.97, abs=0.005)
    assert anova["part"].f == pytest.approx(2.94, abs=0.005)
    assert anova["part"].p == pytest.approx(0.0167, abs=5e-5)
    assert result.var_part == pytest.approx(1.71, abs=0.005)
    assert result.var_operator == 0
    assert "negative_variance" in codes(result)
    assert len(result.by_part) == 12


def test_shares_follow_from_the_components():
    result = grr_anova(PART, OPERATOR, Y, lsl=5, usl=17)

    assert result.var_grr == pytest.approx(result.var_repeatability + result.var_reproducibility)
    assert result.var_total == pytest.approx(result.var_grr + result.var_part)
    assert result.pct_contribution_grr + result.pct_contribution_part == pytest.approx(100)
    assert result.pct_study_var_grr**2 + result.pct_study_var_part**2 == pytest.approx(1e4)
    assert result.pct_tolerance_grr == pytest.approx(100 * 6 * result.sd_grr / 12)
    assert result.ndc == math.floor(1.41 * result.sd_part / result.sd_grr)
    narrow = grr_anova(PART, OPERATOR, Y, tolerance=12, study_width=5.15)
    assert narrow.pct_tolerance_grr == pytest.approx(result.pct_tolerance_grr * 5.15 / 6)


def test_a_limit_of_one_never_pools_and_of_zero_always_does():
    kept, pooled = grr_anova(PART, OPERATOR, Y, 1), grr_anova(PART, OPERATOR, Y, 0)

    assert (kept.pooled, pooled.pooled) == (False, True)
    assert kept.var_repeatability == pytest.approx(kept.anova["repeatability"].ms)
    assert pooled.var_repeatability == pytest.approx(pooled.anova["pooled"].ms)
    assert pooled.anova["pooled"].df == 3 + 8
    assert (pooled.var_interaction, "pooled" in kept.anova) == (0, False)
    assert "pooled" in pooled.method
    assert "kept" in kept.method


def test_a_kept_interaction_is_the_yardstick_of_parts_and_operators():
    cube = np.random.default_rng(4).normal(size=(5, 3, 1)) * 3 + [[[0], [1], [2]]]
    cube = cube + np.random.default_rng(5).normal(size=(5, 3, 2)) / 10
    result = grr_anova(*labelled(cube))
    anova = result.anova

    assert not result.pooled
    assert anova["part"].f == pytest.approx(anova["part"].ms / anova["interaction"].ms)
    spread = (anova["interaction"].ms - anova["repeatability"].ms) / 2
    assert result.var_interaction == pytest.approx(spread)
    assert result.var_reproducibility == pytest.approx(result.var_operator + spread)


def test_the_report_judges_by_the_limits_of_aiag():
    good = grr_anova(PART, OPERATOR, [100 * p + y for p, y in zip(PART, Y, strict=True)])
    bad = grr_anova(PART, OPERATOR, [y - 2 * p for p, y in zip(PART, Y, strict=True)], tolerance=4)

    assert [s.code for s in good.report] == ["acceptable", "ndc", "larger_source"]
    assert str(good.report[0]).endswith("(under 10 %): acceptable.")
    assert bad.report[1].code == "not_acceptable"
    assert "of the tolerance (over 30 %)" in str(bad.report[1])
    middle = grr_anova(PART, OPERATOR, Y)
    assert middle.report[0].code == "conditional"
    assert grr_average_range(PART, OPERATOR, Y).report[0].code == "conditional"


def test_few_classes_and_the_larger_source_are_said():
    y = [
        p / 10 + (o == "B") * 0.5 + i % 2 / 10
        for i, (p, o) in enumerate(zip(PART, OPERATOR, strict=True))
    ]
    result = grr_anova(PART, OPERATOR, y)

    assert (result.ndc, result.report[0].code) == (1, "not_acceptable")
    assert str(result.report[1]).startswith("It tells only 1 ")
    assert "operators are the larger share" in str(result.report[2])


def test_the_drawings_have_their_data():
    result = grr_anova(PART, OPERATOR, Y)

    assert [(c.part, c.operator) for c in result.cells[:2]] == [(1, "A"), (2, "A")]
    assert result.cells[0]["values"] == [9.9, 10.1]
    assert result.cells[0].mean == pytest.approx(10)
    assert result.cells[0].range == pytest.approx(0.2)
    assert [level.name for level in result.by_operator] == ["A", "B"]
    assert result.by_operator[1].mean == pytest.approx(np.mean(Y[8:]))
    assert (result.by_part[2].minimum, result.by_part[2].maximum, result.by_part[2].n) == (
        13.9,
        14.3,
        4,
    )
    assert [row["source"] for row in result.rows()][:2] == ["repeatability", "reproducibility"]
    assert result.components()[-1].pct_contribution == 100
    assert [row["source"] for row in grr_average_range(PART, OPERATOR, Y).rows()] == [
        "ev",
        "av",
        "grr",
        "pv",
        "tv",
    ]


@given(cubes, st.floats(-1e3, 1e3), st.sampled_from([0.25, 8.0, -4.0]))
@settings(max_examples=40, deadline=None)
def test_shift_and_scale_move_only_what_has_the_unit(cube, shift, scale):
    plain = grr_anova(*labelled(cube))
    moved = grr_anova(*labelled(cube * scale + shift))

    assert moved.pooled == plain.pooled
    near = pytest.approx
    assert moved.sd_grr == near(abs(scale) * plain.sd_grr, rel=1e-6, abs=1e-9)
    assert moved.sd_part == near(abs(scale) * plain.sd_part, rel=1e-4, abs=1e-6)
    assert moved.pct_study_var_grr == near(plain.pct_study_var_grr, rel=1e-4, abs=1e-4)
    hand, by_range = (
        grr_average_range(*labelled(cube)),
        grr_average_range(*labelled(cube * scale + shift)),
    )
    assert by_range.ev == near(abs(scale) * hand.ev, rel=1e-6)
    assert by_range.pv == near(abs(scale) * hand.pv, rel=1e-6)


@given(cubes, st.randoms(use_true_random=False))
@settings(max_examples=30, deadline=None)
def test_the_order_of_the_readings_does_not_matter(cube, random):
    rows = list(zip(*labelled(cube), strict=True))
    shuffled = random.sample(rows, len(rows))

    names = {"sd_grr", "sd_part", "grr", "pv", "av"}
    for function in CROSSED:
        plain = function(*zip(*rows, strict=True))
        other = function(*zip(*shuffled, strict=True))
        for name in names & {*plain}:
            assert other[name] == pytest.approx(plain[name], rel=1e-9, abs=1e-12)


@given(cubes)
@settings(max_examples=40, deadline=None)
def test_no_variance_is_negative_and_intervals_hold_their_estimate(cube):
    result = grr_anova(*labelled(cube))
    limits = grr_confidence_intervals(*labelled(cube))

    assert all(row["var"] >= 0 for row in result.rows())
    assert is_clean(result)
    assert is_clean(limits)
    assert limits.ev_ci[0] <= limits.ev <= limits.ev_ci[1]
    assert 0 <= limits.grr_ci[0] <= limits.grr
    wider = grr_confidence_intervals(*labelled(cube), confidence=0.99)
    assert wider.ev_ci[0] <= limits.ev_ci[0] < limits.ev_ci[1] <= wider.ev_ci[1]


def test_intervals_are_exact_where_one_mean_square_is_all_there_is():
    # Only operators differ: the limits are those of one chi-square with o - 1 = 3.
    cube = np.zeros((5, 4, 2)) + np.array([1.0, 2.0, 4.0, 7.0])[None, :, None]
    result = grr_confidence_intervals(*labelled(cube), confidence=0.9)
    variance = np.var([1, 2, 4, 7], ddof=1)

    want = [math.sqrt(3 * variance / scipy_stats.chi2.ppf(p, 3)) for p in (0.95, 0.05)]
    assert result.av_ci == pytest.approx(want, rel=1e-9)
    assert result.grr_ci == pytest.approx(want, rel=1e-9)
    assert result.ev_ci is None
    assert codes(result) == ["zero_variance"]


@pytest.mark.parametrize("pool", [0.0, 1.0])
def test_about_nine_in_ten_of_90_percent_intervals_hold_the_truth(pool):
    rng = np.random.default_rng(7)
    held = np.zeros(3)
    for _ in range(100):
        cube = (
            rng.normal(0, 1, (6, 1, 1))
            + rng.normal(0, 0.5, (1, 4, 1))
            + rng.normal(0, 0.3, (6, 4, 2))
        )
        found = grr_confidence_intervals(*labelled(cube), 0.9, pool)
        truth = [(0.5, found.av_ci), (math.hypot(0.5, 0.3), found.grr_ci), (1.0, found.pv_ci)]
        held += [low <= true <= high for true, (low, high) in truth]

    assert (held >= 80).all()


def test_average_and_range_lines_are_those_of_the_charts():
    result = grr_average_range(PART, OPERATOR, Y, tolerance=10)
    rbar = np.mean([np.ptp(Y[i : i + 2]) for i in range(0, 16, 2)])

    # D4 = 3.267 and A2 = 1.880 for 2 trials (AIAG SPC, appendix E).
    assert result.r_ucl == pytest.approx(3.267 * rbar, rel=2e-4)
    assert result.x_ucl - result.x_center == pytest.approx(1.880 * rbar, rel=3e-4)
    assert result.x_center - result.x_lcl == pytest.approx(result.x_ucl - result.x_center)
    assert result.pct_tolerance_ev == pytest.approx(60 * result.ev)
