"""Causes of scrap and stops: the words people choose from."""

from __future__ import annotations

from django.core.exceptions import PermissionDenied
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from andon.accounts import names
from andon.accounts.models import User
from andon.modules.production.models import Cause
from andon.trail.services import SYSTEM, audited


def add_cause(kind: str, code: str, *, by: User | SYSTEM, name: str = "") -> Cause:
    """Add a cause of scrap or of stops."""
    if isinstance(by, User) and not by.may("production.causes"):
        raise PermissionDenied(_("Causes are named by process owners and quality."))
    with audited(by, reason=gettext_lazy("cause added")):
        cause = Cause(
            kind=kind, code=names.one_line(code), name=names.one_line(name) or names.one_line(code)
        )
        cause.full_clean()
        cause.save()
    return cause


def cause_for(kind: str, code: str, *, by: User | SYSTEM) -> Cause:
    """Return the cause with this code, made if there is none."""
    found: Cause | None = Cause.objects.filter(kind=kind, code=names.one_line(code)).first()
    return found or add_cause(kind, code, by=by)
