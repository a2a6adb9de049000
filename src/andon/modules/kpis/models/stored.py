"""What is stored of closed periods, to compare with what the facts say now."""

from collections.abc import Collection, Mapping
from datetime import date
from decimal import Decimal
from typing import NamedTuple

from django.db.models import Max, Sum

from .definitions import Kpi
from .facts import Computed
from .observations import PLACES, VALUE_PLACES, Observation, Source


class Stored(NamedTuple):
    """The sums of the rows of one stored period."""

    numerator: Decimal | None
    denominator: Decimal | None
    value: Decimal | None
    computed: bool


def stored_sums(kpi: Kpi, starts: Collection[date]) -> dict[date, Stored]:
    """Return what is stored of the periods that begin at ``starts``."""
    if not starts:
        return {}
    rows = Observation.objects.current().filter(kpi=kpi, day__range=(min(starts), max(starts)))
    found = (
        rows.order_by()
        .values_list("day")
        .annotate(
            top=Sum("numerator"),
            bottom=Sum("denominator"),
            value=Max("value"),
            source=Max("source"),
        )
    )
    return {
        day: Stored(
            _exact(top, PLACES), _exact(bottom, PLACES), _exact(value, VALUE_PLACES),
            source == Source.COMPUTED,
        )
        for day, top, bottom, value, source in found
        if day in starts
    }  # fmt: skip


def _exact(value: Decimal | None, places: int) -> Decimal | None:
    return None if value is None else Decimal(value).quantize(Decimal(1).scaleb(-places))


def differing(kpi: Kpi, found: Mapping[date, Computed]) -> list[date]:
    """Return the stored periods among those read that the facts say something else about."""
    return [
        start
        for start, stored in stored_sums(kpi, found).items()
        if stored.computed and _sides(stored) != _sides(found[start])
    ]


def _sides(one: Stored | Computed) -> tuple[Decimal | None, ...]:
    return one.numerator, one.denominator, one.value
