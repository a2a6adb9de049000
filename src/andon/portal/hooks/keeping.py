"""Hands checkpoints of the trail to other programs: keepers outside of the database (AT9)."""

from andon.organization import clock
from andon.trail.canonical import instant
from andon.trail.models import Checkpoint
from andon.trail.services import SYSTEM, audited

from .models import Delivery, Event, Webhook
from .telling import message

KEEPER = SYSTEM("webhooks")


def by_webhook(newest: Checkpoint) -> None:
    """Put ``newest`` into the queue of every webhook that keeps checkpoints, once each."""
    key, now = f"checkpoint-{newest.number}", clock.now()
    told = Webhook.objects.filter(is_active=True).exclude(deliveries__key=key)
    hooks = [hook for hook in told if Event.CHECKPOINT in hook.events]
    if not hooks:
        return
    at = instant(newest.at)
    with audited(KEEPER):
        Delivery.objects.bulk_create(
            Delivery(
                webhook=hook,
                key=key,
                event=Event.CHECKPOINT,
                body=message(f"{hook.pk}-{key}", "checkpoint", at=at, checkpoint=newest.text),
                made_at=now,
                due_at=now,
            )
            for hook in hooks
        )
