"""What the worker does about KPIs: compute what is over, raise what the numbers say."""

from datetime import datetime, timedelta

import structlog
from django.core.exceptions import PermissionDenied, ValidationError
from django.utils.translation import gettext_lazy as _

from andon.organization import clock
from andon.organization.duties import Duty
from andon.records.workflow import Refused

from . import services
from .models import Kpi

log = structlog.get_logger("andon.kpis")


def refresh_all(now: datetime) -> None:
    """Refresh every KPI in use on the day it is at its home; doing it again changes nothing.

    It acts for the person who is asked for answers (the trail says that it came by the worker).
    A KPI that cannot be refreshed is logged and stops no other.
    """
    rows = Kpi.objects.active().select_related("site", "process__owner", "process__site", "owner")
    for kpi in rows.order_by("pk").iterator(chunk_size=200):
        home = services.home_of(kpi)
        day = now.astimezone(clock.zone(home)).date()
        try:
            services.refresh(kpi, by=services.answerer(kpi, home), day=day)
        except (PermissionDenied, Refused, ValidationError) as error:
            log.warning("kpi not refreshed", kpi=kpi.code, error=str(error))


DUTIES: tuple[Duty, ...] = (
    Duty("kpis.refresh", timedelta(hours=1), refresh_all, _("KPIs computed, signals raised")),
)
