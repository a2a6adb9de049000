"""The one act at a record that is no edit: bringing it to the form in force."""

from typing import Any

from django.http import HttpResponse
from django.shortcuts import get_object_or_404

from andon.records.models import Record
from andon.records.pages import Request, see, version_of

from . import keeping


def bring(request: Request, number: str) -> HttpResponse:
    """Bring an older record to the forms in force."""
    shell = get_object_or_404(Record.objects.visible_to(request.user), number=number)
    rows: Any = Record.kind_called(shell.kind)._default_manager
    record: Record = rows.visible_to(request.user).select_related("site").get(pk=shell.pk)
    keeping.bring(record, by=request.user, version=version_of(request))
    return see(record.get_absolute_url() + "#own")
