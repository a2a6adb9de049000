"""The setup pages that are no list: their index, and the settings."""

from django.http import HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.views.decorators.http import require_GET, require_http_methods

from andon.accounts.http import Request
from andon.accounts.pages import form_page
from andon.accounts.policy import allow, signed_in
from andon.organization import queries, services
from andon.organization.apps import MANAGE
from andon.organization.forms import SettingsForm
from andon.organization.lists import INDEX
from andon.organization.policy import policy


@signed_in
@require_GET
def index(request: Request) -> HttpResponse:
    counted = [(kind, kind.url(), kind.rows(request).count()) for kind in INDEX]
    context = {"lists": counted, "policy": policy(), "settings_row": queries.settings()}
    return render(request, "organization/index.html", context)


@allow(MANAGE)
@require_http_methods(["GET", "HEAD", "POST"])
def edit_settings(request: Request) -> HttpResponse:
    form = SettingsForm(request.POST or None, instance=queries.settings(), viewer=request.user)
    return form_page(
        request,
        form,
        lambda: services.edit_settings(changes=form.changes(), mark=form.mark(), by=request.user),
        template="organization/settings.html",
        context={"cancel_url": reverse("organization:index")},
        then=reverse("organization:index"),
    )
