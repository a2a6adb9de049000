"""The chart that fits a ratio."""

import numpy as np
import pytest

from andon.stats import choose_chart, draw

RNG = np.random.default_rng(7)


def test_plain_counts_take_the_p_chart():
    n = np.full(30, 200)
    choice = choose_chart(RNG.binomial(n, 0.05), n)

    assert (choice.chart, choice.reason.code) == ("p", "binomial")


def test_counts_that_scatter_more_than_chance_take_laney():
    n = np.full(30, 800)
    rate = 0.08 * np.exp(0.4 * RNG.normal(size=30))
    choice = choose_chart(RNG.binomial(n, rate), n)

    assert (choice.chart, choice.reason.code, choice.overdispersed) == (
        "laney_p",
        "overdispersed",
        True,
    )
    assert "times as much as pure counting" in str(choice.reason)


def test_very_large_points_take_laney_even_without_extra_scatter():
    n = np.full(30, 50_000)
    choice = choose_chart(RNG.binomial(n, 0.05), n)

    assert (choice.chart, choice.reason.code) == ("laney_p", "large")


def test_events_per_exposure_take_u_or_laney_u():
    n = np.full(30, 10.0)

    assert choose_chart(RNG.poisson(30, 30), n, kind="rate").chart == "u"
    wild = RNG.poisson(30 * np.exp(0.5 * RNG.normal(size=30)))
    assert choose_chart(wild, n, kind="rate").chart == "laney_u"


def test_measured_amounts_take_individuals_only_where_they_may():
    lost = 400 + 40 * RNG.normal(size=30)
    even, uneven = np.full(30, 5000.0), np.where(np.arange(30) % 2, 5000.0, 1000.0)

    assert choose_chart(lost, even, kind="measured").chart == "imr"
    assert choose_chart(lost, uneven, kind="measured").reason.code == "uneven"
    near_zero = choose_chart(lost * (np.arange(30) % 5 == 0), even, kind="measured")
    assert (near_zero.chart, near_zero.reason.code) == ("laney_p", "near_bound")
    near_all = choose_chart(np.minimum(4600 + lost, 5000), even, kind="measured")
    assert near_all.reason.code == "near_bound"
    assert choose_chart(lost * 50, uneven, kind="measured").chart == "laney_u"
    assert choose_chart([3.0], [9.0], kind="measured").reason.code == "near_bound"
    assert "25 %" in str(choose_chart(lost, even, kind="measured").reason)


@pytest.mark.parametrize(
    ("kind", "chart"), [("proportion", "p"), ("rate", "u"), ("measured", "imr")]
)
def test_without_points_the_usual_chart_is_named_and_the_lack_told(kind, chart):
    choice = choose_chart([], [], kind=kind)

    assert (choice.chart, choice.warnings[0].code) == (chart, "no_data")


def test_an_unknown_kind_is_refused():
    with pytest.raises(ValueError, match=r"^kind:"):
        choose_chart([1], [2], kind="ratio")


@pytest.mark.parametrize("name", ["p", "laney_p", "u", "laney_u", "imr"])
def test_a_choice_can_be_drawn(name):
    chart = draw(name, [3, 5, None, 6], [10, 20, 20, 20], exclude=(4,))

    assert chart.values == [0.3, 0.25, None, 0.3]
    assert chart.n_baseline == 2
    assert draw(choose_chart([3, 5], [10, 20]), [3, 5], [10, 20]).values == [0.3, 0.25]
