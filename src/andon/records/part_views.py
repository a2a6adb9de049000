"""Pages of what belongs to a record: files, comments, links, dates, thread, small forms."""

from typing import Any

from django.core.exceptions import ValidationError
from django.forms import BaseForm
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.functional import Promise
from django.utils.translation import gettext as _

from andon.accounts.models import User
from andon.accounts.names import username_key
from andon.store.serving import served
from andon.trail.queries import timeline

from . import files
from . import services as records
from .forms import AttachForm, ExtendForm, LinkForm
from .history import told
from .listing import key_of
from .models import Record
from .pages import RecordPages, Request, see
from .thread import thread_of
from .workflow import Refused

Pages = RecordPages[Any]
HISTORY_SHOWN = 60


def comment(request: Request, pages: Pages, number: str) -> HttpResponse:
    record = pages.find(request, number)
    records.comment(record, request.POST.get("text", "")[:4000], by=request.user)
    return see(record.get_absolute_url() + "#comments")


def attach(request: Request, pages: Pages, number: str) -> HttpResponse:
    record = pages.find(request, number)
    form = AttachForm(request.POST, request.FILES)
    if not form.is_valid():
        raise Refused(_("Choose a file first."), fix=record.get_absolute_url() + "#files")
    files.attach(
        record, form.cleaned_data["file"], by=request.user, caption=form.cleaned_data["caption"]
    )
    return see(record.get_absolute_url() + "#files")


def file(request: Request, pages: Pages, number: str, pk: int) -> HttpResponse:
    """Serve a file of a visible record: photos drawn anew may show, all else downloads (UP3)."""
    record = pages.find(request, number)
    attachment = get_object_or_404(record.attachments.filter(withdrawn_reason=""), pk=pk)
    return served(
        files.read(attachment),
        name=attachment.name,
        media_type=attachment.media_type,
        inline=attachment.is_photo and "download" not in request.GET,
    )


def link(request: Request, pages: Pages, number: str) -> HttpResponse:
    record = pages.find(request, number)
    form = LinkForm(request.POST, viewer=request.user)
    if not form.is_valid():
        raise Refused(
            " ".join(str(message) for errors in form.errors.values() for message in errors),
            fix=record.get_absolute_url() + "#links",
        )
    asked = form.cleaned_data
    records.link(record, asked["kind"], asked["number"], by=request.user, why=asked["why"])
    return see(record.get_absolute_url() + "#links")


def unlink(request: Request, pages: Pages, number: str, pk: int) -> HttpResponse:
    record = pages.find(request, number)
    drawn = get_object_or_404(record.links_out.filter(ended_date=None), pk=pk)
    records.unlink(drawn, by=request.user, reason=request.POST.get("reason", "")[:300])
    return see(record.get_absolute_url() + "#links")


def let_in(request: Request, pages: Pages, number: str) -> HttpResponse:
    """Let a person, named as they sign in, see this restricted record."""
    record = pages.find(request, number)
    place = record.get_absolute_url() + "#people"
    key = username_key(request.POST.get("username", "")[:150])
    person = User.objects.visible_to(request.user).filter(username_key=key, is_active=True).first()
    if person is None:
        raise Refused(_("Nobody signs in under this name."), fix=place)
    records.let_in(record, person, by=request.user)
    return see(place)


def extend(request: Request, pages: Pages, number: str) -> HttpResponse:
    record = pages.find(request, number)
    form = ExtendForm(request.POST)
    if not form.is_valid():
        raise Refused(
            _("Give a later date and the reason."), fix=record.get_absolute_url() + "#due"
        )
    asked = form.cleaned_data
    records.extend(record, asked["due_date"], by=request.user, reason=asked["reason"])
    return see(record.get_absolute_url() + "#due")


def thread(request: Request, pages: Pages, number: str) -> HttpResponse:
    record = pages.find(request, number)
    context = {"pages": pages, "record": record, "thread": thread_of(record, viewer=request.user)}
    return render(request, "records/thread.html", context)


def history(request: Request, pages: Pages, number: str) -> HttpResponse:
    record = pages.find(request, number)
    entries = timeline(number).order_by("-seq")
    after = key_of(request.GET.get("after", ""))
    if after is not None:
        entries = entries.filter(seq__lt=after)
    shown = list(entries[: HISTORY_SHOWN + 1])
    older = shown[HISTORY_SHOWN - 1].seq if len(shown) > HISTORY_SHOWN else None
    context = {
        "pages": pages,
        "record": record,
        "history": told(shown[:HISTORY_SHOWN]),
        "older": older,
    }
    return render(request, "records/history.html", context)


def permalink(request: Request, number: str) -> HttpResponse:
    """Lead from a printed QR code to the record, if the person may see it."""
    found = get_object_or_404(Record.objects.visible_to(request.user), number=number.upper())
    return redirect(found.get_absolute_url())


def form_action(
    pages: Pages,
    form_class: type[Any],
    service: Any,
    *,
    title: str | Promise,
    place: str = "",
    help: str | Promise = "",  # noqa: A002  (the word of the page)
) -> Any:
    """Return a page with one small form whose valid content is handed to ``service(record, …)``."""

    def action(request: Request, number: str, **which: Any) -> HttpResponse:
        record = pages.find(request, number)
        form: BaseForm = form_class(
            request.POST or None, request.FILES or None, record=record, viewer=request.user
        )
        if (
            request.method == "POST"
            and form.is_valid()
            and _served(form, service, record, request, which)
        ):
            return see(record.get_absolute_url() + place)
        context = {
            "pages": pages,
            "record": record,
            "form": form,
            "title": title,
            "help": help,
            "place": place,
        }
        return render(
            request, pages.template("action"), context, status=422 if form.is_bound else 200
        )

    return action


def _served(
    form: Any, service: Any, record: Record, request: Request, which: dict[str, Any]
) -> bool:
    try:
        service(record, by=request.user, **which, **form.cleaned_data)
    except ValidationError as error:
        form.add_error(None, list(records.sentences(error)))
    except Refused as refused:
        form.add_error(None, [str(item) for item in refused.items])
    return not form.errors
