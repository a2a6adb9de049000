"""What leaves the house and what stays: a webhook that is switched off, retention, a hold."""

from __future__ import annotations

from typing import TYPE_CHECKING

from andon.portal.hooks import services as hooks
from andon.portal.retention import services as retention

if TYPE_CHECKING:
    from andon.demo.factory import Factory


def outward(factory: Factory) -> None:
    """Let the ERP system be told of nonconformities, once somebody switches it on."""
    adam = factory.people["adam"]
    hooks.allow_host(host="erp.example.com", note="ERP of the factory", by=adam)
    hooks.add(
        {
            "name": "ERP",
            "url": "https://erp.example.com/quality",
            "events": ["created", "moved"],
            "kinds": ["nonconformities"],
            "is_active": False,
        },
        by=adam,
    )
    ana = factory.people["ana"]
    retention.keep_for("nonconformities", years=10, basis="Supply contracts", by=ana)
    retention.keep_for("actions", years=10, basis="Supply contracts", by=ana)
    retention.hold(
        {
            "title": "Claim of Nordwind Pumps",
            "reason": "Their lawyers asked for everything of that year.",
            "kind": "nonconformities",
            "opened_from": factory.today.replace(month=1, day=1),
        },
        by=ana,
    )
