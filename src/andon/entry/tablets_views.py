"""The page of a shared tablet: touch your name and type the PIN, or scan the badge."""

from http import HTTPStatus
from typing import Any, cast

from allauth.account.utils import perform_login
from django import forms
from django.contrib.auth import logout
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import path
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.cache import cache_control
from django.views.decorators.debug import sensitive_post_parameters
from django.views.decorators.http import require_http_methods, require_POST

from andon.accounts.models import User
from andon.accounts.policy import own_account, public
from andon.entry import factors_stage, tablets, throttle
from andon.entry.factors_forms import number_field
from andon.entry.models import Tablet
from andon.trail.security import tell

form_methods = require_http_methods(["GET", "HEAD", "POST"])
unkept = cache_control(no_store=True, private=True)  # the next person goes back, and sees nothing


class BadgeForm(forms.Form):
    """What the reader types, as a keyboard would, and ends with the return key."""

    badge = forms.CharField(
        label=gettext_lazy("Badge"),
        max_length=tablets.LONGEST_BADGE,
        widget=forms.PasswordInput(attrs={"autocomplete": "off", "autofocus": True}),
    )


class TabletPinForm(forms.Form):
    pin = number_field(gettext_lazy("PIN"))

    def __init__(self, *args: Any, **options: Any) -> None:
        super().__init__(*args, **options)
        self.fields["pin"].widget.attrs |= {"autofocus": True, "class": "form-control-lg"}


@public
@unkept
@form_methods
@sensitive_post_parameters("badge")
def start(request: HttpRequest) -> HttpResponse:
    """Show who may sign in here; take a badge."""
    tablet = tablets.this_device(request)
    if tablet is None:
        return render(request, "entry/tablet_unknown.html", status=HTTPStatus.FORBIDDEN)
    form = BadgeForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        try:
            person = tablets.by_badge(request, tablet, form.cleaned_data["badge"])
        except throttle.Paused as paused:
            form.add_error(None, str(paused))
        else:
            if person:
                return _let_in(request, tablet, person, "badge")
            form.add_error(None, _("This badge is not known here. Touch your name instead."))
    words = request.GET.get("q", "").strip()[:100].replace("\x00", "")
    context = {
        "tablet": tablet,
        "form": form,
        "people": tablets.people_at(tablet, words),
        "words": words,
    }
    return render(request, "entry/tablet_start.html", context)


@public
@unkept
@form_methods
@sensitive_post_parameters("pin")
def pin(request: HttpRequest, pk: int) -> HttpResponse:
    """Take the PIN of the person whose name was touched."""
    tablet = tablets.this_device(request)
    if tablet is None:
        return render(request, "entry/tablet_unknown.html", status=HTTPStatus.FORBIDDEN)
    people = {person.pk: person for person in tablets.people_at(tablet)}
    person = people.get(pk)
    if person is None:
        return redirect("tablet:start")
    form = TabletPinForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        try:
            if tablets.by_pin(request, tablet, person, form.cleaned_data["pin"]):
                return _let_in(request, tablet, person, "PIN")
            form.add_error(None, _("This is not the PIN. Try again."))
        except throttle.Paused as paused:
            form.add_error(None, str(paused))
    context = {"tablet": tablet, "person": person, "form": form}
    return render(request, "entry/tablet_pin.html", context)


def _let_in(request: HttpRequest, tablet: Tablet, person: User, method: str) -> HttpResponse:
    """Sign in for this tablet only; its few permissions stand in for the second factor."""
    logout(request)
    tablets.mark(request, tablet)
    factors_stage.pass_step(request)
    factors_stage.came_by(request, person, f"tablet {method}")
    response = cast("HttpResponse", perform_login(request, person, redirect_url="/"))
    tablets.mark(request, tablet)  # a session that began anew is marked before its first request
    tell("signed in at tablet", by=person, detail={"tablet": tablet.pk, "method": method})
    return response


@own_account
@unkept
@require_POST
def leave(request: HttpRequest) -> HttpResponse:
    """Sign out, for the next person."""
    logout(request)
    return redirect("tablet:start")


@own_account
@unkept
@require_POST
def here(request: HttpRequest) -> HttpResponse:  # noqa: ARG001  (the middleware has noted the touch)
    """Note that somebody is typing."""
    return HttpResponse(status=HTTPStatus.NO_CONTENT)


app_name = "tablet"

urlpatterns = [
    path("tablet/", start, name="start"),
    path("tablet/<int:pk>/", pin, name="pin"),
    path("tablet/leave/", leave, name="leave"),
    path("tablet/here/", here, name="here"),
]
