"""Decision aids: FMEA priority, scorecard, quality costs, yields, ppm and delivery."""

import json
import math
from itertools import product

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from scipy import stats as reference

from andon.stats import (
    ArgumentError,
    cost_of_poor_quality,
    dpmo,
    fmea_action_priority,
    pareto,
    ppm,
    process_yield,
    process_yield_poisson,
    rolled_throughput_yield,
    sigma_level,
    supplier_scorecard,
)

ALL = [list(sod) for sod in product(range(1, 11), repeat=3)]
# The rule as the specification states it (section 8, from the AIAG & VDA handbook 2019): by
# severity, the first occurrence of a band and its letters for detection 1, 2-4, 5-6 and 7-10.
STATED = {
    (9, 10): {2: "LLMH", 4: "MHHH", 6: "HHHH"},
    (7, 8): {2: "LLMM", 4: "MMMH", 6: "MHHH", 8: "HHHH"},
    (4, 5, 6): {2: "LLLL", 4: "LLLM", 6: "LMMM", 8: "MMHH"},
    (2, 3): {2: "LLLL", 8: "LLMM"},
}


def codes(result):
    json.dumps(result.to_dict(), allow_nan=False)
    return [warning.code for warning in result.warnings]


def stated(s, o, d):
    if s == 1 or o == 1:
        return "L"
    letters = next(rows for severities, rows in STATED.items() if s in severities)
    row = letters[max(first for first in letters if first <= o)]
    return row[(d > 1) + (d > 4) + (d > 6)]


def test_all_thousand_ratings_have_the_priority_that_is_stated():
    result = fmea_action_priority(ALL)

    assert result.ap == [stated(*sod) for sod in ALL]
    assert result.rpn == [s * o * d for s, o, d in ALL]
    assert (result.n, result.high + result.medium + result.low) == (1000, 1000)


def test_no_rating_that_rises_lowers_the_priority():
    ap = dict(zip(map(tuple, ALL), fmea_action_priority(ALL).ap, strict=True))
    rank = {"L": 0, "M": 1, "H": 2}

    for (s, o, d), letter in ap.items():
        for worse in ((s + 1, o, d), (s, o + 1, d), (s, o, d + 1)):
            assert rank[ap.get(worse, "H")] >= rank[letter]


def test_equal_risk_numbers_hide_unequal_priorities():
    result = fmea_action_priority([[10, 2, 4], [2, 10, 4], [5, 8, 2], [8, 10, 1]])

    assert result.rpn == [80] * 4
    assert result.ap == ["L", "L", "M", "H"]
    assert result.order == [4, 3, 1, 2]


def test_one_triple_will_do_and_a_missing_rating_has_no_priority():
    assert fmea_action_priority([8, 6, 1]).ap == ["M"]
    result = fmea_action_priority([[8, None, 1], [9, 9, 9]])
    assert (result.ap, result.rpn, result.n_missing) == ([None, "H"], [None, 729], 1)
    assert str(result.sentence) == ("Of 1 rated causes, 1 have high and 0 medium action priority.")
    assert codes(fmea_action_priority([])) == codes(fmea_action_priority([[1, None, 2]]))


def test_a_missing_criterion_drops_out_and_the_weights_are_made_to_add_up():
    result = supplier_scorecard(
        {"ppm": 80, "otd": None, "response": 60}, {"ppm": 0.5, "otd": 0.3, "response": 0.2}
    )

    assert result.score == pytest.approx((0.5 * 80 + 0.2 * 60) / 0.7)
    assert (result.missing, result.n_missing, codes(result)) == (
        ["otd"],
        1,
        ["missing_criteria"],
    )
    assert sum(result.weights_used.values()) == pytest.approx(1)
    assert sum(result.contributions.values()) == pytest.approx(result.score)


@pytest.mark.parametrize(
    ("score", "grade"), [(100, "A"), (90, "A"), (89.9, "B"), (60, "C"), (59.9, "D"), (0, "D")]
)
def test_the_grade_is_the_highest_band_reached(score, grade):
    assert supplier_scorecard({"ppm": score}, {"ppm": 3}).grade == grade


def test_a_score_that_should_be_the_threshold_reaches_it_in_spite_of_rounding():
    weights = {"a": 0.1, "b": 0.2, "c": 0.7}

    assert supplier_scorecard(dict.fromkeys(weights, 90), weights).grade == "A"


@settings(max_examples=30)
@given(
    st.lists(st.tuples(st.floats(0, 100), st.floats(0.01, 9)), min_size=1, max_size=6),
    st.floats(0.1, 50),
)
def test_the_scale_of_the_weights_does_not_matter(rows, scale):
    scores = {f"c{i}": score for i, (score, _) in enumerate(rows)}
    weights = {f"c{i}": weight for i, (_, weight) in enumerate(rows)}
    one = supplier_scorecard(scores, weights).score
    other = supplier_scorecard(scores, {name: scale * w for name, w in weights.items()}).score

    assert other == pytest.approx(one)
    assert min(scores.values()) - 1e-9 <= one <= max(scores.values()) + 1e-9


