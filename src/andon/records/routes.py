"""The routes of one kind of record, each with its policy."""

from collections.abc import Callable
from functools import partial, wraps
from typing import Any

from django.http import HttpResponse
from django.urls import URLPattern, path
from django.views.decorators.http import require_GET, require_POST

from andon.accounts.policy import allow, signed_in

from . import views
from .pages import RecordPages, Request, kindly

Decorator = Callable[[Any], Any]


def record_urls(pages: RecordPages[Any]) -> list[URLPattern]:
    """Return list, form, detail, steps, files, comments, links, thread and export of one kind."""
    kind = pages.kind
    changing = allow(kind.edit_permission)
    number = "<str:number>/"
    return [
        path("", _page(views.list_page, pages, signed_in, require_GET), name="list"),
        path("new/", _page(views.new, pages, allow(kind.create_permission)), name="new"),
        path("export.csv", _page(views.export, pages, signed_in, require_GET), name="export"),
        path(number, _page(views.detail, pages, signed_in, require_GET), name="detail"),
        path(f"{number}edit/", _page(views.edit, pages, changing), name="edit"),
        path(f"{number}do/<slug:name>/", _page(views.step, pages, signed_in), name="do"),
        path(f"{number}thread/", _page(views.thread, pages, signed_in, require_GET), name="thread"),
        path(
            f"{number}history/", _page(views.history, pages, signed_in, require_GET), name="history"
        ),
        path(
            f"{number}comment/",
            _page(views.comment, pages, allow("records.comment"), require_POST),
            name="comment",
        ),
        path(
            f"{number}files/",
            _page(views.attach, pages, allow("records.comment"), require_POST),
            name="attach",
        ),
        path(
            f"{number}files/<int:pk>/",
            _page(views.file, pages, signed_in, require_GET),
            name="file",
        ),
        path(f"{number}link/", _page(views.link, pages, changing, require_POST), name="link"),
        path(
            f"{number}link/<int:pk>/end/",
            _page(views.unlink, pages, changing, require_POST),
            name="unlink",
        ),
        path(f"{number}extend/", _page(views.extend, pages, changing, require_POST), name="extend"),
    ]


def page(view: Any, policy: Decorator, *limits: Decorator) -> Any:
    """Wrap a module's own page: its policy, its methods, and kind answers to refusals."""
    wrapped = kindly(view)
    for limit in limits:
        wrapped = limit(wrapped)
    return policy(wrapped)


def _page(view: Any, pages: RecordPages[Any], policy: Decorator, *limits: Decorator) -> Any:
    @wraps(view)
    def bound(request: Request, **kwargs: Any) -> HttpResponse:
        answer: HttpResponse = partial(view, request, pages)(**kwargs)
        return answer

    return page(bound, policy, *limits)
