"""What is known about the files of each source: to look at, to correct, to forget."""

from __future__ import annotations

from typing import Any

from django.contrib import messages
from django.http import Http404, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils.translation import gettext as _

from andon.accounts.http import Request
from andon.portal.desk import mapping as mappings
from andon.portal.desk.fields import NEW_ROW, SKIP_ROW, Target
from andon.portal.desk.mapping_form import MappingForm
from andon.portal.desk.models import Source
from andon.portal.desk.targets import target_named, targets
from andon.portal.desk.values import lexicons
from andon.portal.desk.work import require
from andon.records.pages import see
from andon.tables import Trouble


def sources(request: Request) -> HttpResponse:
    """List the sources, by name."""
    labels = {target.name: target.label for target in targets()}
    rows = Source.objects.visible_to(request.user).select_related("site", "by")
    found = [(each, labels.get(each.target, each.target)) for each in rows[:500]]
    return render(request, "desk/sources.html", {"sources": found})


def _found(request: Request, pk: int) -> Source:
    rows = Source.objects.visible_to(request.user).select_related("site")
    found: Source | None = rows.filter(pk=pk).first()
    if found is None:
        raise Http404
    return found


def source(request: Request, pk: int) -> HttpResponse:
    """Show what is known of a source, and correct it."""
    found = _found(request, pk)
    target = target_named(found.target)
    sent = request.method == "POST"
    form = MappingForm(
        request.POST if sent else None,
        target=target,
        columns=found.columns,
        hints=(),
        mapping=found.mapping,
        initial={"source": found.name},
    )
    if sent and form.is_valid():
        try:
            _keep(request, found, target, form)
        except Trouble as trouble:
            form.add_error(None, trouble.sentence)
        else:
            messages.success(request, _("Kept; the next file of this source is read like this."))
            return see(reverse("desk:sources"))
    context = {"source": found, "target": target, "mapping_form": form,
               "words": _words(found, target)}  # fmt: skip
    return render(request, "desk/source.html", context, status=422 if form.errors else 200)


def _keep(request: Request, found: Source, target: Target, form: MappingForm) -> None:
    require(request.user, found.site)
    said = form.mapping() | {"orders": found.mapping.get("orders", {})}
    forgotten = set(request.POST.getlist("forget"))
    said["values"] = {
        name: {w: v for w, v in known.items() if f"{name}:{w}" not in forgotten}
        for name, known in said["values"].items()
    }
    found.mapping = mappings.check(target, found.columns, said)
    found.name = form.cleaned_data["source"]
    taken = Source.objects.filter(
        site=found.site,
        target=found.target,
        name=found.name,
        headings_sha256=found.headings_sha256,
    ).exclude(pk=found.pk)
    if taken.exists():
        raise Trouble(_("There is a source of this name with the same columns; choose another."))
    found.save()


def _words(found: Source, target: Target) -> list[dict[str, Any]]:
    known = lexicons(target, found.site, found.mapping.get("values", {}))
    special = {"": _("empty"), NEW_ROW: _("new: make it"), SKIP_ROW: _("leave these rows out")}
    return [
        {
            "key": f"{name}:{word}",
            "field": spec.label,
            "word": word,
            "meaning": special.get(value) or known[name].labels.get(value, _("no longer there")),
        }
        for name, words in found.mapping.get("values", {}).items()
        if (spec := target.field(name)) and name in known
        for word, value in sorted(words.items())
    ]


def forget(request: Request, pk: int) -> HttpResponse:
    """Forget what is known of a source; what was imported stays."""
    found = _found(request, pk)
    require(request.user, found.site)
    found.delete()
    messages.success(request, _("Forgotten; the next file of this source is mapped anew."))
    return see(reverse("desk:sources"))
