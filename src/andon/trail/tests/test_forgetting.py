"""What is forgotten leaves a trail that is whole and says nothing of it (RT1, RT2)."""

import pytest
from django.db.models import QuerySet

from andon.trail import forgetting, inheritance
from andon.trail.findings import Finding, Report
from andon.trail.models import AuditEntry, PersonalValue
from andon.trail.services import SYSTEM, audited
from andon.trail.testing import behind_the_back
from andon.trail.tests.machines import Machine, make_tables
from andon.trail.verify import verify_model
from andon.trail.walk import walk

pytestmark = pytest.mark.django_db
BY = SYSTEM("test")


@pytest.fixture(autouse=True)
def _tables(db: None) -> None:
    make_tables()


def a_machine(number="M-1", keeper="Ana Silva") -> Machine:
    with audited(BY):
        machine = Machine(number=number, keeper=keeper)
        machine.save()
    return machine


def found() -> list[Finding]:
    report = Report()
    walk(report)
    verify_model(Machine, report)
    return report.findings


def a_copy(machine: Machine) -> Machine:
    """Put the row back as somebody at the database would."""
    with audited(BY):
        inheritance.insert(Machine, [machine])
    return machine


def kept() -> str:
    values = "".join(PersonalValue.objects.values_list("value", flat=True))
    return values + "".join(AuditEntry.objects.values_list("payload", flat=True))


def test_RT1_a_purged_row_is_gone_and_the_trail_is_whole():
    machine = a_machine()
    before = AuditEntry.objects.count()

    with audited(BY):
        assert forgetting.purge(Machine, [machine.pk]) == 1

    assert not Machine.objects.exists()
    entry = AuditEntry.objects.latest("seq")
    assert (entry.action, entry.number) == ("purged", "M-1")
    assert AuditEntry.objects.count() == before + 1
    assert set(entry.content()) & {"before", "after", "state"} == set()
    assert found() == []


def test_RT1_a_row_that_only_disappears_is_found():
    machine = a_machine()

    with audited(BY):
        for table in (Machine, *Machine._meta.parents):
            rows = QuerySet(table).filter(pk=machine.pk)
            rows._raw_delete(rows.db)

    assert [finding.kind for finding in found()] == ["event without row"]


def test_RT1_a_purged_row_that_comes_back_is_found():
    machine = a_machine()
    with audited(BY):
        forgetting.purge(Machine, [machine.pk])

    again = a_copy(machine)
    assert again.pk == machine.pk

    assert "row without event" in {finding.kind for finding in found()}


def test_RT2_an_erased_value_is_nowhere_and_the_trail_is_whole():
    machine = a_machine()
    with audited(BY):
        machine.keeper = "Ana S. Costa"
        machine.save()
    assert "Ana Silva" in kept()

    with audited(BY):
        forgetting.erase(machine, {"keeper": "erased"})

    assert "Ana" not in kept()
    assert Machine.objects.get().keeper == "erased"
    assert found() == []


def test_RT2_life_goes_on_after_an_erasure():
    machine = a_machine()
    with audited(BY):
        forgetting.erase(machine, {"keeper": "erased"})
    machine.refresh_from_db()
    with audited(BY):
        machine.number = "M-9"
        machine.save()

    assert found() == []


def test_RT2_a_value_that_is_blanked_without_an_erasure_is_found():
    a_machine()

    with behind_the_back():
        PersonalValue.objects.update(salt="", value="")

    assert {finding.kind for finding in found()} >= {"personal"}


def test_RT2_a_value_blanked_after_the_erasure_is_found():
    machine = a_machine()
    with audited(BY):
        forgetting.erase(machine, {"keeper": "erased"})

    with behind_the_back():
        PersonalValue.objects.exclude(salt="").update(salt="", value="")

    assert found() != []


def test_RT2_only_personal_fields_are_erased():
    machine = a_machine()

    with pytest.raises(ValueError, match="number"), audited(BY):
        forgetting.erase(machine, {"number": "x"})
