"""Tokens of programs: made, shown once, looked up by their hash, revoked (AU8)."""

import hashlib
import secrets
from collections.abc import Iterable
from datetime import datetime, timedelta

from django.core.exceptions import PermissionDenied, ValidationError
from django.utils.translation import gettext_lazy as _

from andon.accounts import clock, names
from andon.accounts.models import User
from andon.entry.apps import GUARD, TOKENS
from andon.entry.models import ApiToken, TokenUse
from andon.entry.scopes import known
from andon.trail.security import tell
from andon.trail.services import audited, retrying

MARK = "andon_"
LONGEST = timedelta(days=366)
# To the hour: a row written for every request would cost more than the request.
COARSE = timedelta(hours=1)


@retrying
def make_token(
    *, name: str, scopes: Iterable[str], expires_at: datetime, by: User
) -> tuple[ApiToken, str]:
    """Return the new token and its secret, which is shown now and never again."""
    with audited(by, reason=_("token made")):
        if not by.may(TOKENS):
            raise PermissionDenied(_("Your roles do not include tokens for programs."))
        now = clock.now()
        if not now < expires_at <= now + LONGEST:
            raise ValidationError(
                {"expires_at": _("Choose a day within a year; a token can be renewed.")}
            )
        wanted = known(scopes)
        if not wanted:
            raise ValidationError({"scopes": _("Choose what the program may do.")})
        prefix = secrets.token_hex(4)
        secret = f"{MARK}{prefix}_{secrets.token_urlsafe(32)}"
        token = ApiToken(
            owner=by,
            name=names.one_line(name),
            prefix=prefix,
            digest=digest(secret),
            scopes=" ".join(wanted),
            made_at=now,
            expires_at=expires_at,
        )
        token.full_clean()
        token.save()
        tell("token made", by=by, detail={"token": token.pk, "scopes": wanted})
    return token, secret


@retrying
def revoke_token(token: ApiToken, *, by: User) -> ApiToken:
    """Take ``token`` away, from the next request on; one's own, or as who keeps watch."""
    with audited(by, reason=_("token revoked")):
        token = ApiToken.objects.select_for_update().get(pk=token.pk)
        if token.owner_id != by.pk and not by.may(GUARD):
            raise PermissionDenied(_("Only its owner or an administrator revokes a token."))
        if token.revoked_at is None:
            token.revoked_at = clock.now()
            token.save()
            tell("token revoked", by=by, detail={"token": token.pk, "person": token.owner_id})
    return token


def digest(secret: str) -> str:
    return hashlib.sha256(secret.encode()).hexdigest()


def prefix_of(secret: str) -> str:
    """Return the part of ``secret`` that may be shown and searched for."""
    return secret.removeprefix(MARK).split("_")[0][:16]


def find(secret: str) -> tuple[ApiToken | None, str]:
    """Return the token of ``secret`` and why it counts no more: nothing when all is well."""
    if not secret.isascii():
        return None, "unknown"
    tokens = ApiToken.objects.select_related("owner", "use")
    token: ApiToken | None = tokens.filter(digest=digest(secret)).first()
    if token is None:
        return None, "unknown"
    now = clock.now()
    if token.revoked_at is not None:
        return token, "revoked"
    if token.expires_at <= now:
        return token, "expired"
    if not token.owner.is_active:
        return token, "owner disabled"
    _used(token, now)
    return token, ""


def _used(token: ApiToken, now: datetime) -> None:
    use: TokenUse | None = getattr(token, "use", None)
    if use is None or use.at < now - COARSE:
        TokenUse.objects.update_or_create(token=token, defaults={"at": now})
