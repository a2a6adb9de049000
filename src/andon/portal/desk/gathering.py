"""What only shows when all rows are seen together: repeats, and links between rows."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any, cast

from django.utils.translation import gettext as _

from andon.accounts.models import User
from andon.portal.desk.fields import Target
from andon.portal.desk.models import Choice, Intake, IntakeRow
from andon.portal.desk.targets import LINK
from andon.portal.desk.values import folded
from andon.records.models import Record


def gather(intake: Intake, target: Target, by: User) -> None:
    """Say of each row whether it is there already, and whether what it names is there."""
    rows = list(intake.rows.defer("cells").order_by("position"))
    known = there(intake, target, {row.key for row in rows if row.key}, by)
    numbers = {folded(name) for row in rows if not row.out for name in row.links}
    linked = {row.key for row in rows if not row.out} | set(named(numbers, by))
    first: dict[str, int] = {}
    changed = []
    for row in rows:
        before = (row.same_as, row.choice, row.undecided, dict(row.errors), row.bad)
        _compare(row, known, first)
        _look_for_links(row, _heading(intake), linked)
        if before != (row.same_as, row.choice, row.undecided, row.errors, row.bad):
            changed.append(row)
    IntakeRow.objects.keep(changed, "same_as", "choice", "undecided", "errors", "bad")


def _compare(row: IntakeRow, known: dict[str, str], first: dict[str, int]) -> None:
    row.same_as = ""
    if row.key and not row.out:
        if row.key in known:
            row.same_as = known[row.key]
        elif row.key in first:
            row.same_as = _("Row %d says the same number.") % first[row.key]
            if row.key.startswith("="):
                row.same_as = _("Row %d has the same cells.") % first[row.key]
        else:
            first[row.key] = row.number
    if not row.same_as:
        row.choice = Choice.OPEN
    row.undecided = bool(row.same_as) and not row.choice


def there(intake: Intake, target: Target, keys: set[str], by: User) -> dict[str, str]:
    """Return, of ``keys``, those of rows that are there already, with a sentence."""
    if not target.is_record:
        rows = rows_of_target(target, intake)
        found = {_key_of(row, target): str(row) for row in rows}
        return {key: _("%s is there already.") % found[key] for key in keys if key in found}
    kind = cast("type[Record]", target.model)
    rows = Record.objects.filter(kind=kind.slug(), site=intake.site, void_reason="")
    rows = rows.exclude(old_number="")
    found = _with_old(rows, {k for k in keys if not k.startswith("=")})
    seen = set(rows.filter(pk__in=Record.objects.visible_to(by).values("pk")).values_list("number"))
    return {
        key: _("%s was taken over with this number.") % number
        if (number,) in seen
        else _("A record that you do not see was taken over with this number.")
        for key, number in found.items()
    }


def _with_old(rows: Any, keys: set[str]) -> dict[str, str]:
    """Return numbers by old number; old numbers are compared without case, in Python."""
    if not keys:
        return {}
    pairs = rows.values_list("number", "old_number")
    return {folded(old): number for number, old in pairs.iterator() if folded(old) in keys}


def rows_of_target(target: Target, intake: Intake) -> Any:
    """Return the rows of a list at the site, also those no longer in use."""
    rows: Any = cast("Any", target.model)._default_manager.all()
    return rows.filter(site=intake.site) if target.is_at_site else rows


def _key_of(row: Any, target: Target) -> str:
    return "|".join(folded(str(getattr(row, name))) for name in target.key)[:120]


def _heading(intake: Intake) -> str:
    return next(iter(intake.mapping["fields"].get(LINK, {}).get("columns", ())), "")


def _look_for_links(row: IntakeRow, heading: str, linked: set[str]) -> None:
    row.errors.pop(heading, None) if heading else None
    missing = [name for name in row.links if folded(name) not in linked]
    if missing and not row.out:
        row.errors[heading] = _("No record has the number %s.") % ", ".join(missing)
    elif row.key in {folded(name) for name in row.links}:
        row.errors[heading] = _("A record cannot be linked to itself.")
    row.bad = bool(row.errors)


def named(names: Iterable[str], by: User) -> dict[str, int]:
    """Return the records that ``by`` sees, by folded old number or number."""
    wanted = set(names)
    found: dict[str, int] = {}
    if not wanted:
        return found
    rows = Record.objects.visible_to(by).filter(void_reason="")
    for key, number, old in rows.values_list("pk", "number", "old_number").iterator():
        for text in (old, number):
            if text and folded(text) in wanted:
                found[folded(text)] = key
    return found
