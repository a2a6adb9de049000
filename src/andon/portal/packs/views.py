"""Pages on which evidence is handed out: packs, the verifier, the proof on paper."""

from pathlib import Path

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _

from andon.records.list_views import printed as as_pdf
from andon.records.pages import Request
from andon.records.workflow import Refused
from andon.store.exporting import told_already
from andon.trail import checkpoints, keys
from andon.trail.models import Checkpoint
from andon.trail.standalone import andon_verify

from . import packing, printed

LONGEST = 20_000


def index(request: Request) -> HttpResponse:
    """What a pack is, the form that makes one, and the newest checkpoint to keep."""
    return _index(request, request.GET.get("number", ""))


def make(request: Request) -> HttpResponse:
    """Hand out the pack of the named records; what stands in the way is said beside the form."""
    typed = request.POST.get("numbers", "")[:LONGEST]
    try:
        pack = packing.make(typed.replace(",", "\n").split("\n"), by=request.user)
    except Refused as trouble:
        return _index(request, typed, trouble=str(trouble))
    told_already(request)
    return _saved(pack.content, pack.name, "application/zip")


def sign(request: Request) -> HttpResponse:
    """Sign the trail as it is now."""
    try:
        checkpoints.checkpoint("asked for")
    except (keys.NoKey, checkpoints.Unsound) as trouble:
        return _index(request, "", trouble=str(trouble))
    messages.success(request, _("The trail is signed as it is now. Keep the text elsewhere."))
    return redirect("packs:index")


def paper(request: Request) -> HttpResponse:  # noqa: ARG001  (every view takes it)
    """The newest checkpoint as a PDF."""
    newest = _newest()
    if newest is None:
        raise Refused(_("Nothing is signed yet. Sign the trail first."))
    return as_pdf(printed.proof(newest), name=f"checkpoint-{newest.number}")


def verifier(request: Request) -> HttpResponse:  # noqa: ARG001  (every view takes it)
    """The program that checks a pack without Andon."""
    content = Path(andon_verify.__file__).read_bytes()
    return _saved(content, "andon_verify.py", "text/x-python; charset=utf-8")


def _index(request: Request, numbers: str, *, trouble: str = "") -> HttpResponse:
    newest = _newest()
    known = keys.last()
    context = {"numbers": numbers, "trouble": trouble, "newest": newest, "key": known}
    return render(request, "packs/index.html", context, status=409 if trouble else 200)


def _newest() -> Checkpoint | None:
    return Checkpoint.objects.order_by("-number").first()


def _saved(content: bytes, name: str, media_type: str) -> HttpResponse:
    answer = HttpResponse(content, content_type=media_type)
    answer["Content-Disposition"] = f'attachment; filename="{name}"'
    return answer
