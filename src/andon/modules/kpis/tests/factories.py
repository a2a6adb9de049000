"""KPIs, facts and signals for tests, made the way the application makes them."""

from datetime import date, timedelta
from decimal import Decimal
from typing import Any

from andon.accounts.models import Site, User
from andon.accounts.roles import Role
from andon.accounts.testing import a_person
from andon.modules.kpis import services
from andon.modules.kpis.models import Formula, Kpi, Period, Signal
from andon.modules.production import services as production
from andon.modules.production.models import CauseKind, Output, Scrap, Stop
from andon.organization.models import Line
from andon.organization.testing import LineFactory
from andon.records import services as records

ANSWER = {"cause_code": "machine", "cause": "worn punch", "action_code": "repaired"}
MONDAY = date(2026, 1, 5)
A_YEAR_AGO = date(2025, 1, 1)


def a_kpi(owner: User, site: Site | None, **fields: Any) -> Kpi:
    first = {
        "code": "DEFECTS",
        "name": "Defective motors",
        "question": "How many motors fail the test?",
        "formula": Formula.RATIO,
        "unit": "%",
        "period": Period.WEEK,
        "source": "Test bench",
        "active_from": A_YEAR_AGO,
        "owner": owner,
        "site": site,
    }
    return services.define(Kpi(**first | fields), by=owner, day=A_YEAR_AGO)


def typed(kpi: Kpi, owner: User, pairs: list[tuple[int, int]], start: date = MONDAY) -> None:
    """Type one week after the other, each at the Monday after it."""
    for week, (top, bottom) in enumerate(pairs):
        on = start + timedelta(weeks=week)
        services.observe(
            kpi, by=owner, on=on, numerator=Decimal(top), denominator=Decimal(bottom),
            day=on + timedelta(days=7),
        )  # fmt: skip


def a_week(
    line: Line, owner: User, monday: date, *, made: int, scrapped: int, lost: int = 0
) -> None:
    """Record five days of output, scrap and stops of one week."""
    cause = production.cause_for(CauseKind.SCRAP, "BURR", by=owner)
    stop = production.cause_for(CauseKind.STOP, "JAM", by=owner)
    place = {"site": line.site, "line": line}
    planned = Decimal(480)
    days = [monday + timedelta(days=n) for n in range(5)]
    production.record(
        [Output(**place, day=d, produced=Decimal(made), planned_minutes=planned) for d in days],
        site=line.site, by=owner,
    )  # fmt: skip
    production.record(
        [Scrap(**place, day=d, cause=cause, quantity=Decimal(scrapped)) for d in days],
        site=line.site, by=owner,
    )  # fmt: skip
    if lost:
        production.record(
            [Stop(**place, day=d, cause=stop, minutes=Decimal(lost)) for d in days],
            site=line.site, by=owner,
        )  # fmt: skip


def a_line(site: Site) -> Line:
    line: Line = LineFactory.create(site=site)
    return line


def unsaved_signal(owner: User, site: Site, **fields: Any) -> Signal:
    kpi = fields.pop("kpi", None) or Kpi.objects.filter(code="K").first()
    kpi = kpi or a_kpi(a_person(Role.MANAGER), None, code="K", name="Any KPI")
    first = {"title": "Scrap rises", "kpi": kpi, "sentence": "Three weeks in a row, each higher."}
    return Signal(**first | fields, owner=owner, site=site)


def a_signal(owner: User, site: Site, **fields: Any) -> Signal:
    return records.create(unsaved_signal(owner, site, **fields), by=owner)
