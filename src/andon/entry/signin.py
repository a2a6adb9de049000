"""Sign in, sign out, change the own password: allauth's views with our pages, and nothing else."""

from typing import Any

from allauth.account.forms import ChangePasswordForm
from allauth.account.views import LoginView, LogoutView, PasswordChangeView
from django.core.exceptions import PermissionDenied, ValidationError
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods

from andon.accounts.http import Request
from andon.accounts.policy import own_account, public
from andon.entry import oidc, proving, throttle

form_methods = require_http_methods(["GET", "HEAD", "POST"])


class OwnPasswordForm(ChangePasswordForm):
    """A new own password; the old one is a try that counts (AU4)."""

    def __init__(self, *args: Any, request: Request, **options: Any) -> None:
        super().__init__(*args, **options)
        self.request = request

    def clean_oldpassword(self) -> str:
        typed = str(self.cleaned_data.get("oldpassword", ""))
        try:
            proving.prove_password(self.request, typed)
        except (proving.WrongPasswordError, throttle.Paused) as refused:
            raise ValidationError(str(refused)) from refused
        return typed


class ChangePassword(PasswordChangeView):
    """The own password; it is never the first one, which an administrator sets."""

    template_name = "entry/password_change.html"

    def dispatch(self, request: Request, *args: Any, **kwargs: Any) -> Any:
        if not request.user.has_usable_password():
            raise PermissionDenied(
                _("You sign in without a password. Ask an administrator if you need one.")
            )
        return super().dispatch(request, *args, **kwargs)

    def get_form_class(self) -> type[OwnPasswordForm]:
        return OwnPasswordForm

    def get_form_kwargs(self) -> dict[str, Any]:
        return {**super().get_form_kwargs(), "request": self.request}

    def get_default_success_url(self) -> str:
        return reverse("account_change_password")


# A template calls what it is given, so a page shows what the settings say now.
WAYS = {"single_sign_on": oidc.provider}
login = public(
    form_methods(LoginView.as_view(template_name="entry/login.html", extra_context=WAYS))
)
logout = public(form_methods(LogoutView.as_view(template_name="entry/logout.html")))
change_password = own_account(form_methods(ChangePassword.as_view()))
