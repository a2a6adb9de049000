"""Means, variances and ranks of two samples."""

import json
import math

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from scipy import stats as reference

from andon.stats import (
    mann_whitney,
    paired_t,
    two_sample_t,
    two_sample_t_from_summary,
)

SAMPLES = [
    ([0.7, -1.6, -0.2, -1.2, -0.1, 3.4, 3.7, 0.8, 0, 2], [1.9, 0.8, 1.1, 0.1, -0.1, 4.4, 5.5, 1.6]),
    ([1e7 + 0.1, 1e7 + 0.4, 1e7 + 0.3], [1e7, 1e7 + 0.2, 1e7 + 0.1, 1e7 + 0.5]),
    ([3, 3, 4, 4, 4, 5], [4, 4, 5, 5, 6, 6, 6]),
]
few_digits = st.integers(-500, 500).map(lambda value: value / 8)
samples = st.lists(few_digits, min_size=3, max_size=12, unique=True)


def codes(result):
    return [warning.code for warning in result.warnings]


def strict(result):
    return json.dumps(result.to_dict(), allow_nan=False)


def test_student_s_sleep_data_give_the_numbers_of_r():
    # R 4.2.2: t.test, t.test(var.equal=TRUE), var.test, wilcox.test(exact=FALSE); case "sleep".
    a = [0.7, -1.6, -0.2, -1.2, -0.1, 3.4, 3.7, 0.8, 0, 2]
    b = [1.9, 0.8, 1.1, 0.1, -0.1, 4.4, 5.5, 1.6, 4.6, 3.4]
    result = two_sample_t(a, b)

    assert (result.welch.t, result.welch.df) == pytest.approx((-1.86081346748685, 17.7764735161785))
    assert result.welch.p == pytest.approx(0.0793941401873582, rel=1e-9)
    assert result.welch.ci == pytest.approx([-3.36548323071171, 0.20548323071171], rel=1e-9)
    assert result.pooled.ci == pytest.approx([-3.3638740322876, 0.203874032287599])
    assert result.variance_ratio.p == pytest.approx(0.742719931726045)
    assert result.variance_ratio.ci == pytest.approx([0.198297013510539, 3.21412271636986])
    assert (result.mann_whitney.u, result.variance_ratio.df) == (25.5, [9, 9])
    assert result.mann_whitney.p == pytest.approx(0.0693275754336266)


@pytest.mark.parametrize(("a", "b"), SAMPLES)
@pytest.mark.parametrize("confidence", [0.8, 0.99])
def test_both_t_tests_agree_with_scipy(a, b, confidence):
    result = two_sample_t(a, b, confidence)

    for ours, equal in ((result.welch, False), (result.pooled, True)):
        theirs = reference.ttest_ind(a, b, equal_var=equal)
        assert (ours.t, ours.p) == pytest.approx((theirs.statistic, theirs.pvalue), rel=1e-7)
        assert ours.df == pytest.approx(theirs.df)
        assert ours.ci == pytest.approx(list(theirs.confidence_interval(confidence)), rel=1e-7)


@pytest.mark.parametrize(("a", "b"), SAMPLES)
def test_the_ratio_of_variances_agrees_with_the_f_of_scipy(a, b):
    ratio = two_sample_t(a, b, 0.9).variance_ratio
    f, dfs = np.var(a, ddof=1) / np.var(b, ddof=1), (len(a) - 1, len(b) - 1)

    assert ratio.f == pytest.approx(f)
    tails = reference.f.cdf(f, *dfs), reference.f.sf(f, *dfs)
    assert ratio.p == pytest.approx(2 * min(tails), rel=1e-7)
    assert ratio.ci == pytest.approx([f / end for end in reference.f.ppf([0.95, 0.05], *dfs)])


@pytest.mark.parametrize(("a", "b"), SAMPLES)
def test_mann_whitney_agrees_with_scipy_in_both_functions(a, b):
    theirs = reference.mannwhitneyu(a, b, method="asymptotic", use_continuity=True)
    result = mann_whitney(a, b)

    assert (result.u, result.p) == pytest.approx((theirs.statistic, theirs.pvalue))
    assert two_sample_t(a, b).mann_whitney.to_dict() == {"u": result.u, "p": result.p}
    assert result.superiority == result.u / (len(a) * len(b))


