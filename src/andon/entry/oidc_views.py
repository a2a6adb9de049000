"""Signing in by the company's own sign-in, and linking accounts with it."""

from http import HTTPStatus
from typing import cast

from allauth.account.utils import perform_login
from django import forms
from django.conf import settings
from django.contrib.auth import SESSION_KEY, logout
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import path, reverse
from django.utils.http import url_has_allowed_host_and_scheme
from django.utils.translation import gettext_lazy as _
from django.views.decorators.http import require_GET, require_http_methods

from andon.accounts.apps import PEOPLE
from andon.accounts.http import Request
from andon.accounts.models import User
from andon.accounts.pages import form_page
from andon.accounts.policy import allow, public
from andon.entry import factors_stage, oidc, oidc_people
from andon.entry.factors_rules import TRUSTED
from andon.entry.models import OutsideIdentity
from andon.trail.security import tell


def _provider() -> oidc.Provider:
    if found := oidc.provider():
        return found
    raise Http404


# A link, not a form: `form-action 'self'` (SE3) would stop a form that leads to another host.
@public
@require_GET
def begin(request: HttpRequest) -> HttpResponse:
    """Send the browser to the provider."""
    asked = _provider()
    wanted = request.GET.get("next", "")
    safe = url_has_allowed_host_and_scheme(
        wanted, allowed_hosts={request.get_host()}, require_https=request.is_secure()
    )
    try:
        return redirect(oidc.begin(request, asked, back=wanted if safe else ""))
    except oidc.OutsideError as wrong:
        return _refused(request, asked, wrong)


@public
@require_GET
def callback(request: HttpRequest) -> HttpResponse:
    """Take the answer of the provider, and sign in whom it names."""
    asked = _provider()
    try:
        identity, back = oidc.finish(request, asked)
    except oidc.OutsideError as wrong:
        return _refused(request, asked, wrong)
    person = oidc_people.person_for(identity, asked)
    if person is None:
        nobody = oidc.OutsideError("no account", NO_ACCOUNT)
        return _refused(request, asked, nobody, subject=identity.subject)
    return _signed_in(request, person, back=back, two_factors=identity.two_factors)


def _signed_in(request: HttpRequest, person: User, *, back: str, two_factors: bool) -> HttpResponse:
    """Sign in; the second step follows unless the provider's is trusted."""
    if request.user.is_authenticated:
        logout(request)
    if two_factors:
        factors_stage.pass_step(request)
    factors_stage.came_by(request, person, "single sign-on")
    url = back or settings.LOGIN_REDIRECT_URL
    response = cast("HttpResponse", perform_login(request, person, redirect_url=url))
    if two_factors and request.session.get(SESSION_KEY) == str(person.pk):
        request.session[TRUSTED] = True
    return response


NO_ACCOUNT = _(
    "Your company knows you, but there is no account for you here, or it is disabled. Ask an"
    " administrator, and give them the id below."
)


def _refused(
    request: HttpRequest, asked: oidc.Provider, wrong: oidc.OutsideError, *, subject: str = ""
) -> HttpResponse:
    tell("single sign-on refused", by=oidc_people.DOOR, detail={"why": wrong.why})
    context = {"sentence": wrong.sentence, "provider": asked, "subject": subject}
    return render(request, "entry/outside_refused.html", context, status=HTTPStatus.FORBIDDEN)


class IdentityForm(forms.Form):
    """The subject of a person; empty takes the link away."""

    subject = forms.CharField(
        label=_("Id at the sign-in of the company"),
        max_length=255,
        required=False,
        help_text=_(
            "The “sub” by which the provider knows this person. Who tries to sign in without a"
            " link sees theirs. Empty: no link."
        ),
    )


@allow(PEOPLE)
@require_http_methods(["GET", "HEAD", "POST"])
def identity(request: Request, pk: int) -> HttpResponse:
    """Link an account with the company's sign-in, or take the link away."""
    asked = _provider()
    person = get_object_or_404(User.objects.visible_to(request.user), pk=pk)
    link = OutsideIdentity.objects.filter(user=person, issuer=asked.issuer).first()
    form = IdentityForm(request.POST or None, initial={"subject": link.subject if link else ""})

    def act() -> None:
        if subject := form.cleaned_data["subject"]:
            oidc_people.connect(person, issuer=asked.issuer, subject=subject, by=request.user)
        else:
            oidc_people.disconnect(person, by=request.user)

    back = reverse("accounts:person", kwargs={"pk": pk})
    context = {"person": person, "provider": asked, "cancel_url": back}
    return form_page(request, form, act, template="entry/identity.html", context=context, then=back)


app_name = "outside"

urlpatterns = [
    path("sign-in/company/", begin, name="begin"),
    path("sign-in/company/back/", callback, name="callback"),
    path("setup/people/<int:pk>/single-sign-on/", identity, name="identity"),
]
