"""A site with its quality manager."""

import pytest

from andon.accounts.models import Site, User
from andon.accounts.roles import Role
from andon.accounts.testing import SiteFactory, a_person


@pytest.fixture
def site(db: None) -> Site:
    made: Site = SiteFactory.create(code="ABC1")
    return made


@pytest.fixture
def manager(site: Site) -> User:
    return a_person(Role.MANAGER)
