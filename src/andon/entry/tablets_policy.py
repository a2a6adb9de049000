"""What can be done at a shared tablet: what stands here, and nothing else.

Two fences, each enough by itself: the person of the request holds no permission but these, and
the middleware lets through only these routes. So a permission or a page that is added later is
closed at tablets until somebody writes it down here.
"""

from collections.abc import Callable
from typing import Any

from django.contrib.auth import logout
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.utils.translation import gettext as _

from andon.accounts.middleware import API, SAFE, refuse
from andon.accounts.policy import policy_of
from andon.entry import tablets
from andon.entry.proof import at_tablet
from andon.trail.security import tell

PERMISSIONS = frozenset(
    {
        "checklists.fill",
        "kpis.observe",
        "nonconformities.report",
        "production.record",
        "records.comment",
    }
)
# Report, enter facts, comment, show a photo, mark a notice as read, go.
WRITES = frozenset(
    {
        "account_logout",
        "actions:attach",
        "actions:comment",
        "checklists:fill",
        "improvements:comment",
        "kpis:comment",
        "kpis:note",
        "kpis:observe",
        "nonconformities:attach",
        "nonconformities:comment",
        "nonconformities:new",
        "notices:all_read",
        "notices:open",
        "production:record",
        "tablet:here",
        "tablet:leave",
    }
)
READS = frozenset(
    {
        "actions",
        "assurance",
        "checklists",
        "improvements",
        "kpis",
        "nonconformities",
        "portal",
        "production",
        "records",
        "tablet",
    }
)
READ_ROUTES = frozenset({"account_logout", "notices:inbox"})
# Whole lists leave the house from a device of one's own.
EXPORT = "export"


def lets_through(route: str, method: str, permission: str = "") -> bool:
    """Return whether ``route`` (namespace:name) is open at tablets for ``method``."""
    if permission and permission not in PERMISSIONS:
        return False
    if method not in SAFE:
        return route in WRITES
    namespace, _colon, name = route.rpartition(":")
    if name.startswith(EXPORT):
        return False
    return route in READ_ROUTES or namespace in READS


class TabletMiddleware:
    """Keeps a session of a shared tablet to what tablets are for, and short."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        request.tablet = None  # type: ignore[attr-defined]
        if not at_tablet(request):
            return self.get_response(request)
        tablet = tablets.still_here(request)
        if tablet is None:
            return _over(request)
        request.tablet = tablet  # type: ignore[attr-defined]
        user: Any = request.user
        if user.is_authenticated:
            user.limit_to(PERMISSIONS)
        return self.get_response(request)

    def process_view(
        self, request: HttpRequest, view: Callable[..., Any], *_arguments: Any
    ) -> HttpResponse | None:
        """Return the refusal, or None to let the request through."""
        if not at_tablet(request):
            return None
        place = request.resolver_match
        route = place.view_name if place else ""
        policy = policy_of(view)
        if policy and lets_through(route, str(request.method), policy.permission):
            return None
        return refuse(request, _("This is not done at a shared tablet. Use a device of your own."))


def _over(request: HttpRequest) -> HttpResponse:
    """End the session, and go back to the first page of the tablet."""
    user: Any = request.user
    if user.is_authenticated:
        tell("tablet session ended", by=user)
    logout(request)
    if request.path.startswith(API) or request.headers.get("HX-Request"):
        response = HttpResponse(status=401)
        response["HX-Redirect"] = "/tablet/"
        return response
    return redirect("tablet:start")
