"""What most tests of production need: a site, its people, its lines."""

from datetime import date
from typing import Any

import pytest

from andon.accounts.models import Site, User
from andon.accounts.roles import Role
from andon.accounts.testing import SiteFactory, a_person
from andon.organization.testing import LineFactory

TODAY = date(2026, 6, 1)


@pytest.fixture
def today() -> date:
    return TODAY


@pytest.fixture
def site(db: None) -> Site:
    return SiteFactory.create(code="ABC1")


@pytest.fixture
def line(site: Site) -> Any:
    return LineFactory(site=site, code="P1", name="Press 1")


@pytest.fixture
def engineer(site: Site) -> User:
    return a_person(Role.QUALITY, site)


@pytest.fixture
def manager(site: Site) -> User:
    return a_person(Role.MANAGER)


@pytest.fixture
def operator(site: Site) -> User:
    return a_person(Role.CONTRIBUTOR, site)
