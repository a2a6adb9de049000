"""Many people at once: numbers without a hole, one winner, a whole chain; both databases."""

from decimal import Decimal

import pytest
from django.contrib.auth import get_user_model

from andon.accounts.models import Site, User
from andon.accounts.roles import Role
from andon.accounts.testing import SiteFactory, a_person
from andon.modules.nonconformities.models import Nonconformity
from andon.modules.nonconformities.tests.factories import ready_to_decide
from andon.records import services as records
from andon.records.workflow import Refused
from andon.trail.verify import verify
from tests.committed import together

WRITERS, EACH = 8, 200


@pytest.mark.slow
def test_RC3_eight_writers_of_two_hundred_leave_numbers_without_a_hole(committed_db: str) -> None:
    site: Site = SiteFactory.create(code="ABC1")
    people = [a_person(Role.MANAGER, site).pk for _n in range(WRITERS)]

    def write(worker: int) -> None:
        by = User.objects.get(pk=people[worker])
        here = Site.objects.get(code="ABC1")
        for piece in range(EACH):
            record = Nonconformity(
                title=f"{worker}/{piece}", owner=by, site=here, suspect_quantity=Decimal(1)
            )
            records.create(record, by=by)

    together(WRITERS, write)

    numbers = Nonconformity.objects.order_by("pk").values_list("number", flat=True)
    year = Nonconformity.objects.values_list("opened_date__year", flat=True)[0]
    expected = {f"NC-ABC1-{year}-{n:04d}" for n in range(1, WRITERS * EACH + 1)}
    assert set(numbers) == expected
    assert [finding.text for finding in verify().findings] == []


def test_RC1_of_eight_simultaneous_steps_one_wins_and_seven_are_refused_kindly(
    committed_db: str,
) -> None:
    site: Site = SiteFactory.create(code="ABC1")
    manager = a_person(Role.MANAGER, site)
    pk = ready_to_decide(manager, site).pk

    def settle(_worker: int) -> str:
        by = get_user_model().objects.get(pk=manager.pk)
        record = Nonconformity.objects.get(pk=pk)
        try:
            records.perform(record, "settle", by=by, version=record.version)
        except Refused as refused:
            return str(refused)
        return "won"

    outcomes = together(8, settle)

    assert outcomes.count("won") == 1
    assert all(
        "not possible any more" in text or "Somebody changed this record" in text
        for text in outcomes
        if text != "won"
    )
    assert [finding.text for finding in verify().findings] == []


def test_RC4_of_eight_simultaneous_edits_with_one_version_one_wins(committed_db: str) -> None:
    site: Site = SiteFactory.create(code="ABC1")
    manager = a_person(Role.MANAGER, site)
    pk = ready_to_decide(manager, site).pk
    version = Nonconformity.objects.get(pk=pk).version

    def edit(worker: int) -> bool:
        by = get_user_model().objects.get(pk=manager.pk)
        try:
            records.edit(
                Nonconformity.objects.get(pk=pk), {"title": f"by {worker}"}, by=by, version=version
            )
        except Refused:
            return False
        return True

    assert together(8, edit).count(True) == 1


def test_AT2_two_clicks_at_once_draw_one_link_and_let_one_person_in_once(committed_db: str) -> None:
    site: Site = SiteFactory.create(code="ABC1")
    manager, other = a_person(Role.MANAGER, site), a_person(Role.MANAGER, site)
    first, second = ready_to_decide(manager, site).pk, ready_to_decide(manager, site).pk

    def click(_worker: int) -> None:
        by = get_user_model().objects.get(pk=manager.pk)
        source = Nonconformity.objects.get(pk=first)
        records.link(source, "related", Nonconformity.objects.get(pk=second), by=by)
        records.let_in(source, get_user_model().objects.get(pk=other.pk), by=by)

    together(6, click)

    record = Nonconformity.objects.get(pk=first)
    assert (record.links_out.count(), record.participants.count()) == (1, 1)
