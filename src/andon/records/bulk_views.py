"""The pages that change many records: what to change, a look at it, what became of it."""

from typing import Any

from django import forms
from django.db.models import Field
from django.http import HttpResponse, QueryDict
from django.shortcuts import render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from andon.accounts.models import User
from andon.organization import clock
from andon.organization.models import Process

from . import bulk, listing, paging
from .forms import DayInput, field_for
from .listing import key_of
from .pages import RecordPages, Request
from .reading import Shared
from .workflow import Refused

Pages = RecordPages[Any]
LEAVE, NONE = "", "none"


class BulkForm(forms.Form):
    """What may be changed about many records; what is left empty stays as it is."""

    due_date = forms.DateField(
        label=gettext_lazy("New due date"), widget=DayInput, required=False,
        help_text=gettext_lazy("Later than the one each record has."),
    )  # fmt: skip
    reason = forms.CharField(label=gettext_lazy("Why"), max_length=500, required=False)
    together = forms.BooleanField(
        label=gettext_lazy("Change nothing unless every record can be changed"), required=False
    )

    def __init__(self, *args: Any, pages: Pages, viewer: User, **options: Any) -> None:
        super().__init__(*args, **options)
        own = {
            name: _field(pages.kind._meta.get_field(name), viewer)
            for name in pages.bulk
            if name in pages.kind.editable
        }
        self.names = list(own)
        self.fields = {**own, **self.fields}

    def clean(self) -> dict[str, Any]:
        found: dict[str, Any] = super().clean() or {}
        chosen = [name for name in (*self.names, "due_date") if found.get(name) not in (None, "")]
        if not chosen and not self.errors:
            raise forms.ValidationError(_("Choose what to change; all fields are still empty."))
        if found.get("due_date") and not found.get("reason", "").strip():
            self.add_error("reason", _("Say why more time is needed."))
        return found

    def change(self) -> bulk.Change:
        """Return what was chosen."""
        found = {name: self.cleaned_data.get(name) for name in self.names}
        values = {n: None if v == NONE else v for n, v in found.items() if v not in (None, "")}
        plain = {n: v == "yes" if v in ("yes", "no") else v for n, v in values.items()}
        asked = self.cleaned_data
        return bulk.Change(values=plain, due_date=asked["due_date"], reason=asked["reason"].strip())


def _field(field: "Field[Any, Any]", viewer: User) -> forms.Field:
    """Return the form field of a model field that may also be left as it is."""
    label = str(field.verbose_name).capitalize()
    leave = (LEAVE, _("leave as it is"))
    if field.name == "restricted":
        choices = [leave, ("yes", _("yes")), ("no", _("no"))]
        return forms.ChoiceField(label=label, choices=choices, required=False)
    if field.name == "owner":
        people = User.objects.visible_to(viewer).filter(is_active=True).order_by("display_name")
        return forms.ModelChoiceField(
            people, label=label, required=False, empty_label=_("leave as it is")
        )
    if field.name == "process":
        rows = Process.objects.visible_to(viewer).filter(is_active=True)
        choices = [leave, (NONE, _("none")), *((row.pk, str(row)) for row in rows)]
        return forms.TypedChoiceField(
            label=label, choices=choices, required=False, empty_value="",
            coerce=lambda value: NONE if value == NONE else Process.objects.get(pk=value),
        )  # fmt: skip
    made = field_for(field, required=False)
    if made is None:
        raise TypeError(field.name)
    return made


def change_many(request: Request, pages: Pages) -> HttpResponse:
    """Ask what to change about the chosen records, show it, and on the last post change them."""
    chosen = _chosen(request, pages)
    act = request.POST.get("act", "")
    form = BulkForm(request.POST if act else None, pages=pages, viewer=request.user)
    context = {"pages": pages, "form": form, "chosen": chosen, "most": bulk.MOST}
    context["cut"] = len(chosen) == bulk.MOST and request.POST.get("which") == "all"
    if not act or not form.is_valid() or act == "back":
        status = 422 if act and form.errors else 200
        return render(request, "records/bulk.html", context, status=status)
    change, together = form.change(), form.cleaned_data["together"]
    if act == "apply":
        versions = _versions(request)
        pairs = [(record, versions.get(record.pk, 0)) for record in chosen]
        done = bulk.change_all(pairs, change, by=request.user, together=together)
    else:
        done = bulk.rehearse(chosen, change, by=request.user)
    context |= {
        "outcomes": done,
        "changed": sum(one.changes for one in done),
        "refused": [one for one in done if one.refused],
        "together": together,
        "blocked": together and any(one.refused for one in done),
        "applied": act == "apply",
    }
    return render(request, "records/bulk_done.html", context)


def _chosen(request: Request, pages: Pages) -> list[Any]:
    """Return the records that were ticked, stand on the page, or match; at most ``bulk.MOST``."""
    seen = pages.kind.objects.visible_to(request.user)
    which = request.POST.get("which", "chosen")
    if which == "all":
        query = QueryDict(request.POST.get("query", "")[:2000])
        found, _applied = listing.filtered(
            seen, query, viewer=request.user, day=clock.today(), by=pages.filters
        )
        rows = paging.ordered(found, paging.order_of(query))
    else:
        typed = request.POST.getlist("record" if which == "chosen" else "page")
        keys = [key for text in typed if (key := key_of(text.partition(":")[0])) is not None]
        rows = seen.filter(pk__in=keys[: bulk.MOST]).order_by("-pk")
    shared = Shared(pages.kind, ("site", "owner", "process", *pages.related))
    chosen = shared.given_to(list(rows.select_related(*shared.nested)[: bulk.MOST]))
    if not chosen:
        raise Refused(
            _("Tick the records to change, or choose all on the page or all that match."),
            fix=reverse(f"{pages.name}:list"),
        )
    return chosen


def _versions(request: Request) -> dict[int, int]:
    """Return the version of each record as the person saw it in the preview."""
    pairs = (text.partition(":") for text in request.POST.getlist("record"))
    read = ((key_of(pk), key_of(version)) for pk, _colon, version in pairs)
    return {pk: version for pk, version in read if pk is not None and version is not None}
