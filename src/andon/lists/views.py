"""The pages of saved views: save, change, all of mine, begin with, drop."""

from typing import Any
from urllib.parse import parse_qsl

from django.contrib import messages
from django.core.exceptions import PermissionDenied, ValidationError
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import get_object_or_404, render
from django.urls import NoReverseMatch, reverse
from django.utils.translation import gettext as _

from andon.accounts.models import User

from . import services
from .forms import SavedViewForm
from .models import SavedView


class Request(HttpRequest):
    user: User


def index(request: Request) -> HttpResponse:
    """List the person's views and those shared with them."""
    seen = SavedView.objects.visible_to(request.user).with_default(request.user)
    rows = seen.select_related("owner", "site").order_by("kind", "name")
    return render(request, "lists/index.html", {"views": rows})


def new(request: Request, kind: str) -> HttpResponse:
    """Save what a list shows now under a name."""
    view = SavedView(kind=kind, query=services.cleaned(request.GET.urlencode()))
    return _form(request, view, _("Save this view"))


def edit(request: Request, pk: int) -> HttpResponse:
    """Change the name or readers of a view, or what it shows (``?now=``)."""
    view = _own(request, pk)
    if now := request.GET.get("now", ""):
        view.query = services.cleaned(now)
    return _form(request, view, _("Change the view"))


def drop(request: Request, pk: int) -> HttpResponse:
    view = _own(request, pk)
    services.drop(view, by=request.user)
    messages.success(request, _("The view “%s” is gone.") % view.name)
    return _see(reverse("lists:index"))


def begin_with(request: Request, pk: int) -> HttpResponse:
    """Begin the list with this view, or plainly again when it did already."""
    seen = SavedView.objects.visible_to(request.user).with_default(request.user)
    view: Any = get_object_or_404(seen, pk=pk)
    if view.is_default:
        services.begin_plainly(view.kind, by=request.user)
    else:
        services.begin_with(view, by=request.user)
    return _see(reverse("lists:index"))


def _own(request: Request, pk: int) -> SavedView:
    seen = SavedView.objects.visible_to(request.user)
    return get_object_or_404(seen.filter(owner_id=request.user.pk), pk=pk)


def _form(request: Request, view: SavedView, title: str) -> HttpResponse:
    back = _list_of(view.kind)
    first = {"first": bool(view.pk) and _begins(request, view)}
    form = SavedViewForm(request.POST or None, instance=view, viewer=request.user, initial=first)
    if request.method == "POST" and form.is_valid() and _kept(form, view, request):
        messages.success(request, _("The view “%s” is saved.") % view.name)
        return _see(view.get_absolute_url())
    context = {"form": form, "title": title, "view": view, "cancel_url": back}
    context["held"] = parse_qsl(view.query)
    status = 422 if form.is_bound else 200
    return render(request, "lists/view_form.html", context, status=status)


def _begins(request: Request, view: SavedView) -> bool:
    seen: Any = SavedView.objects.visible_to(request.user).with_default(request.user)
    return bool(seen.get(pk=view.pk).is_default)


def _kept(form: SavedViewForm, view: SavedView, request: Request) -> bool:
    try:
        services.keep(view, by=request.user, first=form.cleaned_data["first"])
    except ValidationError as error:
        form.add_error(None, error.messages)
    except PermissionDenied as denied:
        form.add_error(None, str(denied))
    return not form.errors


def _list_of(kind: str) -> str:
    try:
        return reverse(f"{kind}:list")
    except NoReverseMatch as error:
        raise Http404 from error


def _see(url: str) -> HttpResponseRedirect:
    answer = HttpResponseRedirect(url)
    answer.status_code = 303
    return answer