def test_no_scores_or_no_weight_on_them_is_no_data():
    for scores in ({}, {"ppm": None}, {"ppm": math.nan}):
        result = supplier_scorecard(scores, {"ppm": 1})
        assert (result.score, result.grade, codes(result)) == (None, None, ["no_data"])
    assert codes(supplier_scorecard({"ppm": 5}, {"ppm": 0})) == ["no_data"]


def test_the_four_kinds_of_quality_cost_add_up():
    costs = cost_of_poor_quality(5, 15, 50, 30, sales=1000)

    assert (costs.total, costs.copq, costs.conformance) == (100, 80, 20)
    assert (costs.copq_percent, costs.copq_percent_of_sales) == (80, 8)
    assert costs.percent == {
        "prevention": 5,
        "appraisal": 15,
        "internal_failure": 50,
        "external_failure": 30,
    }
    assert str(costs.sentence) == "Failures cost 80, 8 % of sales."


def test_costs_that_are_not_recorded_are_named():
    costs = cost_of_poor_quality(internal_failure=50)

    assert (costs.total, costs.copq_percent_of_sales, codes(costs)) == (50, None, ["missing_costs"])
    assert "prevention, appraisal, external failure" in str(costs.warnings[0])
    assert str(costs.sentence) == "Failures cost 50."
    assert codes(cost_of_poor_quality()) == ["no_data"]
    assert cost_of_poor_quality(0, 0, 0, 0).percent is None


@settings(max_examples=40)
@given(st.lists(st.tuples(st.integers(0, 20), st.integers(0, 20)), min_size=1, max_size=6))
def test_rolled_yield_never_falls_below_the_first_time_yield(steps):
    defects, rework = zip(*steps, strict=True)
    result = process_yield(defects, rework, 1000)

    assert result.fty - 1e-12 <= result.rty <= 1
    assert result.fty <= result["yield"]
    assert result.rty == pytest.approx(rolled_throughput_yield(result.step_yield).rty)


def test_a_yield_without_rework_or_of_one_step_is_plain():
    result = process_yield(5, units=100)

    assert (result["yield"], result.fty, result.rty) == (0.95, 0.95, 0.95)
    assert result.to_dict()["yield"] == 0.95
    assert process_yield([5, None], [0, 1], 100).n_missing == 1
    assert codes(process_yield([0], [0], 0)) == codes(process_yield([], [], 9)) == ["no_data"]


def test_a_poisson_yield_is_the_share_without_defects():
    result = process_yield_poisson(34, 750, 10)

    assert result.fty == pytest.approx(reference.poisson.pmf(0, 34 / 750))
    assert (result.dpu, result.dpmo) == pytest.approx((34 / 750, 34e6 / 7500))
    assert codes(process_yield_poisson(0, 0)) == ["no_data"]


def test_the_weakest_step_is_named():
    result = rolled_throughput_yield([0.98, None, 0.9, 0.99])

    assert (result.weakest, result.n, result.n_missing) == (3, 3, 1)
    assert result.normalized**3 == pytest.approx(result.rty)
    assert rolled_throughput_yield([0.5, 0]).rty == 0
    assert codes(rolled_throughput_yield([])) == ["no_data"]


def test_the_shift_of_a_sigma_level_is_reported_and_may_be_zero():
    # Table of the six sigma practice: 233 and 66 807 dpmo are 5 and 3 sigma.
    result = sigma_level([233, 66807])

    assert result.sigma == pytest.approx([5, 3], abs=1e-3)
    assert result.shift == 1.5
    assert sigma_level(66807, shift=0).sigma == pytest.approx(-reference.norm.ppf(0.066807))


def test_no_defects_or_nothing_else_have_no_sigma_level():
    result = sigma_level([0, 1e6, None, 500])

    assert result.sigma[:3] == [None, None, None]
    assert (result.n, result.n_missing, codes(result)) == (3, 1, ["no_level"])
    assert sigma_level(0).sigma is None
    assert codes(sigma_level([])) == ["no_data"]


def test_no_bad_part_gives_an_upper_bound_and_never_a_bare_zero():
    result = ppm(0, 3000)

    assert (result.ppm, codes(result)) == (0, ["none_found"])
    assert result.upper_one_sided == pytest.approx(1e6 * (1 - 0.05 ** (1 / 3000)))
    assert str(result.sentence) == "None found: at most 998.1 ppm (confidence 95 %)."


