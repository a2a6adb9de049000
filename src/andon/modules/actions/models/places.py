"""Where else the same could sit: proposed from the nonconformities of the last two years."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import date, timedelta
from typing import TYPE_CHECKING

from django.db.models import Q
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from andon.modules.nonconformities.models import Nonconformity

if TYPE_CHECKING:
    from .action import CorrectiveAction

LOOKED_BACK = timedelta(days=730)
READ = 300
SHOWN = 12


@dataclass
class Place:
    """One item, line or site to look at, and what in the records proposes it."""

    key: str
    text: str
    reasons: set[str] = field(default_factory=set)
    cases: int = 0
    last: date = date.min

    def __str__(self) -> str:
        return self.text

    @property
    def why(self) -> str:
        counted = ngettext("%d case", "%d cases", self.cases) % self.cases
        return "{}: {}, {}".format(", ".join(sorted(self.reasons)), counted, self.last)


def places(action: CorrectiveAction) -> list[Place]:
    """Return where the same defect was seen elsewhere, and where the same items run elsewhere.

    Restricted cases propose nothing, so that no place gives them away.
    """
    cases = action.cases
    items = {case.item_id for case in cases if case.item_id}
    defects = {case.defect_id for case in cases if case.defect_id}
    lines = {case.line_id for case in cases if case.line_id}
    found: dict[str, Place] = {}
    for case in _alike(action, items, defects):
        for place, reason in _proposed(action, case, (items, defects, lines)):
            kept = found.setdefault(place.key, place)
            kept.reasons.add(reason)
            kept.cases += 1
            kept.last = max(kept.last, case.opened_date)
    return sorted(found.values(), key=lambda place: (-place.cases, place.key))[:SHOWN]


def _alike(action: CorrectiveAction, items: set[int], defects: set[int]) -> list[Nonconformity]:
    if not items and not defects:
        return []
    rows = Nonconformity.objects.filter(
        Q(defect_id__in=defects) | Q(item_id__in=items),
        restricted=False,
        opened_date__gt=action.opened_date - LOOKED_BACK,
    )
    rows = rows.exclude(state="void").exclude(pk__in=action.case_ids)
    return list(rows.select_related("item", "line", "site").order_by("-pk")[:READ])


def _proposed(
    action: CorrectiveAction,
    case: Nonconformity,
    known: tuple[set[int], set[int], set[int]],
) -> list[tuple[Place, str]]:
    items, defects, lines = known
    same_defect, same_item = case.defect_id in defects, case.item_id in items
    reason = _("same defect") if same_defect else _("same item")
    found = []
    if case.line is not None and case.line_id not in lines:
        found.append((Place(f"line:{case.line_id}", str(case.line)), reason))
    if same_defect and case.item is not None and not same_item:
        found.append((Place(f"item:{case.item_id}", str(case.item)), reason))
    if same_defect and case.site_id != action.site_id:
        found.append((Place(f"site:{case.site_id}", str(case.site)), reason))
    return found
