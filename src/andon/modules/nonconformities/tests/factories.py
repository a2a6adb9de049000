"""Nonconformities for tests, made the way the application makes them."""

from decimal import Decimal
from typing import Any

from andon.accounts.models import Site, User
from andon.modules.nonconformities import services
from andon.modules.nonconformities.models import DefectCode, Nonconformity
from andon.records import services as records


def unsaved(owner: User, site: Site, **fields: Any) -> Nonconformity:
    return Nonconformity(
        **{
            "title": "Bore too wide",
            "suspect_quantity": Decimal(100),
            **fields,
            "owner": owner,
            "site": site,
        }
    )


def reported(owner: User, site: Site, **fields: Any) -> Nonconformity:
    return records.create(unsaved(owner, site, **fields), by=owner)


def ready_to_decide(
    owner: User, site: Site, *, disposal: str = "scrap", **fields: Any
) -> Nonconformity:
    """Return a contained, sorted nonconformity of 100 with one disposition over 40 confirmed."""
    record = reported(owner, site, **{"severity": "minor", **fields})
    services.contain(record, by=owner, place="Stock", quantity=Decimal(100), action="blocked")
    services.sort_out(
        record, by=owner, good=Decimal(58), nonconforming=Decimal(40), not_recovered=Decimal(2)
    )
    services.dispose(record, by=owner, disposal=disposal, quantity=Decimal(40))
    return Nonconformity.objects.get(pk=record.pk)


def a_code(by: User, code: str = "BORE", name: str = "Bore out of tolerance") -> DefectCode:
    return services.add_defect_code(code=code, name=name, by=by)