def test_the_shift_is_the_median_of_all_differences():
    a, b = SAMPLES[0]
    result = mann_whitney(a, b)
    differences = sorted(x - y for x in a for y in b)

    assert result.shift == pytest.approx(np.median(differences))
    # Conover 5.4: rank 80/2 - 1.96 sqrt(10*8*19/12) = 17.9 (ties move it by less than 0.1).
    assert result.ci == pytest.approx([differences[17], differences[-18]])
    assert result.ci[0] <= result.shift <= result.ci[1]


def test_too_many_pairs_leave_the_shift_out_and_say_so():
    a = np.arange(2001.0)
    result = mann_whitney(a, a)

    assert (result.shift, result.ci, codes(result)) == (None, None, ["too_many"])
    assert (result.p, result.superiority) == (1.0, 0.5)


@given(samples, samples, st.integers(-50, 50))
@settings(max_examples=50)
def test_a_shift_of_one_sample_moves_the_interval_and_nothing_else(a, b, by):
    one, other = two_sample_t(a, b), two_sample_t([x + by for x in a], b)

    assert other.welch.ci == pytest.approx([end + by for end in one.welch.ci], abs=1e-9)
    assert other.variance_ratio.p == pytest.approx(one.variance_ratio.p)
    ours, theirs = mann_whitney(a, b), mann_whitney([x + by for x in a], b)
    assert theirs.shift == pytest.approx(ours.shift + by, abs=1e-9)


@given(samples, samples, st.sampled_from([0.5, 4]))
@settings(max_examples=50)
def test_the_unit_scales_differences_and_leaves_p_alone(a, b, unit):
    one, other = two_sample_t(a, b), two_sample_t([x * unit for x in a], [x * unit for x in b])

    assert other.pooled.p == pytest.approx(one.pooled.p)
    assert other.welch.ci == pytest.approx([end * unit for end in one.welch.ci])
    assert other.mann_whitney == one.mann_whitney


@given(samples, samples)
@settings(max_examples=50)
def test_exchanging_the_samples_turns_the_signs(a, b):
    one, other = two_sample_t(a, b), two_sample_t(b, a)

    assert other.welch.t == pytest.approx(-one.welch.t, abs=1e-12)
    assert other.variance_ratio.f == pytest.approx(1 / one.variance_ratio.f)
    assert other.mann_whitney.u == len(a) * len(b) - one.mann_whitney.u
    assert other.mann_whitney.p == pytest.approx(one.mann_whitney.p)


@given(samples, samples)
@settings(max_examples=50)
def test_the_summary_is_all_a_t_test_needs(a, b):
    full = two_sample_t(a, b)
    short = two_sample_t_from_summary(
        mean1=full.mean_a, sd1=full.sd_a, n1=full.n_a,
        mean2=full.mean_b, sd2=full.sd_b, n2=full.n_b,
    )  # fmt: skip

    assert (short.welch, short.pooled) == (full.welch, full.pooled)
    assert short.mann_whitney.u is None


def test_the_mileage_example_of_nist():
    # NIST e-Handbook 1.3.5.3, AUTO83B.DAT: T = -12.62059 with 326 degrees of freedom pooled,
    # T = -12.94627 with 136.8750 unequal.
    result = two_sample_t_from_summary(
        mean1=20.14458, sd1=6.41470, n1=249, mean2=30.48101, sd2=6.10771, n2=79
    )

    assert result.pooled.t == pytest.approx(-12.62059, abs=1e-4)
    assert result.welch.t == pytest.approx(-12.94627, abs=1e-4)
    assert result.welch.df == pytest.approx(136.8750, abs=1e-3)


def test_equal_values_have_no_t_and_say_so():
    result = two_sample_t([2, 2, 2], [2, 2])

    assert (result.welch.t, result.pooled.p, result.variance_ratio.f) == (None, None, None)
    assert (result.difference, result.mann_whitney.p, result.sentence) == (0, None, None)
    assert codes(result) == ["zero_variance"]
    assert codes(mann_whitney([2, 2], [2])) == ["zero_variance"]
    assert mann_whitney([2, 2], [2]).ci is None


def test_scatter_in_one_sample_is_enough_for_welch_but_not_for_a_ratio():
    result = two_sample_t([2, 2, 2], [1, 3, 2])

    assert result.welch.p == 1
    assert (result.variance_ratio.f, result.variance_ratio.ci, codes(result)) == (None, None, [])


