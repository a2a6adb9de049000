"""The database finds what is open by the index that is made for it, also with statistics."""

from datetime import date, timedelta
from typing import Any

import pytest
from django.db import connection

from andon.accounts.roles import Role
from andon.accounts.testing import SiteFactory, a_person
from andon.modules.nonconformities.models import Nonconformity
from andon.modules.nonconformities.tests.factories import unsaved
from andon.records import services as records
from andon.records.models import Record

MANY = 300


@pytest.mark.django_db
def test_open_work_is_read_in_order_of_its_days_and_not_sorted():
    if connection.vendor != "sqlite":
        pytest.skip("PostgreSQL knows how many rows have no value")
    site = SiteFactory.create(code="ABC1")
    ana = a_person(Role.MANAGER, site)
    day = date(2026, 1, 5)
    rows = [unsaved(ana, site, title="A case", opened_date=day) for _each in range(MANY)]
    for at, row in enumerate(rows):
        row.due_date = day + timedelta(days=at)
        row.state, row.closed_date = ("closed", row.due_date) if at % 3 else ("", None)
    records.adopt(rows, by=ana, source="old log")
    with connection.cursor() as cursor:
        cursor.execute("ANALYZE")

    mine: Any = Record.objects.visible_to(ana).open().filter(owner_id=ana.pk)
    plan = mine.filter(due_date__isnull=False).order_by("due_date", "id").values_list("id")[:10]

    assert Nonconformity.objects.count() == MANY
    assert "record_my_work" in plan.explain()
    assert "TEMP B-TREE" not in plan.explain()
