"""A year of real arrivals goes in untouched, by page and by command, and the rate is right."""

import csv
from datetime import date
from pathlib import Path
from typing import Any

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client
from django.urls import reverse

from andon.accounts.models import Site, User
from andon.accounts.roles import Role
from andon.accounts.testing import SiteFactory, a_person
from andon.cli.main import main
from andon.modules import production
from andon.modules.production import queries
from andon.modules.production.models import Delivery, ImportJob
from andon.organization.models import Party

DATA = Path(production.__file__).parent / "tests" / "data"
FLIGHTS = DATA / "ontime" / "flights_7_carriers_2013.csv"


@pytest.fixture
def site(db: None) -> Site:
    return SiteFactory.create(code="ABC1")


@pytest.fixture
def manager(site: Site) -> User:
    return a_person(Role.MANAGER)


def _computed() -> dict[date, tuple[int, int]]:
    """On time and counted arrivals by month, from the file alone."""
    months: dict[date, tuple[int, int]] = {}
    with FLIGHTS.open(encoding="utf-8", newline="") as stream:
        for row in csv.DictReader(stream):
            if row["arr_delay"] in {"", "NA"}:
                continue
            month = date(int(row["year"]), int(row["month"]), 1)
            kept, counted = months.get(month, (0, 0))
            months[month] = kept + (int(row["arr_delay"]) < 15), counted + 1
    return months


def _rates(site: Site) -> dict[date, tuple[Any, Any]]:
    found = queries.on_time_by_period(
        None,
        since=date(2013, 1, 1),
        until=date(2013, 12, 31),
        period="month",
        scope=queries.Scope(site=site.pk),
    )
    return {ratio.start: (ratio.numerator, ratio.denominator) for ratio in found}


def _check_flights(site: Site) -> None:
    computed = _computed()
    carrier = Party.objects.get(code="VX")
    counted = Delivery.objects.current().filter(customer=carrier).count()

    assert sum(count for _kept, count in computed.values()) == 10_796 - 200
    assert _rates(site) == computed
    assert counted == 5_162
    assert Delivery.objects.filter(is_cancelled=True).count() == 200


def test_a_year_of_arrivals_comes_in_untouched_by_command(
    site: Site, capsys: pytest.CaptureFixture[str]
) -> None:
    words = ["import", str(FLIGHTS), "--kind", "deliveries", "--create-missing"]
    words += ["--column", "order_number=carrier+flight", "--column", "position=time_hour+origin"]
    words += ["--value", "tolerance=14"]

    code = main(words)

    assert code == 0, capsys.readouterr().out
    assert "In: 10796 new" in capsys.readouterr().out
    _check_flights(site)
    assert main(words) == 0
    assert "0 new, 0 corrected, 10796 unchanged" in capsys.readouterr().out


def test_a_year_of_arrivals_comes_in_untouched_by_page(
    client: Client, site: Site, manager: User
) -> None:
    client.force_login(manager)
    file = SimpleUploadedFile(FLIGHTS.name, FLIGHTS.read_bytes(), content_type="text/csv")
    upload = {"target": "deliveries", "site": site.pk, "file": file}
    client.post(reverse("production:import-new"), upload)
    job = _through(client, ImportJob.objects.get())
    assert job.mapping["fields"]["promised"] == {"columns": ["year", "month", "day"]}

    mapping = {
        "promised_column": "year",
        "promised_second": "month",
        "promised_third": "day",
        "customer_column": "carrier",
        "order_number_column": "carrier",
        "order_number_second": "flight",
        "position_column": "time_hour",
        "position_second": "origin",
        "delay_column": "arr_delay",
        "tolerance_constant": "14",
    }
    for step, said in (("mapping", mapping), ("create", {"agreed": "on"}), ("confirm", {})):
        answer = client.post(reverse(f"production:import-{step}", args=[job.pk]), said)
        assert answer.status_code == 303, answer.content.decode()
        job = _through(client, job)

    assert job.step == "done"
    _check_flights(site)


def _through(client: Client, job: ImportJob) -> ImportJob:
    job.refresh_from_db()
    while job.is_working:
        client.post(reverse("production:import-step", args=[job.pk]))
        job.refresh_from_db()
    return job
