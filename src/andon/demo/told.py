"""What the people of the demo hear of: what one watches, who stands in, what is new."""

from __future__ import annotations

from datetime import timedelta
from typing import TYPE_CHECKING

from andon.demo.people import MAKER
from andon.organization import clock
from andon.portal.notices import services
from andon.portal.notices.models import TrailCursor
from andon.records.models import Record
from andon.trail.models import TrailHead
from andon.trail.sealing import RECORDS
from andon.trail.services import audited

if TYPE_CHECKING:
    from andon.demo.factory import Factory

# The worker tells of this many entries when it looks for the first time.
LATELY = 300
WATCHED = 2


def told(factory: Factory) -> None:
    """Let Ana stand in for Tina and watch what is new, and let the worker tell of the last days."""
    ana, tina = factory.people["ana"], factory.people["tina"]
    of_others = Record.objects.visible_to(ana).open().exclude(owner=ana)
    for record in of_others.order_by("-pk")[:WATCHED]:
        services.watch(record, by=ana, wanted=True)
    today = clock.today()
    services.go_away(
        tina, substitute=ana, from_date=today, until_date=today + timedelta(days=4), by=tina
    )
    with audited(MAKER):
        head = TrailHead.objects.get(stream=RECORDS).seq
        TrailCursor.objects.create(pk=TrailCursor.ONLY, seq=max(head - LATELY, 0))
