"""System checks: no route without a policy, no policy with an unknown permission."""

from typing import Any

from django.core.checks import CheckMessage, Error, Tags, register
from django.urls import get_resolver

from andon.accounts.policy import policy_of, routes
from andon.accounts.roles import declared


@register(Tags.urls)
def every_route_has_a_policy(app_configs: Any, **kwargs: Any) -> list[CheckMessage]:  # noqa: ARG001
    """Name the routes that nobody would be let into, and those that ask for a wrong word."""
    found: list[CheckMessage] = []
    for route in routes(get_resolver().url_patterns):
        policy = policy_of(route.view)
        if policy is None:
            hint = "Decorate the view with allow(…), signed_in or public of accounts.policy."
            message = f"The route /{route.path} has no policy."
            found.append(Error(message, hint=hint, id="accounts.E001"))
        elif policy.permission and policy.permission not in declared():
            message = f"The route /{route.path} asks for {policy.permission!r}, declared nowhere."
            found.append(Error(message, id="accounts.E002"))
    return found
