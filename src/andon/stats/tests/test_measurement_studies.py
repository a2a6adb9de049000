"""Gage studies that lack something: readings, operators, parts, scatter, or sense."""

import json
import math

import numpy as np
import pytest

from andon.stats import (
    ArgumentError,
    grr_anova,
    grr_average_range,
    grr_confidence_intervals,
    grr_nested,
)
from andon.stats.measurement.components import categories

PART = [1, 1, 2, 2, 3, 3, 4, 4] * 2
OPERATOR = ["A"] * 8 + ["B"] * 8
Y = [9.9, 10.1, 12.0, 12.1, 14.0, 13.9, 11.1, 11.0]
Y += [10.2, 10.1, 12.4, 12.2, 13.9, 14.3, 11.4, 11.6]

ALL = [grr_anova, grr_average_range, grr_confidence_intervals, grr_nested]


def codes(result):
    return [warning.code for warning in result.warnings]


def is_clean(result):
    return json.loads(json.dumps(result.to_dict(), allow_nan=False)) == result.to_dict()


@pytest.mark.parametrize("function", ALL)
def test_no_readings_give_no_figures_and_say_so(function):
    empty, missing = function([], [], []), function([1, 2], ["A", "A"], [None, math.nan])

    assert codes(empty) == codes(missing) == ["no_data"]
    assert (missing.n, missing.n_missing) == (0, 2)
    assert is_clean(empty)


@pytest.mark.parametrize("value", [0.1, 1e9 + 0.3])
def test_equal_readings_leave_percents_and_classes_open(value):
    y = [value] * 16
    anova, hand = (
        grr_anova(PART, OPERATOR, y, tolerance=1),
        grr_average_range(PART, OPERATOR, y, tolerance=1),
    )

    assert (anova.sd_grr, anova.sd_total, anova.ndc, anova.pct_study_var_grr) == (0, 0, None, None)
    assert (anova.pct_contribution_part, anova.pct_tolerance_grr) == (None, None)
    assert (anova.anova["part"].f, anova.anova["part"].p) == (None, None)
    assert (hand.tv, hand.pct_grr, hand.pct_tolerance_grr, hand.ndc) == (0, None, None, None)
    assert codes(anova) == codes(hand) == ["zero_variance"]
    limits = grr_confidence_intervals(PART, OPERATOR, y)
    assert (limits.ev_ci, limits.grr_ci, codes(limits)) == (None, None, ["zero_variance"])
    assert "zero_variance" in codes(grr_nested(PART, OPERATOR, y))


def test_no_classes_where_parts_or_gage_do_not_scatter():
    still = grr_anova(PART, OPERATOR, [float(p) for p in PART])
    assert (still.ndc, still.pct_study_var_grr, still.pct_study_var_part) == (None, 0, 100)
    assert codes(still) == ["zero_variance"]
    hand = grr_average_range(PART, OPERATOR, [float(p) for p in PART])
    assert (hand.ndc, codes(hand)) == (None, ["zero_variance"])

    alike = grr_anova(PART, OPERATOR, [5.0, 6.0] * 8)
    assert (alike.ndc, alike.var_part, alike.pct_study_var_grr) == (None, 0, 100)
    assert codes(alike)[-1] == "zero_variance"
    hand = grr_average_range(PART, OPERATOR, [5.0, 6.0] * 8)
    assert (hand.ndc, codes(hand)) == (None, ["zero_variance"])


def test_one_operator_shows_repeatability_only():
    result = grr_anova(PART[:8], OPERATOR[:8], Y[:8])

    assert (result.var_operator, result.var_reproducibility, result.var_interaction) == (None,) * 3
    assert result.var_grr == result.var_repeatability == pytest.approx((0.04 + 3 * 0.01) / 2 / 4)
    assert result.ndc > 1
    assert codes(result) == ["too_few"]
    hand = grr_average_range(PART[:8], OPERATOR[:8], Y[:8])
    assert (hand.av, hand.xdiff, hand.grr, codes(hand)) == (None, None, hand.ev, ["too_few"])
    limits = grr_confidence_intervals(PART[:8], OPERATOR[:8], Y[:8])
    assert limits.av_ci is None
    assert limits.grr_ci == pytest.approx(limits.ev_ci)
    nested = grr_nested(PART[:8], OPERATOR[:8], Y[:8])
    assert (nested.var_operator, "too_few" in codes(nested)) == (None, True)


