"""Who may do what with people, and what is refused."""

from datetime import date, timedelta

import pytest
import time_machine
from django.core.exceptions import PermissionDenied, ValidationError
from django.db import IntegrityError

from andon.accounts import services
from andon.accounts.models import RoleGrant, User
from andon.accounts.roles import Role, UnknownPermissionError
from andon.accounts.testing import PASSWORD, TESTS, PersonFactory, SiteFactory, a_person
from andon.trail.models import AuditEntry
from andon.trail.services import NotAudited, audited


@pytest.fixture
def admin(db):
    return a_person(Role.ADMIN)


def test_AU7_the_first_administrator_is_made_once(db):
    first = services.create_first_admin(username="ada", display_name="Ada Admin", password=PASSWORD)

    assert first.may("accounts.manage")
    with pytest.raises(ValidationError, match="administrator already"):
        services.create_first_admin(username="bob", display_name="Bob", password=PASSWORD)
    assert not User.objects.filter(username="bob").exists()


@pytest.mark.parametrize("twin", ["ANA", "Ａna", " ana "])
def test_AU2_a_twin_of_a_user_name_is_refused_by_the_service(admin, twin):
    PersonFactory(username="ana")

    with pytest.raises(ValidationError):
        services.create_user(username=twin, display_name="Another", by=admin)


def test_AU2_a_twin_is_refused_by_the_database_too(db):
    PersonFactory(username="ana")

    with pytest.raises(IntegrityError), audited(TESTS):
        User(username="ANA", display_name="Another").save()


def test_AU1_a_short_or_common_password_is_refused(admin):
    for weak in ("short", "password1234"):
        with pytest.raises(ValidationError):
            services.create_user(username="ana", display_name="Ana", password=weak, by=admin)


def test_AZ5_nobody_grants_a_role_to_themselves(admin):
    with pytest.raises(ValidationError, match="to themselves"):
        services.grant_role(admin, Role.MANAGER, by=admin)

    assert not admin.may("organization.manage") or Role.MANAGER not in admin.roles_in_force()


@pytest.mark.parametrize("role", [role for role in Role if role != Role.ADMIN])
def test_AZ5_only_administrators_manage_people(admin, role):
    person, other = a_person(role), a_person(Role.CONTRIBUTOR)
    acts = [
        lambda: services.create_user(username="x", display_name="X", by=person),
        lambda: services.edit_person(other, changes={"job_title": "x"}, by=person),
        lambda: services.grant_role(other, Role.QUALITY, by=person),
        lambda: services.end_grant(other.grants.get(), by=person),
        lambda: services.disable_user(other, by=person),
        lambda: services.enable_user(other, by=person),
        lambda: services.set_password(other, PASSWORD, by=person),
        lambda: services.create_site(code="X", name="X", time_zone="UTC", by=person),
        lambda: services.edit_site(SiteFactory(), changes={"name": "x"}, by=person),
    ]

    for act in acts:
        with pytest.raises(PermissionDenied):
            act()


def test_AZ5_the_administrator_of_one_site_stays_within_it(db):
    here, there = SiteFactory(), SiteFactory()
    local = a_person(Role.ADMIN, here)
    chief, neighbour = a_person(Role.ADMIN), a_person(Role.QUALITY, there)
    refused = [
        lambda: services.grant_role(neighbour, Role.QUALITY, by=local),
        lambda: services.grant_role(neighbour, Role.QUALITY, site=there, by=local),
        lambda: services.set_password(chief, PASSWORD, by=local),
        lambda: services.disable_user(chief, by=local),
        lambda: services.end_grant(neighbour.grants.get(), by=local),
        lambda: services.edit_site(there, changes={"name": "x"}, by=local),
        lambda: services.create_site(code="X", name="X", time_zone="UTC", by=local),
    ]

    for act in refused:
        with pytest.raises(PermissionDenied):
            act()
    assert services.grant_role(neighbour, Role.OWNER, site=here, by=local).pk


