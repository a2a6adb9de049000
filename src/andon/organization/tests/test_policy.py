"""The profile holds where the organization has not chosen otherwise."""

import pytest
from django.core.exceptions import PermissionDenied, ValidationError
from django.db import IntegrityError

from andon.accounts.roles import Role
from andon.accounts.testing import TESTS, SiteFactory, a_person
from andon.organization import queries, services
from andon.organization.models import Settings
from andon.organization.policy import DEFAULTS, policy
from andon.organization.testing import with_settings
from andon.trail.services import audited


def test_a_new_organization_is_light_and_uses_the_amended_edition(db):
    rules = policy()

    assert rules.light
    assert rules.edition == "9001:2015+A1"
    assert not rules.separate_verifier
    assert rules.working_days == frozenset({1, 2, 3, 4, 5})


@pytest.mark.parametrize("profile", Settings.Profile.values)
def test_an_empty_choice_follows_the_profile(db, profile):
    with_settings(profile=profile)

    rules = policy()
    assert {name: getattr(rules, name) for name in DEFAULTS[profile]} == DEFAULTS[profile]


def test_an_own_choice_stays_when_the_profile_changes(db):
    with_settings(separate_verifier=False, action_due_days=7)
    with_settings(profile="regulated")

    assert not policy().separate_verifier
    assert policy().action_due_days == 7


@pytest.mark.parametrize("profile", Settings.Profile.values)
def test_every_choice_that_may_be_left_empty_has_a_value_in_every_profile(profile):
    optional = {field.name for field in Settings._meta.fields if field.null}

    assert set(DEFAULTS[profile]) == optional


def test_there_is_one_row_of_settings(db):
    with_settings(name="ABC")
    with pytest.raises(IntegrityError), audited(TESTS):
        Settings(pk=2).save()


def test_settings_are_read_once_per_request_and_anew_after_a_change(db, django_assert_num_queries):
    with queries.read_once():
        with django_assert_num_queries(1):
            policy()
            policy()
        with_settings(name="ABC Industrial Components")
        assert policy().name == "ABC Industrial Components"


def test_outside_a_request_settings_are_always_read(db, django_assert_num_queries):
    with django_assert_num_queries(2):
        policy()
        policy()


@pytest.mark.parametrize(
    "changes",
    [
        {"profile": "strict"},
        {"edition": "9001:2008"},
        {"repeat_window_days": 0},
        {"working_days": ""},
        {"working_days": "51"},
        {"name": "a\u202eb"},
    ],
)
def test_a_wrong_choice_is_refused(db, changes):
    with pytest.raises(ValidationError):
        with_settings(**changes)


def test_settings_are_changed_by_who_manages_all_sites(db):
    local = a_person(Role.MANAGER, SiteFactory())
    with pytest.raises(PermissionDenied):
        services.edit_settings(changes={"name": "x"}, by=local)

    services.edit_settings(changes={"name": "ABC"}, by=a_person(Role.MANAGER))

    assert queries.settings().name == "ABC"
