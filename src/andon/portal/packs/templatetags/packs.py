"""Who is shown the way to an evidence pack."""

from django import template

from andon.accounts.models import User
from andon.portal.packs.apps import MAKE
from andon.records.models import Record

register = template.Library()


@register.simple_tag
def may_pack(user: User, record: Record) -> bool:
    """Whether ``user`` may hand out ``record`` as a pack."""
    return user.may(MAKE, record.site_id)
