"""The door: every request is refused unless the policy of its route lets the person in."""

from collections.abc import Callable
from http import HTTPStatus
from typing import Any, cast

from django.contrib.auth.views import redirect_to_login
from django.core.exceptions import PermissionDenied
from django.http import HttpRequest, HttpResponse, JsonResponse
from django.shortcuts import render, resolve_url
from django.utils.http import urlencode
from django.utils.translation import gettext as _

from andon.accounts import queries
from andon.accounts.models import User
from andon.accounts.policy import Policy, policy_of
from andon.accounts.roles import Role

SAFE = frozenset({"GET", "HEAD", "OPTIONS"})
API = "/api/"


class PolicyMiddleware:
    """Refuses a route without policy (AZ1), then asks the policy about this person."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        return self.get_response(request)

    def process_view(
        self, request: HttpRequest, view: Callable[..., Any], *_arguments: Any
    ) -> HttpResponse | None:
        """Return the refusal, or None to let the request through."""
        policy = policy_of(view)
        if policy is None:
            return refuse(request, _("Nobody may use this page: it has no policy."))
        if policy.kind == "public":
            return None
        if not request.user.is_authenticated:
            return ask_to_sign_in(request)
        return _refusal(request, policy)


def _refusal(request: HttpRequest, policy: Policy) -> HttpResponse | None:
    user = cast("User", request.user)
    roles = user.roles_in_force()
    if not roles:
        return without_role(request)
    if request.method not in SAFE and roles == {Role.AUDITOR} and not policy.own_account:
        return refuse(request, _("Your role is Auditor: you read everything and change nothing."))
    if policy.permission and not user.may(policy.permission):
        return refuse(request, _("Your roles do not include this page."))
    return None


def ask_to_sign_in(request: HttpRequest) -> HttpResponse:
    """Send people to the sign-in page; tell htmx and programs in their own way (SE4)."""
    if request.path.startswith(API):
        return problem(HTTPStatus.UNAUTHORIZED, _("Sign in first."))
    back = request.get_full_path() if request.method in SAFE else ""
    if request.headers.get("HX-Request"):
        login = resolve_url("account_login")
        # The page the person looks at, not the fragment it asked for.
        here = getattr(getattr(request, "htmx", None), "current_url_abs_path", None)
        response = HttpResponse(status=HTTPStatus.UNAUTHORIZED)
        response["HX-Redirect"] = f"{login}?{urlencode({'next': here})}" if here else login
        return response
    return (
        redirect_to_login(back)
        if back
        else HttpResponse(
            status=HTTPStatus.FOUND, headers={"Location": resolve_url("account_login")}
        )
    )


def without_role(request: HttpRequest) -> HttpResponse:
    """Say kindly who can give a role; the person has signed in and done nothing wrong."""
    if request.path.startswith(API):
        return problem(HTTPStatus.FORBIDDEN, _("You hold no role in force."))
    context = {"administrators": queries.administrators()}
    return render(request, "accounts/no_role.html", context, status=HTTPStatus.FORBIDDEN)


def refuse(request: HttpRequest, sentence: str) -> HttpResponse:
    """Answer 403 with ``sentence``."""
    if request.path.startswith(API):
        return problem(HTTPStatus.FORBIDDEN, sentence)
    raise PermissionDenied(sentence)


def problem(status: HTTPStatus, detail: str) -> JsonResponse:
    """Return an RFC 9457 problem (AP2)."""
    body = {"type": "about:blank", "title": status.phrase, "status": status, "detail": detail}
    return JsonResponse(body, status=status, content_type="application/problem+json")
