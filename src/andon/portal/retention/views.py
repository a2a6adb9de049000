"""Pages of retention and privacy."""

from collections.abc import Callable
from typing import Any

from django.contrib import messages
from django.core.exceptions import ValidationError
from django.http import Http404, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _

from andon.accounts.forms import add_errors
from andon.accounts.http import Request
from andon.accounts.models import User
from andon.accounts.pages import form_page
from andon.organization import clock
from andon.records.models import Record
from andon.records.workflow import Refused
from andon.trail.keys import NoKey

from . import privacy, queries, services
from .apps import CONFIRM, MANAGE
from .forms import ClassForm, HoldForm, ReasonForm, kinds
from .models import Erasure, Hold, Purge, RetentionClass, Stub
from .stubs import is_signed

SHOWN = 50


def index(request: Request) -> HttpResponse:
    """Show each kind with its class, the holds in force, and the purges."""
    context = {
        "kept": queries.kept(request.user, clock.today()),
        "holds": queries.in_force(),
        "purges": Purge.objects.select_related("proposed_by", "decided_by")[:SHOWN],
        "may_manage": request.user.may(MANAGE),
    }
    return render(request, "retention/index.html", context)


def rule(request: Request, kind: str) -> HttpResponse:
    """Say how long one kind is kept."""
    name = _name(kind)
    known = RetentionClass.objects.filter(kind=kind).first()
    initial = {"years": known.years, "basis": known.basis} if known else {}
    form = ClassForm(request.POST or None, initial=initial)
    return form_page(
        request,
        form,
        lambda: services.keep_for(kind, **form.cleaned_data, by=request.user),
        template="retention/rule.html",
        context={"name": name, "kind": kind, "known": known and known.is_active, **_back()},
        then="retention:index",
    )


def rule_end(request: Request, kind: str) -> HttpResponse:
    _name(kind)
    services.keep_for_ever(kind, by=request.user)
    return redirect("retention:index")


def _name(kind: str) -> str:
    found = dict(kinds()).get(kind)
    if found is None:
        raise Http404
    return found


def _back() -> dict[str, Any]:
    return {"cancel_url": reverse("retention:index")}


def hold_new(request: Request) -> HttpResponse:
    form = HoldForm(request.POST or None, viewer=request.user)
    return form_page(
        request,
        form,
        lambda: services.hold(form.cleaned_data, by=request.user),
        template="retention/hold_form.html",
        context=_back(),
        then="retention:index",
    )


def hold(request: Request, pk: int) -> HttpResponse:
    """Show one hold with how much it covers; on POST, lift it."""
    found = get_object_or_404(Hold.objects.select_related("site", "set_by", "lifted_by"), pk=pk)
    form = ReasonForm(request.POST or None)
    if request.method == "POST" and form.is_valid() and request.user.may(MANAGE):
        services.lift(found, reason=form.cleaned_data["reason"], by=request.user)
        return redirect("retention:index")
    covered = Record.objects.visible_to(request.user).filter(queries.covered(found))
    context = {
        "hold": found,
        "kind_name": dict(kinds()).get(found.kind, ""),
        "count": covered.count(),
        "records": covered.order_by("-pk")[:SHOWN],
        "form": form,
        "may_manage": request.user.may(MANAGE),
    }
    return render(request, "retention/hold.html", context)


def propose(request: Request, kind: str) -> HttpResponse:
    """Show what of one kind is past its time; on POST, propose to destroy it."""
    name = _name(kind)
    rule_of = get_object_or_404(RetentionClass, kind=kind, is_active=True)
    due = list(queries.due(rule_of, request.user, clock.today())[: services.AT_ONCE])
    form = ReasonForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        chosen = request.POST.getlist("number")
        made: list[Purge] = []
        reason = form.cleaned_data["reason"]
        act = _tried(
            form, lambda: made.append(services.propose(chosen, reason=reason, by=request.user))
        )
        if act:
            return redirect("retention:purge", pk=made[0].pk)
    context = {"name": name, "rule": rule_of, "records": due, "form": form, **_back()}
    return render(request, "retention/propose.html", context, status=409 if form.errors else 200)


def purge(request: Request, pk: int) -> HttpResponse:
    """Show one purge: what is to go or what went, with its stubs."""
    found = get_object_or_404(Purge.objects.select_related("proposed_by", "decided_by"), pk=pk)
    return _purge(request, found)


def _purge(request: Request, found: Purge, missing: Any = ()) -> HttpResponse:
    waits = found.stage == Purge.Stage.PROPOSED
    by_other = found.proposed_by_id != request.user.pk
    stubs = Stub.objects.filter(purge=found).select_related("site")
    context = {
        "purge": found,
        "stubs": [(stub, is_signed(stub)) for stub in stubs[: services.AT_ONCE]],
        "waits": waits,
        "may_confirm": waits and by_other and request.user.may(CONFIRM),
        "needs_other": waits and not by_other,
        "missing": missing,
    }
    return render(request, "retention/purge.html", context, status=409 if missing else 200)


def confirm(request: Request, pk: int) -> HttpResponse:
    found = get_object_or_404(Purge, pk=pk)
    try:
        services.confirm(found, by=request.user)
    except Refused as refused:
        return _purge(request, found, refused.items)
    except NoKey as trouble:
        return _purge(request, found, [Refused(str(trouble))])
    messages.success(request, _("Destroyed. What stays is below."))
    return redirect("retention:purge", pk=pk)


def turn_down(request: Request, pk: int) -> HttpResponse:
    services.turn_down(get_object_or_404(Purge, pk=pk), by=request.user)
    return redirect("retention:purge", pk=pk)


def people(request: Request) -> HttpResponse:
    """Show everybody, to export or to forget."""
    erased = set(Erasure.objects.values_list("person_id", flat=True))
    rows = User.objects.visible_to(request.user).order_by("display_name", "pk")
    context = {"people": [(person, person.pk in erased) for person in rows[:2000]]}
    return render(request, "retention/people.html", context)


def person(request: Request, pk: int) -> HttpResponse:
    """Show what can be done about one person's data; on POST, forget who they were."""
    found = get_object_or_404(User.objects.visible_to(request.user), pk=pk)
    form = ReasonForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        reason = form.cleaned_data["reason"]
        if _tried(form, lambda: privacy.erase(found, reason=reason, by=request.user)):
            messages.success(request, _("Forgotten. What they did stays, under a number."))
            return redirect("retention:person", pk=pk)
    erasure = Erasure.objects.filter(person=found).select_related("decided_by").first()
    context = {"person": found, "form": form, "erasure": erasure}
    return render(request, "retention/person.html", context, status=409 if form.errors else 200)


def data(request: Request, pk: int) -> HttpResponse:
    """Hand out everything that is kept about one person."""
    found = get_object_or_404(User.objects.visible_to(request.user), pk=pk)
    return _file(privacy.export(found, by=request.user), f"person-{found.pk}.json")


def own_data(request: Request) -> HttpResponse:
    """Hand out everything that is kept about oneself."""
    return _file(privacy.export(request.user, by=request.user), "my-data.json")


def _file(content: bytes, name: str) -> HttpResponse:
    answer = HttpResponse(content, content_type="application/json")
    answer["Content-Disposition"] = f'attachment; filename="{name}"'
    return answer


def _tried(form: Any, act: Callable[[], object]) -> bool:
    """Return whether ``act`` went through; otherwise everything missing stands on ``form``."""
    try:
        act()
    except Refused as refused:
        for item in refused.items:
            form.add_error(None, str(item))
    except ValidationError as error:
        add_errors(form, error)
    else:
        return True
    return False
