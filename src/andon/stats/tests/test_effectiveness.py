"""The verdict on an action: its rule, its honesty on chance, and its edge cases."""

import json

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from andon.stats import Periods, effectiveness, two_proportion_test

BEFORE = Periods([80, 84, 78, 82, 79, 81, 83, 77, 80], [1000] * 9)
BETTER = Periods([52, 49, 55, 50, 51, 48, 53, 50, 49], [1000] * 9)
SAME = Periods([79, 82, 80, 77, 83, 81, 78, 84, 80], [1000] * 9)


def checks(verdict):
    return {check.name: check.met for check in verdict.checks}


def codes(verdict):
    return {warning.code for warning in verdict.warnings}


def test_a_clear_stable_fall_beyond_the_target_is_effective():
    verdict = effectiveness(BEFORE, BETTER, target_change=0.25, minimum_exposure=5000)

    assert verdict.outcome == "effective"
    assert all(checks(verdict).values())
    assert verdict.change == pytest.approx(457 / 724 - 1)
    assert verdict.change_ci[0] < verdict.change < verdict.change_ci[1] < 0
    assert verdict.p_change < 1e-6
    assert verdict.target == pytest.approx(0.75 * 724 / 9000)
    assert str(verdict.reasons[0]).startswith("Effective:")
    assert json.dumps(verdict.to_dict())


def test_no_change_is_not_effective_when_the_target_is_out_of_reach():
    verdict = effectiveness(BEFORE, SAME, target_change=0.25)

    assert verdict.outcome == "not_effective"
    assert str(verdict.reasons[0]).startswith("Not effective:")
    assert verdict.p_target > 0.999


def test_a_real_fall_short_of_the_target_is_not_called_effective():
    verdict = effectiveness(BEFORE, BETTER, target_change=0.4)

    assert verdict.outcome == "inconclusive"
    assert checks(verdict)["change"] is True
    assert checks(verdict)["target"] is False


def test_a_recurrence_stands_in_the_way():
    verdict = effectiveness(BEFORE, BETTER, target_change=0.25, recurrences=2)

    assert verdict.outcome == "inconclusive"
    assert "Relevant recurrences after the action: 2." in map(str, verdict.reasons)


def test_an_unstable_period_after_stands_in_the_way():
    after = Periods([30, 31, 29, 30, 32, 30, 29, 31, 110, 30, 31, 29], [1000] * 12)
    verdict = effectiveness(BEFORE, after, target_change=0.25)

    assert checks(verdict)["stable"] is False
    assert verdict.outcome == "inconclusive"


@pytest.mark.parametrize(
    ("early", "check"),
    [({"window_elapsed": False}, "window"), ({"minimum_exposure": 9001}, "exposure")],
)
@pytest.mark.parametrize("after", [BETTER, SAME])
def test_an_early_look_decides_nothing(early, check, after):
    verdict = effectiveness(BEFORE, after, target_change=0.25, **early)

    assert verdict.outcome == "inconclusive"
    assert checks(verdict)[check] is False


def test_the_points_that_triggered_the_action_do_not_count_as_baseline():
    spoilt = Periods([*BEFORE.numerators, 200, 210], [1000] * 11)

    verdict = effectiveness(spoilt, SAME, target_change=0.15, exclude=[10, 11])

    assert verdict.before == pytest.approx(724 / 9000)
    assert verdict.outcome == effectiveness(BEFORE, SAME, target_change=0.15).outcome
    assert verdict.outcome == "not_effective"


def test_too_little_data_is_said_with_what_would_be_enough():
    before, after = Periods([4, 4, 4], [100] * 3), Periods([3, 3, 3], [100] * 3)
    verdict = effectiveness(before, after, target_change=0.25)

    assert verdict.outcome == "inconclusive"
    assert verdict.power < 0.5
    assert "not_enough_data" in codes(verdict)
    assert "Not enough data" in str(verdict.reasons[2])
    assert verdict.needed_exposure is None
    assert "baseline is too short" in str(verdict.reasons[2])


def test_with_a_long_baseline_the_needed_exposure_is_named():
    before = Periods([40] * 20, [1000] * 20)
    verdict = effectiveness(before, Periods([3] * 3, [100] * 3), target_change=0.25)

    assert 1000 < verdict.needed_exposure < 20_000
    assert "are needed for 80 %" in str(verdict.reasons[2])


def test_the_interval_is_the_log_interval_when_points_scatter_as_counts_do():
    verdict = effectiveness(BEFORE, BETTER, target_change=0.25)
    plain = two_proportion_test(724, 9000, 457, 9000)

    assert verdict.dispersion == 1
    assert verdict.change_ci == pytest.approx(plain.relative_change_ci)


def test_scatter_between_points_widens_the_interval_and_is_told():
    before = Periods([40, 120, 60, 100, 50, 110, 45, 115, 84], [1000] * 9)
    wide = effectiveness(before, BETTER, target_change=0.25)
    narrow = effectiveness(BEFORE, BETTER, target_change=0.25)

    assert wide.dispersion > 4
    assert wide.effective_after == pytest.approx(9000 / wide.dispersion)
    assert wide.change_ci[1] > narrow.change_ci[1]
    assert "overdispersed" in codes(wide)


def test_neighbours_that_resemble_each_other_widen_it_too():
    wave = [80 + 30 * np.sin(i / 3) for i in range(40)]
    verdict = effectiveness(
        Periods(np.round(wave), [1000] * 40), BETTER, target_change=0.25, confidence=0.9
    )

    assert verdict.lag1 > 0.6
    assert "autocorrelated" in codes(verdict)


COUNTS = st.lists(st.integers(1, 60), min_size=3, max_size=12)


@settings(max_examples=50)
@given(COUNTS, COUNTS, st.randoms())
def test_better_and_worse_are_mirror_images(first, second, random):
    one = effectiveness(
        Periods(first, [1000] * len(first)), Periods(second, [1000] * len(second)),
        target_change=0.2, kind="rate",
    )  # fmt: skip
    other = effectiveness(
        Periods(second, [1000] * len(second)), Periods(first, [1000] * len(first)),
        target_change=0.2, kind="rate",
    )  # fmt: skip

    assert one.change_ci[0] <= one.change <= one.change_ci[1]
    # Ends of the ratio turn over: low becomes one over high.
    assert 1 / (1 + one.change_ci[1]) == pytest.approx(1 + other.change_ci[0])
    assert one.dispersion == pytest.approx(other.dispersion)
