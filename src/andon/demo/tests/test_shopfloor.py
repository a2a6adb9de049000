"""The numbers of the shop floor, without a database."""

from random import Random

import pytest

from andon.demo.machines import CUT_IN, MACHINES
from andon.demo.shopfloor import Rates, calm_noise, split, week_of

SHIFTS = [(day, shift) for day in range(5) for shift in ("E", "L")]
PRESS, CELL, _COATING = MACHINES


def scrap_of(machine, weeks, seed, shifts=SHIFTS):
    rates = Rates.of(machine, seed)
    numbers = [one for week in weeks for one in week_of(machine, rates, week, shifts, seed)]
    scrapped = sum(sum(one.scrap.values()) for one in numbers)
    return scrapped / sum(one.produced for one in numbers)


@pytest.mark.parametrize("seed", range(5))
def test_press_line_2_falls_from_8_to_6_per_cent_with_any_seed(seed):
    before = scrap_of(PRESS, range(-57, CUT_IN), seed)
    after = scrap_of(PRESS, range(CUT_IN, 0), seed)

    assert before == pytest.approx(0.081, abs=0.001)  # with the week of the signal
    assert after == pytest.approx(0.060, abs=0.001)


def test_the_turning_cell_has_two_regimes():
    early = scrap_of(CELL, range(-60, -40), 1, [key for key in SHIFTS if key[1] == "E"])
    rates = Rates.of(CELL, 1)
    weeks = [week_of(CELL, rates, week, SHIFTS, 1) for week in range(-60, -40)]
    by_shift = {
        shift: [
            sum(one.scrap.values()) / one.produced
            for numbers in weeks
            for (_day, at), one in zip(SHIFTS, numbers, strict=True)
            if at == shift
        ]
        for shift in ("E", "L")
    }

    assert early > 0
    assert max(by_shift["E"]) < min(by_shift["L"])


def test_a_holiday_changes_only_its_own_week():
    rates = Rates.of(PRESS, 1)
    whole = week_of(PRESS, rates, -20, SHIFTS, 1)
    short = week_of(PRESS, rates, -20, SHIFTS[2:], 1)

    assert [one.produced for one in short] == [one.produced for one in whole[2:]]


def test_calm_noise_has_mean_0_and_scatter_1():
    noise = calm_noise(40, Random(1))

    assert sum(noise) == pytest.approx(0)
    assert sum(value**2 for value in noise) == pytest.approx(40)


@pytest.mark.parametrize(
    ("total", "weights", "expected"),
    [(10, [1, 1, 1], [4, 3, 3]), (0, [1, 2], [0, 0]), (5, [0, 0], [0, 0]), (7, [5, 2], [5, 2])],
)
def test_a_total_is_shared_out_in_whole_numbers(total, weights, expected):
    assert split(total, weights) == expected
