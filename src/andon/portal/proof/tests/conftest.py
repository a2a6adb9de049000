"""A site, people who look at the trail, and a record that has one."""

from typing import Any

import pytest

from andon.accounts.models import Site, User
from andon.accounts.roles import Role
from andon.accounts.testing import SiteFactory, a_person


@pytest.fixture
def site(db: None) -> Site:
    site: Site = SiteFactory.create(code="ABC1")
    return site


@pytest.fixture
def manager(site: Site) -> User:
    return a_person(Role.MANAGER, None, display_name="Ana Silva")


@pytest.fixture
def page(client: Any, manager: User) -> Any:
    """The browser of the quality manager."""
    client.force_login(manager)
    return client
