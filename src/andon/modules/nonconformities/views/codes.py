"""The lists behind decisions: the tree of defect codes, and who must agree to what."""

from collections.abc import Callable
from typing import Any

from django.contrib import messages
from django.core.exceptions import ValidationError
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, render
from django.urls import reverse
from django.utils.translation import gettext as _

from andon.modules.nonconformities import services
from andon.modules.nonconformities.forms.lists import AuthorityForm, DefectCodeForm
from andon.modules.nonconformities.models import Authority, DefectCode, Tree
from andon.records import services as records
from andon.records.pages import Request, see
from andon.records.workflow import Refused


def codes(request: Request) -> HttpResponse:
    """Show the tree of defect codes; who may, adds one."""
    form = DefectCodeForm(request.POST or None, viewer=request.user)

    def add() -> DefectCode:
        return services.add_defect_code(**_asked(form, "code", "name", "parent"), by=request.user)

    if request.method == "POST" and (row := _served(form, add)) is not None:
        messages.success(request, _("%s is in the list.") % row)
        return see(reverse("nonconformities:codes"))
    tree = Tree(DefectCode.objects.visible_to(request.user))
    context = {
        "branches": tree.branches(),
        "form": form,
        "may_change": request.user.may("nonconformities.codes"),
    }
    return _page(request, "nonconformities/codes.html", context)


def code(request: Request, pk: int) -> HttpResponse:
    """Rename a code, move it in the tree, or take it out of use."""
    row = get_object_or_404(DefectCode.objects.visible_to(request.user), pk=pk)
    form = DefectCodeForm(request.POST or None, instance=row, viewer=request.user)

    def change() -> DefectCode:
        asked = _asked(form, "name", "parent", "is_active")
        return services.edit_defect_code(row, **asked, by=request.user)

    if request.method == "POST" and _served(form, change) is not None:
        return see(reverse("nonconformities:codes"))
    return _page(request, "nonconformities/code.html", {"form": form, "code": row})


def authorities(request: Request) -> HttpResponse:
    """Show who must agree to which decisions; the quality manager changes it."""
    form = AuthorityForm(request.POST or None)

    def add() -> Authority:
        asked = _asked(form, "severity", "reach", "role")
        return services.add_authority(**asked, by=request.user)

    if request.method == "POST" and (row := _served(form, add)) is not None:
        messages.success(request, _("%s is in the list.") % row)
        return see(reverse("nonconformities:authorities"))
    context = {
        "rows": Authority.objects.visible_to(request.user).active(),
        "form": form,
        "may_change": request.user.may_at("nonconformities.authorities", None),
    }
    return _page(request, "nonconformities/authorities.html", context)


def end_authority(request: Request, pk: int) -> HttpResponse:
    """Take an authority out of use."""
    row = get_object_or_404(Authority.objects.visible_to(request.user), pk=pk)
    services.end_authority(row, by=request.user)
    return see(reverse("nonconformities:authorities"))


def _asked(form: Any, *names: str) -> dict[str, Any]:
    return {name: form.cleaned_data[name] for name in names}


def _served(form: Any, act: Callable[[], Any]) -> Any:
    """Return what ``act`` made, or None when the form or the service said no; the form says why."""
    if not form.is_valid():
        return None
    try:
        return act()
    except ValidationError as error:
        form.add_error(None, list(records.sentences(error)))
    except Refused as refused:
        form.add_error(None, str(refused))
    return None


def _page(request: Request, template: str, context: dict[str, Any]) -> HttpResponse:
    status = 422 if context["form"].errors else 200
    return render(request, template, context, status=status)
