"""Every result can be drawn: by its own figure, or by its estimates with their intervals."""

import json
from pathlib import Path

import pytest

from andon import stats
from andon.stats.drawing import results
from andon.stats.results import Result

CASES = json.loads((Path(__file__).parent / "cases.json").read_text("utf-8"))
OWN = {
    "p_chart": 1, "imr_chart": 2, "xbar_r_chart": 2, "xbar_s_chart": 2, "ewma_chart": 1,
    "cusum_chart": 1, "hotelling_t2_individuals": 1, "oc_curve": 1, "oc_curve_variables": 1,
    "pareto": 1, "grr_anova": 1, "linearity_study": 1, "weibull_fit": 1,
}  # fmt: skip
WITH_INTERVALS = ("capability", "rate_ci", "two_proportion_test", "poisson_rate_test", "paired_t")


def answers():
    for case in CASES:
        result = getattr(stats, case["function"])(**case["inputs"])
        if isinstance(result, Result):
            yield pytest.param(case["function"], result, id=case["id"])


@pytest.mark.parametrize(("function", "result"), list(answers()))
def test_a_result_is_drawn_as_what_it_is_or_not_at_all(function, result):
    figures = stats.figures(result)

    assert len(figures) == OWN.get(function, len(figures))
    assert figures or function not in WITH_INTERVALS
    for figure in figures:
        json.dumps(figure.option, allow_nan=False)
        assert figure.caption
        assert figure.rows
        assert {len(row) for row in figure.rows} == {len(figure.columns)}


def test_each_kind_of_result_with_a_figure_of_its_own_exists():
    assert all(hasattr(stats, name) for name in results._DRAWERS)


def test_an_interval_belongs_to_its_estimate():
    figure = stats.figures(stats.rate_ci(3, 300))[0]

    assert [row[0] for row in figure.rows] == ["rate", "rate"]
    assert figure.rows[0][1:] == ["0.01", "0.002067", "0.02894"]


def test_a_result_without_values_has_no_figure():
    empty = (
        stats.weibull_fit([]),
        stats.histogram([]),
        stats.rate_ci(0, 0),
        stats.paired_t([], []),
    )

    assert [stats.figures(result) for result in empty] == [[], [], [], []]


def test_a_figure_speaks_the_language_it_is_given():
    words = stats.Words(say=lambda text: f"«{text}»")

    figure = stats.figures(stats.oc_curve(50, 1), stats.Look(words=words))[0]

    assert figure.caption.startswith("«")
    assert all(name.startswith("«") for name in figure.columns)


def test_the_aql_is_marked_on_the_curve_of_a_plan():
    look = stats.Look(aql=1.0)

    figure = stats.figures(stats.oc_curve(50, 1), look)[0]

    marks = figure.option["series"][0]["markLine"]["data"]
    assert [(mark["name"], mark["xAxis"]) for mark in marks] == [("AQL", 1.0)]