def test_too_few_values_leave_fields_open():
    one = two_sample_t([2], [1, 3, 2])

    assert (one.difference, one.welch.t, one.mann_whitney.u) == (0, None, 1.5)
    assert codes(one) == ["too_few"]
    assert codes(two_sample_t([], [1, 3])) == codes(mann_whitney([], [1])) == ["no_data"]
    assert codes(paired_t([1], [2])) == ["too_few"]
    assert codes(paired_t([], [])) == ["no_data"]
    short = two_sample_t_from_summary(mean1=1, sd1=1, n1=1, mean2=1, sd2=1, n2=9)
    assert codes(short) == ["too_few"]


def test_missing_values_are_left_out_and_counted():
    result = two_sample_t([1, None, 3, 4], [2, 2.5, math.nan, 5])

    assert (result.n, result.n_missing) == (6, 2)
    assert result.welch == two_sample_t([1, 3, 4], [2, 2.5, 5]).welch
    pairs = paired_t([1, None, 3, 4, 9], [2, 2.5, 1, 5, None])
    assert (pairs.n, pairs.n_missing) == (3, 2)
    assert pairs.t == paired_t([1, 3, 4], [2, 1, 5]).t


@given(samples)
@settings(max_examples=50)
def test_the_paired_t_is_the_one_sample_t_of_the_differences(a):
    b = [x / 2 + index % 3 for index, x in enumerate(a)]
    theirs, ours = reference.ttest_rel(a, b), paired_t(a, b, 0.9)

    assert (ours.t, ours.p) == pytest.approx((theirs.statistic, theirs.pvalue), rel=1e-6)
    assert ours.ci == pytest.approx(list(theirs.confidence_interval(0.9)), rel=1e-6, abs=1e-9)


def test_differences_that_are_equal_but_for_rounding_have_no_t():
    result = paired_t([0.3, 0.4, 1.1], [0.1, 0.2, 0.9])

    assert (result.sd, result.t, result.ci, codes(result)) == (0, None, None, ["zero_variance"])
    assert result.difference == pytest.approx(0.2)


def test_a_sentence_gives_the_interval_before_p():
    result = two_sample_t([10.1, 9.8, 10.4, 10.0], [9.2, 9.5, 9.1, 9.6])

    assert str(result.sentence) == (
        "The difference a − b lies between 0.3024 and 1.148 (95 % interval; estimate 0.725; "
        "p = 0.0057 for no difference)."
    )


@pytest.mark.parametrize(
    ("function", "arguments", "name"),
    [
        (two_sample_t, {"a": [1, math.inf], "b": [1]}, "a"),
        (two_sample_t, {"a": [1], "b": ["x"]}, "b"),
        (two_sample_t, {"a": [[1]], "b": [1]}, "a"),
        (two_sample_t, {"a": [1], "b": [1], "confidence": 1}, "confidence"),
        (mann_whitney, {"a": [1, math.inf], "b": [1]}, "a"),
        (mann_whitney, {"a": [1], "b": [1], "confidence": math.nan}, "confidence"),
        (paired_t, {"a": [1, 2], "b": [1]}, "b"),
        (paired_t, {"a": [1, "2"], "b": [1, 2]}, "a"),
        (paired_t, {"a": [1], "b": [1], "confidence": "0.9"}, "confidence"),
    ],
)
def test_a_wrong_argument_of_a_comparison_is_named(function, arguments, name):
    with pytest.raises(ValueError, match=r".") as refused:
        function(**arguments)

    assert refused.value.argument == name


@pytest.mark.parametrize("name", ["mean1", "sd1", "n1", "mean2", "sd2", "n2"])
def test_a_wrong_figure_of_a_summary_is_named(name):
    good = {"mean1": 1, "sd1": 1, "n1": 9, "mean2": 2, "sd2": 1, "n2": 9}

    with pytest.raises(ValueError, match=rf"^{name}:"):
        two_sample_t_from_summary(**good | {name: "x" if name.startswith("mean") else -1})


@pytest.mark.parametrize(
    "result",
    [
        two_sample_t([], []),
        two_sample_t([1], []),
        two_sample_t([1, 1], [1, 1]),
        two_sample_t([1e100, -1e100], [1, 2]),
        mann_whitney([1], [2]),
        paired_t([None], [1]),
        paired_t([1, 1], [0, 0]),
    ],
)
def test_no_edge_lets_a_nan_through(result):
    assert strict(result)
    assert result.rows()
