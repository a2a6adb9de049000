"""Writers that are killed in the middle, and the writers of the broken twins."""

from collections.abc import Callable
from decimal import Decimal
from typing import Any

from andon.accounts.models import Site, User
from andon.modules.nonconformities.models import Nonconformity
from andon.records import services as records
from andon.records.dealings import comment
from andon.trail.services import audited, retrying

Report = Callable[[Any], None]


def write_on(report: Report, name: str, twin: str = "") -> None:
    """Write records with a comment each, and acknowledge each once it is committed."""
    number = 0
    while True:
        number += 1
        title = f"{name}/{number}"
        if twin == "too early":
            report(title)
        if twin == "in halves":
            _comment(_create(title), title)
        else:
            _both(title)
        if twin != "too early":
            report(title)


@retrying
def _both(title: str) -> None:
    with audited(_by()):
        _comment(_create(title), title)


def _create(title: str) -> Nonconformity:
    site = Site.objects.get(code="ABC1")
    row = Nonconformity(title=title, owner=_by(), site=site, suspect_quantity=Decimal(1))
    return records.create(row, by=_by())


def _comment(record: Nonconformity, title: str) -> None:
    comment(record, title, by=_by())


def _by() -> User:
    by: User = User.objects.get(username="writer")
    return by


def start_anew(report: Report) -> None:
    """What a restart has to do before the first person is served: open, check, write."""
    _both("after the restart")
    report("served")
