"""People and sites for tests, made the way the application makes them.

quality = a_person(Role.QUALITY, site)
client.force_login(quality)
"""

from datetime import date
from typing import Any

from factory.declarations import LazyAttribute, Sequence
from factory.django import DjangoModelFactory

from andon.accounts import services
from andon.accounts.models import Site, User
from andon.accounts.roles import Role
from andon.trail.services import SYSTEM

TESTS = SYSTEM("tests")
PASSWORD = "a stone bridge over the river"  # noqa: S105  (for tests only)
LONG_AGO = date(2020, 1, 1)


class SiteFactory(DjangoModelFactory[Site]):
    """A site in UTC, unless a test is about zones."""

    class Meta:
        model = Site

    code = Sequence(lambda number: f"S{number}")
    name = LazyAttribute(lambda site: f"Plant {site.code}")
    time_zone = "UTC"

    @classmethod
    def _create(cls, model_class: type[Site], *args: Any, **fields: Any) -> Site:  # noqa: ARG003
        return services.create_site(by=TESTS, **fields)


class PersonFactory(DjangoModelFactory[User]):
    """A person who can sign in with ``PASSWORD`` and holds no role yet."""

    class Meta:
        model = User

    username = Sequence(lambda number: f"person{number}")
    display_name = LazyAttribute(lambda person: person.username.title())
    password = PASSWORD

    @classmethod
    def _create(cls, model_class: type[User], *args: Any, **fields: Any) -> User:  # noqa: ARG003
        return services.create_user(by=TESTS, **fields)


def a_person(role: Role | str | None, site: Site | None = None, **fields: Any) -> User:
    """Return a person who holds ``role`` at ``site`` (None: at all sites) since long ago."""
    person: User = PersonFactory.create(**fields)
    if role is not None:
        services.grant_role(person, role, site=site, from_date=LONG_AGO, by=TESTS)
    return person
