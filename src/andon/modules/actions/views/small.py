"""A small form on a corrective action that knows its line, and goes back to where it came from."""

from collections.abc import Callable
from typing import Any

from django import forms
from django.core.exceptions import ValidationError
from django.http import HttpResponse
from django.shortcuts import render
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from andon.modules.actions.models import CorrectiveAction
from andon.records import services as records
from andon.records.pages import Request, see
from andon.records.workflow import Refused, Stale

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
    versioned: bool = False,
) -> Any:
    """Return a page with one form whose valid content is handed to ``service(record, …)``.

    It takes first values from the address and may lead elsewhere. With ``knows_line`` it gets the
    line of the address; a ``versioned`` one overwrites, and so asks what was read (RC4).
    """

    def act(request: Request, number: str, **which: Any) -> HttpResponse:
        record = PAGES.find(request, number)
        known = which if knows_line else {}
        form = form_class(request.POST or None, record=record, viewer=request.user, **known)
        form.fields |= {"version": _version(record)} if versioned else {}
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


def _version(record: CorrectiveAction) -> forms.Field:
    missing = _("This page was sent without its version. Open it again and repeat the change.")
    return forms.IntegerField(
        initial=record.version,
        widget=forms.HiddenInput,
        min_value=0,
        max_value=2**31,
        error_messages={"required": missing},
    )


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
    except Stale:
        raise  # answered with both values
    except Refused as refused:
        form.add_error(None, [str(item) for item in refused.items])
    return not form.errors


def on_record(place: str) -> To:
    """Lead back to a place on the record's own page."""
    return lambda record, _request: record.get_absolute_url() + place
