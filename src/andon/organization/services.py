"""What people do with the organization's lists and settings."""

from typing import Any, TypeVar, cast

from django.core.exceptions import PermissionDenied, ValidationError
from django.db import models
from django.utils.translation import gettext_lazy as _

from andon.accounts import names
from andon.accounts.models import User
from andon.accounts.stale import refuse_when_stale
from andon.organization import queries
from andon.organization.apps import MANAGE
from andon.organization.models import CostRate, Item, Party, Settings
from andon.trail.models import AuditedModel
from andon.trail.services import SYSTEM, audited, retrying

Row = TypeVar("Row", bound=AuditedModel)
# What makes a new version of a rate.
VERSIONED = ("amount", "from_date", "reason")


@retrying
def add(row: Row, *, by: User | SYSTEM) -> Row:
    """Add a process, item, party, line, shift, holiday or rate."""
    with audited(by, reason=_("added to the lists")):
        _require(by, row)
        _tidy(row)
        row.full_clean()
        row.save()
    return row


@retrying
def edit(row: Row, *, changes: dict[str, Any], by: User | SYSTEM, mark: str | None = None) -> Row:
    """Change a row of the lists; nothing is deleted, ``is_active`` takes it out of use.

    Raises ``StaleError`` when ``mark`` was made of other values (``accounts.stale.seen``).
    """
    with audited(by, reason=_("lists edited")):
        stored: Row = cast("Any", type(row)).objects.select_for_update().get(pk=row.pk)
        _require(by, stored)
        refuse_when_stale(stored, changes, mark)
        for field, value in changes.items():
            setattr(stored, field, value)
        _require(by, stored)
        _tidy(stored)
        stored.full_clean()
        stored.save()
    return stored


@retrying
def revise_rate(
    rate: CostRate, *, changes: dict[str, Any], by: User | SYSTEM, mark: str | None = None
) -> CostRate:
    """Append a newer version of ``rate``, or take this version out of use.

    What was in force stays as it was: a new amount holds from a day on, never before it.
    """
    fresh = CostRate.objects.get(pk=rate.pk)  # a form has written what was typed on the other
    if not _moved(fresh, changes):
        return edit(fresh, changes=changes, by=by, mark=mark)
    refuse_when_stale(fresh, changes, mark)
    if changes["from_date"] <= fresh.from_date:
        raise ValidationError(
            {
                "from_date": _(
                    "An amount in force is not changed; choose the later day from which the new"
                    " one holds. If this one was a mistake, take it out of use and add another."
                )
            }
        )
    newer = CostRate(kind=fresh.kind, item=fresh.item, line=fresh.line)
    for name in VERSIONED:
        setattr(newer, name, changes[name])
    return add(newer, by=by)


def _moved(rate: CostRate, changes: dict[str, Any]) -> bool:
    return any(getattr(rate, name) != changes.get(name) for name in VERSIONED)


@retrying
def edit_settings(
    *, changes: dict[str, Any], by: User | SYSTEM, mark: str | None = None
) -> Settings:
    """Change the organization's settings; the first change makes their row."""
    with audited(by, reason=_("settings changed")):
        rows = Settings.objects.select_for_update()
        stored: Settings = rows.filter(pk=Settings.ONLY).first() or Settings(pk=Settings.ONLY)
        _require(by, stored)
        refuse_when_stale(stored, changes, mark)
        for field, value in changes.items():
            setattr(stored, field, value)
        _tidy(stored)
        stored.full_clean()
        stored.save()
    queries.forget()
    return stored


def _tidy(row: AuditedModel) -> None:
    """Give the one-line texts of ``row`` one form (TX1)."""
    for field in row._meta.fields:
        value = getattr(row, field.attname)
        if isinstance(field, models.CharField) and isinstance(value, str):
            setattr(row, field.attname, names.one_line(value))


def _require(by: User | SYSTEM, row: AuditedModel) -> None:
    """Let through who manages the site of ``row``, or all sites when it counts for all."""
    if not isinstance(by, User):
        return
    if isinstance(row, Item | Party):
        allowed = by.may(MANAGE)
    else:
        allowed = by.may_at(MANAGE, getattr(row, "site_id", None))
    if not allowed:
        raise PermissionDenied(
            _("Only an administrator or quality manager of this site, or of all sites, may do it.")
        )
