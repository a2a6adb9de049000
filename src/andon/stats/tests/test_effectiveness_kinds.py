"""The verdict for every kind of metric, and for data that hold little."""

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from scipy import stats as reference

from andon.stats import Periods, effectiveness

BEFORE = Periods([80, 84, 78, 82, 79, 81, 83, 77, 80], [1000] * 9)
BETTER = Periods([52, 49, 55, 50, 51, 48, 53, 50, 49], [1000] * 9)


def checks(verdict):
    return {check.name: check.met for check in verdict.checks}


def codes(verdict):
    return {warning.code for warning in verdict.warnings}


def test_few_counts_are_judged_by_the_exact_interval():
    before, after = Periods([6, 7, 7], [100] * 3), Periods([1, 0, 1], [100] * 3)
    verdict = effectiveness(before, after, target_change=0.5)
    low, high = reference.binomtest(2, 22).proportion_ci(0.95, "exact")

    assert verdict.method.startswith("exact conditional")
    assert verdict.change_ci == pytest.approx([low / (1 - low) - 1, high / (1 - high) - 1])
    assert verdict.p_change == pytest.approx(reference.binomtest(2, 22, 0.5, "less").pvalue)
    assert verdict.outcome == "effective"


def test_none_after_still_has_an_interval():
    before = Periods([6, 7, 7], [100] * 3)
    verdict = effectiveness(before, Periods([0] * 3, [100] * 3), target_change=0.5)

    assert verdict.change == -1
    assert verdict.change_ci[0] == -1
    assert verdict.change_ci[1] < -0.5
    assert verdict.outcome == "effective"


def test_a_share_on_time_is_judged_by_the_share_that_is_late():
    before = Periods([880, 884, 876, 881, 879, 880], [1000] * 6)
    after = Periods([951, 949, 953, 950, 948, 952], [1000] * 6)
    verdict = effectiveness(before, after, direction="higher", target_value=0.94)

    assert verdict.outcome == "effective"
    assert verdict.method.endswith("of the complement")
    assert verdict.p_change < 1e-6
    assert 0 < verdict.change_ci[0] < verdict.change < verdict.change_ci[1]
    back = effectiveness(after, before, direction="higher", target_change=0.03)
    assert back.outcome == "not_effective"


def test_all_on_time_before_leaves_nothing_to_improve():
    full = Periods([100] * 4, [100] * 4)
    verdict = effectiveness(full, full, direction="higher", target_value=1)

    assert (verdict.outcome, verdict.change_ci) == ("inconclusive", None)
    verdict = effectiveness(
        Periods([40] * 4, [100] * 4), full, direction="higher", target_change=0.2
    )
    assert verdict.outcome == "effective"


def test_events_per_exposure_are_compared_as_rates():
    before, after = Periods([30, 33, 28], [10] * 3), Periods([14, 15, 13], [10] * 3)
    verdict = effectiveness(before, after, kind="rate", target_change=0.25)
    error = (1 / 91 + 1 / 42) ** 0.5

    assert verdict.change_ci == pytest.approx(
        [42 / 91 * np.exp(side * 1.959963984540054 * error) - 1 for side in (-1, 1)]
    )
    assert verdict.outcome == "effective"


@given(st.sampled_from([60, 0.01, 3.5]))
def test_the_unit_of_a_measured_amount_changes_nothing(scale):
    lost, planned = [40.0, 44.0, 38.0, 41.0, 39.0], [500.0] * 5
    kept = [20.0, 22.0, 19.0, 21.0, 20.0]

    def ask(unit):
        return effectiveness(
            Periods([unit * value for value in lost], [unit * value for value in planned]),
            Periods([unit * value for value in kept], [unit * value for value in planned]),
            kind="measured",
            target_change=0.3,
        )

    assert ask(scale).change_ci == pytest.approx(ask(1).change_ci)
    assert ask(1).outcome == "effective"


def test_a_measured_amount_that_vanishes_is_compared_by_its_points():
    before = Periods([40.0, 44.0, 38.0], [500.0] * 3)
    verdict = effectiveness(
        before, Periods([0.0] * 3, [500.0] * 3), kind="measured", target_change=0.3
    )

    assert verdict.method.startswith("difference")
    assert verdict.outcome == "effective"


