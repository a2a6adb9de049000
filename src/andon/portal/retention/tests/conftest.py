"""A site with two quality managers and an administrator, and records closed long ago."""

from collections.abc import Callable
from datetime import date
from typing import Any

import pytest

from andon.accounts.models import Site, User
from andon.accounts.roles import Role
from andon.accounts.testing import SiteFactory, a_person
from andon.modules.nonconformities.models import Nonconformity
from andon.modules.nonconformities.tests.factories import unsaved
from andon.portal.retention import services
from andon.records import services as records

LONG_AGO = date(2010, 5, 3)


@pytest.fixture
def site(db: None) -> Site:
    site: Site = SiteFactory.create(code="ABC1")
    return site


@pytest.fixture
def ana(site: Site) -> User:
    return a_person(Role.MANAGER, None, username="ana")


@pytest.fixture
def ines(site: Site) -> User:
    return a_person(Role.MANAGER, None, username="ines")


@pytest.fixture
def adam(site: Site) -> User:
    return a_person(Role.ADMIN, None, username="adam")


@pytest.fixture
def closed(site: Site, ana: User) -> Callable[..., Nonconformity]:
    """Make a nonconformity that was closed long ago."""

    def make(day: date = LONG_AGO, **fields: Any) -> Nonconformity:
        row = unsaved(
            ana, site, **{"state": "closed", "opened_date": day, "closed_date": day, **fields}
        )
        [made] = records.adopt([row], by=ana, source="the old system")
        return Nonconformity.objects.get(pk=made.pk)

    return make


@pytest.fixture
def ten_years(ana: User) -> Any:
    return services.keep_for("nonconformities", years=10, basis="Contract with the buyer", by=ana)
