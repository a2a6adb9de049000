"""What an administrator does with webhooks."""

from collections.abc import Mapping
from datetime import datetime
from typing import Any

from django.core.exceptions import PermissionDenied, ValidationError
from django.utils.translation import gettext_lazy as _

from andon.accounts.models import User
from andon.accounts.stale import refuse_when_stale
from andon.outbound.destinations import NotAllowed, destination, place
from andon.trail.canonical import instant
from andon.trail.security import tell
from andon.trail.services import audited, retrying

from .apps import MANAGE
from .models import AllowedHost, Delivery, Webhook, new_salt
from .telling import message


@retrying
def allow_host(*, host: str, note: str = "", by: User) -> AllowedHost:
    """Put ``host`` on the list, or back onto it."""
    with audited(by, reason=_("host allowed")):
        _require(by)
        try:
            named = place(host)
        except NotAllowed as refusal:
            raise ValidationError({"host": str(refusal)}) from refusal
        row = AllowedHost.objects.filter(host=named).first() or AllowedHost(host=named)
        row.note, row.is_active = note, True
        row.full_clean()
        row.save()
    return row


@retrying
def refuse_host(row: AllowedHost, *, by: User) -> None:
    """Take a host off the list; nothing more is sent there from now on."""
    with audited(by, reason=_("host no longer allowed")):
        _require(by)
        row = AllowedHost.objects.select_for_update().get(pk=row.pk)
        row.is_active = False
        row.save()


@retrying
def add(fields: Mapping[str, Any], *, by: User) -> Webhook:
    """Set up a webhook; what ``by`` sees is what it is told."""
    with audited(by, reason=_("webhook set up")):
        _require(by)
        hook = Webhook(**fields, seen_by=by)
        _check(hook)
        hook.save()
    return hook


@retrying
def change(
    hook: Webhook, *, changes: Mapping[str, Any], by: User, mark: str | None = None
) -> Webhook:
    """Change a webhook; from now on it is told what ``by`` sees."""
    with audited(by, reason=_("webhook changed")):
        _require(by)
        hook = Webhook.objects.select_for_update().get(pk=hook.pk)
        refuse_when_stale(hook, changes, mark)
        for name, value in changes.items():
            setattr(hook, name, value)
        hook.seen_by = by
        _check(hook)
        hook.save()
    return hook


@retrying
def renew_secret(hook: Webhook, *, by: User) -> Webhook:
    """Give ``hook`` a new secret; the old one signs nothing any more."""
    with audited(by, reason=_("new secret of a webhook")):
        _require(by)
        hook = Webhook.objects.select_for_update().get(pk=hook.pk)
        hook.salt = new_salt()
        hook.save()
    return hook


@retrying
def send_test(hook: Webhook, *, by: User, now: datetime) -> Delivery:
    """Put a message into the queue that says only that it is a test."""
    _require(by)
    key = f"test-{instant(now)}"
    body = message(f"{hook.pk}-{key}", "test", at=instant(now))
    with audited(by):
        return Delivery.objects.create(
            webhook=hook, key=key, event="test", body=body, made_at=now, due_at=now
        )


@retrying
def try_again(delivery: Delivery, *, by: User, now: datetime) -> None:
    """Send a message that was given up once more, with all its tries before it."""
    _require(by)
    _settle(delivery, "message sent again", by=by, status="waiting", tries=0, due_at=now)


@retrying
def drop(delivery: Delivery, *, by: User) -> None:
    """Take a message out of the queue."""
    _require(by)
    _settle(delivery, "message dropped", by=by, status="dropped")


def _settle(delivery: Delivery, action: str, *, by: User, **changes: Any) -> None:
    with audited(by):
        stuck = Delivery.objects.filter(pk=delivery.pk, status=Delivery.Status.GIVEN_UP)
        if stuck.update(held_until=None, **changes):
            tell(action, by=by, model="hooks.delivery", object_id=str(delivery.pk))


def _check(hook: Webhook) -> None:
    hook.full_clean()
    if not hook.events:
        raise ValidationError({"events": _("Choose at least one thing it is told of.")})
    allowed = AllowedHost.objects.filter(is_active=True).values_list("host", flat=True)
    try:
        destination(hook.url, allowed=set(allowed))
    except NotAllowed as refusal:
        raise ValidationError({"url": str(refusal)}) from refusal


def _require(by: User) -> None:
    if not by.may(MANAGE):
        raise PermissionDenied(_("Only an administrator sets up webhooks."))
