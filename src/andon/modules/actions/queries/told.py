"""One corrective action as one reader may see it on one day."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from functools import cached_property
from typing import TYPE_CHECKING

from django.utils.formats import date_format

from andon.modules.actions.models import CorrectiveAction, CustomerReport
from andon.modules.nonconformities.models import Nonconformity

if TYPE_CHECKING:
    from andon.accounts.models import User
    from andon.modules.actions.models import Verdict


@dataclass(frozen=True)
class Told:
    """One corrective action as one reader may see it on one day."""

    action: CorrectiveAction
    viewer: User
    day: date

    @cached_property
    def report(self) -> CustomerReport | None:
        found: CustomerReport | None = getattr(self.action, "customer_report", None)
        return found

    @cached_property
    def cases(self) -> list[Nonconformity]:
        rows = Nonconformity.objects.visible_to(self.viewer).filter(pk__in=self.action.case_ids)
        return list(rows.select_related("item", "line", "site", "party", "defect").order_by("pk"))

    @cached_property
    def verdict(self) -> Verdict | None:
        return self.action.verdict(self.day)


def shown(day: date | None) -> str:
    return date_format(day) if day else ""
