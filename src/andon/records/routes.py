"""The routes of one kind of record, each with its policy."""

from collections.abc import Callable
from functools import partial, wraps
from typing import Any

from django.http import HttpResponse
from django.urls import URLPattern, path
from django.views.decorators.http import require_GET, require_POST

from andon.accounts.policy import allow, signed_in

from . import bulk_views, list_views, part_views, views
from .pages import RecordPages, Request, kindly

Decorator = Callable[[Any], Any]
_EXPORTS = (
    ("export", "csv", list_views.as_csv),
    ("export-xlsx", "xlsx", list_views.as_workbook),
    ("export-pdf", "pdf", list_views.as_paper),
)


def record_urls(pages: RecordPages[Any]) -> list[URLPattern]:
    """Return list, form, detail, steps, files, comments, links, thread and export of one kind."""
    kind, number = pages.kind, "<str:number>/"
    creating, changing = allow(kind.create_permission), allow(kind.edit_permission)
    return [
        path("", _page(list_views.list_page, pages, signed_in, require_GET), name="list"),
        path("new/", _page(views.new, pages, creating), name="new"),
        path("bulk/", _page(bulk_views.change_many, pages, changing, require_POST), name="bulk"),
        *(
            path(f"export.{form}", _page(view, pages, signed_in, require_GET), name=name)
            for name, form, view in _EXPORTS
        ),
        path(number, _page(views.detail, pages, signed_in, require_GET), name="detail"),
        path(f"{number}edit/", _page(views.edit, pages, changing), name="edit"),
        path(f"{number}do/<slug:name>/", _page(views.step, pages, signed_in), name="do"),
        *(
            path(number + part, _page(view, pages, policy, method), name=name)
            for name, part, view, policy, method in _parts(changing)
        ),
    ]


def _parts(changing: Decorator) -> list[tuple[str, str, Any, Decorator, Decorator]]:
    """Return name, place, view, policy and method of what belongs to one record."""
    commenting = allow("records.comment")
    return [
        ("thread", "thread/", part_views.thread, signed_in, require_GET),
        ("paper", "record.pdf", list_views.record_on_paper, signed_in, require_GET),
        ("history", "history/", part_views.history, signed_in, require_GET),
        ("comment", "comment/", part_views.comment, commenting, require_POST),
        ("attach", "files/", part_views.attach, commenting, require_POST),
        ("file", "files/<int:pk>/", part_views.file, signed_in, require_GET),
        ("link", "link/", part_views.link, changing, require_POST),
        ("unlink", "link/<int:pk>/end/", part_views.unlink, changing, require_POST),
        ("let-in", "people/", part_views.let_in, changing, require_POST),
        ("extend", "extend/", part_views.extend, changing, require_POST),
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
