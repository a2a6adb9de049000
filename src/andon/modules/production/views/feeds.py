"""Feeds: which folders and topics facts come from, and how they are set up."""

from __future__ import annotations

from typing import Any

from django.conf import settings
from django.contrib import messages
from django.core.exceptions import ValidationError
from django.db.models import Count, Q
from django.http import Http404, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils.translation import gettext as _

from andon.accounts.http import Request
from andon.modules.production import services
from andon.modules.production.forms import FeedForm, FeedUseForm
from andon.modules.production.imports import known_targets
from andon.modules.production.models import ArrivalState, Feed, FeedKind
from andon.modules.production.services.feeds import folder_of
from andon.records import services as records
from andon.records.pages import see

MOST = 200


def feeds(request: Request) -> HttpResponse:
    """List the feeds, each with what of it waits for somebody."""
    waiting = Count("arrivals", filter=Q(arrivals__state=ArrivalState.WAITING))
    found = Feed.objects.visible_to(request.user).select_related("site").annotate(waiting=waiting)
    labels = {target.name: target.label for target in known_targets()}
    may = request.user.may("production.feeds")
    context = {
        "feeds": [
            (feed, labels.get(feed.target, feed.target), _there(feed)) for feed in found[:MOST]
        ],
        "may": may,
        "root": settings.FEEDS if may else "",
        "has_broker": bool(settings.MQTT_BROKER),
    }
    return render(request, "production/feeds.html", context)


def _there(feed: Feed) -> bool:
    """Whether the folder of a feed exists; a topic always does."""
    if feed.kind != FeedKind.FOLDER:
        return True
    try:
        return folder_of(feed).is_dir()
    except (OSError, ValidationError):
        return False


def new(request: Request) -> HttpResponse:
    """Set a feed up."""
    form = FeedForm(request.POST or None, viewer=request.user, targets=known_targets())
    return _form(request, form, _("The feed is set up."))


def edit(request: Request, pk: int) -> HttpResponse:
    """Change whether a feed is in use and what it may make."""
    feed = Feed.objects.visible_to(request.user).filter(pk=pk).first()
    if feed is None:
        raise Http404
    return _form(request, FeedUseForm(request.POST or None, instance=feed), _("The feed is kept."))


def _form(request: Request, form: Any, said: str) -> HttpResponse:
    if request.method == "POST" and form.is_valid():
        try:
            services.save_feed(form.instance, by=request.user)
        except ValidationError as error:
            place = "place" if "place" in form.fields else None
            form.add_error(place, list(records.sentences(error)))
        else:
            messages.success(request, said)
            return see(reverse("production:feeds"))
    context = {"form": form, "cancel_url": reverse("production:feeds")}
    return render(request, "production/feed_form.html", context, status=422 if form.errors else 200)
