"""Somebody who is signed in proves it once more by password: re-authentication and signing."""

from django.contrib.auth.hashers import make_password
from django.http import HttpRequest
from django.utils.translation import gettext as _

from andon.accounts.http import Request
from andon.accounts.models import User
from andon.entry import throttle


class WrongPasswordError(Exception):
    """The password was not right; the sentence may be shown."""

    def __init__(self) -> None:
        super().__init__(_("The password is not right."))


def prove_password(request: Request, password: str, *, act: str = "re-authentication") -> None:
    """Return when ``password`` is that of who is signed in; call it outside of `audited`.

    Raises
    ------
    throttle.Paused
        There were too many wrong tries; its sentence says how long to wait.
    WrongPasswordError
        It is not the password. The try is counted and told.
    """
    person = User.objects.get(pk=request.user.pk)
    tried = throttle.attempt(person.username_key, request, act=act)
    if "\x00" in password or not person.is_active or not person.check_password(password):
        tried.failed()
        raise WrongPasswordError
    tried.succeeded()


def renew_session(request: HttpRequest) -> None:
    """Give the session a new id, as after each re-authentication (SE1)."""
    request.session.cycle_key()


def spend_time(password: str) -> None:
    """Take as long as a password takes to check, so that a pause answers no faster (AU6)."""
    make_password(password)
