"""Records of an older system: closed ones too, under their own permission and no other way."""

from datetime import date

import pytest
from django.core.exceptions import PermissionDenied, ValidationError

from andon.accounts.roles import Role
from andon.accounts.testing import SiteFactory, a_person
from andon.modules.nonconformities.models import Nonconformity
from andon.records import services as records
from andon.records.adopting import adoptable, adopted_states
from andon.records.models import Record
from andon.records.workflow import Refused
from andon.trail.models import AuditEntry
from andon.trail.verify import verify

pytestmark = pytest.mark.django_db
OPENED, CLOSED = date(2019, 3, 5), date(2019, 4, 1)


@pytest.fixture
def site():
    return SiteFactory.create(code="ABC1")


@pytest.fixture
def ana(site):
    return a_person(Role.MANAGER, site)


def an_old(site, owner, **fields):
    wanted = {"title": "Burr", "opened_date": OPENED, "closed_date": CLOSED, "state": "closed"}
    return Nonconformity(site=site, owner=owner, **{**wanted, **fields})


def test_closed_history_keeps_its_days_and_gets_numbers_of_its_years(site, ana):
    rows = [
        an_old(
            site, ana, old_number="9", opened_date=date(2019, 9, 1), closed_date=date(2020, 1, 1)
        ),
        an_old(site, ana, old_number="1"),
        an_old(site, ana, old_number="2", opened_date=date(2020, 1, 2), closed_date=None, state=""),
    ]

    records.adopt(rows, by=ana, source="old log")

    found = Nonconformity.objects.order_by("number").values_list("number", "old_number", "state")
    assert list(found) == [
        ("NC-ABC1-2019-0001", "1", "closed"),
        ("NC-ABC1-2019-0002", "9", "closed"),
        ("NC-ABC1-2020-0001", "2", "reported"),
    ]
    assert {
        entry.reason for entry in AuditEntry.objects.filter(action="created", number__gt="")
    } == {"taken over from old log"}
    assert verify().findings == []


def test_the_next_number_of_a_year_follows_those_taken_over(site, ana):
    records.adopt([an_old(site, ana), an_old(site, ana)], by=ana, source="old log")

    new = records.create(
        Nonconformity(site=site, owner=ana, title="New"), by=ana, day=date(2019, 12, 1)
    )

    assert new.number == "NC-ABC1-2019-0003"


@pytest.mark.parametrize("state", ["contained", "decided", "void", "no such"])
def test_a_state_on_the_way_is_never_adopted(site, ana, state):
    with pytest.raises(Refused, match="first or in a final state"):
        records.adopt([an_old(site, ana, state=state)], by=ana, source="old log")

    assert not Record.objects.exists()


@pytest.mark.parametrize(
    "fields",
    [{"closed_date": None}, {"state": "reported"}, {"closed_date": date(2019, 3, 4)}],
)
def test_state_and_days_agree(site, ana, fields):
    with pytest.raises(Refused, match="closed"):
        records.adopt([an_old(site, ana, **fields)], by=ana, source="old log")


def test_one_wrong_record_keeps_all_out_and_gives_the_numbers_back(site, ana):
    with pytest.raises(ValidationError):
        records.adopt([an_old(site, ana), an_old(site, ana, title="")], by=ana, source="old log")

    records.adopt([an_old(site, ana)], by=ana, source="old log")
    assert Nonconformity.objects.get().number == "NC-ABC1-2019-0001"


@pytest.mark.parametrize("role", [role for role in Role if role != Role.MANAGER])
def test_AZ5_only_a_quality_manager_adopts(site, ana, role):
    person = a_person(role, site)

    with pytest.raises(PermissionDenied):
        records.adopt([an_old(site, ana)], by=person, source="old log")


def test_a_manager_of_another_site_does_not_adopt(site, ana):
    other = SiteFactory.create(code="XYZ")

    with pytest.raises(PermissionDenied):
        records.adopt([an_old(site, ana), an_old(other, ana)], by=ana, source="old log")


def test_what_was_taken_over_is_retracted_with_a_reason(site, ana):
    rows = records.adopt(
        [an_old(site, ana), an_old(site, ana, closed_date=None, state="")], by=ana, source="old log"
    )
    keys = [row.pk for row in rows]
    with pytest.raises(Refused, match="Say why"):
        records.retract(Nonconformity, keys, by=ana, day=date(2026, 1, 5), reason=" ")

    records.retract(Nonconformity, keys, by=ana, day=date(2026, 1, 5), reason="wrong file")

    found = Nonconformity.objects.order_by("number")
    assert [(row.state, row.void_reason) for row in found] == [("void", "wrong file")] * 2
    assert [row.closed_date for row in found] == [CLOSED, date(2026, 1, 5)]
    assert verify().findings == []


def test_kinds_that_need_more_than_people_write_are_not_adopted():
    kinds = {kind.slug(): adoptable(kind) for kind in Record.kinds()}

    assert kinds["nonconformities"]
    assert kinds["actions"]
    assert not kinds["kpis"]
    assert not kinds["analyses"]
    assert adopted_states(Nonconformity) == ["reported", "closed"]
