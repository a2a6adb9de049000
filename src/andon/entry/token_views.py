"""The pages on which people make and revoke the tokens of their programs."""

from typing import Any

from django.contrib import messages
from django.core.exceptions import ValidationError
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.debug import sensitive_post_parameters, sensitive_variables
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from andon.accounts import clock
from andon.accounts.forms import add_errors
from andon.accounts.http import Request
from andon.accounts.policy import allow
from andon.entry import tokens as services
from andon.entry.apps import GUARD, TOKENS
from andon.entry.forms import TokenForm
from andon.entry.models import ApiToken
from andon.entry.scopes import SCOPES


@allow(TOKENS)
@require_GET
def tokens(request: Request) -> HttpResponse:
    mine = ApiToken.objects.visible_to(request.user).filter(owner=request.user)
    rows = [(token, _scopes(token)) for token in mine.select_related("use")]
    return render(request, "entry/tokens.html", {"rows": rows, "now": clock.now()})


@sensitive_post_parameters()
@sensitive_variables("secret")
@require_http_methods(["GET", "HEAD", "POST"])
def _token_new(request: Request) -> HttpResponse:
    form = TokenForm(request.POST or None, request=request)
    secret = _made(request, form) if request.method == "POST" and form.is_valid() else ""
    if secret:
        # Shown in the answer itself and kept nowhere, so a reload cannot show it again.
        return render(request, "entry/token_made.html", {"secret": secret})
    context: dict[str, Any] = {"form": form, "cancel_url": reverse("entry:tokens")}
    return render(request, "entry/token_form.html", context)


token_new = allow(TOKENS)(_token_new)


@sensitive_variables()
def _made(request: Request, form: TokenForm) -> str:
    """Return the secret of the new token, or nothing; what was refused stands on the form."""
    data = form.cleaned_data
    try:
        _token, secret = services.make_token(
            name=data["name"],
            scopes=data["scopes"],
            expires_at=form.expires_at(),
            by=request.user,
        )
    except ValidationError as refused:
        add_errors(form, refused)
    else:
        return secret
    return ""


@allow(TOKENS)
@require_POST
def token_revoke(request: Request, pk: int) -> HttpResponse:
    mine = ApiToken.objects.visible_to(request.user).filter(owner=request.user)
    services.revoke_token(get_object_or_404(mine, pk=pk), by=request.user)
    messages.success(request, _("The token is revoked; programs that use it are refused."))
    return redirect("entry:tokens")


@allow(GUARD)
@require_POST
def token_revoke_any(request: Request, pk: int) -> HttpResponse:
    found = get_object_or_404(ApiToken.objects.visible_to(request.user), pk=pk)
    services.revoke_token(found, by=request.user)
    messages.success(request, _("The token is revoked; programs that use it are refused."))
    return redirect("entry:watch")


def _scopes(token: ApiToken) -> list[Any]:
    return [label for scope, label in SCOPES.items() if scope in token.scope_set]
