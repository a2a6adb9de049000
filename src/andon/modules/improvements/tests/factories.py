"""Projects for tests, with a KPI whose level went from 8 % to 5 %, made as people make them."""

from datetime import date, timedelta
from decimal import Decimal
from typing import Any

from andon.accounts.models import Site, User
from andon.modules.improvements import services
from andon.modules.improvements.models import ImprovementProject
from andon.modules.kpis.models import Kpi
from andon.modules.kpis.tests.factories import a_kpi, typed
from andon.records import services as records

MONDAY = date(2026, 1, 5)
WEEKS = 12
TOOK_HOLD = MONDAY + timedelta(weeks=WEEKS)
OVER = TOOK_HOLD + timedelta(weeks=WEEKS)
BEFORE = [(80, 1000), (84, 1000), (78, 1000), (82, 1000), (79, 1000), (81, 1000)] * 2
AFTER = [(52, 1000), (49, 1000), (55, 1000), (50, 1000), (51, 1000), (48, 1000)] * 2


def an_improved_kpi(owner: User, site: Site, after: list[tuple[int, int]] = AFTER) -> Kpi:
    # In use only later, so that no signal mixes in.
    kpi = a_kpi(owner, site, active_from=OVER + timedelta(weeks=50))
    typed(kpi, owner, [*BEFORE, *after])
    return kpi


def unsaved(owner: User, site: Site, **fields: Any) -> ImprovementProject:
    return ImprovementProject(**{"title": "Less scrap"} | fields, owner=owner, site=site)


def proposed(owner: User, site: Site, **fields: Any) -> ImprovementProject:
    first = {"problem": "8 % of the motors fail the test, and it is stable."}
    return records.create(unsaved(owner, site, **first | fields), by=owner, day=MONDAY)


def with_goal(owner: User, site: Site, kpi: Kpi, **goal: Any) -> ImprovementProject:
    first: dict[str, Any] = {
        "kpi": kpi,
        "baseline_from": MONDAY,
        "baseline_until": TOOK_HOLD - timedelta(days=1),
        "target_value": Decimal(6),
        "window_days": 7 * WEEKS,
        "expected_benefit": Decimal(5000),
        "rate": Decimal("4.20"),
        "rate_source": "Controlling, 2026",
    }
    return services.fix_goal(proposed(owner, site), by=owner, **first | goal)


def checking(owner: User, site: Site, kpi: Kpi, **goal: Any) -> ImprovementProject:
    project = with_goal(owner, site, kpi, **goal)
    records.perform(project, "run", by=owner, day=MONDAY + timedelta(weeks=4))
    data = {"took_hold_date": TOOK_HOLD, "done": "New fixture", "costs": Decimal(2000)}
    return records.perform(project, "watch", by=owner, day=TOOK_HOLD, data=data)
