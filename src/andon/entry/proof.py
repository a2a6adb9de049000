"""Who is there, proved anew in this very request: for signing, and before factors change (SG3).

    wanted = proof.ask(request)          # which fields the form shows
    method = proof.check(user, request, password=…, code=…, passkey=…, pin=…)

``check`` returns how it was proved, as it stands in a signature, or raises `WrongProof` with a
sentence for the person. Every try counts against the budget of the account (AU4).
"""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Final

from django.http import HttpRequest
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from andon.accounts.http import Request
from andon.accounts.models import User
from andon.entry import factors, pins, throttle
from andon.entry import factors_passkeys as passkeys
from andon.entry.models.pins import Pin

PASSWORD: Final = "password"  # noqa: S105  (the name of a way)
PASSWORD_AND_CODE: Final = "password+code"  # noqa: S105
PASSKEY: Final = "passkey"
CODE: Final = "code"
PIN: Final = "pin"
METHODS: dict[str, str | Promise] = {
    PASSWORD: _("password"),
    PASSWORD_AND_CODE: _("password and one-time code"),
    PASSKEY: _("passkey"),
    CODE: _("single sign-on and one-time code"),
    PIN: _("single sign-on and signing PIN"),
}
PURPOSE = "proof"
TABLET = "tablet"  # the mark of a session that was opened at a shared tablet


class WrongProof(Exception):
    """What was given does not prove who is there; the sentence is for the person."""

    def __init__(self, sentence: str | Promise) -> None:
        super().__init__(sentence)
        self.sentence = sentence

    def __str__(self) -> str:
        return str(self.sentence)


class PausedProof(WrongProof):
    """Too many wrong tries; nothing was looked at."""


@dataclass(frozen=True)
class Ask:
    """Which fields a form shows; ``passkey`` is what the browser is asked, as JSON."""

    password: bool = False
    code: bool = False
    passkey: str = ""
    pin: bool = False

    def __bool__(self) -> bool:
        return self.password or self.code or bool(self.passkey) or self.pin


def ask(request: Request) -> Ask:
    """Return by what the person of this request can prove who they are; falsy if by nothing."""
    user = request.user
    if at_tablet(request):
        return Ask()
    password, code = user.has_usable_password(), factors.has_codes(user)
    with_passkey = factors.has_passkeys(user)
    return Ask(
        # With passkeys alone there is nothing the password could be completed with.
        password=password and (code or not with_passkey),
        code=code,
        passkey=passkeys.begin(request, PURPOSE, user) if with_passkey else "",
        pin=not password and pins.has_pin(user, Pin.Purpose.SIGNING),
    )


def check(
    user: User,
    request: HttpRequest,
    *,
    password: str | None = None,
    code: str | None = None,
    passkey: str | None = None,
    pin: str | None = None,
    act: str = "re-authentication",
) -> str:
    """Return how ``user`` proved anew who they are, or raise `WrongProof`.

    A password needs the one-time code beside it when there is a second factor. A passkey asks
    for finger, face or its own PIN, so it stands alone. Without a password (single sign-on) the
    one-time code or the signing PIN is the second proof. Recovery codes prove nothing here, and
    at a shared tablet nobody proves anything. Call it outside of `audited`: the rollback of a
    refusal would forget the count. ``act`` names the try in the stream of security events.
    """
    if at_tablet(request):
        raise WrongProof(_("Nobody signs at a shared tablet. Sign in on a device of your own."))
    if not user.is_active:
        raise WrongProof(_("This account is disabled."))
    method = _method(user, password=password, code=code, passkey=passkey, pin=pin)
    try:
        tried = throttle.attempt(user.username_key, request, act=act)
    except throttle.Paused as paused:
        raise PausedProof(str(paused)) from paused
    given = {PASSWORD: password or "", CODE: code or "", PASSKEY: passkey or "", PIN: pin or ""}
    if not _right(user, request, method, given):
        tried.failed()
        raise WrongProof(SENTENCES[method])
    tried.succeeded()
    return method


SENTENCES = {
    PASSWORD: _("This is not your password. Type it again."),
    PASSWORD_AND_CODE: _("The password or the code is not right. Wait for the next code."),
    PASSKEY: _("The passkey was not accepted. Try it again, or reload the page first."),
    CODE: _("This code is not right, or was used already. Wait for the next one."),
    PIN: _("This is not your signing PIN."),
}


def at_tablet(request: HttpRequest) -> bool:
    """Return whether the person came in by PIN or badge at a shared tablet."""
    return TABLET in request.session


def _method(
    user: User, *, password: str | None, code: str | None, passkey: str | None, pin: str | None
) -> str:
    """Return by what the person wants to prove it; what is missing is said, and not counted."""
    if passkey:
        return PASSKEY
    if user.has_usable_password():
        return _with_password(user, password=password, code=code)
    if code and factors.has_codes(user):
        return CODE
    if pin and pins.has_pin(user, Pin.Purpose.SIGNING):
        return PIN
    raise WrongProof(
        _("Use your passkey, a one-time code or your signing PIN; set one up under Sign-in.")
    )


def _with_password(user: User, *, password: str | None, code: str | None) -> str:
    if not password and not factors.has_passkeys(user):
        raise WrongProof(_("Type your password."))
    if not factors.has_second(user):
        return PASSWORD
    if not factors.has_codes(user):
        raise WrongProof(_("Use your passkey."))
    if not password or not code:
        raise WrongProof(_("Type your password and the code that your app shows now."))
    return PASSWORD_AND_CODE


def _right(user: User, request: HttpRequest, method: str, given: Mapping[str, str]) -> bool:
    if method == PASSKEY:
        return _right_passkey(user, request, given[PASSKEY])
    if method == PIN:
        return pins.right(user, given[PIN], purpose=Pin.Purpose.SIGNING)
    if method == CODE:
        return factors.use_code(user, given[CODE])
    # A code is spent only beside the right password.
    known = user.check_password(given[PASSWORD])
    return known and (method == PASSWORD or factors.use_code(user, given[CODE]))


def _right_passkey(user: User, request: HttpRequest, answer: str) -> bool:
    try:
        passkeys.finish(request, PURPOSE, answer, user)
    except passkeys.WrongPasskey:
        return False
    return True
