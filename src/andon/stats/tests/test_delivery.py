"""On-time delivery: windows, open lines, dates."""

import json
import math
from datetime import UTC, date, datetime

import pytest
from scipy import stats as reference

from andon.stats import ArgumentError, on_time_delivery


def codes(result):
    json.dumps(result.to_dict(), allow_nan=False)
    return [warning.code for warning in result.warnings]


DUE = ["2026-03-02", "2026-03-03", "2026-03-04", "2026-03-05", None, "2026-04-20"]
CAME = ["2026-03-02", "2026-03-06", None, "2026-03-01", "2026-03-01", None]


def test_an_order_line_counts_once_and_an_overdue_one_is_late():
    result = on_time_delivery(DUE, CAME, report_date="2026-03-31")

    assert (result.n, result.n_missing, result.on_time, result.rate) == (4, 1, 1, 0.25)
    assert (result.early_lines, result.late_lines) == ([4], [2, 3])
    assert (result.overdue_lines, result.open_lines) == ([3], [6])
    assert result.days_late == (3 + 27) / 2
    assert result.ci == pytest.approx(list(reference.binomtest(1, 4).proportion_ci()))
    assert "1 of 4 lines; 1 are overdue" in str(result.sentence)
    assert codes(result) == []


def test_the_window_widens_what_is_on_time():
    wide = on_time_delivery(DUE, CAME, early=4, late=3, report_date="2026-03-31")
    any_earliness = on_time_delivery(DUE, CAME, early=None, report_date="2026-03-31")

    assert (wide.on_time, wide.late_lines, wide.early_lines) == (3, [3], [])
    assert any_earliness.early_lines == []
    assert "first promise, any time early to 0 days late" in any_earliness.method
    assert on_time_delivery(DUE, CAME, report_date="2026-03-31", promise="current").method != (
        any_earliness.method
    )


def test_the_last_day_of_the_window_is_on_time_and_an_open_line_is_not_yet_late_on_it():
    last = on_time_delivery([10], [12], late=2)
    still = on_time_delivery([10], [None], late=2, report_date=12)

    assert last.rate == 1
    assert (still.open_lines, still.rate, codes(still)) == ([1], None, ["no_data"])
    assert on_time_delivery([10], [None], late=2, report_date=13).rate == 0


def test_dates_may_be_texts_dates_times_or_day_numbers():
    texts = on_time_delivery(["2026-03-02"], ["2026-03-03"])
    for promised, delivered in (
        (date(2026, 3, 2), date(2026, 3, 3)),
        (datetime(2026, 3, 2, 7, tzinfo=UTC), datetime(2026, 3, 3, 6, tzinfo=UTC)),
        ("2026-03-02T07:00:00", "2026-03-03T06:00:00"),
        (1, 2),
    ):
        result = on_time_delivery([promised], [delivered])
        assert (result.rate, result.days_late) == (texts.rate, texts.days_late) == (0, 1)


def test_no_order_lines_are_no_data():
    assert codes(on_time_delivery([], [])) == ["no_data"]
    assert codes(on_time_delivery([math.nan], [3])) == ["no_data"]


@pytest.mark.parametrize(
    ("function", "given", "named", "argument"),
    [
        (on_time_delivery, [[1], []], {}, "delivered"),
        (on_time_delivery, [[1], [None]], {}, "report_date"),
        (on_time_delivery, [[1], [3]], {"report_date": 2}, "delivered"),
        (on_time_delivery, [["soon"], [3]], {}, "promised"),
        (on_time_delivery, [[1], ["2026-13-01"]], {}, "delivered"),
        (on_time_delivery, [[1], [math.inf]], {}, "delivered"),
        (on_time_delivery, [[1], [1]], {"early": -1}, "early"),
        (on_time_delivery, [[1], [1]], {"late": -1}, "late"),
        (on_time_delivery, [[1], [1]], {"promise": "last"}, "promise"),
    ],
)
def test_what_no_order_line_can_be_is_refused_by_name(function, given, named, argument):
    with pytest.raises(ArgumentError) as refused:
        function(*given, **named)

    assert refused.value.argument == argument
