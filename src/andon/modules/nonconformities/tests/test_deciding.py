"""Who must agree to a decision, and how far a customer's approval reaches."""

from datetime import date, timedelta
from decimal import Decimal
from typing import Any

import pytest
from django.core.exceptions import PermissionDenied
from django.test import Client

from andon.accounts.models import RoleGrant, Site, User
from andon.accounts.roles import Role
from andon.accounts.testing import a_person
from andon.modules.nonconformities import queries, services
from andon.modules.nonconformities.models import Authority, Nonconformity
from andon.records import services as records
from andon.records.workflow import Refusal, Refused
from andon.trail.services import SYSTEM, audited

from .factories import ready_to_decide, reported

DAY = date(2026, 6, 1)


@pytest.fixture
def head(db: None) -> User:
    """A quality manager of all sites."""
    return a_person(Role.MANAGER)


def need(head: User, role: Role, *, severity: str = "critical", reach: str = "any") -> Authority:
    return services.add_authority(severity=severity, reach=reach, role=role, by=head)


def lacking(record: Nonconformity, by: User) -> list[str]:
    with pytest.raises(Refusal) as refused:
        records.perform(Nonconformity.objects.get(pk=record.pk), "settle", by=by)
    return [str(one) for one in refused.value.items]


class TestAuthority:
    def test_a_review_board_refuses_until_every_role_has_agreed(
        self, site: Site, manager: User, head: User
    ) -> None:
        need(head, Role.MANAGER)
        need(head, Role.MANAGEMENT)
        record = ready_to_decide(manager, site, severity="critical")
        director = a_person(Role.MANAGEMENT, site)

        assert lacking(record, manager) == [
            "“Top management” has to agree to this decision (Every decision)."
        ]
        services.agree(record, by=director, role=Role.MANAGEMENT, note="Stop shipping")
        done = records.perform(Nonconformity.objects.get(pk=record.pk), "settle", by=manager)

        assert done.state == "decided"

    def test_one_person_speaks_in_one_role_only(self, site: Site, head: User) -> None:
        need(head, Role.MANAGER)
        need(head, Role.QUALITY)
        both = a_person(Role.MANAGER, site)
        grant(both, Role.QUALITY, site)
        record = ready_to_decide(both, site, severity="critical")

        assert len(lacking(record, both)) == 1

    def test_an_agreement_ends_when_the_decision_changes(
        self, site: Site, manager: User, head: User
    ) -> None:
        need(head, Role.MANAGEMENT)
        record = ready_to_decide(manager, site, severity="critical")
        director = a_person(Role.MANAGEMENT, site)
        services.agree(record, by=director, role=Role.MANAGEMENT)

        line = record.live_dispositions[0]
        services.withdraw(record, by=manager, line=line.pk, reason="rework instead")
        services.dispose(record, by=manager, disposal="rework", quantity=Decimal(40))

        assert lacking(record, manager) == [
            "“Top management” has to agree to this decision (Every decision)."
        ]

    def test_an_authority_for_concessions_is_not_asked_about_scrap(
        self, site: Site, manager: User, head: User
    ) -> None:
        need(head, Role.MANAGEMENT, severity="minor", reach="concession")

        scrapped = ready_to_decide(manager, site)
        used = ready_to_decide(manager, site, disposal="repair")

        assert records.perform(scrapped, "settle", by=manager).state == "decided"
        assert any("Use as is and repair" in text for text in lacking(used, manager))

    def test_nobody_agrees_in_a_role_they_do_not_hold_or_twice(
        self, site: Site, manager: User, head: User
    ) -> None:
        need(head, Role.MANAGEMENT)
        record = ready_to_decide(manager, site, severity="critical")
        director = a_person(Role.MANAGEMENT, site)

        with pytest.raises(PermissionDenied):
            services.agree(record, by=manager, role=Role.MANAGEMENT)
        with pytest.raises(Refused, match="does not need “Quality manager”"):
            services.agree(record, by=manager, role=Role.MANAGER)
        services.agree(record, by=director, role=Role.MANAGEMENT)
        with pytest.raises(Refused, match="agreed already"):
            services.agree(record, by=director, role=Role.MANAGEMENT)

    def test_nothing_is_agreed_to_before_there_is_a_decision_or_after_it_is_confirmed(
        self, site: Site, manager: User, head: User
    ) -> None:
        need(head, Role.MANAGEMENT)
        director = a_person(Role.MANAGEMENT, site)
        bare = reported(manager, site, severity="critical")
        record = ready_to_decide(manager, site, severity="critical")
        services.agree(record, by=director, role=Role.MANAGEMENT)
        records.perform(Nonconformity.objects.get(pk=record.pk), "settle", by=manager)

        with pytest.raises(Refused, match="nothing to agree to yet"):
            services.agree(bare, by=director, role=Role.MANAGEMENT)
        with pytest.raises(Refused, match="confirmed already"):
            services.agree(record, by=director, role=Role.MANAGEMENT)

    def test_authorities_of_all_sites_are_not_changed_from_one_site(self, manager: User) -> None:
        with pytest.raises(PermissionDenied):
            services.add_authority(severity="minor", reach="any", role=Role.OWNER, by=manager)

    def test_an_ended_authority_is_not_asked_for_and_can_come_back(
        self, site: Site, manager: User, head: User
    ) -> None:
        row = need(head, Role.MANAGEMENT, severity="minor")
        services.end_authority(row, by=head)
        record = ready_to_decide(manager, site)

        assert records.perform(record, "settle", by=manager).state == "decided"
        assert need(head, Role.MANAGEMENT, severity="minor").pk == row.pk

    def test_the_page_shows_the_board_and_takes_the_agreement(
        self, site: Site, manager: User, head: User, client: Client
    ) -> None:
        need(head, Role.MANAGEMENT)
        record = ready_to_decide(manager, site, severity="critical")
        client.force_login(a_person(Role.MANAGEMENT, site))

        before = client.get(record.get_absolute_url()).content.decode()
        client.post(f"{record.get_absolute_url()}agreements/", {"role": "management", "note": ""})
        after = client.get(record.get_absolute_url()).content.decode()

        assert "Has to agree" in before
        assert "Agree to the decision" in before
        assert "Has to agree" not in after


