"""The one way in for a whole trail that was sealed elsewhere: into a database that has none (AT7).

Rows and entries come along together and are written as they are; the guards stay where they are,
for entries only come and the head only goes on. Whoever brings them in verifies them.
"""

from collections.abc import Callable

from django.db import transaction

from andon.trail.gate import opened
from andon.trail.models import AuditEntry
from andon.trail.sealing import NotAudited


def bring_in(fill: Callable[[], None], check: Callable[[], None]) -> None:
    """Write what ``fill`` writes, if ``check`` then raises nothing; else nothing of it stays.

    Raises
    ------
    NotAudited
        There are entries already: history is never brought in beside another.
    """
    with transaction.atomic(durable=True):
        if AuditEntry.objects.exists():
            raise NotAudited("A trail is brought into a database that has none, or not at all.")
        with opened():
            fill()
        check()
