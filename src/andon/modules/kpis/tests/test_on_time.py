"""A year of real arrivals as a KPI: the rate is the one that the file alone gives."""

import csv
from collections import Counter
from datetime import date
from decimal import Decimal
from pathlib import Path

from andon.accounts.testing import TESTS
from andon.modules.kpis import services
from andon.modules.kpis.models import Formula, Period
from andon.modules.kpis.models.series import points
from andon.modules.production import services as shop
from andon.modules.production.models import Delivery
from andon.organization.testing import PartyFactory

from .factories import a_kpi

FLIGHTS = (
    Path(shop.__file__).parents[1] / "tests" / "data" / "ontime" / "flights_7_carriers_2013.csv"
)
TOLERATED = 14
NEW_YEAR = date(2014, 1, 1)


def rows():
    with FLIGHTS.open(encoding="utf-8", newline="") as stream:
        yield from csv.DictReader(stream)


def test_on_time_of_real_arrivals_is_what_the_file_alone_says(manager, site):
    carrier, deliveries = PartyFactory(), []
    kept, counted = Counter(), Counter()
    for number, row in enumerate(rows()):
        day = date(int(row["year"]), int(row["month"]), int(row["day"]))
        known = row["arr_delay"] not in {"", "NA"}
        delay = Decimal(row["arr_delay"]) if known else None
        deliveries.append(
            Delivery(
                site=site, customer=carrier, order_number=row["carrier"] + row["flight"],
                position=str(number), promised=day, current_promise=day, delay=delay,
                tolerance=TOLERATED, is_cancelled=not known,
            )
        )  # fmt: skip
        if known:
            month = day.replace(day=1)
            counted[month] += 1
            kept[month] += int(row["arr_delay"]) <= TOLERATED
    shop.record(deliveries, site=site, by=TESTS)
    kpi = a_kpi(
        manager, None, code="OTD", formula=Formula.ON_TIME, period=Period.MONTH, unit="%",
        direction="higher",
    )  # fmt: skip

    services.refresh(kpi, by=manager, day=NEW_YEAR)
    found = points(kpi)

    assert sum(counted.values()) == 10_796 - 200
    assert {p.day: (p.numerator, p.denominator) for p in found} == {
        month: (kept[month], counted[month]) for month in counted
    }
    assert found[0].value == round(Decimal(kept[found[0].day] * 100) / counted[found[0].day], 6)
