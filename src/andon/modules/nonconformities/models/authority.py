"""Who decides on what: authorities by severity (8.7.2 d)."""

from collections.abc import Iterable
from typing import Any, ClassVar

from django.db import models
from django.utils.translation import gettext_lazy as _

from andon.accounts.roles import Role
from andon.modules.nonconformities.lifecycle import Severity
from andon.organization.models import SharedQuerySet
from andon.trail.models import AuditedModel

from .choices import Disposal, Reach

CONCESSIONS = frozenset({Disposal.USE_AS_IS, Disposal.REPAIR})


class AuthorityQuerySet(SharedQuerySet):
    def for_case(self, severity: str, disposals: Iterable[str]) -> list["Authority"]:
        """Return the authorities needed for these dispositions of this severity."""
        return [row for row in self.filter(severity=severity) if row.reaches(set(disposals))]


class Authority(AuditedModel):
    """A role that must agree before a nonconformity of one severity is decided (8.7.2 d).

    Several rows of one severity make a review board: each role agrees, by one person each.
    """

    severity = models.CharField(_("severity"), max_length=10, choices=Severity)
    reach = models.CharField(_("for"), max_length=10, choices=Reach, default=Reach.ANY)
    role = models.CharField(_("who must agree"), max_length=20, choices=Role)
    is_active = models.BooleanField(_("in use"), default=True)

    objects: ClassVar[Any] = AuthorityQuerySet.as_manager()

    class Meta:
        verbose_name = _("authority")
        verbose_name_plural = _("authorities")
        ordering = ("severity", "reach", "role")
        constraints = (
            models.UniqueConstraint(
                fields=["severity", "reach", "role"],
                name="one_authority_each",
                violation_error_message=_("This authority is in the list already."),
            ),
        )

    def __str__(self) -> str:
        return f"{self.get_severity_display()} · {self.get_reach_display()}: {self.role_name}"

    @property
    def role_name(self) -> str:
        return str(Role(self.role).label)

    def reaches(self, disposals: set[str]) -> bool:
        """Return whether it is needed where these dispositions are decided."""
        if self.reach == Reach.CONCESSION:
            return bool(disposals & CONCESSIONS)
        if self.reach == Reach.SCRAP:
            return Disposal.SCRAP in disposals
        return True
