"""The lists behind a decision: defect codes and authorities."""

from typing import Any

from django.core.exceptions import PermissionDenied
from django.utils.translation import gettext_lazy as _

from andon.accounts.models import User
from andon.modules.nonconformities.models import Authority, DefectCode
from andon.records.workflow import Refused
from andon.trail.services import audited


def add_defect_code(
    *, code: str, name: str, by: User, parent: DefectCode | None = None
) -> DefectCode:
    """Add a defect code to the tree; codes are never deleted."""
    _require_codes(by)
    with audited(by, reason=_("defect code added")):
        row = DefectCode(code=code.strip().upper(), name=name.strip(), parent=parent)
        row.full_clean()
        row.save()
    return row


def edit_defect_code(row: DefectCode, *, by: User, **changes: Any) -> DefectCode:
    """Rename a code, move it in the tree, or take it out of use; its code itself stays."""
    _require_codes(by)
    with audited(by, reason=_("defect code changed")):
        fresh: DefectCode = DefectCode.objects.select_for_update().get(pk=row.pk)
        for name in ("name", "parent", "is_active"):
            if name in changes:
                setattr(fresh, name, changes[name])
        fresh.full_clean()
        fresh.save()
    return fresh


def _require_codes(by: User) -> None:
    if not by.may("nonconformities.codes"):
        raise Refused(_("Your roles do not allow you to change the defect codes."))


def add_authority(*, severity: str, reach: str, role: str, by: User) -> Authority:
    """Say which role must agree to decisions on a severity."""
    _require_authorities(by)
    with audited(by, reason=_("authority added")):
        ended = Authority.objects.select_for_update().filter(is_active=False)
        old = ended.filter(severity=severity, reach=reach, role=role).first()
        authority: Authority = old or Authority(severity=severity, reach=reach, role=role)
        authority.is_active = True
        authority.full_clean()
        authority.save()
    return authority


def end_authority(row: Authority, *, by: User) -> Authority:
    """Take an authority out of use; decisions taken under it keep their agreements."""
    _require_authorities(by)
    with audited(by, reason=_("authority ended")):
        fresh: Authority = Authority.objects.select_for_update().get(pk=row.pk)
        fresh.is_active = False
        fresh.save()
    return fresh


def _require_authorities(by: User) -> None:
    # They hold at all sites, so a grant at one site is not enough.
    if not by.may_at("nonconformities.authorities", None):
        raise PermissionDenied(_("Your roles do not allow you to change the authorities."))
