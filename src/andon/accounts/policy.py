"""Deny by default: every route says who may use it, or nobody may (AZ1)."""

from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass
from functools import wraps
from typing import Any

from django.urls import URLPattern, URLResolver

View = Callable[..., Any]


@dataclass(frozen=True)
class Policy:
    """Who may use a route. The service behind it decides about the single object."""

    kind: str
    permission: str = ""
    # Auditors change nothing, but their own password.
    own_account: bool = False


PUBLIC = Policy("public")
SIGNED_IN = Policy("signed in")
OWN_ACCOUNT = Policy("signed in", own_account=True)


def public(view: View) -> View:
    """Open the route to everybody, signed in or not."""
    return _with(view, PUBLIC)


def signed_in(view: View) -> View:
    """Open the route to everybody who holds a grant in force."""
    return _with(view, SIGNED_IN)


def own_account(view: View) -> View:
    """As ``signed_in``, and an auditor may post here: it changes nothing but their account."""
    return _with(view, OWN_ACCOUNT)


def allow(permission: str) -> Callable[[View], View]:
    """Open the route to those who hold ``permission`` at any site."""

    def decorate(view: View) -> View:
        return _with(view, Policy("permission", permission))

    return decorate


def cover(patterns: Iterable[URLPattern | URLResolver], policy: Policy) -> None:
    """Give ``policy`` to every route below ``patterns`` that has none, as for the API."""
    for pattern in patterns:
        if isinstance(pattern, URLResolver):
            cover(pattern.url_patterns, policy)
        elif policy_of(pattern.callback) is None:
            pattern.callback = _with(pattern.callback, policy)


def policy_of(view: View | None) -> Policy | None:
    return getattr(view, "policy", None)


@dataclass(frozen=True)
class Route:
    """One URL pattern: its name with namespace, its path, and its view."""

    name: str
    path: str
    view: View


def routes(
    patterns: Iterable[URLPattern | URLResolver], prefix: str = "", namespace: str = ""
) -> Iterator[Route]:
    """Return every route below ``patterns``."""
    for pattern in patterns:
        path = prefix + str(pattern.pattern)
        if isinstance(pattern, URLResolver):
            inner = f"{namespace}{pattern.namespace}:" if pattern.namespace else namespace
            yield from routes(pattern.url_patterns, path, inner)
        else:
            yield Route(f"{namespace}{pattern.name or ''}", path, pattern.callback)


def _with(view: View, policy: Policy) -> View:
    # A wrapper, so that another project's view (allauth's) is left as it is.
    @wraps(view)
    def guarded(*args: Any, **kwargs: Any) -> Any:
        return view(*args, **kwargs)

    guarded.policy = policy  # type: ignore[attr-defined]
    return guarded
