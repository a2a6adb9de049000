"""My work: records, actions of plans, effects to verify; grouped by when it is due."""

from datetime import date, timedelta

import pytest
from django.test import Client
from django.urls import reverse

from andon.accounts.models import Site, User
from andon.accounts.roles import Role
from andon.accounts.testing import SiteFactory, a_person
from andon.modules.actions import services as actions
from andon.modules.actions.tests.factories import opened
from andon.modules.nonconformities.tests.factories import reported
from andon.portal import work

pytestmark = pytest.mark.django_db

DAY = date(2026, 3, 2)


@pytest.fixture
def site() -> Site:
    site: Site = SiteFactory.create(code="ABC1")
    return site


@pytest.fixture
def manager(site: Site) -> User:
    return a_person(Role.MANAGER, site)


@pytest.fixture
def pedro(site: Site) -> User:
    return a_person(Role.OWNER, site, display_name="Pedro")


def test_an_action_of_a_plan_is_work_of_who_carries_it_out(
    client: Client, manager: User, pedro: User, site: Site
) -> None:
    action = opened(manager, site)
    actions.add_item(action, by=manager, what="Guide the drill", owner=pedro, due_date=DAY)

    (task,) = work.tasks(pedro, most=10)
    client.force_login(pedro)

    assert (task.record.number, task.what, task.due_date) == (action.number, "Guide the drill", DAY)
    assert "Guide the drill" in client.get(reverse("portal:work")).content.decode()
    assert "Guide the drill" in client.get("/").content.decode()


def test_an_action_that_is_done_is_work_no_more(manager: User, pedro: User, site: Site) -> None:
    action = opened(manager, site)
    item = actions.add_item(action, by=manager, what="Guide it", owner=pedro, due_date=DAY)
    actions.drop_item(action, item=item.pk, by=manager, reason="Not needed.")

    assert work.tasks(pedro, most=10) == []


def test_an_action_of_a_restricted_record_is_not_shown_to_who_may_not_see_it(
    manager: User, pedro: User, site: Site
) -> None:
    action = opened(manager, site, restricted=True)
    actions.add_item(action, by=manager, what="Guide it", owner=pedro, due_date=DAY)

    assert work.tasks(pedro, most=10) == []


def test_work_is_grouped_as_overdue_this_week_and_later(manager: User, site: Site) -> None:
    days = {"late": -1, "today": 0, "week": 7, "later": 8}
    made = {
        name: reported(manager, site, due_date=DAY + timedelta(days=n)) for name, n in days.items()
    }
    undated = reported(manager, site)

    groups = work.grouped(work.tasks(manager, most=10), DAY)

    assert [[task.record.number for task in group.tasks] for group in groups] == [
        [made["late"].number],
        [made["today"].number, made["week"].number],
        [made["later"].number, undated.number],
    ]
