"""Every method of the Workbench answers good values with a sentence, and bad ones with another."""

import random
from contextlib import suppress

import pytest

from andon.modules.analyses.models import METHODS, Unfit, compute, defaults, groups

from .factories import values

random.seed(3)


def near(middle, spread, many):
    return [round(random.gauss(middle, spread), 3) for _ in range(many)]


GOOD = {
    "imr": {"x": near(10, 0.1, 30)},
    "subgroups": {"group": [f"g{at // 5}" for at in range(100)], "x": near(10, 0.1, 100)},
    "counts": {"d": [random.randint(0, 9) for _ in range(30)], "n": [100] * 30},
    "c": {"c": [random.randint(0, 9) for _ in range(30)]},
    "ewma": {"x": near(10, 0.1, 30)},
    "cusum": {"x": near(10, 0.1, 30)},
    "rare": {"x": [round(random.expovariate(0.1), 2) for _ in range(30)]},
    "capability": {"x": near(10, 0.1, 60)},
    "normality": {"x": near(10, 0.1, 60)},
    "grr": {
        "part": [f"p{p}" for p in range(10) for _ in range(6)],
        "who": [who for _ in range(10) for who in "AABBCC"],
        "y": [p + round(random.gauss(0, 0.1), 2) for p in range(10) for _ in range(6)],
    },
    "type1": {"x": near(10, 0.01, 30)},
    "bias": {"x": near(10, 0.01, 30)},
    "linearity": {"r": [2, 4, 6, 8] * 6, "y": [2.1, 4.0, 6.2, 8.3, 2.0, 4.1, 6.1, 8.2] * 3},
    "agreement": {"A": ["ok", "nok"] * 10, "B": ["ok", "ok"] * 10, "C": ["ok", "nok"] * 10},
    "effect": {
        "when": ["before"] * 20 + ["after"] * 14,
        "d": [random.randint(60, 90) for _ in range(20)]
        + [random.randint(35, 55) for _ in range(14)],
        "n": [1000] * 34,
    },
    "means": {"A": near(10, 0.1, 20), "B": near(10.1, 0.1, 20)},
    "trend": {"x": near(10, 0.1, 30)},
    "pareto": {"cause": ["burr", "crack", "dent"], "n": [50, 20, 10]},
    "weibull": {"t": [round(random.weibullvariate(100, 2), 1) for _ in range(30)]},
    "lots": {"lot": [500, 1200, 90]},
}
OPTIONS = {
    "capability": {"lsl": 9.7, "usl": 10.3},
    "type1": {"reference": 10.0, "tolerance": 0.5},
    "bias": {"reference": 10.0},
}


def outcome(name, columns, **options):
    method, found = METHODS[name], values(**columns)
    settings = defaults(method, found)
    settings["options"] |= OPTIONS.get(name, {}) | options
    return compute(method, found, settings)


def test_every_method_has_an_example_here_and_a_question():
    assert set(METHODS) == set(GOOD)
    assert sum(len(methods) for _question, methods in groups()) == len(METHODS)


@pytest.mark.parametrize("name", GOOD)
def test_good_values_get_a_sentence_the_method_and_a_picture(name):
    found = outcome(name, GOOD[name])

    assert found.sentences
    assert found.facts
    assert found.figures or name == "agreement"
    for figure in found.figures:
        assert figure.caption
        assert figure.rows


@pytest.mark.parametrize("name", GOOD)
@pytest.mark.parametrize("cells", [[1.0], [2.0] * 12, [None, 1.0, None], [-1.0, 2.0, -3.0, 0.0]])
def test_poor_values_get_an_answer_or_a_sentence_and_never_an_error(name, cells):
    columns = {
        column: cells if isinstance(good[0], (int, float)) else ["a"] * len(cells)
        for column, good in GOOD[name].items()
    }
    with suppress(Unfit):
        found = outcome(name, columns)
        assert found.sentences or found.warnings or found.facts


def test_a_signal_is_named_with_its_value_and_its_limit():
    found = outcome("imr", {"x": [*near(10, 0.1, 30), 12.0]})

    assert any("Point 31: 12.00 lies above the upper limit" in text for text in found.sentences)


def test_a_share_is_named_by_both_of_its_columns_and_a_rate_is_no_share():
    share = outcome("counts", {"late": [3, 4, 2, 5], "delivered": [90, 100, 80, 95]})
    rate = outcome("counts", {"defects": [30, 41, 22, 35], "hours": [10, 11, 9, 10]})

    assert share.sentences[0].startswith("late / delivered is stable")
    assert share.figures[0].caption.startswith("Shares of late / delivered")
    assert rate.figures[0].caption.startswith("Rates of defects / hours")


def test_the_two_means_are_named_where_the_sentence_says_a_and_b():
    assert ("a and b", "A, B") in outcome("means", GOOD["means"]).facts


def test_a_fall_that_meets_the_promise_is_effective():
    assert ("Verdict", "Effective") in [
        (a, str(b)) for a, b in outcome("effect", GOOD["effect"]).facts
    ]


def test_the_plan_of_a_lot_is_that_of_the_table():
    found = outcome("lots", {"lot": [500]}, aql="1.0")

    assert found.sentences[0].startswith("Inspect 50 of 500 items; accept with 1 or fewer")


def test_indices_and_their_intervals_stand_in_the_table():
    rows = {row[0]: row[1] for row in outcome("capability", GOOD["capability"]).tables[0].rows}

    assert {"Cp", "Cpk", "Pp", "Ppk"} <= set(rows)


@pytest.mark.parametrize(
    "family", ["boxcox", "lognormal", "weibull", "gamma", "folded_normal", "empirical"]
)
def test_every_distribution_on_offer_is_answered(family):
    found = outcome("capability", GOOD["capability"], distribution=family)

    assert found.sentences or found.warnings
