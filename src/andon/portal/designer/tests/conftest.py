"""A site, its people and a signed-in browser."""

import pytest
from django.test import Client

from andon.accounts.models import Site, User
from andon.accounts.roles import Role
from andon.accounts.testing import SiteFactory, a_person


@pytest.fixture
def site(db: None) -> Site:
    site: Site = SiteFactory.create(code="ABC1")
    return site


@pytest.fixture
def manager(site: Site) -> User:
    return a_person(Role.MANAGER, username="ana", display_name="Ana Silva")


@pytest.fixture
def page(client: Client, manager: User) -> Client:
    client.force_login(manager)
    return client
