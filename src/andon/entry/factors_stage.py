"""The second step of signing in, as a stage of allauth: the password alone opens nothing (AU3)."""

from typing import Any

from allauth.account.internal.flows.login import record_authentication
from allauth.account.stages import LoginStage, LoginStageController
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect

from andon.accounts.models import User
from andon.entry import factors, throttle
from andon.entry import factors_passkeys as passkeys

PURPOSE = "sign-in"
ALONE = "sign-in alone"
ACT = "second step"
NOBODY = "\x1fpasskey"  # no user name holds this character


class SecondStep(LoginStage):
    """Stops a sign-in until the second factor is shown, for whoever has one."""

    key = "andon_second_step"
    urlname = "factors:second_step"

    def handle(self) -> tuple[HttpResponse | None, bool]:
        if passed(self.request) or not factors.has_second(self.login.user):
            return None, True
        return redirect(self.urlname), True


def pass_step(request: HttpRequest) -> None:
    """Say that in this very request the person showed two factors already."""
    request.andon_second_step_passed = True  # type: ignore[attr-defined]


def came_by(request: HttpRequest, user: User, method: str) -> None:
    """Note by what the first step was taken, for the stream of security events."""
    record_authentication(request, user, method)


def passed(request: HttpRequest) -> bool:
    return bool(getattr(request, "andon_second_step_passed", False))


def waiting(request: HttpRequest) -> SecondStep | None:
    """Return the sign-in that waits for its second step in this session, or None."""
    stage: Any = LoginStageController.enter(request, SecondStep.key)
    return stage if stage and stage.login.user and stage.login.user.is_active else None


def show(request: HttpRequest, user: User, *, code: str, passkey: str) -> str:
    """Return which factor was right: "passkey", "totp" or "recovery"; empty if none.

    Raises `throttle.Paused`, and counts every wrong try against the budget of the account.
    """
    tried = throttle.attempt(user.username_key, request, act=ACT)
    if method := _right(request, user, code=code, passkey=passkey):
        tried.succeeded()
        record_authentication(request, user, "mfa", type=method)
    else:
        tried.failed()
    return method


def by_passkey(request: HttpRequest, answer: str) -> User:
    """Return whose passkey answered, without a name or password before it.

    Raises `WrongPasskey` or `throttle.Paused`: who holds no passkey tries against the budget of
    their address.
    """
    tried = throttle.attempt(NOBODY, request, act="sign-in")
    try:
        person = passkeys.finish(request, ALONE, answer).user
    except passkeys.WrongPasskey:
        tried.failed()
        raise
    tried.succeeded()
    record_authentication(request, person, "mfa", type="passkey")
    return person


def _right(request: HttpRequest, user: User, *, code: str, passkey: str) -> str:
    if passkey:
        try:
            passkeys.finish(request, PURPOSE, passkey, user)
        except passkeys.WrongPasskey:
            return ""
        return "passkey"
    if factors.use_code(user, code):
        return "totp"
    return "recovery" if factors.use_recovery_code(user, code) else ""
