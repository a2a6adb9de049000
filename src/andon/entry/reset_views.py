"""The pages by which somebody gets a new password without an administrator (AU6)."""

from contextlib import suppress
from http import HTTPStatus

from django.contrib import messages
from django.core.exceptions import ValidationError
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.debug import sensitive_post_parameters
from django.views.decorators.http import require_http_methods

from andon.accounts.forms import add_errors
from andon.accounts.policy import public
from andon.entry import resets, throttle
from andon.entry.forms import AskForm, NewPasswordForm

form_methods = require_http_methods(["GET", "HEAD", "POST"])
KEPT = "_reset_key"
MOVED = "set"


@public
@form_methods
def ask(request: HttpRequest) -> HttpResponse:
    """Take the name; the answer is the same whoever it names, and when there was too much."""
    form = AskForm(request.POST or None)
    if not resets.is_on():
        return render(request, "entry/reset_ask.html", {"mail_is_on": False})
    asked = request.method == "POST" and form.is_valid()
    if asked:
        # A pause gets the same answer; it is told, and administrators see it.
        with suppress(throttle.Paused):
            resets.ask(form.cleaned_data["username"], request)
    return render(
        request, "entry/reset_ask.html", {"mail_is_on": True, "form": form, "asked": asked}
    )


@sensitive_post_parameters("password", "again")
@form_methods
def _reset(request: HttpRequest, pk: int, key: str) -> HttpResponse:
    """Set the password; the secret moves from the address into the session at once."""
    person = resets.person_of(pk, request.session.get(KEPT, "") if key == MOVED else key)
    if person is None:
        return render(request, "entry/reset_dead.html", status=HTTPStatus.GONE)
    if key != MOVED:
        request.session[KEPT] = key
        return redirect("entry:reset", pk=pk, key=MOVED)
    form = NewPasswordForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        try:
            resets.set_new(person, form.cleaned_data["password"])
        except ValidationError as refusal:
            add_errors(form, refusal)
        else:
            request.session.flush()
            messages.success(request, _("Your new password is set. Sign in with it."))
            return redirect("account_login")
    return render(request, "entry/reset_set.html", {"form": form, "person": person})


reset = public(_reset)
