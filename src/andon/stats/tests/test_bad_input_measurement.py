"""Absurd arguments of gage studies and agreement are refused by name, and nothing leaks NaN."""

import datetime as dt
import json
import math

import numpy as np
import pytest

from andon import stats


def refused(argument, function, *args, **given):
    with pytest.raises(stats.ArgumentError) as error:
        function(*args, **given)
    assert error.value.argument == argument
    assert error.value.sentence


def finite(result):
    json.dumps(result.to_dict(), allow_nan=False)
    return result


NAN, INF = math.nan, math.inf
NO_LISTS = [None, NAN, 5, "abc", b"ab", {"a": 1}, {1, 2}, np.array(3.0), object()]
NO_NAMES = [INF, -INF, 1j, b"1", dt.date(2026, 1, 1), object(), [1], {}, 10**400, np.zeros(2)]
PART, OPERATOR = [1, 1, 2, 2, 3, 3] * 2, ["A"] * 6 + ["B"] * 6
Y = [9.9, 10.1, 12.0, 12.1, 14.0, 13.9, 10.2, 10.1, 12.2, 12.2, 14.1, 14.3]
STUDIES = [stats.grr_anova, stats.grr_average_range, stats.grr_confidence_intervals]


@pytest.mark.parametrize("study", STUDIES)
@pytest.mark.parametrize("value", NO_LISTS)
def test_parts_and_operators_are_lists(study, value):
    refused("part", study, value, OPERATOR, Y)
    refused("operator", study, PART, value, Y)


@pytest.mark.parametrize("value", [*NO_NAMES, None, NAN, np.timedelta64(1, "D")])
def test_a_part_has_a_text_or_a_number_for_a_name(value):
    refused("part", stats.grr_anova, [value, *PART[1:]], OPERATOR, Y)


@pytest.mark.parametrize("kind", ["longdouble", "int8", "float32", "U5", "object"])
def test_names_of_any_numpy_type_become_plain_ones(kind):
    study = finite(stats.grr_anova(np.array(PART).astype(kind), OPERATOR, Y))

    assert type(study.by_part[0].name) in {int, float, str}


@pytest.mark.parametrize("value", NO_NAMES)
def test_a_rating_is_a_text_or_a_number(value):
    refused("a", stats.cohen_kappa, [1, 2, value], [1, 2, 2])
    refused("ratings", stats.fleiss_kappa, [[1, 2], [1, value]])
    refused("accept", stats.attribute_agreement, [1, 2], ["A", "A"], [1, 0], accept=value)


def test_long_part_numbers_stay_apart():
    items = [4006381333931, 4006381333932] * 3

    assert len(stats.cohen_kappa(items, items[::-1]).categories) == 2
    assert stats.cohen_kappa(items, items).categories == ["4006381333931", "4006381333932"]


@pytest.mark.parametrize("value", NO_LISTS)
def test_tables_of_ratings_are_rows(value):
    refused("table", stats.cohen_kappa_from_table, value)
    refused("ratings", stats.kendall_w, value)
    refused("ratings", stats.fleiss_kappa, value)


@pytest.mark.parametrize("value", [NAN, 5, "ab", {"a": 1}, [1, None], [1], [1, INF]])
def test_the_rows_of_a_table_have_one_name_each(value):
    refused("categories", stats.cohen_kappa_from_table, [[4, 1], [2, 5]], categories=value)


def test_counts_beyond_all_tables_are_refused_and_a_lone_share_has_no_kappa():
    refused("table", stats.cohen_kappa_from_table, [[1e18, 1], [2, 3]])
    result = finite(stats.cohen_kappa_from_table([[1, 1e-200], [0, 0]]))

    assert (result.kappa, [w.code for w in result.warnings]) == (None, ["no_variation"])


@pytest.mark.parametrize("weights", [[], {}, 1, "cubic", np.array(["linear", "equal"])])
def test_weights_are_one_of_their_words(weights):
    refused("weights", stats.cohen_kappa, [1, 2], [1, 2], weights)


@pytest.mark.parametrize("value", NO_LISTS)
def test_a_study_of_stability_has_lists(value):
    refused("x", stats.stability_study, value)
    refused("rules", stats.stability_study, [1, 2, 3], rules=value)


@pytest.mark.parametrize(
    ("argument", "function", "given"),
    [
        ("u", stats.guard_band, {"lsl": 1, "usl": 2, "u": 1e-320}),
        ("k", stats.guard_band, {"lsl": 1, "usl": 2, "u": 0.1, "k": 1e-320}),
        ("rule", stats.guard_band, {"lsl": 1, "usl": 2, "u": 0.1, "rule": np.array(["a", "b"])}),
        ("u", stats.decision_risk, {"lsl": 1, "usl": 2, "u": 1e-320}),
        ("sd", stats.decision_risk, {"lsl": 1, "usl": 2, "u": 1, "mean": 1, "sd": 1e-300}),
        ("sd", stats.decision_risk, {"lsl": 1, "usl": 2, "u": 1, "mean": 1, "sd": 1e-20}),
        ("sd", stats.bias_study_from_summary, {"mean": 1, "sd": 1e-320, "n": 9, "reference": 0}),
        ("df", stats.bias_study_from_summary,
         {"mean": 1, "sd": 1, "n": 9, "reference": 0, "df": 1e-300}),
        ("percent", stats.type1_study,
         {"x": [1, 2], "reference": 1, "tolerance": 1, "percent": 1e-320}),
        ("spread", stats.type1_study,
         {"x": [1, 2], "reference": 1, "tolerance": 1, "spread": 1e-320}),
        ("tolerance", stats.type1_study, {"x": [1, 2], "reference": 1, "tolerance": 1e-320}),
        ("usl", stats.type1_study, {"x": [1, 2], "reference": 1, "lsl": 0, "usl": 1e-320}),
        ("study_width", stats.grr_anova,
         {"part": PART, "operator": OPERATOR, "y": Y, "study_width": 1e90}),
        ("reference", stats.linearity_study, {"reference": [1e-200, 2e-200], "y": [1, 2]}),
    ],
)  # fmt: skip
def test_what_others_are_divided_by_has_a_usual_size(argument, function, given):
    refused(argument, function, **given)
