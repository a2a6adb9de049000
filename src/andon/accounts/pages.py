"""The page that is one form, and the pages of a simple list: made once, for every list."""

from collections.abc import Callable
from dataclasses import dataclass
from http import HTTPStatus
from typing import Any

from django.contrib import messages
from django.core.exceptions import ValidationError
from django.core.paginator import Paginator
from django.db import IntegrityError, models
from django.db.models import Q
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import URLPattern, path, reverse
from django.utils.functional import Promise
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_http_methods

from andon.accounts.forms import RowForm, add_errors
from andon.accounts.http import Request
from andon.accounts.policy import allow, signed_in
from andon.accounts.stale import StaleError

ROWS_PER_PAGE = 50
Words = str | Promise


def form_page(
    request: Request,
    form: Any,
    act: Callable[[], object],
    *,
    template: str,
    context: dict[str, Any],
    then: str,
) -> HttpResponse:
    """Show ``form``; when it is right, ``act`` and go on to ``then``; say what refused it."""
    if request.method == "POST" and form.is_valid() and done(form, act):
        messages.success(request, _("Saved."))
        return redirect(then)
    stale = getattr(form, "conflicts", [])
    status = HTTPStatus.CONFLICT if stale else HTTPStatus.OK
    return render(request, template, {"form": form, **context}, status=status)


def done(form: Any, act: Callable[[], object]) -> bool:
    """Return whether ``act`` went through; otherwise its refusal stands on ``form``."""
    try:
        act()
    except StaleError as stale:
        form.show_both(stale.stored)
        form.add_error(None, str(stale))
    except ValidationError as refusal:
        add_errors(form, refusal)
    except IntegrityError:
        form.add_error(None, _("Someone saved the same at this very moment. Try again."))
    else:
        return True
    return False


@dataclass(frozen=True)
class Column:
    """A column of a list: its heading, and the attribute or function that gives the cell."""

    label: Words
    value: str | Callable[[Any], Any]

    def cell(self, row: Any) -> Any:
        value = self.value(row) if callable(self.value) else getattr(row, self.value)
        return value() if callable(value) else value


@dataclass(frozen=True)
class MasterList:
    """A list that administrators keep and everybody may look at."""

    slug: str
    namespace: str
    model: type[models.Model]
    form: type[RowForm]
    permission: str
    columns: tuple[Column, ...]
    add: Callable[..., Any]
    edit: Callable[..., Any]
    title: Words
    new: Words
    purpose: Words
    clause: str
    icon: str = "list"
    search: tuple[str, ...] = ("code", "name")
    related: tuple[str, ...] = ()
    link: int = 0  # the column that leads to the row

    def url(self, page: str = "", **kwargs: Any) -> str:
        return reverse(f"{self.namespace}:{self.slug}{page}", kwargs=kwargs)

    def rows(self, request: Request) -> Any:
        """Return the rows this person sees, in use first, those that hold the words typed."""
        rows = self.model.objects.visible_to(request.user).select_related(*self.related)  # type: ignore[attr-defined]
        words = request.GET.get("q", "").strip()[:100].replace("\x00", "")
        matches = Q(*((f"{name}__icontains", words) for name in self.search), _connector=Q.OR)
        found = rows.filter(matches) if words else rows
        return found.order_by("-is_active", *self.model._meta.ordering or ("pk",))

    def context(self, request: Request) -> dict[str, Any]:
        may = request.user.may(self.permission)
        return {"list": self, "may": may, "list_url": self.url()}


def list_urls(kind: MasterList) -> list[URLPattern]:
    """Return the routes of a list: ``<slug>``, ``<slug>_new`` and ``<slug>_edit``."""
    guard, methods = allow(kind.permission), require_http_methods(["GET", "HEAD", "POST"])

    def rows(request: Request) -> HttpResponse:
        page = Paginator(kind.rows(request), ROWS_PER_PAGE).get_page(request.GET.get("page"))
        table = [(row, [column.cell(row) for column in kind.columns]) for row in page]
        context = {**kind.context(request), "page": page, "table": table, "cell_links": kind.link}
        return render(request, "accounts/list.html", context)

    def new(request: Request) -> HttpResponse:
        form = kind.form(request.POST or None, viewer=request.user)
        return form_page(
            request,
            form,
            lambda: kind.add(form, by=request.user),
            template="accounts/list_form.html",
            context={**kind.context(request), "cancel_url": kind.url()},
            then=kind.url(),
        )

    def edit(request: Request, pk: int) -> HttpResponse:
        visible = kind.model.objects.visible_to(request.user)  # type: ignore[attr-defined]
        row = get_object_or_404(visible, pk=pk)
        name = str(row)  # the form writes what was typed on the row
        form = kind.form(request.POST or None, instance=row, viewer=request.user)
        return form_page(
            request,
            form,
            lambda: kind.edit(row, changes=form.changes(), mark=form.mark(), by=request.user),
            template="accounts/list_form.html",
            context={**kind.context(request), "name": name, "cancel_url": kind.url()},
            then=kind.url(),
        )

    return [
        path(f"{kind.slug}/", signed_in(require_GET(rows)), name=kind.slug),
        path(f"{kind.slug}/new/", guard(methods(new)), name=f"{kind.slug}_new"),
        path(f"{kind.slug}/<int:pk>/", guard(methods(edit)), name=f"{kind.slug}_edit"),
    ]
