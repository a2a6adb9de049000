"""Recovery codes: ten, shown once, stored hashed, each of use once (AU3)."""

import base64
import secrets

from andon.accounts import clock
from andon.accounts.models import User
from andon.entry.factors_secrets import digest
from andon.entry.models.factors import RecoveryCode

COUNT = 10
BYTES = 10  # 80 bits: nothing to guess, so a plain hash is enough
GROUP = 4
LENGTH = BYTES * 8 // 5


def normal(code: str) -> str:
    """Return a code as it is hashed: small letters and digits, as people may type it."""
    return "".join(each for each in code.lower() if each.isalnum())[:64]


def renew(user: User) -> list[str]:
    """Return ten new codes, and forget the old ones."""
    RecoveryCode.objects.filter(user=user).delete()
    codes = [_new() for _ in range(COUNT)]
    RecoveryCode.objects.bulk_create(
        RecoveryCode(user=user, digest=_digest(user, code)) for code in codes
    )
    return codes


def use(user: User, code: str) -> bool:
    """Return whether this code counted now; one conditional UPDATE, so it counts once."""
    unused = RecoveryCode.objects.filter(user=user, digest=_digest(user, code), used_at=None)
    return bool(unused.update(used_at=clock.now()))


def left(user: User) -> int:
    return RecoveryCode.objects.filter(user=user, used_at=None).count()


def _new() -> str:
    text = base64.b32encode(secrets.token_bytes(BYTES)).decode("ascii").lower()
    return "-".join(text[start : start + GROUP] for start in range(0, LENGTH, GROUP))


def _digest(user: User, code: str) -> str:
    return digest("recovery", f"{user.pk}:{normal(code)}")
