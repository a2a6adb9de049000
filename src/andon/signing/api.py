"""Signatures in the API: what there is, what one would sign, and how a step is signed with it.

A person signs with the session of the pages and their own proof in the body; a bearer token never
signs (SG6).
"""

import json
from datetime import datetime
from typing import Any

from django.http import Http404
from ninja import Router, Schema
from pydantic import ConfigDict, Field

from andon.accounts.http import Request
from andon.ui.refusals import Refused

from . import page, showing
from .proving import LONGEST_COMMENT, PREFIX, refuse_machines
from .queries import record_called
from .validity import checked

router = Router(tags=["signatures"])


class SignatureIn(Schema):
    """What signs a step: the token of what was shown, and the proof of who signs."""

    model_config = ConfigDict(extra="forbid")

    token: str = Field(max_length=100)
    password: str | None = Field(None, max_length=128)
    code: str | None = Field(None, max_length=20)
    passkey: str | None = Field(None, max_length=20_000)
    pin: str | None = Field(None, max_length=20)
    comment: str = Field("", max_length=LONGEST_COMMENT)


class ShownOut(Schema):
    """What a person would sign now, and the token that signs exactly this."""

    number: str
    step: str
    level: int
    meaning: str
    revision: int
    content: dict[str, Any]
    token: str
    expires_at: datetime


class SignatureOut(Schema):
    """One signature and whether it holds now."""

    id: int
    signer: str
    name: str
    job_title: str
    meaning: str
    comment: str
    step: str
    revision: int
    at: datetime
    shown_at: str
    zone: str
    method: str
    manifest_sha256: str
    trail_seq: int
    state: str
    faults: list[str]


def sent_by(signature: SignatureIn | None) -> dict[str, Any]:
    """Return the signature of a body in the form in which a page sends it."""
    sent = signature.dict(exclude_none=True) if signature else {}
    return {f"{PREFIX}{name}": value for name, value in sent.items()}


@router.get("/{number}/", response=list[SignatureOut], operation_id="list_signatures")
def signatures(request: Request, number: str) -> list[dict[str, Any]]:
    return [one.values() for one in checked(_record(request, number))]


@router.post("/{number}/show/{step}/", response=ShownOut, operation_id="show_signature")
def show(request: Request, number: str, step: str) -> dict[str, Any]:
    """Show what ``step`` would sign; the token is for this session and five minutes."""
    record = _record(request, number)
    if step not in record.workflow:
        raise Http404
    chosen = record.workflow[step]
    if not request.user.may(chosen.permission, record.site_id):
        raise Http404
    refuse_machines(request)
    part = page.part(request, record, chosen)
    if part is None:
        raise Refused(page.NOTHING)
    if part.barred:
        raise Refused(part.barred)
    shown = showing.of(part.token)
    return {
        "number": record.number,
        "step": step,
        "level": part.level,
        "meaning": str(part.meaning),
        "revision": shown.revision,
        "content": json.loads(shown.content),
        "token": part.token,
        "expires_at": shown.expires_at,
    }


def _record(request: Request, number: str) -> Any:
    record = record_called(number, request.user)
    if record is None:
        raise Http404
    return record
