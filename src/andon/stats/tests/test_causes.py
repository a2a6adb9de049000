"""Pareto."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from andon.stats import pareto


def test_ties_stay_in_the_order_given():
    assert pareto(["a", "b", "c"], [2, 5, 2]).names == ["b", "a", "c"]


def test_the_tail_is_folded_and_stands_last_whatever_its_size():
    result = pareto(list("abcde"), [9, 4, 4, 4, 4], keep=2)

    assert result.names == ["a", "b", "Other"]
    assert result.counts == [9, 4, 12]
    assert result.cumulative_percent[-1] == pytest.approx(100)
    assert result.folded == 3


def test_a_single_cause_is_not_folded():
    assert pareto(list("abc"), [3, 2, 1], keep=2).names == ["a", "b", "c"]


def test_cost_can_weigh_instead_of_counts():
    assert pareto(["a", "b"], weights=[1.5, 9]).names == ["b", "a"]


def test_nothing_counted_gives_no_percent():
    result = pareto(["a"], [0])

    assert (result.percent, result.cumulative_percent, result.vital_few) == ([None], [None], 0)
    assert result.warnings[0].code == "no_data"
    assert pareto([], []).names == []


def test_a_missing_count_is_left_out():
    result = pareto(["a", "b"], [None, 3])

    assert (result.names, result.n, result.n_missing) == (["b"], 1, 1)


@pytest.mark.parametrize(
    ("arguments", "name"),
    [
        ({"names": ["a"]}, "counts"),
        ({"names": ["a"], "counts": [1], "weights": [1]}, "counts"),
        ({"names": ["a"], "counts": [1, 2]}, "counts"),
        ({"names": ["a"], "weights": [-2]}, "weights"),
        ({"names": ["a"], "counts": [1], "keep": 0}, "keep"),
    ],
)
def test_a_wrong_argument_is_named(arguments, name):
    with pytest.raises(ValueError, match=rf"^{name}:"):
        pareto(**arguments)


@given(st.lists(st.integers(1, 50), min_size=1, max_size=20), st.randoms())
def test_the_order_of_input_changes_only_ties(counts, random):
    pairs = list(zip(map(str, range(len(counts))), counts, strict=True))
    shuffled = random.sample(pairs, len(pairs))

    one, other = (pareto(*zip(*rows, strict=True)) for rows in (pairs, shuffled))

    assert one.counts == other.counts
    assert one.percent == other.percent
    assert one.vital_few == other.vital_few
    assert sum(one.percent) == pytest.approx(100)


@given(st.lists(st.integers(1, 50), min_size=1, max_size=20))
def test_scale_does_not_change_percents(counts):
    names = [str(i) for i in range(len(counts))]

    assert pareto(names, counts).percent == pareto(names, [8 * c for c in counts]).percent
