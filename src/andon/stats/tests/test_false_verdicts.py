"""What the verdict costs: 2,000 histories in which nothing changed, and falls that are real."""

from itertools import count

import pytest

from andon.stats.tests.histories import PROCESSES, falls, process, verdicts

# A target so mild that only interval, stability and drift stand in the way.
MILD = 0.001
UNCHANGED = [
    "pure counting", "scatter 0.2", "scatter 0.2, memory 0.3",
    "selected after a high point, left out",
]  # fmt: skip


def test_at_most_5_percent_of_2000_unchanged_histories_are_called_effective():
    seeds = count(101)
    shares = {
        name: verdicts(PROCESSES[name], histories=500, seed=next(seeds), target_change=MILD)
        for name in UNCHANGED
    }

    assert sum(share["effective"] for share in shares.values()) / len(shares) <= 0.05
    # Of each shape, too; 500 histories tell 5 % from 8 % at most.
    assert {name: s["effective"] for name, s in shares.items() if s["effective"] > 0.08} == {}


@pytest.mark.parametrize("drift", [0.01, 0.02])
def test_a_fall_that_was_under_way_is_hardly_ever_put_down_to_the_action(drift):
    shares = verdicts(process(drift=drift), histories=150, seed=7, target_change=0.15)

    assert shares["effective"] <= 0.1


def test_a_real_fall_by_a_quarter_is_seen_with_enough_units_and_seldom_called_a_failure():
    many = verdicts(falls(1000, 0.1), histories=150, seed=8, target_change=0.15)
    few = verdicts(falls(100, 0.1), histories=100, seed=9, target_change=0.15)

    assert many["effective"] >= 0.85
    assert few["effective"] < many["effective"]
    assert max(many["not_effective"], few["not_effective"]) <= 0.03
