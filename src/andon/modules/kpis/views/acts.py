"""The small forms on the page of a KPI: observe, set a target, note, limits, restate."""

from collections.abc import Callable, Sequence
from typing import Any

from django.contrib import messages
from django.core.exceptions import ValidationError
from django.http import Http404, HttpResponse
from django.shortcuts import render
from django.utils.functional import Promise
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from andon.modules.kpis import services
from andon.modules.kpis.forms import (
    LimitsForm,
    NoteForm,
    ObservationForm,
    RestateForm,
    TargetForm,
    key_of,
)
from andon.modules.kpis.models import Kpi, periods
from andon.modules.kpis.models.series import Key, Point, points
from andon.organization import clock
from andon.records import services as records
from andon.records.models import Record
from andon.records.pages import Request, see
from andon.records.workflow import Refused

from .board import find


def observe(request: Request, code: str) -> HttpResponse:
    """Type an observation."""
    kpi = find(request, code)
    first = {"on": periods.last_closed(kpi.period, clock.today(kpi.site)).isoformat()}
    form = ObservationForm(request.POST or None, kpi=kpi, initial=first)
    return _answered(
        request, kpi, form, lambda data: services.observe(kpi, by=request.user, **data),
        title=gettext_lazy("Enter an observation"), place="#observations",
        help=gettext_lazy("When there is no value, leave the period empty: no data is not zero."),
    )  # fmt: skip


def target(request: Request, code: str) -> HttpResponse:
    """Set the target from a day on."""
    kpi = find(request, code)
    first = {"from_date": clock.today(kpi.site)}
    form = TargetForm(request.POST or None, initial=first, viewer=request.user, kpi=kpi)
    return _answered(
        request, kpi, form, lambda data: services.set_target(kpi, by=request.user, **data),
        title=gettext_lazy("Set a target"), place="#targets",
        help=gettext_lazy("Earlier periods keep the target they had."),
    )  # fmt: skip


def note(request: Request, code: str) -> HttpResponse:
    """Write what is known about a point."""
    kpi = find(request, code)
    form = NoteForm(
        request.POST or None, points=points(kpi), initial={"point": request.GET.get("point")}
    )

    def serve(data: dict[str, Any]) -> object:
        key = data.pop("point")
        return services.note(kpi, key, data.pop("text"), by=request.user, **data)

    return _answered(
        request, kpi, form, serve, title=gettext_lazy("Note on a point"), place="#notes"
    )


def limits(request: Request, code: str) -> HttpResponse:
    """Compute the limits anew from a point on; the change may be named in the address."""
    kpi, asked = find(request, code), request.GET
    found = points(kpi)
    start = _first_whole(kpi, found, key_of(asked.get("since", "")))
    first = {"record": asked.get("record", ""), "reason": asked.get("reason", ""), "start": start}
    form = LimitsForm(request.POST or None, points=found, viewer=request.user, initial=first)
    return _answered(
        request, kpi, form, lambda data: services.set_limits(kpi, by=request.user, **data),
        title=gettext_lazy("Compute the limits anew"), place="#phases",
        help=gettext_lazy("When the process changed for good. Limits are never typed in."),
    )  # fmt: skip


def _first_whole(kpi: Kpi, found: Sequence[Point], since: Key | None) -> str:
    """Return the first point that lies wholly after the change, as the form names it."""
    if since is None or not kpi.is_dated:
        return ""
    begun = next((point for point in found if point.day >= since[0]), None)
    return f"{begun.day.isoformat()}/0" if begun else ""


def split(request: Request, code: str) -> HttpResponse:
    """Compute the limits anew from where a record took hold, in one click from its page."""
    kpi, asked = find(request, code), request.POST
    number, since = asked.get("record", ""), key_of(asked.get("since", ""))
    rows = Record.objects.visible_to(request.user)
    record = rows.filter(number=number).first() if number.isprintable() else None
    if record is None or since is None:
        raise Refused(_("Name the record and the day on which it took hold."))
    reason = record.number if record.restricted else record.title
    services.split_at(kpi, record=record, since=since[0], reason=reason, by=request.user)
    messages.success(request, _("The limits are computed anew from there on."))
    return see(kpi.get_absolute_url() + "#phases")


def restate(request: Request, code: str, start: str) -> HttpResponse:
    """Take changed facts over into a closed period."""
    kpi, key = find(request, code), key_of(start)
    if key is None or not kpi.is_computed:
        raise Http404
    form = RestateForm(request.POST or None)
    return _answered(
        request, kpi, form, lambda data: services.restate(kpi, key[0], by=request.user, **data),
        title=_("Restate %s") % periods.label(kpi.period, key[0]), place="#changed",
        help=gettext_lazy("The stored value is kept in the history, and the point gets a note."),
    )  # fmt: skip


def _answered(
    request: Request,
    kpi: Kpi,
    form: Any,
    serve: Callable[[dict[str, Any]], object],
    *,
    title: str | Promise,
    place: str,
    help: str | Promise = "",  # noqa: A002  (the word of the page)
) -> HttpResponse:
    """Show the form; hand what was typed to the service, and show its refusal at the form."""
    if request.method == "POST" and form.is_valid():
        try:
            serve(dict(form.cleaned_data))
        except ValidationError as error:
            form.add_error(None, list(records.sentences(error)))
        except Refused as refused:
            form.add_error(None, [str(item) for item in refused.items])
        else:
            messages.success(request, _("Recorded."))
            return see(kpi.get_absolute_url() + place)
    context = {"kpi": kpi, "form": form, "title": title, "help": help, "place": place}
    return render(request, "kpis/act.html", context, status=422 if form.is_bound else 200)
