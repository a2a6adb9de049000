"""Nonconformities counted by any of their fields, the largest first."""

from collections import defaultdict
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from decimal import Decimal
from typing import Any

from django.db.models import Count, F, QuerySet, Sum
from django.utils.functional import Promise
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from andon.accounts.models import Site, User
from andon.modules.nonconformities.models import (
    ActionDecision,
    Category,
    DefectCode,
    FoundAt,
    Severity,
    State,
    Tree,
)
from andon.organization.models import Item, Line, Party, Process

# So many groups are looked at; the rest is one bar of its own.
GROUPS = 2000
Keys = Iterable[Any]


@dataclass(frozen=True)
class Field:
    """A field to count by: where it stands, what its values are called, which filter it feeds."""

    label: str | Promise
    column: str
    names: Callable[[Keys], Mapping[Any, str]]
    # The filter of the list, and what it takes for a value.
    filter: str = ""
    code: Callable[[Keys], Mapping[Any, str]] | None = None


def _rows(model: type[Any], text: str = "") -> Callable[[Keys], Mapping[Any, str]]:
    def names(keys: Keys) -> Mapping[Any, str]:
        rows = model.objects.filter(pk__in=[key for key in keys if key is not None])
        return {row.pk: str(getattr(row, text)) if text else str(row) for row in rows}

    return names


def _choices(choices: Any) -> Callable[[Keys], Mapping[Any, str]]:
    return lambda _keys: {value: str(label) for value, label in choices.choices}


def _themselves(keys: Keys) -> Mapping[Any, str]:
    return {key: str(key) for key in keys}


FIELDS: dict[str, Field] = {
    "defect": Field(
        gettext_lazy("Defect"), "defect_id", _rows(DefectCode), "defect", _rows(DefectCode, "code")
    ),
    "defect_group": Field(
        gettext_lazy("Defect group"),
        "defect_id",
        _rows(DefectCode),
        "defect",
        _rows(DefectCode, "code"),
    ),
    "item": Field(gettext_lazy("Item"), "item_id", _rows(Item), "item", _rows(Item, "number")),
    "line": Field(gettext_lazy("Line"), "line_id", _rows(Line), "line", _rows(Line, "code")),
    "process": Field(gettext_lazy("Process"), "process_id", _rows(Process)),
    "site": Field(gettext_lazy("Site"), "site_id", _rows(Site), "site", _themselves),
    "party": Field(gettext_lazy("Supplier or customer"), "party_id", _rows(Party)),
    "origin": Field(gettext_lazy("Operation where it arose"), "origin", _themselves),
    "severity": Field(
        gettext_lazy("Severity"), "severity", _choices(Severity), "severity", _themselves
    ),
    "found_at": Field(
        gettext_lazy("Where it was found"), "found_at", _choices(FoundAt), "found_at", _themselves
    ),
    "category": Field(gettext_lazy("What is affected"), "category", _choices(Category)),
    "state": Field(gettext_lazy("State"), "state", _choices(State), "state", _themselves),
    "lot": Field(gettext_lazy("Lot"), "lot", _themselves),
    "owner": Field(gettext_lazy("Owner"), "owner_id", _rows(User)),
    "action": Field(
        gettext_lazy("Corrective action needed"), "action_decision", _choices(ActionDecision)
    ),
}
WEIGHTS: dict[str, str | Promise] = {
    "count": gettext_lazy("Nonconformities"),
    "quantity": gettext_lazy("Suspect quantity"),
    "cost": gettext_lazy("Cost"),
}
_SUMS = {"count": Count("pk"), "quantity": Sum("suspect_quantity"), "cost": Sum("cost")}


@dataclass(frozen=True)
class Bar:
    """One value of the field with its weight; ``query`` filters the list down to it."""

    name: str
    total: Decimal
    query: str = ""


def pareto(rows: QuerySet[Any], by: str, *, weight: str = "count") -> list[Bar]:
    """Return the values of the field ``by`` among ``rows``, the heaviest first.

    Rows without a value are one bar, "Not stated". Groups of nothing are left out.
    """
    field = FIELDS[by]
    found = rows.order_by().values(field.column).annotate(total=_SUMS[weight])
    heaviest = found.order_by(F("total").desc(nulls_last=True))[: GROUPS + 1]
    sums: dict[Any, Decimal] = {
        row[field.column]: Decimal(row["total"] or 0) for row in heaviest[:GROUPS]
    }
    rest = _rest(rows, weight, sums) if len(heaviest) > GROUPS else Decimal(0)
    if by == "defect_group":
        sums = _grouped(sums)
    bars = _bars(field, {key: total for key, total in sums.items() if total > 0})
    return [*bars, Bar(_("All others"), rest)] if rest > 0 else bars


def _rest(rows: QuerySet[Any], weight: str, sums: Mapping[Any, Decimal]) -> Decimal:
    whole = rows.order_by().aggregate(total=_SUMS[weight])["total"] or 0
    return Decimal(whole) - sum(sums.values(), Decimal(0))


def _grouped(sums: Mapping[Any, Decimal]) -> dict[Any, Decimal]:
    tree, found = Tree(DefectCode.objects.all()), defaultdict[Any, Decimal](Decimal)
    for key, total in sums.items():
        root = tree.root(key)
        found[root.pk if root else None] += total
    return found


def _bars(field: Field, sums: Mapping[Any, Decimal]) -> list[Bar]:
    names = field.names(sums)
    codes = field.code(sums) if field.code else {}
    bars = [
        Bar(
            name=_("Not stated") if key in (None, "") else names.get(key, str(key)),
            total=total,
            query=f"{field.filter}={codes[key]}" if key in codes and key != "" else "",
        )
        for key, total in sums.items()
    ]
    return sorted(bars, key=lambda bar: (-bar.total, bar.name))
