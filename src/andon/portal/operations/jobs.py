"""The duty of operations."""

from datetime import timedelta

from django.utils.translation import gettext_lazy as _

from andon.organization.duties import Duty
from andon.portal.operations import time_source

DUTIES = (
    Duty("operations.clock", timedelta(minutes=1), time_source.check, _("Watch over the clock")),
)