def test_one_part_shows_the_gage_only():
    operator, y = ["A", "A", "B", "B"], [1.0, 2.0, 3.0, 4.0]
    result = grr_anova([7] * 4, operator, y, tolerance=12)

    assert (result.var_part, result.var_total, result.pct_study_var_grr, result.ndc) == (None,) * 4
    assert result.var_operator == pytest.approx((4 - 0.5) / 2)
    assert result.pct_tolerance_grr == pytest.approx(50 * result.sd_grr)
    assert codes(result) == ["too_few"]
    assert grr_average_range([7] * 4, operator, y).pv is None
    assert grr_confidence_intervals([7] * 4, operator, y).pv_ci is None
    assert grr_nested([7] * 4, operator, y).var_part is None
    assert codes(grr_anova([7] * 4, operator, [3.0] * 4)) == ["too_few", "zero_variance"]


def test_missing_parts_are_named():
    with pytest.raises(ArgumentError, match=r"part 4 by operator B has 1$") as caught:
        grr_anova(PART, OPERATOR, [*Y[:-1], None])
    assert caught.value.argument == "y"
    with pytest.raises(ArgumentError, match=r"part 2 by operator B has 0$"):
        grr_average_range([1, 1, 2, 2, 1, 1], ["A"] * 4 + ["B"] * 2, range(6))
    with pytest.raises(ArgumentError, match=r"^part: operators .* fewer: B$"):
        grr_nested([1, 1, 2, 2, 3, 3], ["A"] * 4 + ["B"] * 2, range(6))
    with pytest.raises(ArgumentError, match=r"part 3 by operator B has 1$"):
        grr_nested([1, 1, 2, 2, 3, 4, 4], ["A"] * 4 + ["B"] * 3, range(7))
    with pytest.raises(ArgumentError, match=r"and 3 more$"):
        grr_anova([*range(10), *range(10), 0], [*"A" * 10, *"B" * 10, "C"], range(21))


def test_one_trial_hides_repeatability():
    for function in ALL:
        with pytest.raises(ArgumentError, match=r"^y: .*twice"):
            function([1, 2, 1, 2], ["A", "A", "B", "B"], [1, 2, 3, 4])


@pytest.mark.parametrize(
    ("change", "name"),
    [
        ({"y": [*Y[:-1], math.inf]}, "y"),
        ({"y": [*map(str, Y)]}, "y"),
        ({"y": [Y]}, "y"),
        ({"part": PART[:-1]}, "part"),
        ({"part": [*PART[:-1], None]}, "part"),
        ({"part": [*PART[:-1], [4]]}, "part"),
        ({"operator": [*OPERATOR[:-1], math.nan]}, "operator"),
        ({"operator": OPERATOR[:-1]}, "operator"),
    ],
)
@pytest.mark.parametrize("function", ALL)
def test_a_wrong_study_is_refused_by_name(function, change, name):
    with pytest.raises(ArgumentError, match=rf"^{name}:"):
        function(**{"part": PART, "operator": OPERATOR, "y": Y} | change)


@pytest.mark.parametrize(
    ("options", "name"),
    [
        ({"pool_interaction_if_p_above": 1.5}, "pool_interaction_if_p_above"),
        ({"pool_interaction_if_p_above": None}, "pool_interaction_if_p_above"),
        ({"lsl": 5, "usl": 4}, "lsl"),
        ({"tolerance": 0}, "tolerance"),
        ({"tolerance": 2, "usl": 4}, "tolerance"),
        ({"study_width": -6}, "study_width"),
    ],
)
def test_a_wrong_option_is_refused_by_name(options, name):
    with pytest.raises(ArgumentError, match=rf"^{name}:"):
        grr_anova(PART, OPERATOR, Y, **options)


@pytest.mark.parametrize("confidence", [0, 1, 95, None, "x"])
def test_a_confidence_lies_between_0_and_1(confidence):
    with pytest.raises(ArgumentError, match=r"^confidence:"):
        grr_confidence_intervals(PART, OPERATOR, Y, confidence)


@pytest.mark.parametrize("function", [grr_anova, grr_average_range, grr_nested])
def test_one_specification_limit_makes_no_percent_of_tolerance(function):
    result = function(PART, OPERATOR, Y, usl=20)

    assert "one_sided" in codes(result)
    assert getattr(result, "pct_tolerance_grr", None) is None


def test_numpy_labels_are_labels_too_and_results_are_json():
    result = grr_anova(np.array(PART), np.array(OPERATOR), np.array(Y))

    assert result.var_grr == grr_anova(PART, OPERATOR, Y).var_grr
    for function in ALL:
        assert is_clean(function(np.array(PART), np.array(OPERATOR), np.array(Y)))


def test_classes_are_cut_off_and_at_least_one():
    assert [categories(part, 1.0) for part in (0.1, 3.5, 3.6)] == [1, 4, 5]
    assert categories(None, 1.0) is categories(1.0, 0.0) is None
