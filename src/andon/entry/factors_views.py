"""The second step of signing in, and the page on which people keep their own factors."""

from collections.abc import Callable
from http import HTTPStatus
from typing import Any, cast

from allauth.account.utils import perform_login
from django.contrib import messages
from django.core.exceptions import ValidationError
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.debug import sensitive_post_parameters
from django.views.decorators.http import require_GET, require_http_methods
from fido2.utils import websafe_encode

from andon.accounts.http import Request
from andon.accounts.pages import done
from andon.accounts.policy import own_account, public
from andon.entry import factors, factors_codes, factors_stage, pins, throttle
from andon.entry import factors_passkeys as passkeys
from andon.entry import factors_totp as totp
from andon.entry.factors_forms import (
    GeneratorForm,
    NewPasskeyForm,
    PasskeyNameForm,
    PasskeySignInForm,
    PinForm,
    ProofForm,
    SecondStepForm,
)
from andon.entry.factors_rules import must_have_second
from andon.entry.models.factors import Generator, Passkey
from andon.entry.models.pins import Pin
from andon.entry.proving import renew_session

form_methods = require_http_methods(["GET", "HEAD", "POST"])
MINE = "factors:mine"


@public
@form_methods
@sensitive_post_parameters("code", "passkey")
def second_step(request: HttpRequest) -> HttpResponse:
    """Ask whoever gave the right password for the second factor."""
    stage = factors_stage.waiting(request)
    if stage is None:
        return redirect("account_login")
    user = stage.login.user
    form = SecondStepForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        try:
            if factors_stage.show(request, user, **form.cleaned_data):
                response: HttpResponse = stage.exit()
                return response
            form.add_error(None, _("That was not right, or was used already. Try the next code."))
        except throttle.Paused as paused:
            form.add_error(None, str(paused))
    with_passkey = factors.has_passkeys(user)
    context = {
        "form": form,
        "codes": factors.has_codes(user),
        "options": passkeys.begin(request, factors_stage.PURPOSE, user) if with_passkey else "",
    }
    return render(request, "entry/second_step.html", context)


@public
@form_methods
@sensitive_post_parameters("passkey")
def passkey_sign_in(request: HttpRequest) -> HttpResponse:
    """Let in whoever holds a passkey; it asks for finger, face or PIN, so it is two factors."""
    form = PasskeySignInForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        try:
            person = factors_stage.by_passkey(request, form.cleaned_data["passkey"])
        except throttle.Paused as paused:
            form.add_error(None, str(paused))
        except passkeys.WrongPasskey:
            form.add_error(None, _("No account here knows this passkey. Use your password."))
        else:
            factors_stage.pass_step(request)
            return cast("HttpResponse", perform_login(request, person))
    options = passkeys.begin(request, factors_stage.ALONE)
    return render(request, "entry/passkey_sign_in.html", {"form": form, "options": options})


@own_account
@require_GET
def mine(request: Request) -> HttpResponse:
    """Show by what one signs in."""
    user = request.user
    context = {
        "generator": Generator.objects.filter(user=user).first(),
        "passkeys": Passkey.objects.filter(user=user),
        "codes_left": factors_codes.left(user),
        "secured": factors.has_second(user),
        "must": must_have_second(user),
        "signing_pin": pins.has_pin(user, Pin.Purpose.SIGNING),
        "tablet_pin": pins.has_pin(user, Pin.Purpose.TABLET),
    }
    return render(request, "entry/mine.html", context)


@own_account
@form_methods
@sensitive_post_parameters()
def add_generator(request: Request) -> HttpResponse:
    """Show the picture for the app, and take its first code."""
    form = GeneratorForm(request.POST or None, request=request)
    if request.method == "POST" and form.is_valid():
        data, made = form.cleaned_data, list[str]()

        def act() -> None:
            made.extend(factors.add_generator(request.user, data["sealed"], data["new_code"]))

        if done(form, act):
            return _added(request, made)
    sealed = form.data.get("sealed", "") if form.is_bound else ""
    secret = factors.open_secret(request.user, sealed)
    if not secret:
        sealed = factors.begin_generator(request.user)
        secret = factors.open_secret(request.user, sealed)
    address = totp.address(secret, account=request.user.username, issuer="Andon")
    groups = " ".join(secret[start : start + 4] for start in range(0, len(secret), 4))
    context = {"sealed": sealed, "picture": totp.picture(address), "secret": groups}
    return _form(request, form, "entry/generator_new.html", **context)


