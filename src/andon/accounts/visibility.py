"""The one predicate by which a person sees the rows of a site (AZ2)."""

from typing import Any, ClassVar, Self, TypeVar

from django.db.models import Q

from andon.trail.models import AuditedModel, AuditedQuerySet

Row = TypeVar("Row", bound=AuditedModel)


class SiteQuerySet(AuditedQuerySet[Row]):
    """Rows that belong to a site; ``site_path`` leads to it.

    With ``shared_when_blank`` a row without a site belongs to all of them.
    """

    site_path: ClassVar[str] = "site"
    shared_when_blank: ClassVar[bool] = False

    def visible_to(self, user: Any) -> Self:
        """Return the rows at the sites where ``user`` holds a grant in force."""
        if not has_grant(user):
            return self.none()
        scope = user.site_scope()
        if scope is None:
            return self.all()
        seen = Q((f"{self.site_path}__in", scope))
        if self.shared_when_blank:
            seen |= Q((f"{self.site_path}__isnull", True))
        return self.filter(seen)


def has_grant(user: Any) -> bool:
    """Return whether ``user`` is signed in, active, and holds any grant in force."""
    return bool(user.is_authenticated and user.is_active and user.roles_in_force())
