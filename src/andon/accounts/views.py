"""The pages on which administrators keep people and their roles."""

from typing import Any

from django.conf import settings
from django.contrib import messages
from django.core.exceptions import ValidationError
from django.core.paginator import Paginator
from django.db.models import Prefetch, Q
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.views.decorators.debug import sensitive_post_parameters
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from andon.accounts import services
from andon.accounts.apps import PEOPLE
from andon.accounts.forms import GrantForm, NewPersonForm, PasswordForm, PersonForm
from andon.accounts.http import Request
from andon.accounts.models import RoleGrant, User
from andon.accounts.pages import ROWS_PER_PAGE, done, form_page
from andon.accounts.policy import allow

form_methods = require_http_methods(["GET", "HEAD", "POST"])


@allow(PEOPLE)
@require_GET
def people(request: Request) -> HttpResponse:
    words = request.GET.get("q", "").strip()[:100].replace("\x00", "")
    grants = Prefetch("grants", RoleGrant.objects.not_ended().with_zone(), to_attr="held")
    found = User.objects.visible_to(request.user).prefetch_related(grants)
    if words:
        found = found.filter(Q(display_name__icontains=words) | Q(username_key__icontains=words))
    rows = found.order_by("-is_active", "display_name", "pk")
    page = Paginator(rows, ROWS_PER_PAGE).get_page(request.GET.get("page"))
    return render(request, "accounts/people.html", {"page": page})


@allow(PEOPLE)
@form_methods
def person_new(request: Request) -> HttpResponse:
    form = NewPersonForm(request.POST or None, viewer=request.user)
    made: list[User] = []

    def add() -> None:
        made.append(services.create_user(**form.changes(), by=request.user))

    if request.method == "POST" and form.is_valid() and done(form, add):
        return redirect("accounts:person", pk=made[0].pk)
    context = {"form": form, "cancel_url": reverse("accounts:people")}
    return render(request, "accounts/person_form.html", context)


@allow(PEOPLE)
@require_GET
def person(request: Request, pk: int) -> HttpResponse:
    return _person_page(request, _person(request, pk), GrantForm(viewer=request.user))


@allow(PEOPLE)
@form_methods
def person_edit(request: Request, pk: int) -> HttpResponse:
    someone = _person(request, pk)
    form = PersonForm(request.POST or None, instance=someone, viewer=request.user)
    return form_page(
        request,
        form,
        lambda: services.edit_person(
            someone, changes=form.changes(), mark=form.mark(), by=request.user
        ),
        template="accounts/person_form.html",
        context={"person": someone, "cancel_url": _url(someone)},
        then=_url(someone),
    )


@allow(PEOPLE)
@require_POST
def grant(request: Request, pk: int) -> HttpResponse:
    someone = _person(request, pk)
    form = GrantForm(request.POST, viewer=request.user)
    if form.is_valid() and done(
        form, lambda: services.grant_role(someone, **form.cleaned_data, by=request.user)
    ):
        return redirect(_url(someone))
    return _person_page(request, someone, form)


@allow(PEOPLE)
@require_POST
def grant_end(request: Request, pk: int, grant_pk: int) -> HttpResponse:
    someone = _person(request, pk)
    held = get_object_or_404(someone.grants.all(), pk=grant_pk)
    return _act(request, someone, lambda: services.end_grant(held, by=request.user))


@allow(PEOPLE)
@require_POST
def disable(request: Request, pk: int) -> HttpResponse:
    someone = _person(request, pk)
    return _act(request, someone, lambda: services.disable_user(someone, by=request.user))


@allow(PEOPLE)
@require_POST
def enable(request: Request, pk: int) -> HttpResponse:
    someone = _person(request, pk)
    return _act(request, someone, lambda: services.enable_user(someone, by=request.user))


@sensitive_post_parameters("password", "again")
@form_methods
def _password(request: Request, pk: int) -> HttpResponse:
    someone = _person(request, pk)
    form = PasswordForm(request.POST or None)
    return form_page(
        request,
        form,
        lambda: services.set_password(someone, form.cleaned_data["password"], by=request.user),
        template="accounts/password_set.html",
        context={"person": someone, "cancel_url": _url(someone)},
        then=_url(someone),
    )


password = allow(PEOPLE)(_password)


def _person(request: Request, pk: int) -> User:
    return get_object_or_404(User.objects.visible_to(request.user), pk=pk)


def _url(someone: User) -> str:
    return reverse("accounts:person", kwargs={"pk": someone.pk})


def _person_page(request: Request, someone: User, form: GrantForm) -> HttpResponse:
    grants = someone.grants.with_zone().order_by("-ended_at", "pk")
    context = {
        "person": someone,
        "form": form,
        "oneself": someone.pk == request.user.pk,
        "single_sign_on": bool(settings.SINGLE_SIGN_ON),
        "grants": [(each, each.in_force()) for each in grants],
    }
    return render(request, "accounts/person.html", context)


def _act(request: Request, someone: User, act: Any) -> HttpResponse:
    """Do ``act`` and go back to the person; a refusal is said there."""
    try:
        act()
    except ValidationError as refusal:
        for sentence in refusal.messages:
            messages.error(request, sentence)
    return redirect(_url(someone))
