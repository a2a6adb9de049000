"""A webhook that is set up and switched off: a demo sends nothing to anybody."""

from __future__ import annotations

from typing import TYPE_CHECKING

from andon.portal.hooks import services

if TYPE_CHECKING:
    from andon.demo.factory import Factory


def outward(factory: Factory) -> None:
    """Let the ERP system be told of nonconformities, once somebody switches it on."""
    adam = factory.people["adam"]
    services.allow_host(host="erp.example.com", note="ERP of the factory", by=adam)
    services.add(
        {
            "name": "ERP",
            "url": "https://erp.example.com/quality",
            "events": ["created", "moved"],
            "kinds": ["nonconformities"],
            "is_active": False,
        },
        by=adam,
    )
