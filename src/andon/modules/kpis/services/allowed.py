"""Who may act on a KPI, and the row of it locked for a change."""

from django.core.exceptions import PermissionDenied
from django.utils.translation import gettext_lazy as _

from andon.accounts.models import Site, User
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


def locked(kpi: Kpi) -> Kpi:
    """Return the KPI as it is now, locked, so that two refreshes follow each other."""
    rows = Kpi.objects.select_for_update(of=("self",))
    found: Kpi = rows.select_related("site", "process", "owner").get(pk=kpi.pk)
    return found
