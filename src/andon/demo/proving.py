"""The trail is looked through and verified: what the quality manager of the demo did last."""

from __future__ import annotations

from typing import TYPE_CHECKING

from andon.modules.nonconformities.models import Nonconformity
from andon.organization import clock
from andon.portal.proof import queries, services

if TYPE_CHECKING:
    from andon.demo.factory import Factory


def proving(factory: Factory) -> None:
    """Let Ana review the history of one nonconformity, and verify everything once."""
    ana = factory.people["ana"]
    first = Nonconformity.objects.visible_to(ana).order_by("pk").first()
    if first is not None:
        asked = {"number": first.number}
        seqs = [one.entry.seq for one in queries.page(ana, asked).shown]
        note = "Looked through before the surveillance audit: every step has its person and reason."
        services.review(
            asked=asked, first=min(seqs), last=max(seqs), note=note, by=ana, now=clock.now()
        )
    services.run_verification(by=ana)
