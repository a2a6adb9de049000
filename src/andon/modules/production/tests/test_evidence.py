"""What the facts say about requirements: present, partly, stale, or nothing yet."""

from datetime import date, timedelta
from typing import Any

from andon.accounts.models import Site, User
from andon.accounts.testing import TESTS
from andon.modules.production import services
from andon.modules.production.evidence import RULES, conditions, monitoring
from andon.modules.production.models import Output
from andon.organization.testing import LineFactory
from andon.records.evidence import State
from andon.standard import load_edition


def _made(site: Site, line: Any, day: date) -> None:
    services.record([Output(site=site, line=line, day=day, produced=10)], site=site, by=TESTS)


def test_every_id_of_the_rules_exists() -> None:
    known = {requirement.id for requirement in load_edition("9001:2015+A1").requirements}

    assert {name for rule in RULES for name in rule.requirements} <= known


def test_nothing_recorded_is_no_evidence_and_names_the_start(
    engineer: User, line: Any, today: date
) -> None:
    found = monitoring(engineer, today)

    assert found.state is State.NONE
    assert found.fix


def test_facts_of_this_week_are_current(engineer: User, site: Site, line: Any, today: date) -> None:
    _made(site, line, today - timedelta(days=1))

    assert monitoring(engineer, today).state is State.CURRENT
    assert conditions(engineer, today).state is State.PARTIAL


def test_a_silent_line_is_missing(engineer: User, site: Site, line: Any, today: date) -> None:
    _made(site, line, today)
    LineFactory(site=site, code="P9")

    found = monitoring(engineer, today)

    assert found.state is State.PARTIAL
    assert "P9" in str(found.missing[0].text)


def test_old_facts_are_stale(engineer: User, site: Site, line: Any, today: date) -> None:
    _made(site, line, today - timedelta(days=60))

    assert monitoring(engineer, today).state is State.STALE
