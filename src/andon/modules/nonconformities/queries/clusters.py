"""Cases that belong together: the same defect again, or at another line, site or customer."""

import re
from collections import defaultdict
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass, replace
from datetime import date, timedelta
from decimal import Decimal
from typing import Any

from django.db.models import Exists, OuterRef
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from andon.modules.nonconformities.models import FoundAt, Nonconformity, NonconformityQuerySet
from andon.records.models import Link

# So many of the newest cases are compared, and so many clusters shown.
COMPARED = 5000
COMPARED_BY_WORDS = 200
SHOWN = 30
CASES_SHOWN = 50
FEWEST = 2
# Half of the words in common, and not fewer than this.
ALIKE, WORDS = 0.5, 2
_WORD = re.compile(r"\w{4,}")


@dataclass(frozen=True)
class Cluster:
    """Cases with one thing in common; ``uncovered`` have no corrective action yet."""

    why: str | Promise
    what: str
    cases: tuple[Nonconformity, ...]
    lines: tuple[str, ...]
    uncovered: int
    cost: Decimal

    @property
    def size(self) -> int:
        return len(self.cases)

    @property
    def shown(self) -> tuple[Nonconformity, ...]:
        return self.cases[:CASES_SHOWN]

    @property
    def first(self) -> date:
        return min(case.opened_date for case in self.cases)

    @property
    def last(self) -> date:
        return max(case.opened_date for case in self.cases)

    @property
    def spreads(self) -> bool:
        """Whether it happened at more than one line."""
        return len(self.lines) > 1


def clusters(
    visible: NonconformityQuerySet,
    *,
    day: date,
    days: int = 180,
    complaints: bool = False,
    uncovered: bool = False,
) -> list[Cluster]:
    """Return the groups of like cases of the last ``days``, those that need an action first.

    Cases are alike when they have the same defect (at whatever line), the same item and defect,
    the same customer and item, or, where nobody coded them, most words of their title in common.
    """
    rows = visible.filter(opened_date__gt=day - timedelta(days=days), opened_date__lte=day)
    rows = rows.exclude(state="void")
    if complaints:
        rows = rows.filter(found_at=FoundAt.CUSTOMER)
    drawn = Link.objects.filter(target_id=OuterRef("pk"), kind="corrects", ended_date=None)
    related = ("item", "defect", "line__site", "site", "party")
    found = rows.annotate(covered=Exists(drawn)).select_related(*related).order_by("-pk")
    groups = _without_twins(_groups(list(found[:COMPARED])))
    kept = [one for one in groups if one.uncovered or not uncovered]
    return sorted(kept, key=lambda one: (-one.uncovered, -one.size, one.what))[:SHOWN]


def _groups(cases: list[Any]) -> Iterator[Cluster]:
    same, customer = _("Same item, same defect"), _("Same customer, same item")
    yield from _grouped(same, lambda case: _named(case.item, case.defect), cases)
    for one in _grouped(_("Same defect"), lambda case: _named(case.defect), cases):
        yield replace(one, why=_("Same defect at another line")) if one.spreads else one
    yield from _grouped(customer, _complaint, cases)
    uncoded = [case for case in cases if case.defect_id is None][:COMPARED_BY_WORDS]
    for group in _alike(uncoded):
        yield _cluster(_("Titles with the same words"), group[0].title, group)


def _named(*parts: Any) -> tuple[str, ...]:
    return tuple(str(part) for part in parts) if all(parts) else ()


def _complaint(case: Any) -> tuple[str, ...]:
    return _named(case.party, case.item) if case.found_at == FoundAt.CUSTOMER else ()


def _grouped(
    why: Any, key: Callable[[Any], tuple[str, ...]], cases: Iterable[Any]
) -> Iterator[Cluster]:
    groups: dict[tuple[str, ...], list[Any]] = defaultdict(list)
    for case in cases:
        if names := key(case):
            groups[names].append(case)
    for names, group in groups.items():
        if len(group) >= FEWEST:
            yield _cluster(why, ", ".join(names), group)


def _cluster(why: Any, what: str, group: list[Any]) -> Cluster:
    places = {f"{case.line.site.code} {case.line.code}" for case in group if case.line}
    return Cluster(
        why=why,
        what=what,
        cases=tuple(group),
        lines=tuple(sorted(places)),
        uncovered=sum(not case.covered for case in group),
        cost=sum((case.cost for case in group), Decimal(0)),
    )


def _without_twins(found: Iterable[Cluster]) -> list[Cluster]:
    """Keep the first, most precise name of the same cases."""
    seen: dict[frozenset[int], Cluster] = {}
    for one in found:
        seen.setdefault(frozenset(case.pk for case in one.cases), one)
    return list(seen.values())


def _alike(cases: list[Any]) -> Iterator[list[Any]]:
    """Yield groups of cases whose titles share at least half of their words."""
    words = {case.pk: frozenset(_WORD.findall(case.title.casefold())) for case in cases}
    left = list(cases)
    while left:
        first, *rest = left
        group = [first, *(one for one in rest if _share(words[first.pk], words[one.pk]))]
        taken = {case.pk for case in group}
        left = [case for case in rest if case.pk not in taken]
        if len(group) >= FEWEST:
            yield group


def _share(one: frozenset[str], other: frozenset[str]) -> bool:
    common = len(one & other)
    return common >= WORDS and common >= ALIKE * len(one | other)
