"""A site with a quality manager, and a file brought to any step."""

from collections.abc import Callable
from datetime import date
from typing import Any

import pytest

from andon.accounts.models import Site, User
from andon.accounts.roles import Role
from andon.accounts.testing import SiteFactory, a_person
from andon.portal.desk import jobs, reading
from andon.portal.desk.models import Intake, Step

TODAY = date(2026, 6, 1)
LOG = """NCR No;Opened;Closed;Problem;Severity;Responsible;Part
17;2025-03-05;2025-03-20;Burr on the seat rail;Minor;Ana Silva;23-4410
18;2025-04-07;;Wrong label on the carton;Major;;23-4410
"""


@pytest.fixture
def site(db: None) -> Site:
    site: Site = SiteFactory.create(code="ABC1")
    return site


@pytest.fixture
def ana(site: Site) -> User:
    return a_person(Role.MANAGER, username="ana", display_name="Ana Silva")


@pytest.fixture
def taken(site: Site, ana: User) -> Callable[..., Intake]:
    """Take a file in, and read it up to the mapping."""

    def take(content: str | bytes = LOG, target: str = "nonconformities", **more: Any) -> Intake:
        intake = reading.start(
            content.encode() if isinstance(content, str) else content,
            file_name=more.pop("file_name", "log.csv"),
            target=target,
            site=site,
            by=ana,
            day=TODAY,
            **more,
        )
        return jobs.advance(intake, by=ana)

    return take


@pytest.fixture
def checked(taken: Callable[..., Intake], ana: User) -> Callable[..., Intake]:
    """Take a file in, and check it with the mapping that was proposed."""

    def check(*args: Any, said: dict[str, Any] | None = None, **more: Any) -> Intake:
        intake = taken(*args, **more)
        assert intake.step == Step.MAP, intake.trouble
        mapping = {**intake.mapping, "fields": {**intake.mapping["fields"], **(said or {})}}
        jobs.use_mapping(intake, mapping, by=ana)
        return work(intake, ana)

    return check


@pytest.fixture
def published(checked: Callable[..., Intake], ana: User) -> Callable[..., Intake]:
    """Publish a file in which nothing is in the way, unknown words made new."""

    def publish(*args: Any, **more: Any) -> Intake:
        intake = checked(*args, **more)
        if intake.unknown:
            new = {name: {w.casefold(): "+new" for w in ws} for name, ws in intake.unknown.items()}
            work(jobs.teach(intake, new, by=ana), ana)
        assert not intake.rows.in_the_way().exists(), list(
            intake.rows.in_the_way().values_list("errors", "same_as")
        )
        return work(jobs.confirm(intake, by=ana), ana)

    return publish


def work(intake: Intake, by: User) -> Intake:
    """Do all the work that needs no answer."""
    while intake.is_working:
        jobs.advance(intake, by=by)
    return intake
