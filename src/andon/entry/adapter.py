"""How allauth signs people in here: no sign-up, every try counted, every event told."""

from typing import Any, ClassVar

from allauth.account.adapter import DefaultAccountAdapter
from django.conf import settings
from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from andon.accounts import names, services
from andon.accounts.models import User
from andon.entry import devices, proving, throttle
from andon.entry.engine import DOOR
from andon.trail.edge import client_address
from andon.trail.security import tell

# One sentence for an unknown name, a wrong password, a disabled account and a pause (AU6).
NOT_LET_IN = gettext_lazy(
    "The user name or the password is not right, or there were too many wrong tries. After five,"
    " signing in pauses for 15 minutes: wait, or ask an administrator."
)


class AccountAdapter(DefaultAccountAdapter):
    """Administrators make accounts; nobody signs up."""

    error_messages: ClassVar[dict[str, Any]] = {
        **DefaultAccountAdapter.error_messages,
        "username_password_mismatch": NOT_LET_IN,
        "too_many_login_attempts": NOT_LET_IN,
    }

    def is_open_for_signup(self, request: HttpRequest) -> bool:  # noqa: ARG002
        return False

    def authenticate(self, request: HttpRequest, **credentials: Any) -> User | None:
        """Return who it is; the try is counted before the password is looked at (AU4)."""
        named = names.username_key(credentials.pop("username", ""))
        again = request.user.is_authenticated
        act = "re-authentication" if again else "sign-in"
        try:
            tried = throttle.attempt(named, request, act=act)
        except throttle.Paused:
            proving.spend_time(str(credentials.get("password", "")))
            return None
        user: User | None = super().authenticate(request, username=named, **credentials)
        if user is None:
            tried.failed()
            return None
        tried.succeeded()
        return user

    def get_login_stages(self) -> list[str]:
        """Return what stands between the password and the session: no mail, our own steps."""
        return list(settings.SIGN_IN_STEPS)

    def pre_authenticate(self, request: HttpRequest, **credentials: Any) -> None:
        """Do nothing: allauth would count in the memory of one process."""

    def reauthenticate(self, user: User, password: str) -> bool:
        """Return whether it is the password; the session then gets a new id (SE1)."""
        right = bool(super().reauthenticate(user, password))
        if right:
            proving.renew_session(self.request)
        return right

    def login(self, request: HttpRequest, user: User) -> None:
        """Sign in under a new session id, whoever was signed in before (SE1)."""
        before = request.session.session_key
        request.session.pop(DOOR, None)
        super().login(request, user)
        if request.session.session_key == before:
            request.session.cycle_key()

    def post_login(self, request: HttpRequest, user: User, **options: Any) -> HttpResponse:
        response: HttpResponse = super().post_login(request, user, **options)
        devices.remember(request, response, user)
        tell("signed in", by=user, detail={"method": _methods(request)})
        return response

    def logout(self, request: HttpRequest) -> None:
        user = request.user
        super().logout(request)
        if isinstance(user, User) or user.is_authenticated:
            tell("signed out", by=user)

    def get_client_ip(self, request: HttpRequest) -> str:
        return client_address(request)

    def set_password(self, user: User, password: str) -> None:
        """Set the own password through the service, so that the trail has it."""
        services.change_own_password(user, password)

    def send_mail(self, template_prefix: str, email: str, context: dict[str, Any]) -> None:
        """Send nothing: the mails of the door are our own (`resets`)."""

    def send_notification_mail(self, *args: Any, **kwargs: Any) -> None:
        """Send nothing, as above."""

    def add_message(
        self,
        request: HttpRequest,
        level: int,
        message_template: str = "",
        *_options: Any,
        **_more: Any,
    ) -> None:
        """Say what the page does not show by itself: only that the password is changed."""
        said = message_template.removeprefix("account/messages/")
        if said == "password_changed.txt":
            messages.add_message(request, level, _("Your password is changed."))


def _methods(request: HttpRequest) -> list[str]:
    """Return by what the person proved who they are, in the order of the steps."""
    steps = request.session.get("account_authentication_methods", [])
    return [str(step.get("type", step.get("method", ""))) for step in steps]
