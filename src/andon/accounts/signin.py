"""Sign in, sign out, change the own password: allauth's views with our pages, and nothing else."""

from allauth.account.views import LoginView, LogoutView, PasswordChangeView
from django.urls import path, reverse
from django.views.decorators.http import require_http_methods

from andon.accounts.policy import own_account, public

form_methods = require_http_methods(["GET", "HEAD", "POST"])


class ChangePassword(PasswordChangeView):
    """The own password; whoever has none cannot be signed in, so nothing is set here."""

    template_name = "accounts/password_change.html"

    def get_default_success_url(self) -> str:
        return reverse("account_change_password")


login = LoginView.as_view(template_name="accounts/login.html")
logout = LogoutView.as_view(template_name="accounts/logout.html")
change_password = ChangePassword.as_view()

urlpatterns = [
    path("sign-in/", public(form_methods(login)), name="account_login"),
    path("sign-out/", public(form_methods(logout)), name="account_logout"),
    path("password/", own_account(form_methods(change_password)), name="account_change_password"),
]