def test_the_last_administrator_stays(admin):
    with pytest.raises(ValidationError, match="last administrator"):
        services.end_grant(admin.grants.get(), by=admin)

    assert User.objects.get(pk=admin.pk).may("accounts.manage")


def test_nobody_disables_themselves(admin):
    with pytest.raises(ValidationError, match="themselves"):
        services.disable_user(admin, by=admin)


def test_an_ended_grant_counts_no_more_at_once(admin):
    person = a_person(Role.QUALITY)

    services.end_grant(person.grants.get(), by=admin)

    assert User.objects.get(pk=person.pk).roles_in_force() == frozenset()


def test_a_grant_counts_from_its_first_to_its_last_day(admin):
    person = PersonFactory()
    services.grant_role(
        person, Role.QUALITY, from_date=date(2026, 3, 2), until_date=date(2026, 3, 4), by=admin
    )
    seen = {}
    for day in range(1, 6):
        with time_machine.travel(f"2026-03-0{day} 12:00+00:00", tick=False):
            seen[day] = bool(person.roles_in_force())

    assert seen == {1: False, 2: True, 3: True, 4: True, 5: False}


def test_a_grant_follows_the_day_of_its_site(admin):
    auckland, person = SiteFactory(time_zone="Pacific/Auckland"), PersonFactory()
    with time_machine.travel("2026-03-01 12:00+00:00", tick=False):
        grant = services.grant_role(person, Role.QUALITY, site=auckland, by=admin)

        assert grant.from_date == date(2026, 3, 2)
        assert grant.in_force()


def test_the_same_grant_twice_is_refused_but_a_later_one_is_not(admin):
    person = PersonFactory()
    first = services.grant_role(
        person, Role.OWNER, from_date=date(2026, 1, 1), until_date=date(2026, 1, 31), by=admin
    )

    with pytest.raises(ValidationError, match="already"):
        services.grant_role(
            person, Role.OWNER, from_date=date(2026, 1, 5), until_date=date(2026, 1, 6), by=admin
        )
    later = services.grant_role(
        person, Role.OWNER, from_date=first.until_date + timedelta(days=1), by=admin
    )
    assert later.pk != first.pk


def test_a_role_nobody_knows_is_refused(admin):
    with pytest.raises(ValidationError):
        services.grant_role(PersonFactory(), "superuser", by=admin)


def test_AZ6_there_is_no_superuser(admin):
    with pytest.raises(AttributeError):
        admin.is_superuser = True

    assert admin.is_superuser is False
    assert not a_person(Role.CONTRIBUTOR).has_perm("accounts.manage")


def test_a_permission_that_nobody_declared_is_loud(admin):
    with pytest.raises(UnknownPermissionError):
        admin.may("accounts.mange")


def test_may_is_asked_per_site(db):
    here, there = SiteFactory(), SiteFactory()
    local = a_person(Role.ADMIN, here)

    assert local.may("accounts.manage")
    assert local.may("accounts.manage", here)
    assert not local.may("accounts.manage", there.pk)
    assert not local.may_at("accounts.manage", None)
    assert local.site_scope() == {here.pk}
    assert a_person(Role.ADMIN).site_scope() is None
    assert PersonFactory().site_scope() == frozenset()


def test_every_change_of_people_is_in_the_trail_with_its_actor(admin):
    person = PersonFactory()
    seen = AuditEntry.objects.count()

    services.grant_role(person, Role.OWNER, by=admin)
    services.set_password(person, PASSWORD + " again", by=admin)
    services.disable_user(person, by=admin)

    new = AuditEntry.objects.order_by("seq")[seen:]
    assert [entry.actor_id for entry in new] == [str(admin.pk)] * len(new)
    assert "password_set" in {entry.action for entry in new}
    assert len(new) == 3
    assert PASSWORD not in "".join(entry.payload for entry in new)


def test_AT1_a_person_cannot_be_written_outside_the_trail(admin):
    admin.display_name = "Someone"
    with pytest.raises(NotAudited):
        admin.save()
    with pytest.raises(NotAudited):
        RoleGrant.objects.update(role="manager")
