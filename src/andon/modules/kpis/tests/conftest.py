"""A site with its quality manager."""

from collections.abc import Callable
from datetime import date

import pytest

from andon.accounts.models import Site, User
from andon.accounts.roles import Role
from andon.accounts.testing import SiteFactory, a_person
from andon.records import services as records
from andon.records.models import Record


@pytest.fixture
def site(db: None) -> Site:
    made: Site = SiteFactory.create(code="ABC1")
    return made


@pytest.fixture
def manager(site: Site) -> User:
    return a_person(Role.MANAGER)


@pytest.fixture
def complaint(site: Site, manager: User) -> Callable[[date], Record]:
    """Report a nonconformity found at the customer, as its own module would."""
    kind = Record.kind_called("nonconformities")

    def made(day: date) -> Record:
        fields = {"title": "Burr", "found_at": "customer", "owner": manager, "site": site}
        return records.create(kind(**fields), by=manager, day=day)

    return made
