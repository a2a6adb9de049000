"""What people do with the organization's lists and settings."""

from typing import Any, TypeVar

from django.core.exceptions import PermissionDenied
from django.db import models
from django.utils.translation import gettext_lazy as _

from andon.accounts import names
from andon.accounts.models import User
from andon.organization import queries
from andon.organization.apps import MANAGE
from andon.organization.models import Settings
from andon.trail.models import AuditedModel
from andon.trail.services import SYSTEM, audited

Row = TypeVar("Row", bound=AuditedModel)


def add(row: Row, *, by: User | SYSTEM) -> Row:
    """Add a process, item, party, line, shift or holiday."""
    with audited(by, reason=_("added to the lists")):
        _require(by)
        _tidy(row)
        row.full_clean()
        row.save()
    return row


def edit(row: Row, *, changes: dict[str, Any], by: User | SYSTEM) -> Row:
    """Change a row of the lists; nothing is deleted, ``is_active`` takes it out of use."""
    with audited(by, reason=_("lists edited")):
        _require(by)
        stored: Row = type(row).objects.select_for_update().get(pk=row.pk)
        for field, value in changes.items():
            setattr(stored, field, value)
        _tidy(stored)
        stored.full_clean()
        stored.save()
    return stored


def edit_settings(*, changes: dict[str, Any], by: User | SYSTEM) -> Settings:
    """Change the organization's settings; the first change makes their row."""
    with audited(by, reason=_("settings changed")):
        _require(by)
        rows = Settings.objects.select_for_update()
        stored: Settings = rows.filter(pk=Settings.ONLY).first() or Settings(pk=Settings.ONLY)
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


def _require(by: User | SYSTEM) -> None:
    if isinstance(by, User) and not by.may(MANAGE):
        raise PermissionDenied(
            _("Only an administrator or the quality manager changes these lists.")
        )
