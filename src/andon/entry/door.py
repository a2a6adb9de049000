"""The edge of the API and the watch over refusals: tokens, limits, what is told (AU8, AP1, LG1)."""

from collections.abc import Callable
from contextlib import AbstractContextManager, nullcontext
from http import HTTPStatus
from typing import Any

from django.conf import settings
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils.translation import gettext as _

from andon.accounts import clock
from andon.accounts.middleware import API, problem
from andon.entry import limits, scopes, throttle, tokens
from andon.entry.models import ApiToken
from andon.trail.edge import current_edge, edge
from andon.trail.security import tell

BEARER = "Bearer "
# More refusals of one person within a minute are told no more: the first ones say enough.
TOLD_A_MINUTE = 60
TOLD = frozenset({HTTPStatus.FORBIDDEN, HTTPStatus.NOT_FOUND})


class DoorMiddleware:
    """Lets programs in by token, slows down who asks too fast, and tells who was refused."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        if request.path.startswith(API) and (refused := _refused(request)) is not None:
            return refused
        with _named(request):
            response = self.get_response(request)
        _watch(request, response)
        return response

    def process_view(
        self, request: HttpRequest, _view: Any, *_arguments: Any
    ) -> HttpResponse | None:
        """Refuse what the scopes of the token do not hold; people have none."""
        token = token_of(request)
        if token is None or request.resolver_match is None:
            return None
        scope = scopes.needed(str(request.method), request.resolver_match.route)
        if scope is None:
            return problem(HTTPStatus.FORBIDDEN, _("No token may do this; sign in yourself."))
        if scope not in token.scope_set:
            sentence = _("This token lacks the scope “%(scope)s”. Make one that has it.")
            return problem(HTTPStatus.FORBIDDEN, sentence % {"scope": scope})
        return None


def token_of(request: HttpRequest) -> ApiToken | None:
    """Return the token by which a program asks, or None for a person."""
    return getattr(request, "token", None)


def _named(request: HttpRequest) -> AbstractContextManager[object]:
    """Name the token in all that is written by it, so that the trail tells program from person."""
    token, here = token_of(request), current_edge()
    if token is None:
        return nullcontext()
    return edge(via=f"token {token.prefix}", request_id=here.request_id, address=here.address)


def _refused(request: HttpRequest) -> HttpResponse | None:
    """Say who asks, by token if one is sent; return the refusal, if it comes to that."""
    sent = request.headers.get("Authorization", "")
    if sent.startswith(BEARER):
        refused = _by_token(request, sent.removeprefix(BEARER).strip())
        if refused is not None:
            return refused
    token, user = token_of(request), request.user
    if not user.is_authenticated:
        return None
    key = ("token", token.pk) if token else ("person", user.pk)
    most = settings.API_PER_MINUTE["token" if token else "person"]
    wait = limits.ASKING.hit(key, most)
    return _later(wait) if wait else None


def _by_token(request: HttpRequest, secret: str) -> HttpResponse | None:
    token, why = tokens.find(secret)
    if token is not None and not why:
        request.token = token  # type: ignore[attr-defined]
        # A cookie that came along counts for nothing: no session, so no forged request either.
        request.user = token.owner
        return None
    try:
        tried = throttle.attempt(f"token {tokens.prefix_of(secret)}", request, act="token")
    except throttle.Paused as paused:
        return _later(max(1, round((paused.until - clock.now()).total_seconds())))
    tried.failed(why=why, token=token.pk if token else None)
    answer = problem(HTTPStatus.UNAUTHORIZED, _("This token is not valid. Make a new one."))
    answer["WWW-Authenticate"] = "Bearer"
    return answer


def _later(seconds: int) -> HttpResponse:
    answer = problem(HTTPStatus.TOO_MANY_REQUESTS, _("Too many requests. Wait and ask again."))
    answer["Retry-After"] = str(seconds)
    return answer


def _watch(request: HttpRequest, response: HttpResponse) -> None:
    """Tell of a refusal of somebody known; an object out of sight counts as one (AZ3)."""
    if response.status_code not in TOLD or hasattr(request, "told_of"):
        return
    match, user = request.resolver_match, request.user
    if match is None or not user.is_authenticated:
        return
    if response.status_code == HTTPStatus.NOT_FOUND and not match.kwargs:
        return
    if limits.REFUSALS.hit(user.pk, TOLD_A_MINUTE):
        return
    tell("access refused", by=user, detail=_about(request, response.status_code))


def _about(request: HttpRequest, status: int) -> dict[str, Any]:
    match = request.resolver_match
    token = token_of(request)
    ids = {name: str(value)[:64] for name, value in match.kwargs.items()} if match else {}
    return {
        "status": int(status),
        "method": str(request.method),
        "route": match.view_name or match.route if match else "",
        "ids": {name: value for name, value in ids.items() if name not in SECRETS},
        "token": token.pk if token else None,
    }


# Parts of addresses that are secrets themselves.
SECRETS = frozenset({"secret", "key", "token", "handle", "pause"})


def csrf_failure(request: HttpRequest, reason: str = "") -> HttpResponse:
    """Refuse a request that did not come from our own page, and tell of it (SE4).

    The API's session auth comes here, too, and answers with a problem of its own.
    """
    _tell_forged(request, reason)
    sentence = _("This request did not come from a page of Andon that is still open. Reload it.")
    return render(request, "403.html", {"exception": sentence}, status=HTTPStatus.FORBIDDEN)


def _tell_forged(request: HttpRequest, reason: str) -> None:
    """Tell once of a request without its token; strangers are told of up to the same rate."""
    request.told_of = True  # type: ignore[attr-defined]
    user = request.user
    who: Any = user if user.is_authenticated else throttle.DOOR
    if limits.REFUSALS.hit(who.pk, TOLD_A_MINUTE):
        return
    tell("request refused as forged", by=who, detail={"reason": reason[:80]})
