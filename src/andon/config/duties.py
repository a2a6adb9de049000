"""What the worker does, one line a duty; it runs them in this order."""

from andon.organization.duties import Duty
from andon.portal.notices import jobs as notices

DUTIES: tuple[Duty, ...] = (*notices.DUTIES,)
