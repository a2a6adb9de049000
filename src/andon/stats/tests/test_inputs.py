"""What callers pass is read as numbers, or refused in a sentence that names the argument."""

from datetime import date

import numpy as np
import pytest

from andon.stats.inputs import (
    ArgumentError,
    flag,
    fraction,
    limits,
    listing,
    matrix,
    one_of,
    positive,
    real,
    series,
    used,
    whole,
)


@pytest.mark.parametrize(
    "values",
    [
        ["1", 2], "12", b"12", [1, "x"], [[1, 2]], 5, None, {1, 2}, {"a": 1}, [1j], [int],
        [date(2026, 1, 5)], np.array(["2026-01-05"], "datetime64[D]"),
        np.array([1], "timedelta64[D]"),
        [float("inf")], [1e101], [10**400], [[1], [2, 3]], np.array([1 + 2j]),
        [np.datetime64("2026-01-05")], np.zeros(1, dtype=[("a", "f8")]), np.array(3.0),
    ],
    ids=repr,
)  # fmt: skip
def test_what_is_no_list_of_numbers_is_refused_by_name(values):
    with pytest.raises(ArgumentError, match=r"^x: must"):
        series(values, "x")


@pytest.mark.parametrize(
    "values",
    [
        [1, 2], (1.0, 2.0), np.array([1, 2], np.int8), np.array([1, 2], np.float32),
        np.array([1, 2], object), [np.float64(1), np.int64(2)], range(1, 3),
    ],
    ids=repr,
)  # fmt: skip
def test_numbers_of_any_kind_are_read(values):
    assert series(values, "x").tolist() == [1.0, 2.0]


def test_missing_values_become_nan_also_those_behind_a_mask():
    masked = np.ma.masked_array([1.0, 999.0], mask=[False, True])

    assert np.isnan(series([1, None], "x")).tolist() == [False, True]
    assert np.isnan(series(masked, "x")).tolist() == [False, True]


def test_a_float_array_is_read_without_a_copy_and_never_changed():
    array = np.array([1.0, 2.0])

    assert series(array, "x") is array


def test_a_matrix_has_rows_of_one_length():
    assert matrix([[1, 2], [3, None]], "x").shape == (2, 2)
    with pytest.raises(ArgumentError, match=r"^x: must"):
        matrix([1, 2], "x")


@pytest.mark.parametrize(
    "value", ["1", b"1", None, [1], 1j, float("nan"), float("inf"), 10**400, 1e101]
)
def test_what_is_no_finite_number_is_refused_by_name(value):
    for check in (real, positive, fraction, whole):
        with pytest.raises(ArgumentError, match=r"^h: must"):
            check(value, "h")


@pytest.mark.parametrize("value", [0.5, -1, 10**10 + 1])
def test_what_is_no_count_is_refused(value):
    with pytest.raises(ArgumentError, match=r"^n: must"):
        whole(value, "n")


def test_bounds_belong_to_neither_side_of_a_fraction():
    assert fraction(0.5, "p") == 0.5
    for value in (0, 1, -1, 1.5):
        with pytest.raises(ArgumentError, match="between 0 and 1"):
            fraction(value, "p")


def test_limits_stand_in_order_and_one_of_them_is_enough():
    assert limits(None, 2) == (None, 2)
    for lower, upper in ((None, None), (2, 1), (1, 1), ("1", 2)):
        with pytest.raises(ArgumentError, match=r"^lsl: "):
            limits(lower, upper)


@pytest.mark.parametrize("given", [None, 2, "ab", {1}, {1: 2}, 5.0])
def test_one_value_or_a_set_is_no_list(given):
    with pytest.raises(ArgumentError, match=r"^names: must be a list"):
        listing(given, "names")


@pytest.mark.parametrize("given", [[], {}, None, 3, "c", b"a"])
def test_an_option_is_one_of_its_words(given):
    with pytest.raises(ArgumentError, match=r"^kind: must be one of a, b"):
        one_of(given, ("a", "b"), "kind")


@pytest.mark.parametrize("given", [1, 0, "no", None, []])
def test_a_flag_is_true_or_false(given):
    with pytest.raises(ArgumentError, match=r"^fixed: must be true or false"):
        flag(given, "fixed")


@pytest.mark.parametrize("exclude", [None, 2, "1", [0], [4], [1.5], [float("nan")], [None]])
def test_a_point_to_leave_out_must_exist(exclude):
    with pytest.raises(ArgumentError, match=r"^exclude: "):
        used(3, baseline=None, exclude=exclude)


@pytest.mark.parametrize(
    "baseline", [2, "ab", [1], [1, 2, 0], slice(0, 2, 0), slice("a", "b"), [0.5, 2]]
)
def test_a_baseline_is_a_slice_or_its_two_ends(baseline):
    with pytest.raises(ArgumentError, match=r"^baseline: "):
        used(3, baseline=baseline, exclude=())


def test_a_baseline_and_what_is_left_out_of_it_are_marked():
    assert used(4, baseline=[0, 3], exclude=[2]).tolist() == [True, False, True, False]
    assert used(4, baseline=slice(1, None), exclude=[]).tolist() == [False, True, True, True]
