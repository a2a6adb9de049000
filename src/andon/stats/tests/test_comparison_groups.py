"""Means and medians of several groups."""

import json
import math

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from scipy import stats as reference
from statsmodels.stats.oneway import anova_oneway

from andon.stats import mood_median_test, one_way_anova, two_sample_t

A = [0.7, -1.6, -0.2, -1.2, -0.1, 3.4, 3.7, 0.8, 0, 2]
B = [1.9, 0.8, 1.1, 0.1, -0.1, 4.4, 5.5, 1.6]
few_digits = st.integers(-500, 500).map(lambda value: value / 8)
samples = st.lists(few_digits, min_size=3, max_size=12, unique=True)


def codes(result):
    return [warning.code for warning in result.warnings]


GROUPS = {
    "1": [6.9, 5.4, 5.8, 4.6, 4.0],
    "2": [8.3, 6.8, 7.8, 9.2, 6.5],
    "3": [8.0, 10.5, 8.1, 6.9, 9.3],
}


def test_the_analysis_of_variance_of_nist_and_its_second_opinions():
    # NIST e-Handbook 7.4.3.3.
    result = one_way_anova(GROUPS)

    assert (result.f, result.ss_between, result.ss_within) == pytest.approx(
        (9.59, 27.897, 17.452), abs=0.006
    )
    theirs = reference.f_oneway(*GROUPS.values())
    assert (result.f, result.p) == pytest.approx((theirs.statistic, theirs.pvalue))
    unequal = anova_oneway(list(GROUPS.values()), use_var="unequal")
    assert result.welch.f == pytest.approx(unequal.statistic)
    assert result.welch.p == pytest.approx(unequal.pvalue)
    assert result.ss_total == result.ss_between + result.ss_within
    assert (result.df, [group.name for group in result.groups]) == ([2, 12], ["1", "2", "3"])


def test_groups_may_be_lists_of_uneven_length():
    lists = [[1, 2, 3, 4], [2, None, 5], [9, 8, 7, 7, 6], []]
    result, theirs = one_way_anova(lists), reference.f_oneway([1, 2, 3, 4], [2, 5], lists[2])

    assert (result.f, result.p) == pytest.approx((theirs.statistic, theirs.pvalue))
    assert (result.n, result.n_missing, len(result.groups)) == (11, 1, 3)


def test_two_groups_are_the_pooled_and_the_welch_t_test():
    result, t = one_way_anova([A, B]), two_sample_t(B, A)

    assert result.f == pytest.approx(t.pooled.t**2)
    assert result.welch.f == pytest.approx(t.welch.t**2)
    assert result.welch.df == pytest.approx([1, t.welch.df])
    assert result.largest_difference_ci == pytest.approx(t.pooled.ci)
    assert str(result.sentence).startswith("The largest difference of two means, 2 − 1, lies")


def test_the_largest_of_several_differences_has_a_wider_interval():
    result = one_way_anova(GROUPS)
    half = reference.t.ppf(1 - 0.025 / 3, 12) * result.sd * math.sqrt(2 / 5)

    assert result.largest_difference == pytest.approx(3.22)
    assert result.largest_difference_ci == pytest.approx([3.22 - half, 3.22 + half])


@given(st.lists(samples, min_size=2, max_size=4), st.integers(-9, 9))
@settings(max_examples=50)
def test_a_common_shift_and_the_order_of_groups_leave_f_alone(groups, by):
    one = one_way_anova(groups)
    other = one_way_anova([[x + by for x in group] for group in reversed(groups)])

    assert other.f == pytest.approx(one.f, rel=1e-6, abs=1e-9)
    assert other.welch.p == pytest.approx(one.welch.p, rel=1e-6)


def test_groups_without_scatter_or_company_have_no_f():
    apart, alike = one_way_anova([[1, 1], [2, 2]]), one_way_anova([[0.1] * 3, [0.1] * 3])

    assert (apart.f, apart.p, codes(apart)) == (None, None, ["zero_variance"])
    assert (apart.ss_between, apart.eta2) == (1, 1)
    assert (alike.ss_between, alike.eta2, codes(alike)) == (0, None, ["zero_variance"])
    assert apart.welch.f is None
    assert codes(one_way_anova([[1, 2, 3]])) == codes(one_way_anova([[1], [2]])) == ["too_few"]
    assert codes(one_way_anova([])) == codes(one_way_anova({"A": [None]})) == ["no_data"]


def test_mood_s_test_agrees_with_scipy_and_gives_intervals_first():
    groups = [[3, 4, 5, 6, 7, 8, 9, 9], [8, 9, 10, 11, 12, 13, 14], [1, 2, 30, 4, 5, 6, 8, 7, 9]]
    result = mood_median_test(groups, 0.9)
    theirs = reference.median_test(*groups, correction=False)

    assert (result.chi2, result.p) == pytest.approx((theirs.statistic, theirs.pvalue))
    assert (result.df, result.grand_median) == (2, theirs.median)
    # Conover table A3: P(B <= 1; 8) = 0.0352, P(B <= 0; 7) = 0.0078, P(B <= 1; 9) = 0.0195.
    assert [group.ci for group in result.groups] == [[4, 9], [8, 14], [2, 9]]
    assert codes(result) == ["small_expected"]
    assert str(result.sentence).startswith("The median of 2, farthest from the common one, lies")


def test_medians_that_cannot_be_compared_say_why():
    assert codes(mood_median_test([[1, 2]])) == ["too_few"]
    assert codes(mood_median_test([[1, 1], [1]])) == ["zero_variance"]
    assert codes(mood_median_test([[], []])) == ["no_data"]
    assert mood_median_test([[1, 2], [3, 4]]).groups[0].ci is None
    assert mood_median_test([range(40), range(5, 60)]).warnings == ()


@pytest.mark.parametrize(
    ("function", "arguments", "name"),
    [
        (one_way_anova, {"groups": "abc"}, "groups"),
        (one_way_anova, {"groups": 3}, "groups"),
        (one_way_anova, {"groups": {"A": [1, math.inf]}}, "groups[A]"),
        (one_way_anova, {"groups": [[1], ["x"]]}, "groups[2]"),
        (one_way_anova, {"groups": [[1]], "confidence": 1}, "confidence"),
        (mood_median_test, {"groups": [[1], [[2]]]}, "groups[2]"),
        (mood_median_test, {"groups": [[1]], "confidence": 0}, "confidence"),
    ],
)
def test_a_wrong_group_is_named(function, arguments, name):
    with pytest.raises(ValueError, match=r".") as refused:
        function(**arguments)

    assert refused.value.argument == name


@pytest.mark.parametrize("groups", [[], [[1, 2], [3]], [[1, 2]], [[1], [2]], [[None], [2, 2]]])
def test_no_edge_of_groups_lets_a_nan_through(groups):
    for function in (one_way_anova, mood_median_test):
        assert json.dumps(function(groups).to_dict(), allow_nan=False)
