"""Earlier cases that look like one, and repeats."""

from dataclasses import dataclass
from datetime import date, timedelta

from andon.modules.nonconformities.models import Nonconformity, NonconformityQuerySet
from andon.organization.policy import policy

SHOWN = 5


@dataclass(frozen=True)
class Similar:
    """An earlier case that looks like this one, and in what it is alike."""

    case: Nonconformity
    same_item: bool
    same_defect: bool
    same_origin: bool
    is_repeat: bool

    @property
    def score(self) -> int:
        return 2 * self.same_defect + 2 * self.same_item + self.same_origin


def similar(
    visible: NonconformityQuerySet,
    *,
    item_id: int | None,
    defect_id: int | None,
    origin: str = "",
    day: date,
    besides: int | None = None,
) -> list[Similar]:
    """Return at most five earlier cases of the same item or defect, the most alike first.

    A *repeat* has the same item and the same defect and was opened within the repeat window
    of the settings before ``day``.
    """
    window = day - timedelta(days=policy().repeat_window_days)
    rows = (
        visible.about(item_id=item_id, defect_id=defect_id)
        .exclude(pk=besides or 0)
        .exclude(state="void")
    )
    found = [
        _compared(row, item_id, defect_id, origin, window)
        for row in rows.select_related("item", "defect", "site").order_by("-pk")[:50]
    ]
    return sorted(found, key=lambda one: (-one.score, -one.case.pk))[:SHOWN]


def similar_to(nonconformity: Nonconformity, visible: NonconformityQuerySet) -> list[Similar]:
    """Return the cases that look like ``nonconformity`` and came before it."""
    return similar(
        visible.filter(pk__lt=nonconformity.pk),
        item_id=nonconformity.item_id,
        defect_id=nonconformity.defect_id,
        origin=nonconformity.origin,
        day=nonconformity.opened_date,
    )


def _compared(
    row: Nonconformity, item_id: int | None, defect_id: int | None, origin: str, window: date
) -> Similar:
    same_item = bool(item_id) and row.item_id == item_id
    same_defect = bool(defect_id) and row.defect_id == defect_id
    return Similar(
        case=row,
        same_item=same_item,
        same_defect=same_defect,
        same_origin=bool(origin) and row.origin.casefold() == origin.casefold(),
        is_repeat=same_item and same_defect and row.opened_date >= window,
    )