@own_account
@form_methods
@sensitive_post_parameters()
def add_passkey(request: Request) -> HttpResponse:
    """Make a passkey on this device or on a key that is plugged in."""
    form = NewPasskeyForm(request.POST or None, request=request)
    if request.method == "POST" and form.is_valid():
        made: list[str] = []
        if done(form, lambda: made.extend(_passkey(request, form.cleaned_data))):
            return _added(request, made)
    options = passkeys.begin_adding(request, request.user)
    context = {"options": options, "possible": passkeys.possible(request)}
    return _form(request, form, "entry/passkey_new.html", **context)


def _passkey(request: Request, data: dict[str, Any]) -> list[str]:
    try:
        made = passkeys.finish_adding(request, data["new_passkey"])
    except passkeys.WrongPasskey as wrong:
        raise ValidationError(_("The passkey was not accepted. Try again.")) from wrong
    credential = made.credential_data
    assert credential is not None  # noqa: S101  (a registration always brings one)
    return factors.add_passkey(
        request.user,
        name=data["name"],
        credential_id=websafe_encode(credential.credential_id),
        public_key=websafe_encode(bytes(credential)),
    )


@own_account
@form_methods
def rename_passkey(request: Request, pk: int) -> HttpResponse:
    passkey = get_object_or_404(Passkey, pk=pk, user=request.user)
    form = PasskeyNameForm(request.POST or None, initial={"name": passkey.name})
    if request.method == "POST" and form.is_valid():
        name = form.cleaned_data["name"]
        if done(form, lambda: factors.rename_passkey(passkey, name, by=request.user)):
            return redirect(MINE)
    context = {"form": form, "passkey": passkey, "cancel_url": reverse(MINE)}
    return render(request, "entry/passkey_name.html", context)


@own_account
@form_methods
@sensitive_post_parameters()
def remove_passkey(request: Request, pk: int) -> HttpResponse:
    passkey = get_object_or_404(Passkey, pk=pk, user=request.user)
    form = ProofForm(request.POST or None, request=request)
    return _proved(
        request,
        form,
        lambda: factors.remove_passkey(passkey, by=request.user),
        "entry/factor_remove.html",
        what=_("the passkey “%(name)s”") % {"name": passkey.name},
    )


@own_account
@form_methods
@sensitive_post_parameters()
def remove_generator(request: Request) -> HttpResponse:
    get_object_or_404(Generator, user=request.user)
    form = ProofForm(request.POST or None, request=request)
    return _proved(
        request,
        form,
        lambda: factors.remove_generator(request.user),
        "entry/factor_remove.html",
        what=_("the one-time code app"),
    )


@own_account
@form_methods
@sensitive_post_parameters()
def new_codes(request: Request) -> HttpResponse:
    """Make ten new recovery codes, and show them this once."""
    form = ProofForm(request.POST or None, request=request)
    if request.method == "POST" and form.is_valid():
        made: list[str] = []
        if done(form, lambda: made.extend(factors.new_codes(request.user))):
            return _added(request, made)
    return _form(request, form, "entry/codes_new.html")


@own_account
@form_methods
@sensitive_post_parameters()
def signing_pin(request: Request) -> HttpResponse:
    """Set the PIN by which people sign who come by single sign-on."""
    return _pin(request, Pin.Purpose.SIGNING, "entry/pin_signing.html")


@own_account
@form_methods
@sensitive_post_parameters()
def tablet_pin(request: Request) -> HttpResponse:
    """Set the PIN by which one signs in at the shared tablet."""
    return _pin(request, Pin.Purpose.TABLET, "entry/pin_tablet.html")


def _pin(request: Request, purpose: str, template: str) -> HttpResponse:
    form = PinForm(request.POST or None, request=request)

    def act() -> None:
        pin = form.cleaned_data["new_pin"]
        pins.set_pin(request.user, pin, purpose=purpose, by=request.user)

    return _proved(request, form, act, template, least=pins.SHORTEST[Pin.Purpose(purpose)])


def _proved(
    request: Request, form: ProofForm, act: Callable[[], None], template: str, **context: Any
) -> HttpResponse:
    """Show a form that asks who is there; when it is right, act and go back."""
    if request.method == "POST" and form.is_valid() and done(form, act):
        renew_session(request)
        messages.success(request, _("Saved."))
        return redirect(MINE)
    return _form(request, form, template, **context)


def _form(request: Request, form: ProofForm, template: str, **context: Any) -> HttpResponse:
    return render(request, template, {"form": form, "cancel_url": reverse(MINE), **context})


def _added(request: Request, codes: list[str]) -> HttpResponse:
    """Go on after a factor was added: show new recovery codes this once, if there are any."""
    renew_session(request)
    if not codes:
        messages.success(request, _("Saved."))
        return redirect(MINE)
    return render(request, "entry/codes_shown.html", {"codes": codes}, status=HTTPStatus.CREATED)
