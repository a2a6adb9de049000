"""A small form on a corrective action that knows its line, and goes back to where it came from."""

from collections.abc import Callable
from typing import Any

from django.core.exceptions import ValidationError
from django.http import HttpResponse
from django.shortcuts import render
from django.utils.functional import Promise

from andon.modules.actions.models import CorrectiveAction
from andon.records import services as records
from andon.records.pages import Request, see
from andon.records.workflow import Refused

from .records import PAGES

Words = str | Promise
To = Callable[[CorrectiveAction, Request], str]


def small(
    form_class: Any,
    service: Any,
    *,
    title: Words,
    to: To,
    help: Words = "",  # noqa: A002  (the word of the page)
    template: str = "action",
    knows_line: bool = False,
) -> Any:
    """Return a page with one form whose valid content is handed to ``service(record, …)``.

    Unlike the kernel's, it takes first values from the address and may lead elsewhere than back to
    the record. With ``knows_line`` the form gets the line named in the address, too.
    """

    def act(request: Request, number: str, **which: Any) -> HttpResponse:
        record = PAGES.find(request, number)
        known = which if knows_line else {}
        form = form_class(request.POST or None, record=record, viewer=request.user, **known)
        if request.method != "POST":
            asked = {name: request.GET[name] for name in form.fields if name in request.GET}
            form.initial = {**form.initial, **asked}
        elif form.is_valid() and _served(form, service, record, request, which):
            return see(to(record, request))
        context = {
            "pages": PAGES,
            "record": record,
            "form": form,
            "title": title,
            "help": help,
            "place": "",
            "back": to(record, request),
        }
        status = 422 if form.is_bound else 200
        return render(request, PAGES.template(template), context, status=status)

    return act


def _served(
    form: Any,
    service: Any,
    record: CorrectiveAction,
    request: Request,
    which: dict[str, Any],
) -> bool:
    try:
        service(record, by=request.user, **which, **form.cleaned_data)
    except ValidationError as error:
        form.add_error(None, list(records.sentences(error)))
    except Refused as refused:
        form.add_error(None, [str(item) for item in refused.items])
    return not form.errors


def on_record(place: str) -> To:
    """Lead back to a place on the record's own page."""
    return lambda record, _request: record.get_absolute_url() + place
