"""Sign-in by user name and password; permissions by roles."""

from typing import Any

from django.contrib.auth.backends import BaseBackend
from django.contrib.auth.hashers import make_password
from django.http import HttpRequest

from andon.accounts import names
from andon.accounts.models import User


class RoleBackend(BaseBackend):
    """As Django's ModelBackend, without superusers, groups and permission rows (AZ6)."""

    def authenticate(
        self,
        request: HttpRequest | None,  # noqa: ARG002
        username: str | None = None,
        password: str | None = None,
        **kwargs: Any,  # noqa: ARG002
    ) -> User | None:
        """Return the user; an unknown or disabled one costs the same time (AU6)."""
        if not username or password is None or "\x00" in username + password:
            return None
        user = User.objects.filter(username_key=names.username_key(username)).first()
        if user is None:
            make_password(password)
            return None
        known = user.check_password(password)
        return user if known and user.is_active else None

    def get_user(self, user_id: int) -> User | None:
        """Return the person of a session; a disabled one is signed out at the next request."""
        return User.objects.filter(pk=user_id, is_active=True).first()

    def has_perm(self, user_obj: Any, perm: str, obj: Any = None) -> bool:
        return bool(user_obj.is_active and user_obj.has_perm(perm, obj))
