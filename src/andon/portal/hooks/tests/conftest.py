"""A site, an administrator who sees it, and a program on this machine that is told."""

from collections.abc import Iterator
from datetime import UTC, datetime
from functools import partial
from pathlib import Path
from typing import Any

import pytest

from andon.accounts.models import Site, User
from andon.accounts.roles import Role
from andon.accounts.services import grant_role
from andon.accounts.testing import LONG_AGO, TESTS, SiteFactory, a_person
from andon.outbound.sending import post
from andon.outbound.testing import HOST, Server, https_server
from andon.portal.hooks import sending, services, telling
from andon.portal.hooks.models import Webhook

NOW = datetime(2026, 12, 1, 10, tzinfo=UTC)


@pytest.fixture
def site(db: None) -> Site:
    site: Site = SiteFactory.create(code="ABC1")
    return site


@pytest.fixture
def admin(site: Site) -> User:
    person = a_person(Role.ADMIN, None, username="adam")
    grant_role(person, Role.QUALITY, site=site, from_date=LONG_AGO, by=TESTS)
    person.forget_grants()
    return person


@pytest.fixture
def program(tmp_path: Path, monkeypatch: Any) -> Iterator[Server]:
    """A server that may be reached although it is not on the open internet."""
    with https_server(tmp_path) as running:
        reach = partial(
            post,
            resolver=running.resolver,
            permits={"127.0.0.1"}.__contains__,
            context=running.context,
        )
        monkeypatch.setattr(sending, "post", reach)
        yield running


@pytest.fixture
def hook(admin: User, program: Server) -> Webhook:
    services.allow_host(host=f"{HOST}:{program.port}", by=admin)
    fields = {
        "name": "ERP",
        "url": f"https://{HOST}:{program.port}/in",
        "events": ["created", "moved"],
    }
    made = services.add(fields, by=admin)
    telling.read_on(NOW)  # the first reading only finds where the trail ends
    return made
