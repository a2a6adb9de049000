"""What one sees of the rows of sites, against an oracle that knows no query (AZ2)."""

from dataclasses import dataclass
from datetime import date, timedelta

import time_machine
from django.core.exceptions import ValidationError
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from andon.accounts import services
from andon.accounts.models import User
from andon.accounts.roles import Role
from andon.accounts.testing import TESTS, PersonFactory, SiteFactory
from andon.organization.models import Line, Process
from andon.organization.testing import LineFactory, ProcessFactory
from andon.trail.services import audited

TODAY = date(2026, 3, 10)


@dataclass(frozen=True)
class Granted:
    role: Role
    site: int | None
    begins: int
    lasts: int | None
    ended: bool


GRANTS = st.lists(
    st.builds(
        Granted,
        role=st.sampled_from(list(Role)),
        site=st.none() | st.integers(0, 2),
        begins=st.integers(-3, 2),
        lasts=st.none() | st.integers(0, 3),
        ended=st.booleans(),
    ),
    max_size=4,
)


def sees(grants: list[Granted], site: int | None, *, active: bool) -> bool:
    """Say by hand whether someone sees a row of ``site`` (None: of all sites)."""
    for grant in grants:
        over = grant.lasts is not None and grant.begins + grant.lasts < 0
        if not active or grant.ended or grant.begins > 0 or over:
            continue
        if grant.site is None or site is None or grant.site == site:
            return True
    return False


@settings(
    max_examples=30,
    deadline=None,
    suppress_health_check=[HealthCheck.function_scoped_fixture, HealthCheck.too_slow],
)
@given(grants=GRANTS, active=st.booleans())
@time_machine.travel("2026-03-10 12:00+00:00", tick=False)
def test_AZ2_one_sees_the_rows_of_granted_sites_and_no_other(db, grants, active):
    sites = [SiteFactory() for _ in range(3)]
    lines = {LineFactory(site=site).pk: number for number, site in enumerate(sites)}
    processes = {
        ProcessFactory(site=None if number is None else sites[number]).pk: number
        for number in (None, 0, 1, 2)
    }
    person = PersonFactory()
    for granted in dict.fromkeys(grants):
        _give(person, granted, sites)
    with audited(TESTS):
        person.is_active = active
        person.save()
    person = User.objects.get(pk=person.pk)

    for model, rows in ((Line, lines), (Process, processes)):
        seen = set(
            model.objects.visible_to(person).filter(pk__in=rows).values_list("pk", flat=True)
        )
        assert seen == {pk for pk, site in rows.items() if sees(grants, site, active=active)}


def _give(person, granted: Granted, sites) -> None:
    begins = TODAY + timedelta(days=granted.begins)
    until = None if granted.lasts is None else begins + timedelta(days=granted.lasts)
    site = None if granted.site is None else sites[granted.site]
    try:
        grant = services.grant_role(
            person, granted.role, site=site, from_date=begins, until_date=until, by=TESTS
        )
    except ValidationError:
        return  # it only repeats what is held already
    if granted.ended:
        with audited(TESTS):
            type(grant).objects.filter(pk=grant.pk).update(ended_at="2026-03-01 00:00Z")
