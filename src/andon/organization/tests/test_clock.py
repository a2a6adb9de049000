"""Which day it is, which day a shift belongs to, and working days."""

from datetime import UTC, date, datetime, time

import pytest
import time_machine

from andon.accounts.testing import TESTS, SiteFactory
from andon.organization import clock, services
from andon.organization.models import Holiday
from andon.organization.testing import ShiftFactory, with_settings


@pytest.fixture
def lisbon(db):
    return SiteFactory(time_zone="Europe/Lisbon")


@pytest.fixture
def shifts(lisbon):
    return {
        code: ShiftFactory(site=lisbon, code=code, starts=time(starts), ends=time(ends))
        for code, starts, ends in [("early", 6, 14), ("late", 14, 22), ("night", 22, 6)]
    }


def test_TX2_today_is_the_day_of_the_site(lisbon):
    auckland = SiteFactory(time_zone="Pacific/Auckland")
    with time_machine.travel("2026-07-01 23:30+00:00", tick=False):
        assert clock.today(lisbon) == date(2026, 7, 2)
        assert clock.today(auckland) == date(2026, 7, 2)
        assert clock.today() == date(2026, 7, 2)  # of the first site
        assert clock.now() == datetime(2026, 7, 1, 23, 30, tzinfo=UTC)


def test_before_there_is_a_site_the_server_gives_the_day(db):
    with time_machine.travel("2026-07-01 23:30+00:00", tick=False):
        assert clock.today() == date(2026, 7, 1)


@pytest.mark.parametrize(
    ("instant", "code", "day"),
    [
        ("2026-07-01 05:00", "early", 1),  # 06:00 in Lisbon
        ("2026-07-01 04:59", "night", 30),
        ("2026-07-01 13:00", "late", 1),
        ("2026-07-01 21:00", "night", 1),
        ("2026-07-02 03:00", "night", 1),
    ],
)
def test_the_night_shift_belongs_to_the_day_it_began(lisbon, shifts, instant, code, day):
    shift, found = clock.shift_at(lisbon, datetime.fromisoformat(f"{instant}+00:00"))

    assert shift == shifts[code]
    assert found.day == day
    assert clock.production_day(lisbon, datetime.fromisoformat(f"{instant}+00:00")) == found


def test_a_shift_of_the_day_begins_though_the_night_is_not_over(lisbon):
    ShiftFactory(site=lisbon, code="night", starts=time(22), ends=time(6, 30))
    early = ShiftFactory(site=lisbon, code="early", starts=time(6), ends=time(14))

    at = datetime(2026, 7, 2, 5, 15, tzinfo=UTC)  # 06:15 in Lisbon

    assert clock.shift_at(lisbon, at) == (early, date(2026, 7, 2))


def test_without_shifts_the_day_is_the_calendar_day(lisbon):
    at = datetime(2026, 7, 1, 23, 30, tzinfo=UTC)

    assert clock.shift_at(lisbon, at) == (None, date(2026, 7, 2))


def test_a_shift_out_of_use_counts_no_more(lisbon, shifts):
    services.edit(shifts["night"], changes={"is_active": False}, by=TESTS)

    assert clock.production_day(lisbon, datetime(2026, 7, 2, 2, tzinfo=UTC)) == date(2026, 7, 2)


def test_working_days_skip_weekends_and_holidays(lisbon):
    other = SiteFactory()
    friday = date(2026, 4, 3)
    services.add(Holiday(day=date(2026, 4, 6), name="Easter Monday"), by=TESTS)
    services.add(Holiday(day=date(2026, 4, 7), name="Fair", site=other), by=TESTS)

    assert clock.add_working_days(friday, 1, lisbon) == date(2026, 4, 7)
    assert clock.add_working_days(friday, 1, other) == date(2026, 4, 8)
    assert clock.add_working_days(friday, 0, lisbon) == friday
    assert clock.add_working_days(friday, 6, lisbon) == date(2026, 4, 14)


def test_working_days_are_chosen_in_the_settings(lisbon):
    with_settings(working_days="123456")

    assert clock.add_working_days(date(2026, 4, 3), 1, lisbon) == date(2026, 4, 4)
