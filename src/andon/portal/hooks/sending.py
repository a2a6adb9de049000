"""Takes messages to other programs: held while they are sent, tried again, given up in the open.

A worker killed between the answer and the mark sends one message once more, under the same id;
that is what the id is for.
"""

import logging
import time
from collections.abc import Iterator
from datetime import datetime, timedelta

from django.db.models import Q
from django.utils.translation import gettext as _

from andon.organization import clock
from andon.outbound.destinations import NotAllowed, destination
from andon.outbound.sending import NotSent, post
from andon.outbound.signature import HEADER, sign
from andon.portal.notices.people import Sight, known

from .apps import MANAGE
from .models import AllowedHost, Delivery, Webhook

BATCH = 100
HELD = timedelta(minutes=2)
# The other duties wait meanwhile.
LONGEST_RUN_SECONDS = 60
# A message repeats words of a record; the least time that a record is kept is a year.
KEPT = timedelta(days=90)
WAITS = tuple(timedelta(minutes=m) for m in (1, 5, 15, 60, 240, 720, 1440))

log = logging.getLogger("andon.hooks")


def send_due(now: datetime) -> None:
    """Send what is due, oldest first; a program that does not answer holds up no other."""
    ends = time.monotonic() + LONGEST_RUN_SECONDS
    silent: set[int] = set()
    allowed = _allowed()
    for delivery in _due(now):
        if time.monotonic() > ends:
            return
        if delivery.webhook_id in silent or not _hold(delivery, now):
            continue
        if not _send(delivery, allowed, now):
            silent.add(delivery.webhook_id)


def forget_old(now: datetime) -> None:
    """Forget messages that wait no more, a while after they were made."""
    old = Delivery.objects.filter(made_at__lt=now - KEPT)
    old.exclude(status=Delivery.Status.WAITING).delete()


def _due(now: datetime) -> Iterator[Delivery]:
    waiting = Delivery.objects.filter(
        _free(now), status=Delivery.Status.WAITING, due_at__lte=now, webhook__is_active=True
    )
    rows = list(waiting.select_related("webhook").order_by("due_at", "pk")[:BATCH])
    people, sight = known(row.webhook.seen_by_id for row in rows), Sight()
    for row in rows:
        person = people.get(row.webhook.seen_by_id)
        if person is None or not person.may(MANAGE):
            _mark(row, now, error=_("Who set this webhook up may do so no more. Save it anew."))
        elif row.record_id is not None and not sight(person, row.record_id):
            _mark(row, now, error=_("Who set this webhook up may no longer see the record."))
        else:
            yield row


def _free(now: datetime) -> Q:
    return Q(held_until=None) | Q(held_until__lt=now)


def _hold(delivery: Delivery, now: datetime) -> bool:
    """Return whether this worker has the message now; one statement, so only one has it."""
    mine = Delivery.objects.filter(
        _free(now), pk=delivery.pk, status=Delivery.Status.WAITING, tries=delivery.tries
    )
    return bool(mine.update(held_until=now + HELD))


def _send(delivery: Delivery, allowed: set[str], now: datetime) -> bool:
    """Send one message and mark what became of it; return whether it arrived."""
    hook, body = delivery.webhook, delivery.body.encode()
    headers = {
        "Content-Type": "application/json",
        "User-Agent": "Andon",
        "Andon-Event": delivery.event,
        "Andon-Delivery": f"{hook.pk}-{delivery.key}",
        HEADER: sign(hook.secret, body, at=int(clock.now().timestamp())),
    }
    try:
        answer = post(destination(hook.url, allowed=allowed), body, headers=headers)
    except (NotAllowed, NotSent) as trouble:
        _again(delivery, now, str(trouble))
        return False
    if not answer.is_ok:
        _again(delivery, now, _("It answered with the status %d.") % answer.status)
        return False
    _mark(delivery, now, sent=True)
    return True


def _again(delivery: Delivery, now: datetime, error: str) -> None:
    """Try again later, each time after a longer wait; then give up where it is seen."""
    log.warning("Delivery %d did not arrive.", delivery.pk)
    if delivery.tries >= len(WAITS):
        _mark(delivery, now, error=error)
        return
    Delivery.objects.filter(pk=delivery.pk).update(
        tries=delivery.tries + 1,
        due_at=now + WAITS[delivery.tries],
        held_until=None,
        error=error[:300],
    )


def _mark(delivery: Delivery, now: datetime, *, sent: bool = False, error: str = "") -> None:
    status = Delivery.Status.SENT if sent else Delivery.Status.GIVEN_UP
    Delivery.objects.filter(pk=delivery.pk).update(
        status=status,
        tries=delivery.tries + 1,
        sent_at=now if sent else None,
        held_until=None,
        error=error[:300],
    )


def _allowed() -> set[str]:
    return set(AllowedHost.objects.filter(is_active=True).values_list("host", flat=True))


def is_known(hook: Webhook) -> bool:
    """Return whether the address of ``hook`` leads to a host of the list."""
    try:
        destination(hook.url, allowed=_allowed())
    except NotAllowed:
        return False
    return True
