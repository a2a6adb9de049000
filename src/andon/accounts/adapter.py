"""How allauth signs people in here: no sign-up, no mail, and every password change in the trail.

The throttle is allauth's own (a few attempts per minute and address or account, counted in
Django's cache, which is one process's memory unless a cache is configured). The budget of
rule AU4, kept in the database, is a later issue.
"""

from typing import Any

from allauth.account.adapter import DefaultAccountAdapter
from django.contrib import messages
from django.http import HttpRequest
from django.utils.translation import gettext as _

from andon.accounts import names, services
from andon.accounts.models import User


class AccountAdapter(DefaultAccountAdapter):
    """Administrators make accounts; nobody signs up."""

    def is_open_for_signup(self, request: HttpRequest) -> bool:  # noqa: ARG002
        return False

    def authenticate(self, request: HttpRequest, **credentials: Any) -> User | None:
        """Count attempts on one account together, however its name is typed."""
        named = names.username_key(credentials.pop("username", ""))
        user: User | None = super().authenticate(request, username=named, **credentials)
        return user

    def set_password(self, user: User, password: str) -> None:
        """Set the own password through the service, so that the trail has it."""
        services.change_own_password(user, password)

    def send_mail(self, template_prefix: str, email: str, context: dict[str, Any]) -> None:
        """Send nothing: notifications are a later issue, and there may be no mail server."""

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
