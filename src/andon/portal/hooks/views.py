"""Pages of webhooks, for administrators."""

from typing import Any

from django.contrib import messages
from django.db.models import Count, Max, Q
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from andon.accounts.http import Request
from andon.accounts.pages import done, form_page
from andon.accounts.policy import allow
from andon.organization import clock

from . import services
from .apps import MANAGE
from .forms import HostForm, WebhookForm
from .models import AllowedHost, Delivery, Webhook
from .sending import is_known

SHOWN = 50
_form_methods = require_http_methods(["GET", "HEAD", "POST"])


@allow(MANAGE)
@require_GET
def index(request: Request) -> HttpResponse:
    """Show the hosts that may be sent to, and the webhooks with how they fare."""
    return _index(request, HostForm())


def _index(request: Request, form: HostForm, status: int = 200) -> HttpResponse:
    counted = Webhook.objects.annotate(
        waiting=Count("deliveries", Q(deliveries__status=Delivery.Status.WAITING)),
        stuck=Count("deliveries", Q(deliveries__status=Delivery.Status.GIVEN_UP)),
        last=Max("deliveries__sent_at"),
    )
    context = {
        "hosts": AllowedHost.objects.filter(is_active=True),
        "hooks": [(hook, is_known(hook)) for hook in counted],
        "form": form,
    }
    return render(request, "hooks/index.html", context, status=status)


@allow(MANAGE)
@require_POST
def host_new(request: Request) -> HttpResponse:
    form = HostForm(request.POST)
    if form.is_valid() and done(
        form, lambda: services.allow_host(**form.cleaned_data, by=request.user)
    ):
        messages.success(request, _("Saved."))
        return redirect("hooks:index")
    return _index(request, form, status=422)


@allow(MANAGE)
@require_POST
def host_end(request: Request, pk: int) -> HttpResponse:
    services.refuse_host(get_object_or_404(AllowedHost, pk=pk), by=request.user)
    return redirect("hooks:index")


@allow(MANAGE)
@_form_methods
def new(request: Request) -> HttpResponse:
    form = WebhookForm(request.POST or None, viewer=request.user)
    made: list[Webhook] = []

    def act() -> None:
        made.append(services.add(form.changes(), by=request.user))

    answer = form_page(
        request, form, act, template="hooks/form.html", context=_about(), then="hooks:index"
    )
    return redirect("hooks:hook", pk=made[0].pk) if made else answer


@allow(MANAGE)
@_form_methods
def edit(request: Request, pk: int) -> HttpResponse:
    hook = get_object_or_404(Webhook, pk=pk)
    name = hook.name
    form = WebhookForm(request.POST or None, instance=hook, viewer=request.user)
    return form_page(
        request,
        form,
        lambda: services.change(hook, changes=form.changes(), mark=form.mark(), by=request.user),
        template="hooks/form.html",
        context=_about(name),
        then=reverse("hooks:hook", args=[pk]),
    )


def _about(name: str = "") -> dict[str, Any]:
    return {"name": name, "cancel_url": reverse("hooks:index")}


@allow(MANAGE)
@require_GET
def hook(request: Request, pk: int) -> HttpResponse:
    """Show one webhook: its secret, what waits, what was given up, what arrived last."""
    found = get_object_or_404(Webhook.objects.select_related("site", "seen_by"), pk=pk)
    rows = Delivery.objects.filter(webhook=found)
    stuck = rows.filter(status=Delivery.Status.GIVEN_UP)[:SHOWN]
    others = rows.exclude(status=Delivery.Status.GIVEN_UP)[:SHOWN]
    context = {
        "hook": found,
        "is_known": is_known(found),
        "deliveries": [*stuck, *others],
        "shows_secret": "secret" in request.GET,
    }
    return render(request, "hooks/hook.html", context)


@allow(MANAGE)
@require_POST
def renew(request: Request, pk: int) -> HttpResponse:
    services.renew_secret(get_object_or_404(Webhook, pk=pk), by=request.user)
    return redirect(reverse("hooks:hook", args=[pk]) + "?secret")


@allow(MANAGE)
@require_POST
def test(request: Request, pk: int) -> HttpResponse:
    services.send_test(get_object_or_404(Webhook, pk=pk), by=request.user, now=clock.now())
    messages.success(request, _("A test waits to be sent. Look here again in a minute."))
    return redirect("hooks:hook", pk=pk)


@allow(MANAGE)
@require_POST
def again(request: Request, pk: int) -> HttpResponse:
    found = get_object_or_404(Delivery, pk=pk)
    services.try_again(found, by=request.user, now=clock.now())
    return redirect("hooks:hook", pk=found.webhook_id)


@allow(MANAGE)
@require_POST
def drop(request: Request, pk: int) -> HttpResponse:
    found = get_object_or_404(Delivery, pk=pk)
    services.drop(found, by=request.user)
    return redirect("hooks:hook", pk=found.webhook_id)
