"""The company's own sign-in, as the environment names it; half a configuration is refused."""

from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

from django.core.exceptions import ImproperlyConfigured

SECOND_FACTOR = ("no", "amr", "always")
LOOPBACK = ("localhost", "127.0.0.1", "::1")


def single_sign_on(env: Any) -> dict[str, Any] | None:
    """Return what `entry.oidc.Provider` is made of, or None without an issuer."""
    issuer = env("ANDON_OIDC_ISSUER", default="")
    if not issuer:
        return None
    parts = urlsplit(issuer)
    if parts.scheme != "https" and parts.hostname not in LOOPBACK:
        raise ImproperlyConfigured("ANDON_OIDC_ISSUER must be an https address.")
    second_factor = env("ANDON_OIDC_SECOND_FACTOR", default="no")
    if second_factor not in SECOND_FACTOR:
        message = f"ANDON_OIDC_SECOND_FACTOR must be one of {', '.join(SECOND_FACTOR)}."
        raise ImproperlyConfigured(message)
    client_id, secret = env("ANDON_OIDC_CLIENT_ID", default=""), _secret(env)
    if not (client_id and secret):
        message = "With ANDON_OIDC_ISSUER also set ANDON_OIDC_CLIENT_ID and …_CLIENT_SECRET."
        raise ImproperlyConfigured(message)
    return {
        "issuer": issuer,
        "client_id": client_id,
        "client_secret": secret,
        "name": env("ANDON_OIDC_NAME", default="your company"),
        "match_email": env.bool("ANDON_OIDC_MATCH_EMAIL", default=False),
        "sign_up": env.bool("ANDON_OIDC_SIGN_UP", default=False),
        "username_claim": env("ANDON_OIDC_USERNAME_CLAIM", default="preferred_username"),
        "second_factor": second_factor,
    }


def _secret(env: Any) -> str:
    if path := env("ANDON_OIDC_CLIENT_SECRET_FILE", default=""):
        return Path(path).read_text(encoding="utf-8").strip()
    return str(env("ANDON_OIDC_CLIENT_SECRET", default=""))
