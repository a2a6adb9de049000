"""What the worker does, one line a duty; it runs them in this order."""

from andon.modules.production import jobs as production
from andon.organization.duties import Duty
from andon.portal.notices import jobs as notices

DUTIES: tuple[Duty, ...] = (*notices.DUTIES, *production.DUTIES)