def grant(person: User, role: Role, site: Site) -> None:
    with audited(SYSTEM("test"), reason="granted"):
        RoleGrant.objects.create(user=person, role=role, site=site, from_date=DAY)
    person.forget_grants()


class TestConcession:
    def conceded(self, by: User, site: Site, **approval: Any) -> Nonconformity:
        record = ready_to_decide(by, site, disposal="use_as_is", customer_requirement=True)
        line = record.live_dispositions[0]
        line_details: dict[str, Any] = {
            "approval_number": "C-1",
            "approval_contact": "Dr Weiss",
            **approval,
        }
        services.approve_concession(record, by=by, line=line.pk, **line_details)
        with_reason(record, by)
        return Nonconformity.objects.get(pk=record.pk)

    def test_an_approval_can_come_after_the_decision_was_prepared(
        self, site: Site, manager: User
    ) -> None:
        record = self.conceded(manager, site)

        assert records.perform(record, "settle", by=manager).state == "decided"

    def test_after_its_end_nothing_more_is_used_under_a_concession(
        self, site: Site, manager: User
    ) -> None:
        today = date.today()  # noqa: DTZ011 - any day will do
        record = self.conceded(manager, site, approval_until=today + timedelta(days=2))
        line = record.live_dispositions[0]
        records.perform(record, "settle", by=manager)
        services.carry_out(record, by=manager, line=line.pk, quantity=Decimal(10), day=today)

        late = today + timedelta(days=3)
        with pytest.raises(Refusal, match="approval ended on"):
            services.carry_out(record, by=manager, line=line.pk, quantity=Decimal(1), day=late)
        longer: dict[str, Any] = {
            "approval_number": "C-2",
            "approval_until": late + timedelta(days=9),
        }
        services.approve_concession(record, by=manager, line=line.pk, **longer)
        services.carry_out(record, by=manager, line=line.pk, quantity=Decimal(30), day=late)

    def test_no_more_is_used_than_the_customer_approved(self, site: Site, manager: User) -> None:
        record = self.conceded(manager, site)
        line = record.live_dispositions[0]
        records.perform(record, "settle", by=manager)
        fewer: dict[str, Any] = {"approval_number": "C-1b", "approval_quantity": Decimal(15)}
        services.approve_concession(record, by=manager, line=line.pk, **fewer)

        with pytest.raises(Refusal, match="approved only 15"):
            services.carry_out(record, by=manager, line=line.pk, quantity=Decimal(16))

    def test_only_concessions_are_approved_by_the_customer(self, site: Site, manager: User) -> None:
        record = ready_to_decide(manager, site)
        line = record.live_dispositions[0]

        with pytest.raises(Refused, match="Only use as is and repair"):
            services.approve_concession(record, by=manager, line=line.pk, approval_number="C-1")

    def test_the_register_says_what_is_in_force_missing_and_expired(
        self, site: Site, manager: User
    ) -> None:
        self.conceded(manager, site, approval_until=DAY)
        self.conceded(manager, site)
        ready_to_decide(manager, site, disposal="repair", customer_requirement=True)

        visible = Nonconformity.objects.visible_to(manager)
        found = queries.concessions(visible, day=DAY + timedelta(days=1))

        assert [str(one.state[0]) for one in found] == [
            "Expired",
            "Customer's approval is missing",
            "In force",
        ]
        assert [one.left for one in found] == [40, 40, 40]


def with_reason(record: Nonconformity, by: User) -> None:
    """Give its dispositions the technical reason; the factory leaves it out."""
    with audited(by, reason="reason"):
        record.dispositions.update(justification="No effect on the function")
