"""Who must have a second factor, and the door that stays shut until they do (AU3)."""

from collections.abc import Callable, Iterable
from typing import Any

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.utils.translation import gettext as _

from andon.accounts.middleware import API, SAFE, refuse
from andon.accounts.models import User
from andon.accounts.policy import policy_of
from andon.entry import factors
from andon.entry.proof import at_tablet
from andon.organization import queries, services
from andon.organization.policy import NOBODY, policy
from andon.trail.security import tell

TRUSTED = "outside_second_factor"
"""The mark of a session whose second factor was the provider's, where that is trusted."""

ALWAYS = "account_change_password"
OWN = "factors"


def must_have_second(user: User) -> bool:
    """Return whether a role of this person asks for a second factor."""
    return bool(policy().second_factor_roles & user.roles_in_force())


def set_rules(roles: Iterable[str] | None, *, by: User) -> None:
    """Choose the roles; None follows the profile."""
    chosen = "" if roles is None else ",".join(sorted(roles)) or NOBODY
    before = queries.settings().second_factor_roles
    services.edit_settings(changes={"second_factor_roles": chosen}, by=by)
    if chosen != before:
        tell("sign-in rules changed", by=by, detail={"before": before, "after": chosen})


class SecondFactorMiddleware:
    """Leads who must have a second factor and has none to where it is added, before all else."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        return self.get_response(request)

    def process_view(
        self, request: HttpRequest, view: Callable[..., Any], *_arguments: Any
    ) -> HttpResponse | None:
        """Return the way to the page of factors, or None to let the request through."""
        if not missing(request, view):
            return None
        sentence = _("Your role asks for a second factor. Add one first; it takes a minute.")
        if request.method not in SAFE or request.path.startswith(API):
            return refuse(request, sentence)
        messages.warning(request, sentence)
        return redirect("factors:mine")


def missing(request: HttpRequest, view: Any) -> bool:
    """Return whether this request must wait until a second factor was added."""
    user = request.user
    found = policy_of(view)
    if found is None or found.kind == "public" or not isinstance(user, User):
        return False
    place = request.resolver_match
    if place and (place.namespace == OWN or place.url_name == ALWAYS):
        return False
    # A shared tablet opens so little that name and PIN are enough there.
    if not must_have_second(user) or request.session.get(TRUSTED) or at_tablet(request):
        return False
    return not factors.has_second(user)
