"""Who sees the rows of the organization."""

from typing import Any, Self

from andon.accounts.visibility import SiteQuerySet, has_grant
from andon.trail.models import AuditedQuerySet


class SharedQuerySet(AuditedQuerySet[Any]):
    """Rows that belong to the whole organization."""

    def visible_to(self, user: Any) -> Self:
        return self.all() if has_grant(user) else self.none()

    def active(self) -> Self:
        return self.filter(is_active=True)


class AtSiteQuerySet(SiteQuerySet[Any]):
    """Rows of one site."""

    def active(self) -> Self:
        return self.filter(is_active=True)


class SharedOrAtSiteQuerySet(AtSiteQuerySet):
    """Rows of one site, or of all sites when it is empty."""

    shared_when_blank = True
