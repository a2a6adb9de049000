"""One budget of wrong tries for every way to prove who one is; no one is locked out by it (AU4).

    tried = throttle.attempt(account, request, act="signing")   # raises Paused
    tried.succeeded() or tried.failed()

A try is counted by one statement *before* anything is checked, and taken back when it succeeds;
so fifty guesses at once are fifty counts. It is called outside of any audited block, whose
rollback would forget the count. `proving` does all this for a password.

The budgets: the account from this address, the account from anywhere, and the address. A browser
in which the person has signed in before has a budget of its own instead, out of strangers' reach.
"""

import hashlib
import hmac
import ipaddress
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from django.conf import settings
from django.db import connection
from django.db.models import F
from django.http import HttpRequest
from django.utils.translation import gettext as _

from andon.accounts import clock
from andon.accounts.models import User
from andon.entry import devices
from andon.entry.models import Budget
from andon.trail.edge import client_address
from andon.trail.sealing import current
from andon.trail.security import tell
from andon.trail.services import SYSTEM

PAUSE = timedelta(minutes=15)
MOST = {
    Budget.Kind.PAIR: 5,
    Budget.Kind.ACCOUNT: 10,
    # A whole plant may stand behind one address.
    Budget.Kind.ADDRESS: 50,
    Budget.Kind.DEVICE: 5,
}
DOOR = SYSTEM("door")

# One statement, so nothing can come between looking and counting, on either database. A pause
# that is over begins a new count; while one lasts nothing is counted, so it always ends.
_COUNT = """
INSERT INTO entry_budget (key, kind, person_id, address, used, most, until)
VALUES (%s, %s, %s, %s, 1, %s, %s)
ON CONFLICT (key) DO UPDATE SET
  used = CASE WHEN entry_budget.until <= %s THEN 1 ELSE entry_budget.used + 1 END,
  until = excluded.until, most = excluded.most
WHERE entry_budget.until <= %s OR entry_budget.used < entry_budget.most
RETURNING used
"""


class Paused(Exception):
    """Too many wrong tries; ``until`` when it goes on. The sentence may be shown to the person."""

    def __init__(self, until: datetime) -> None:
        minutes = max(1, round((until - clock.now()).total_seconds() / 60))
        super().__init__(
            _("Too many wrong tries. Wait %(minutes)d minutes, or ask an administrator to lift it.")
            % {"minutes": minutes}
        )
        self.until = until


class CountedInsideError(RuntimeError):
    """A bug: a try counted inside an audited block is forgotten when the block is refused."""


@dataclass(frozen=True)
class Counted:
    """A budget as it stood after the try was counted."""

    key: str
    kind: str
    left: int


@dataclass(frozen=True)
class Try:
    """One counted try; say how it ended."""

    act: str
    person: User | None
    signed_in: bool
    counted: tuple[Counted, ...]

    def succeeded(self) -> None:
        """Take the count back; earlier wrong tries stay counted."""
        _take_back(self.counted)

    def failed(self, **more: Any) -> None:
        """Let the count stand and tell of the failure, with ``more`` about it."""
        by = self.person if self.signed_in and self.person else DOOR
        tell(f"{self.act} failed", by=by, detail={"person": self._whose(), **more})
        self.stands()

    def stands(self) -> None:
        """Let the count stand, as for a question that costs us something; tell of a pause."""
        for budget in self.counted:
            if budget.left == 0:
                minutes = int(PAUSE.total_seconds() // 60)
                detail = {"person": self._whose(), "budget": budget.kind, "minutes": minutes}
                tell("paused", by=DOOR, detail=detail)

    def _whose(self) -> int | None:
        return self.person.pk if self.person else None


def attempt(account: str, request: HttpRequest, *, act: str = "sign-in") -> Try:
    """Count a try at ``account`` (the key of a user name, known or not), or raise `Paused`."""
    if current.get() is not None:
        raise CountedInsideError("Count the try before the audited block is opened.")
    person = User.objects.filter(username_key=account).first()
    address = client_address(request)
    counted: list[Counted] = []
    for kind, key in _budgets(account, request, person, address):
        used = _count(kind, key, person, address)
        if used is None:
            _take_back(counted)
            raise Paused(_until(key))
        counted.append(Counted(key, kind, MOST[Budget.Kind(kind)] - used))
    signed_in = bool(getattr(request, "user", None) and request.user.is_authenticated)
    return Try(act, person, signed_in, tuple(counted))


def paused() -> Any:
    """Return the pauses in force, the youngest first."""
    running = Budget.objects.filter(used__gte=F("most"), until__gt=clock.now())
    return running.select_related("person").order_by("-until", "key")


def lift(key: str, *, by: User) -> bool:
    """End a pause now; return whether there was one."""
    row = paused().filter(key=key).first()
    if row is None:
        return False
    Budget.objects.filter(key=key).delete()
    tell("pause lifted", by=by, detail={"person": row.person_id, "budget": row.kind})
    return True


def forget(now: datetime) -> None:
    """Forget the counts that are over."""
    Budget.objects.filter(until__lt=now - timedelta(days=1)).delete()


def _budgets(
    account: str, request: HttpRequest, person: User | None, address: str
) -> list[tuple[str, str]]:
    """Return kind and key of the budgets of a try, the narrowest first."""
    kind, near = Budget.Kind, network(address)
    if device := devices.known(request, person):
        return [(kind.DEVICE, _key(kind.DEVICE, account, device))]
    return [
        (kind.PAIR, _key(kind.PAIR, account, near)),
        (kind.ACCOUNT, _key(kind.ACCOUNT, account)),
        (kind.ADDRESS, _key(kind.ADDRESS, near)),
    ]


def network(address: str) -> str:
    """Return what counts as one address: of IPv6 the 64 bits that one household gets."""
    try:
        parsed = ipaddress.ip_address(address)
    except ValueError:
        return address
    if isinstance(parsed, ipaddress.IPv6Address):
        if parsed.ipv4_mapped:
            return str(parsed.ipv4_mapped)
        return str(ipaddress.ip_network((int(parsed) >> 64 << 64, 64)))
    return str(parsed)


def _key(*parts: str) -> str:
    text = "\x1f".join(parts)
    return hmac.new(settings.SECRET_KEY.encode(), text.encode(), hashlib.sha256).hexdigest()


def _count(kind: str, key: str, person: User | None, address: str) -> int | None:
    """Count one try; None when the budget is used up."""
    now = clock.now()
    adapt = connection.ops.adapt_datetimefield_value
    until, instant = adapt(now + PAUSE), adapt(now)
    whom = person.pk if person and kind != Budget.Kind.ADDRESS else None
    where = "" if kind == Budget.Kind.ACCOUNT else address
    most = MOST[Budget.Kind(kind)]
    with connection.cursor() as cursor:
        cursor.execute(_COUNT, [key, kind, whom, where, most, until, instant, instant])
        rows = cursor.fetchall()
    return int(rows[0][0]) if rows else None


def _until(key: str) -> datetime:
    """Return until when the pause lasts; it may have been lifted at this very moment."""
    row = Budget.objects.filter(key=key).first()
    return row.until if row else clock.now()


def _take_back(counted: Sequence[Counted]) -> None:
    keys = [each.key for each in counted]
    Budget.objects.filter(key__in=keys, used__gt=0).update(used=F("used") - 1)