def test_the_limits_of_ppm_are_exact():
    test = reference.binomtest(37, 154000)
    result = ppm(37, 154000)

    assert result.ci == pytest.approx([1e6 * end for end in test.proportion_ci(0.95, "exact")])
    one_sided = reference.binomtest(37, 154000, alternative="less").proportion_ci(0.95, "exact")
    assert result.upper_one_sided == pytest.approx(1e6 * one_sided.high)
    assert ppm(5, 5).upper_one_sided == 1e6
    assert codes(ppm(0, 0)) == ["no_data"]
    assert ppm(37, 154000, confidence=0.4).upper_one_sided > result.ci[0]


def test_the_limits_of_dpmo_are_those_of_a_poisson_count():
    result = dpmo(34, 750, 10)
    ends = reference.chi2.ppf([0.025, 0.975], [68, 70]) / 2 / 7500 * 1e6

    assert result.ci == pytest.approx(ends.tolist())
    assert (result.dpu, result.dpo) == pytest.approx((34 / 750, 34 / 7500))
    none = dpmo(0, 100)
    assert (none.dpmo, none.ci[0], codes(none)) == (0, 0, ["none_found"])
    assert none.upper_one_sided == pytest.approx(-math.log(0.05) / 100 * 1e6)
    assert codes(dpmo(0, 0)) == ["no_data"]


def test_a_pareto_of_numpy_counts_is_plain_data():
    result = pareto(["a", "b"], np.array([2, 5]))

    assert codes(result) == []
    assert result.counts == [5, 2]


@pytest.mark.parametrize(
    ("function", "given", "named", "argument"),
    [
        (fmea_action_priority, [[[0, 1, 1]]], {}, "sod"),
        (fmea_action_priority, [[[11, 1, 1]]], {}, "sod"),
        (fmea_action_priority, [[[1, 1.5, 1]]], {}, "sod"),
        (fmea_action_priority, [[[1, 1]]], {}, "sod"),
        (fmea_action_priority, [[[1, 1, 1], [1, 1]]], {}, "sod"),
        (fmea_action_priority, [[["H", 1, 1]]], {}, "sod"),
        (fmea_action_priority, [[1, 2, math.inf]], {}, "sod"),
        (supplier_scorecard, [{"a": 101}, {"a": 1}], {}, "scores"),
        (supplier_scorecard, [{"a": -1}, {"a": 1}], {}, "scores"),
        (supplier_scorecard, [{"a": "x"}, {"a": 1}], {}, "scores"),
        (supplier_scorecard, [[1], {"a": 1}], {}, "scores"),
        (supplier_scorecard, [{"a": 1}, {"b": 1}], {}, "weights"),
        (supplier_scorecard, [{"a": 1}, {"a": -1}], {}, "weights"),
        (supplier_scorecard, [{"a": 1}, {"a": 1}, {"A": None}], {}, "bands"),
        (cost_of_poor_quality, [-1], {}, "prevention"),
        (cost_of_poor_quality, [1], {"external_failure": math.inf}, "external_failure"),
        (cost_of_poor_quality, [1], {"sales": 0}, "sales"),
        (process_yield, [[-1], [1], 5], {}, "defects"),
        (process_yield, [[1], [1, 2], 5], {}, "rework"),
        (process_yield, [[4], [2], 5], {}, "units"),
        (process_yield, [[4], [2], -5], {}, "units"),
        (process_yield_poisson, [-1, 5], {}, "defects"),
        (process_yield_poisson, [1, 0], {}, "units"),
        (process_yield_poisson, [1, 5, 0], {}, "opportunities"),
        (rolled_throughput_yield, [[1.1]], {}, "yields"),
        (rolled_throughput_yield, [[-0.1]], {}, "yields"),
        (sigma_level, [[-1]], {}, "dpmo"),
        (sigma_level, [1e7], {}, "dpmo"),
        (sigma_level, [["a"]], {}, "dpmo"),
        (sigma_level, [5], {"shift": math.nan}, "shift"),
        (ppm, [3, 2], {}, "nonconforming"),
        (ppm, [-3, 2], {}, "nonconforming"),
        (ppm, [1, 2], {"confidence": 1}, "confidence"),
        (dpmo, [1, 0], {}, "units"),
        (dpmo, [1.5, 3], {}, "defects"),
        (dpmo, [1, 3, 0], {}, "opportunities"),
        (pareto, [["a"], [1]], {"keep": "x"}, "keep"),
        (pareto, [["a"], [1]], {"keep": 1.5}, "keep"),
    ],
)
def test_what_cannot_be_is_refused_by_the_name_of_the_argument(function, given, named, argument):
    with pytest.raises(ArgumentError) as refused:
        function(*given, **named)

    assert refused.value.argument == argument
