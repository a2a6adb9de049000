"""What administrators do about factors: the rules, and the reset for who lost theirs."""

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import path, reverse
from django.utils.translation import gettext as _
from django.views.decorators.debug import sensitive_post_parameters
from django.views.decorators.http import require_http_methods

from andon.accounts.apps import PEOPLE
from andon.accounts.http import Request
from andon.accounts.models import User
from andon.accounts.pages import done, form_page
from andon.accounts.policy import allow
from andon.accounts.roles import Role
from andon.entry import factors, factors_rules
from andon.entry.factors_forms import ProofForm, RulesForm
from andon.organization import queries
from andon.organization.models import Settings
from andon.organization.policy import SECOND_FACTOR, policy

form_methods = require_http_methods(["GET", "HEAD", "POST"])


@allow(PEOPLE)
@form_methods
def rules(request: Request) -> HttpResponse:
    """Say which roles must have a second factor."""
    own = bool(queries.settings().second_factor_roles)
    initial = {"follow": "own" if own else "profile", "roles": sorted(policy().second_factor_roles)}
    form = RulesForm(request.POST or None, initial=initial)

    def act() -> None:
        data = form.cleaned_data
        roles = data["roles"] if data["follow"] == "own" else None
        factors_rules.set_rules(roles, by=request.user)

    return form_page(
        request,
        form,
        act,
        template="entry/rules.html",
        context={"profiles": _profiles(), "cancel_url": reverse("organization:index")},
        then=reverse("sign_in_rules:rules"),
    )


def _profiles() -> list[tuple[str, list[str]]]:
    """Return each profile with the roles it asks a second factor of."""
    return [
        (str(profile.label), [str(role.label) for role in Role if role in SECOND_FACTOR[profile]])
        for profile in Settings.Profile
    ]


@allow(PEOPLE)
@form_methods
@sensitive_post_parameters()
def reset(request: Request, pk: int) -> HttpResponse:
    """Take away the factors of someone who lost theirs, after proving who asks."""
    person = get_object_or_404(User.objects.visible_to(request.user), pk=pk)
    form = ProofForm(request.POST or None, request=request)
    back = reverse("accounts:person", kwargs={"pk": pk})
    posted = request.method == "POST" and form.is_valid()
    if posted and done(form, lambda: factors.reset(person, by=request.user)):
        messages.success(request, _("The second factor is reset, and recorded."))
        return redirect(back)
    context = {"form": form, "person": person, "cancel_url": back}
    return render(request, "entry/factors_reset.html", context)


app_name = "sign_in_rules"

urlpatterns = [
    path("sign-in-rules/", rules, name="rules"),
    path("people/<int:pk>/reset-factors/", reset, name="reset"),
]
