"""Who may act on a KPI, and the row of it locked for a change."""

from collections.abc import Iterator

from django.core.exceptions import PermissionDenied
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from andon.accounts.models import RoleGrant, Site, User
from andon.accounts.roles import Role
from andon.modules.kpis.models import Kpi


def home_of(kpi: Kpi) -> Site:
    """Return the site that a KPI's batches and signals are filed under.

    A KPI of all sites is at home where its process is, or else at the first site.
    """
    process_site = kpi.process.site if kpi.process else None
    home = kpi.site or process_site or Site.objects.order_by("pk").first()
    if home is None:
        raise Site.DoesNotExist
    return home


def require(by: User, permission: str, kpi: Kpi) -> None:
    """Raise ``PermissionDenied`` unless ``by`` holds ``permission`` where the KPI is at home."""
    if not by.may(permission, home_of(kpi).pk):
        raise PermissionDenied(_("Your roles do not allow this at this site."))


def answerer(kpi: Kpi, home: Site) -> User:
    """Return who is asked for answers: the owner, else that of the process, else quality.

    Somebody who cannot sign in any more or may not answer at ``home`` is passed over.
    """
    candidates = [kpi.owner, kpi.process.owner if kpi.process else None]
    for person in [*candidates, *_quality(home)]:
        if person is not None and person.is_active and person.may("kpis.answer", home.pk):
            return person
    return kpi.owner


def _quality(home: Site) -> Iterator[User]:
    """Yield the quality managers at ``home``, then those of quality, the longest there first."""
    for role in (Role.MANAGER, Role.QUALITY):
        grants = RoleGrant.objects.filter(role=role, user__is_active=True)
        there = grants.filter(Q(site=home) | Q(site=None)).select_related("user").order_by("pk")
        yield from (grant.user for grant in there[:20])


def locked(kpi: Kpi) -> Kpi:
    """Return the KPI as it is now, locked, so that two refreshes follow each other."""
    rows = Kpi.objects.select_for_update(of=("self",))
    found: Kpi = rows.select_related("site", "process__owner", "owner").get(pk=kpi.pk)
    return found