def test_one_measured_point_on_each_side_shows_no_chance():
    verdict = effectiveness(
        Periods([40.0], [500.0]), Periods([20.0], [500.0]), kind="measured", target_change=0.3
    )

    assert (verdict.change, verdict.change_ci, verdict.outcome) == (-0.5, None, "inconclusive")
    assert checks(verdict)["stable"] is None
    assert checks(verdict)["change"] is None
    assert codes(verdict) >= {"no_interval", "few_points"}


def test_single_values_are_compared_by_welch():
    before, after = [10.0, 12.0, 11.0, 13.0, 11.5], [7.0, 8.0, 7.5, 8.5, 7.2]
    verdict = effectiveness(Periods(before), Periods(after), kind="value", target_change=0.2)
    test = reference.ttest_ind(after, before, equal_var=False)
    interval = test.confidence_interval(0.95)

    assert verdict.difference_ci == pytest.approx([interval.low, interval.high])
    assert verdict.p_change == pytest.approx(test.pvalue / 2)
    assert verdict.dispersion is None
    assert verdict.outcome == "effective"
    assert verdict.power > 0.5


def test_single_values_too_few_or_all_equal_stay_open():
    for before, after in (([10.0], [7.0, 8.0, 7.5]), ([10.0] * 4, [7.0] * 4)):
        verdict = effectiveness(Periods(before), Periods(after), kind="value", target_change=0.2)

        assert (verdict.outcome, verdict.change_ci, verdict.p_change) == (
            "inconclusive",
            None,
            None,
        )
        assert verdict.power is None


def test_a_scattering_value_says_how_many_points_it_needs():
    rng = np.random.default_rng(5)
    verdict = effectiveness(
        Periods(10 + 3 * rng.normal(size=60)),
        Periods(9.5 + 3 * rng.normal(size=4)),
        kind="value",
        target_change=0.15,
    )

    assert verdict.power < 0.5
    assert verdict.needed_exposure > 4


def test_a_baseline_of_none_has_no_change_to_measure():
    verdict = effectiveness(Periods([0, 0], [50, 50]), BETTER, target_change=0.5)

    assert (verdict.change, verdict.change_ci, verdict.power) == (None, None, None)
    assert "no_baseline" in codes(verdict)


@pytest.mark.parametrize(
    ("before", "after", "words"),
    [(Periods([], []), BETTER, "before"), (BEFORE, Periods([None], [5]), "after the action yet")],
)
def test_an_empty_period_says_which(before, after, words):
    verdict = effectiveness(before, after, target_change=0.5)

    assert (verdict.outcome, verdict.change, verdict.checks) == ("inconclusive", None, ())
    assert words in str(verdict.reasons[0])


def test_missing_and_empty_periods_are_left_out():
    before = Periods([*BEFORE.numerators, None, 0], [1000] * 10 + [0])
    verdict = effectiveness(before, BETTER, target_change=0.25)

    assert verdict.change == effectiveness(BEFORE, BETTER, target_change=0.25).change
    assert (verdict.n, verdict.n_missing) == (18, 1)


def test_a_target_that_was_met_before_has_no_power_to_speak_of():
    level = 724 / 9000

    assert effectiveness(BEFORE, BETTER, target_value=level).power is None
    assert effectiveness(BEFORE, BETTER, target_value=-1).power is None
    assert effectiveness(BEFORE, BETTER, target_value=-1).outcome == "not_effective"


@pytest.mark.parametrize(
    ("arguments", "name"),
    [
        ({"kind": "ratio"}, "kind"),
        ({"direction": "up"}, "direction"),
        ({"target_change": None}, "target_change"),
        ({"target_value": 0.1}, "target_change"),
        ({"target_change": -0.1}, "target_change"),
        ({"target_change": 1.5}, "target_change"),
        ({"confidence": 95}, "confidence"),
        ({"recurrences": -1}, "recurrences"),
        ({"exclude": [10]}, "exclude"),
        ({"before": Periods([1, 2])}, "before"),
        ({"after": Periods([1, 2], [3])}, r"after\.denominators"),
        ({"after": Periods([4], [3])}, r"after\.numerators"),
    ],
)
def test_a_wrong_argument_is_named(arguments, name):
    with pytest.raises(ValueError, match=f"^{name}:"):
        effectiveness(**({"before": BEFORE, "after": BETTER, "target_change": 0.25} | arguments))
