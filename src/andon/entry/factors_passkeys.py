"""Passkeys (WebAuthn): what the browser is asked, and whether its answer is right.

A challenge stands in the session for ten minutes, counts for one purpose, and works once.
"""

import json
import time
from collections.abc import Iterable, Sequence
from typing import Any

from django.http import HttpRequest
from django.utils.crypto import salted_hmac
from fido2.server import Fido2Server
from fido2.utils import websafe_decode, websafe_encode
from fido2.webauthn import (
    AttestedCredentialData,
    AuthenticationResponse,
    AuthenticatorData,
    CollectedClientData,
    PublicKeyCredentialRpEntity,
    PublicKeyCredentialUserEntity,
    ResidentKeyRequirement,
    UserVerificationRequirement,
)

from andon.accounts import clock
from andon.accounts.models import User
from andon.entry.factors_secrets import spend
from andon.entry.models.factors import Passkey

SESSION = "passkey_challenges"
SECONDS = 600
KEPT = 8  # challenges a session: as many tabs
LONGEST = 20_000
# Finger, face or PIN of the device: so a passkey alone is two factors.
VERIFIED = UserVerificationRequirement.REQUIRED


class WrongPasskey(Exception):
    """The answer of the browser proves nothing; why is for the log, not for the person."""


def server(request: HttpRequest) -> Fido2Server:
    """Return the checker for this host; a passkey counts for the host it was made on."""
    host = request.get_host()
    name = host.rpartition(":")[0] if host.rpartition(":")[2].isdigit() else host
    return Fido2Server(PublicKeyCredentialRpEntity(name="Andon", id=name))


def handle(user: User) -> bytes:
    """Return the id by which authenticators know a person; it tells nothing about them."""
    return salted_hmac("andon.entry.passkey", str(user.pk), algorithm="sha256").digest()


def begin_adding(request: HttpRequest, user: User) -> str:
    """Return what the browser is asked to make a new passkey, as JSON."""
    options, state = server(request).register_begin(
        PublicKeyCredentialUserEntity(
            name=user.username, id=handle(user), display_name=user.display_name
        ),
        credentials=_credentials(user.passkeys.all()),
        resident_key_requirement=ResidentKeyRequirement.PREFERRED,
        user_verification=VERIFIED,
    )
    _remember(request, "add", state["challenge"])
    return json.dumps(dict(options)["publicKey"])


def finish_adding(request: HttpRequest, answer: str) -> AuthenticatorData:
    """Return the data of the new passkey, or raise `WrongPasskey`."""
    response = _parsed(answer)
    try:
        return server(request).register_complete(_state(request, "add", response), response)
    except (ValueError, TypeError, KeyError, AttributeError) as error:
        raise WrongPasskey(str(error)) from error


def begin(request: HttpRequest, purpose: str, user: User | None = None) -> str:
    """Return what the browser is asked to prove a person, as JSON; None: whoever comes."""
    credentials = _credentials(user.passkeys.all()) if user else None
    options, state = server(request).authenticate_begin(credentials, user_verification=VERIFIED)
    _remember(request, purpose, state["challenge"])
    return json.dumps(dict(options)["publicKey"])


def finish(request: HttpRequest, purpose: str, answer: str, user: User | None = None) -> Passkey:
    """Return the passkey that answered, of ``user`` or of anybody; raise `WrongPasskey`.

    The counter of the authenticator must have moved, by one conditional UPDATE: a copied
    passkey falls behind.
    """
    response = _parsed(answer)
    passkey = _found(response, user)
    try:
        state = _state(request, purpose, response)
        server(request).authenticate_complete(state, _credentials([passkey]), response)
        uses = AuthenticationResponse.from_dict(response).response.authenticator_data.counter
    except (ValueError, TypeError, KeyError, AttributeError) as error:
        raise WrongPasskey(str(error)) from error
    _count(passkey, uses)
    return passkey


def _found(response: dict[str, Any], user: User | None) -> Passkey:
    rows = Passkey.objects.filter(credential_id=response.get("id", ""), user__is_active=True)
    passkey: Passkey | None = (rows.filter(user=user) if user else rows).first()
    if passkey is None:
        raise WrongPasskey("unknown passkey")
    whose = response.get("response", {}).get("userHandle")
    if user is None and whose != websafe_encode(handle(passkey.user)):
        raise WrongPasskey("not the person of this passkey")
    return passkey


def _count(passkey: Passkey, uses: int) -> None:
    before = Passkey.objects.filter(pk=passkey.pk)
    if uses or passkey.uses:
        before = before.filter(uses__lt=uses)
    if not before.update(uses=uses, last_used_at=clock.now()):
        raise WrongPasskey("the counter did not move")


def _credentials(passkeys: Iterable[Passkey]) -> Sequence[AttestedCredentialData]:
    return [AttestedCredentialData(websafe_decode(each.public_key)) for each in passkeys]


def _parsed(answer: str) -> dict[str, Any]:
    try:
        response = json.loads(answer) if len(answer) <= LONGEST else None
    except (ValueError, RecursionError):
        response = None
    if not isinstance(response, dict) or not isinstance(response.get("response"), dict):
        raise WrongPasskey("no answer of a passkey")
    return response


def _remember(request: HttpRequest, purpose: str, challenge: str) -> None:
    kept = request.session.get(SESSION, [])
    request.session[SESSION] = [*kept, [purpose, challenge, int(time.time())]][-KEPT:]


def _state(request: HttpRequest, purpose: str, response: dict[str, Any]) -> dict[str, Any]:
    """Return the state of the challenge that is answered, and spend it."""
    client = CollectedClientData(websafe_decode(response["response"]["clientDataJSON"]))
    answered = websafe_encode(client.challenge)
    kept = request.session.get(SESSION, [])
    fresh = time.time() - SECONDS
    asked = [one for one in kept if one[:2] == [purpose, answered] and one[2] >= fresh]
    if not asked or not spend("passkey", answered):
        raise WrongPasskey("nobody asked this")
    request.session[SESSION] = [one for one in kept if one not in asked]
    return {"challenge": answered, "user_verification": VERIFIED}


def possible(request: HttpRequest) -> bool:
    """Return whether browsers make passkeys here: they ask for a name, not an address."""
    host = request.get_host().rpartition(":")[0] or request.get_host()
    return not (host.startswith("[") or host.replace(".", "").isdigit())
