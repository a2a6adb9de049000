"""A site with a quality manager, a quality engineer and two process owners who can be mailed."""

from collections.abc import Callable
from datetime import UTC, datetime
from typing import Any

import pytest

from andon.accounts.models import Site, User
from andon.accounts.roles import Role
from andon.accounts.testing import SiteFactory, a_person
from andon.modules.nonconformities.models import Nonconformity
from andon.modules.nonconformities.tests.factories import reported
from andon.portal.notices import mailing, reading
from andon.portal.notices.models import Notice


@pytest.fixture
def site(db: None) -> Site:
    site: Site = SiteFactory.create(code="ABC1", time_zone="Europe/Berlin")
    return site


@pytest.fixture
def person(site: Site) -> Callable[..., User]:
    def make(role: Role, name: str, **fields: Any) -> User:
        fields = {"email": f"{name}@example.com", "username": name} | fields
        return a_person(role, fields.pop("site", site), **fields)

    return make


@pytest.fixture
def report(site: Site) -> Callable[..., Nonconformity]:
    def make(owner: User, **fields: Any) -> Nonconformity:
        return reported(owner, site, **fields)

    return make


@pytest.fixture
def manager(person: Callable[..., User]) -> User:
    return person(Role.MANAGER, "ana")


@pytest.fixture
def engineer(person: Callable[..., User]) -> User:
    return person(Role.QUALITY, "ines")


@pytest.fixture
def pedro(person: Callable[..., User]) -> User:
    return person(Role.OWNER, "pedro")


@pytest.fixture
def tina(person: Callable[..., User]) -> User:
    return person(Role.OWNER, "tina")


@pytest.fixture
def mail_on(settings: Any) -> None:
    settings.ANDON_MAIL = True
    settings.ANDON_URL = "https://quality.example.com"
    settings.DEFAULT_FROM_EMAIL = "andon@example.com"


@pytest.fixture
def reader(db: None) -> Callable[..., list[Notice]]:
    """Reads the trail on; the first reading only finds where the trail ends."""
    reading.read_on(datetime.now(UTC))

    def read(now: datetime | None = None) -> list[Notice]:
        known = set(Notice.objects.values_list("pk", flat=True))
        now = now or datetime.now(UTC)
        reading.read_on(now)
        mailing.send_due(now)
        return list(Notice.objects.exclude(pk__in=known).order_by("pk"))

    return read
