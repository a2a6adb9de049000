"""What the worker does, one line a duty; it runs them in this order."""

from andon.organization.duties import Duty

DUTIES: tuple[Duty, ...] = ()
