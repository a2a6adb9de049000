"""What comes in with a nonconformity of an older system besides its fields: what it cost."""

from collections.abc import Sequence
from datetime import date
from decimal import Decimal

from django.utils.translation import gettext_lazy as _

from andon.accounts.models import User
from andon.modules.nonconformities.models import CostLine, CostOf, Nonconformity
from andon.records.adopting import Extra
from andon.records.workflow import Refused

CENT = Decimal("0.01")
MOST = Decimal(10) ** 13


def _priced(nonconformity: Nonconformity, amount: Decimal) -> None:
    if not 0 <= amount < MOST:
        raise Refused(_("A cost is not negative and has at most 13 digits."), fix="#cost")
    nonconformity.cost = amount.quantize(CENT)


def _written(
    priced: Sequence[tuple[Nonconformity, Decimal]], by: User, day: date, source: str
) -> None:
    CostLine.objects.bulk_create(
        [
            CostLine(
                record=each, kind=CostOf.OTHER, what=source[:200], amount=each.cost, by=by, day=day
            )
            for each, _amount in priced
            if each.cost > 0
        ]
    )


COST = Extra("cost", _("Cost"), _priced, _written)
