"""Records counted by day, without knowing their kind."""

from datetime import date
from decimal import Decimal

import pytest
from django.db.models import Q

from andon.accounts.roles import Role
from andon.accounts.testing import SiteFactory, a_person
from andon.modules.actions.models import CorrectiveAction
from andon.modules.nonconformities.models import Nonconformity
from andon.organization.testing import LineFactory
from andon.records import measures
from andon.records import services as records

MONDAY, TUESDAY, LATER = date(2026, 1, 5), date(2026, 1, 6), date(2026, 2, 2)
SPAN = {"since": MONDAY, "until": date(2026, 1, 11)}


@pytest.fixture
def quality(db):
    return a_person(Role.QUALITY)


@pytest.fixture
def report(quality):
    site = SiteFactory()

    def made(day, **fields):
        first = {"title": "Burr", "owner": quality, "site": site}
        return records.create(Nonconformity(**first | fields), by=quality, day=day)

    return made


def by_day(name, **only):
    return measures.by_day(*measures.known()[name], **SPAN, **only)


def test_nonconformities_are_counted_by_the_day_they_were_opened(report):
    report(MONDAY)
    report(TUESDAY)
    report(TUESDAY)
    report(LATER)

    assert by_day("nonconformities") == {MONDAY: 1, TUESDAY: 2}


def test_complaints_are_those_found_at_the_customer(report):
    report(MONDAY)
    report(MONDAY, found_at="customer")

    assert by_day("complaints") == {MONDAY: 1}


def test_void_records_do_not_count(report, quality):
    records.perform(report(MONDAY), "void", by=quality, data={"void_reason": "typed twice"})

    assert by_day("nonconformities") == {}


def test_a_measure_is_narrowed_by_site_and_line(report):
    line = LineFactory()
    report(MONDAY)
    here = report(TUESDAY, site=line.site, line=line)

    assert by_day("nonconformities", site=here.site_id) == {TUESDAY: 1}
    assert by_day("nonconformities", line=line.pk, process=None) == {TUESDAY: 1}
    assert measures.narrows_by(Nonconformity, "line")
    assert not measures.narrows_by(CorrectiveAction, "line")


def test_an_amount_is_added_up(report):
    report(MONDAY, suspect_quantity=Decimal("2.5"))
    report(MONDAY, suspect_quantity=Decimal(4))
    report(TUESDAY)
    suspect = measures.Measure("suspect", "Suspect", Q(), amount_field="suspect_quantity")

    found = measures.by_day(Nonconformity, suspect, **SPAN)

    assert found == {MONDAY: Decimal("6.5"), TUESDAY: 0}


def test_every_measure_has_a_name_of_its_own_and_can_be_asked(db):
    names = [measure.name for kind in measures.Record.kinds() for measure in kind.measures]

    assert len(names) == len(set(names))
    assert all(by_day(name) == {} for name in measures.known())
    assert {"nonconformities", "complaints", "corrective_actions"} <= set(names)
