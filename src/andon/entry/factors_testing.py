"""Factors for tests, made the way the application makes them."""

from typing import Any

from andon.accounts import clock
from andon.accounts.models import User
from andon.entry import factors
from andon.entry import factors_totp as totp
from andon.entry.factors_secrets import unseal
from andon.entry.models import Generator
from andon.trail.models import AuditEntry


def a_generator(user: User) -> Generator:
    """Give ``user`` a one-time code app whose codes of this very moment still count."""
    sealed = factors.begin_generator(user)
    secret = factors.open_secret(user, sealed)
    factors.add_generator(user, sealed, totp.code_at(secret, _now()))
    Generator.objects.filter(user=user).update(last_step=0)
    return Generator.objects.get(user=user)


def code_of(generator: Generator, *, steps: int = 0) -> str:
    """Return the code the app shows now, or so many steps later."""
    secret = unseal("totp", generator.user_id, generator.secret)
    return totp.code_at(secret, _now() + steps)


def security_events(action: str) -> list[dict[str, Any]]:
    """Return what the stream of security events tells of ``action``, the oldest first."""
    rows = AuditEntry.objects.filter(stream="security", action=action).order_by("seq")
    return [
        {
            "actor": row.actor_id,
            "object_id": row.object_id,
            "detail": row.content().get("detail", {}),
        }
        for row in rows
    ]


def _now() -> int:
    return totp.step_at(clock.now().timestamp())
