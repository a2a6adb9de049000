"""What the worker does, one line a duty; it runs them in this order."""

from datetime import timedelta

from django.utils.translation import gettext_lazy as _

from andon.entry import jobs as entry
from andon.modules.kpis import jobs as kpis
from andon.modules.production import jobs as production
from andon.organization.duties import Duty
from andon.portal.hooks import jobs as hooks
from andon.portal.keeping import jobs as keeping
from andon.portal.notices import jobs as notices
from andon.portal.operations import jobs as operations
from andon.portal.proof import jobs as proof
from andon.store import jobs as store
from andon.tasks.services import tidy

# Facts first, then what they say, then who is told; last what keeps it all.
DUTIES: tuple[Duty, ...] = (
    *production.DUTIES,
    *kpis.DUTIES,
    *notices.DUTIES,
    *entry.DUTIES,
    *hooks.DUTIES,
    *store.DUTIES,
    *proof.DUTIES,
    *operations.DUTIES,
    Duty("tasks.tidy", timedelta(hours=6), tidy, _("Tasks done long ago are forgotten")),
    *keeping.DUTIES,
)
