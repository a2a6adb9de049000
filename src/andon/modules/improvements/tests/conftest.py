"""A site, an owner of the project, and somebody else who may confirm it."""

import pytest

from andon.accounts.models import Site, User
from andon.accounts.roles import Role
from andon.accounts.testing import SiteFactory, a_person


@pytest.fixture
def site(db: None) -> Site:
    made: Site = SiteFactory.create(code="ABC1")
    return made


@pytest.fixture
def owner(site: Site) -> User:
    return a_person(Role.MANAGER)


@pytest.fixture
def ana(site: Site) -> User:
    return a_person(Role.MANAGER, site)
