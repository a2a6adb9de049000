"""An auditor reads: on a connection that cannot write, and every look is recorded (AZ7)."""

from collections.abc import Callable
from contextlib import ExitStack
from typing import Any, cast

from django.http import HttpRequest, HttpResponse

from andon.accounts.middleware import SAFE
from andon.accounts.models import User
from andon.accounts.policy import policy_of
from andon.accounts.roles import Role
from andon.trail.reading import read_only
from andon.trail.security import tell

LONGEST_PATH = 200


class AuditorMiddleware:
    """Records what an auditor looks at, and keeps the connection from writing meanwhile.

    It stands innermost: sessions and refusals are written outside of it.
    """

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        with ExitStack() as stack:
            request.META["andon.auditor"] = stack
            return self.get_response(request)

    def process_view(
        self, request: HttpRequest, view: Callable[..., Any], *_arguments: Any
    ) -> None:
        """Tell of the look and begin to only read, when an auditor asks for a page or a file."""
        policy = policy_of(view)
        asks = policy is not None and policy.kind != "public" and request.method in SAFE
        if not (asks and is_only_auditor(request)):
            return
        match = request.resolver_match
        detail = {"route": match.view_name if match else "", "path": request.path[:LONGEST_PATH]}
        tell("read", by=cast("User", request.user), detail=detail)
        request.META["andon.auditor"].enter_context(read_only())


def is_only_auditor(request: HttpRequest) -> bool:
    """Whether who asks is an auditor and nothing else."""
    user = request.user
    return isinstance(user, User) and user.roles_in_force() == {Role.AUDITOR}
