"""Single sign-on: the questions to the provider, and whether its answer is right.

OpenID Connect, code flow, with PKCE. Taken from the provider is only what it signed with a key
it publishes, for us, in answer to what this session asked a moment ago: state, nonce, issuer,
audience, times and signature are all checked.
"""

import base64
import hashlib
import hmac
import json
import secrets
import time
from dataclasses import dataclass
from typing import Any
from urllib.parse import quote, urlencode, urlsplit

import jwt
import requests
from django.conf import settings
from django.http import HttpRequest
from django.urls import reverse
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from andon.entry.factors_secrets import spend

SESSION = "single_sign_on"
SECONDS = 600
KEPT = 5
TIMEOUT = 5
LARGEST = 262_144
# Public-key signatures only: with a shared secret, or none, anybody could sign for the provider.
ALGORITHMS = ["RS256", "RS384", "RS512", "PS256", "PS384", "PS512", "ES256", "ES384", "EdDSA"]
CLOCKS_DIFFER = 60
TAKEN_FROM_USERINFO = ("email", "email_verified", "name", "preferred_username")
# What RFC 8176 calls a proof by more than a password.
STRONG = frozenset({"mfa", "hwk", "swk", "otp", "fpt", "face", "pop"})


class OutsideError(Exception):
    """The answer proves nothing; ``sentence`` is for the person, ``why`` for the stream."""

    def __init__(self, why: str, sentence: str | Promise = "") -> None:
        super().__init__(why)
        self.why = why
        self.sentence = sentence or _(
            "The sign-in of your company gave an answer that cannot be used. Begin again; if it"
            " stays so, tell your administrator."
        )


@dataclass(frozen=True)
class Provider:
    """The sign-in of the company, as the environment names it."""

    issuer: str
    client_id: str
    client_secret: str
    name: str
    match_email: bool = False
    sign_up: bool = False
    username_claim: str = "preferred_username"
    second_factor: str = "no"  # "amr": where the token says so; "always": the provider sees to it


@dataclass(frozen=True)
class Identity:
    """Who the provider says is there."""

    issuer: str
    subject: str
    email: str
    email_verified: bool
    username: str
    name: str
    two_factors: bool


def provider() -> Provider | None:
    """Return the provider, or None where there is no single sign-on."""
    named = settings.SINGLE_SIGN_ON
    return Provider(**named) if named else None


def begin(request: HttpRequest, asked: Provider, *, back: str) -> str:
    """Return where the browser is sent to; state and nonce stay in the session."""
    state, nonce, verifier = (secrets.token_urlsafe(32) for _ in range(3))
    kept = request.session.get(SESSION, [])
    request.session[SESSION] = [*kept, [state, nonce, verifier, back, int(time.time())]][-KEPT:]
    challenge = base64.urlsafe_b64encode(hashlib.sha256(verifier.encode()).digest())
    query = {
        "response_type": "code",
        "client_id": asked.client_id,
        "redirect_uri": _callback(request),
        "scope": "openid profile email",
        "state": state,
        "nonce": nonce,
        "code_challenge": challenge.decode().rstrip("="),
        "code_challenge_method": "S256",
    }
    endpoint = _endpoint(_discovered(asked), "authorization_endpoint")
    return f"{endpoint}{'&' if '?' in endpoint else '?'}{urlencode(query)}"


def finish(request: HttpRequest, asked: Provider) -> tuple[Identity, str]:
    """Return who is there, and where they wanted to go; raise `OutsideError`."""
    nonce, verifier, back = _answered(request)
    if request.GET.get("error"):
        raise OutsideError("refused there", _("The sign-in of your company said no. Try again."))
    code = request.GET.get("code", "")
    if not code:
        raise OutsideError("no code")
    tokens = _tokens(request, asked, code, verifier)
    claims = verified(asked, str(tokens.get("id_token", "")), nonce)
    return _identity(asked, _completed(asked, claims, str(tokens.get("access_token", "")))), back


def verified(asked: Provider, token: str, nonce: str) -> dict[str, Any]:
    """Return the claims of an id token that is right in every respect; raise `OutsideError`."""
    try:
        claims: dict[str, Any] = jwt.decode(
            token,
            key=_key(asked, token),
            algorithms=ALGORITHMS,
            audience=asked.client_id,
            issuer=asked.issuer,
            leeway=CLOCKS_DIFFER,
            options={"require": ["exp", "iat", "iss", "aud", "sub"]},
        )
    except jwt.PyJWTError as wrong:
        raise OutsideError(f"token: {type(wrong).__name__}") from wrong
    several = isinstance(claims["aud"], list) and len(claims["aud"]) > 1
    if claims.get("azp", None if several else asked.client_id) != asked.client_id:
        raise OutsideError("token: for another party")
    if not hmac.compare_digest(str(claims.get("nonce", "")).encode(), nonce.encode()):
        raise OutsideError("token: nonce")
    if not isinstance(claims["sub"], str) or not 0 < len(claims["sub"]) <= 255:  # noqa: PLR2004
        raise OutsideError("token: subject")
    return claims


