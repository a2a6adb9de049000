"""What administrators do about tablets: register this device, revoke one, give PIN and badge."""

from typing import Any

from django import forms
from django.contrib import messages
from django.contrib.auth import logout
from django.core.exceptions import ValidationError
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import path, reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.debug import sensitive_post_parameters
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from andon.accounts import services
from andon.accounts.apps import PEOPLE
from andon.accounts.forms import RowForm
from andon.accounts.http import Request
from andon.accounts.models import User
from andon.accounts.pages import done, form_page
from andon.accounts.policy import allow
from andon.entry import pins, tablets
from andon.entry.factors_forms import number_field
from andon.entry.models import Badge, Pin, Tablet

form_methods = require_http_methods(["GET", "HEAD", "POST"])


class TabletForm(RowForm):
    """A device that becomes a tablet."""

    class Meta:
        model = Tablet
        fields = ("name", "site", "idle_seconds")


class AtTabletForm(forms.Form):
    """PIN and badge of somebody; what is left empty stays as it is."""

    new_pin = number_field(
        gettext_lazy("New PIN"),
        required=False,
        help_text=gettext_lazy("At least 4 digits, without a pattern. Empty: stays as it is."),
    )
    badge = forms.CharField(
        label=gettext_lazy("Badge"),
        max_length=tablets.LONGEST_BADGE,
        required=False,
        widget=forms.PasswordInput(attrs={"autocomplete": "off"}),
        help_text=gettext_lazy("Scan it with the reader. Empty: stays as it is."),
    )
    forget_pin = forms.BooleanField(label=gettext_lazy("Take the PIN away"), required=False)
    forget_badge = forms.BooleanField(label=gettext_lazy("Take the badge away"), required=False)


@allow(PEOPLE)
@require_GET
def listed(request: Request) -> HttpResponse:
    rows = Tablet.objects.visible_to(request.user).select_related("site")
    return render(request, "entry/tablets.html", {"tablets": rows})


@allow(PEOPLE)
@form_methods
def new(request: Request) -> HttpResponse:
    """Register the device that shows this page; the administrator is signed out of it."""
    form = TabletForm(request.POST or None, viewer=request.user)
    made: list[str] = []

    def act() -> None:
        made.append(tablets.register(**form.changes(), by=request.user)[1])

    if request.method == "POST" and form.is_valid() and done(form, act):
        logout(request)
        response = redirect("tablet:start")
        tablets.bind(response, made[0])
        return response
    context = {"form": form, "cancel_url": reverse("tablets:listed")}
    return render(request, "entry/tablet_new.html", context)


@allow(PEOPLE)
@require_POST
def revoke(request: Request, pk: int) -> HttpResponse:
    tablet = get_object_or_404(Tablet.objects.visible_to(request.user), pk=pk)
    tablets.revoke(tablet, by=request.user)
    messages.success(request, _("The tablet is revoked: nobody signs in there any more."))
    return redirect("tablets:listed")


@allow(PEOPLE)
@form_methods
@sensitive_post_parameters("new_pin", "badge")
def person(request: Request, pk: int) -> HttpResponse:
    """Give somebody a PIN or a badge for tablets, or take them away."""
    someone = get_object_or_404(User.objects.visible_to(request.user), pk=pk)
    form = AtTabletForm(request.POST or None)
    back = reverse("accounts:person", kwargs={"pk": pk})
    context = {
        "person": someone,
        "has_pin": pins.has_pin(someone, Pin.Purpose.TABLET),
        "has_badge": Badge.objects.filter(user=someone).exists(),
        "cancel_url": back,
    }
    return form_page(
        request,
        form,
        lambda: _give(someone, form.cleaned_data, by=request.user),
        template="entry/tablet_person.html",
        context=context,
        then=back,
    )


def _give(someone: User, data: dict[str, Any], *, by: User) -> None:
    services.require_over(by, someone)
    if data["new_pin"]:
        try:
            pins.set_pin(someone, data["new_pin"], purpose=Pin.Purpose.TABLET, by=by)
        except ValidationError as wrong:
            raise ValidationError({"new_pin": wrong.messages}) from wrong
    elif data["forget_pin"]:
        pins.remove_pin(someone, purpose=Pin.Purpose.TABLET, by=by)
    if data["badge"] or data["forget_badge"]:
        tablets.set_badge(someone, data["badge"], by=by)


app_name = "tablets"

urlpatterns = [
    path("tablets/", listed, name="listed"),
    path("tablets/new/", new, name="new"),
    path("tablets/<int:pk>/revoke/", revoke, name="revoke"),
    path("people/<int:pk>/tablets/", person, name="person"),
]