def _answered(request: HttpRequest) -> tuple[str, str, str]:
    """Return nonce, verifier and way back of the question that is answered; each once."""
    state, fresh = request.GET.get("state", ""), time.time() - SECONDS
    kept = request.session.get(SESSION, [])
    asked = [one for one in kept if one[0] == state and one[4] >= fresh]
    if not state or not asked or not spend("oidc", state):
        raise OutsideError(
            "state", _("This sign-in was not begun here, or is too old. Begin again.")
        )
    request.session[SESSION] = [one for one in kept if one[0] != state]
    _state, nonce, verifier, back, _at = asked[0]
    return nonce, verifier, back


def _tokens(request: HttpRequest, asked: Provider, code: str, verifier: str) -> dict[str, Any]:
    found = _discovered(asked)
    data = {
        "grant_type": "authorization_code",
        "code": code,
        "redirect_uri": _callback(request),
        "code_verifier": verifier,
    }
    methods = found.get("token_endpoint_auth_methods_supported") or ["client_secret_basic"]
    auth = None
    if "client_secret_basic" in methods:
        auth = (quote(asked.client_id, safe=""), quote(asked.client_secret, safe=""))
    else:
        data |= {"client_id": asked.client_id, "client_secret": asked.client_secret}
    return _fetched("POST", _endpoint(found, "token_endpoint"), data=data, auth=auth)


def _completed(asked: Provider, claims: dict[str, Any], access: str) -> dict[str, Any]:
    """Add what the provider tells only when asked, of the same subject."""
    found = _discovered(asked)
    if "email" in claims or not access or "userinfo_endpoint" not in found:
        return claims
    headers = {"Authorization": f"Bearer {access}"}
    told = _fetched("GET", _endpoint(found, "userinfo_endpoint"), headers=headers)
    if told.get("sub") != claims["sub"]:
        raise OutsideError("userinfo: another subject")
    return {**{name: told[name] for name in TAKEN_FROM_USERINFO if name in told}, **claims}


def _identity(asked: Provider, claims: dict[str, Any]) -> Identity:
    means = claims.get("amr")
    strong = bool(STRONG.intersection(map(str, means))) if isinstance(means, list) else False
    return Identity(
        issuer=asked.issuer,
        subject=claims["sub"],
        email=str(claims.get("email", "")).strip(),
        email_verified=claims.get("email_verified") is True,
        username=str(claims.get(asked.username_claim, "")),
        name=str(claims.get("name", "")),
        two_factors=asked.second_factor == "always" or (asked.second_factor == "amr" and strong),
    )


def _key(asked: Provider, token: str) -> Any:
    """Return the key the token names; keys are asked for anew when it is none we know."""
    kid = jwt.get_unverified_header(token).get("kid")
    for again in (False, True):
        found = _remembered(f"keys {asked.issuer}", lambda: _keys(asked), anew=again)
        for key in found:
            if (kid is None and len(found) == 1) or (kid is not None and key.key_id == kid):
                return key
    raise jwt.InvalidKeyError("no such key")


def _keys(asked: Provider) -> list[Any]:
    answer = _fetched("GET", _endpoint(_discovered(asked), "jwks_uri"))
    return [key for key in jwt.PyJWKSet.from_dict(answer).keys if key.public_key_use != "enc"]


def _discovered(asked: Provider) -> dict[str, Any]:
    address = f"{asked.issuer.rstrip('/')}/.well-known/openid-configuration"
    found: dict[str, Any] = _remembered(
        f"about {asked.issuer}", lambda: _fetched("GET", _safe(address))
    )
    if found.get("issuer") != asked.issuer:
        raise OutsideError("discovery: another issuer")
    return found


_memory: dict[str, tuple[float, Any]] = {}


def _remembered(name: str, ask: Any, *, anew: bool = False) -> Any:
    """Return what was asked for within ten minutes, or ask."""
    at, value = _memory.get(name, (0.0, None))
    if anew or not at or time.monotonic() - at > SECONDS:
        value = ask()
        _memory[name] = (time.monotonic(), value)
    return value


def forget() -> None:
    """Ask the provider anew about itself and its keys."""
    _memory.clear()


def _endpoint(found: dict[str, Any], name: str) -> str:
    return _safe(str(found.get(name, "")))


def _safe(address: str) -> str:
    """Return an address that nobody on the way can read; loopback is no way."""
    parts = urlsplit(address)
    if parts.scheme == "https" or parts.hostname in {"localhost", "127.0.0.1", "::1"}:
        return address
    raise OutsideError("discovery: an address without https")


def _fetched(method: str, address: str, **options: Any) -> dict[str, Any]:
    """Return the JSON object at ``address``: no redirect, five seconds, a quarter of a megabyte."""
    try:
        with requests.request(
            method, address, timeout=TIMEOUT, allow_redirects=False, stream=True, **options
        ) as answer:
            body = answer.raw.read(LARGEST + 1, decode_content=True)
            told = answer.status_code == requests.codes.ok and len(body) <= LARGEST
            parsed = json.loads(body) if told else None
    except (requests.RequestException, ValueError, OSError) as error:
        raise OutsideError(f"unreachable: {type(error).__name__}", UNREACHABLE) from error
    if not isinstance(parsed, dict):
        raise OutsideError(f"answer {answer.status_code}", UNREACHABLE)
    return parsed


UNREACHABLE = _(
    "The sign-in of your company does not answer as it should. Try again in a minute, or sign in"
    " with a password if you have one."
)


def _callback(request: HttpRequest) -> str:
    return request.build_absolute_uri(reverse("outside:callback"))
