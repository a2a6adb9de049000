"""Who signs proves it anew, each time and in the same request as the signature (SG3)."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from django.contrib.auth import SESSION_KEY, logout
from django.core.exceptions import PermissionDenied
from django.http import HttpRequest
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from andon.entry import proof
from andon.entry.proving import renew_session
from andon.trail.capture import label
from andon.trail.security import tell
from andon.trail.services import audited
from andon.ui.refusals import Refused

from . import showing
from .dial import level_of
from .models import Level

if TYPE_CHECKING:
    from andon.records.models import Record
    from andon.records.workflow import Transition

MOST_FAILURES = 3
ENDED = "session ended by failed signing"
LONGEST_COMMENT = 1000
# What a form or a body may hold beside the fields of the step.
PREFIX = "sign_"


@dataclass(frozen=True)
class Proof:
    """A person proved who they are, for one token. Only :func:`prove` makes one."""

    user_id: int
    session: str
    token: str
    method: str
    comment: str = ""


def prove(
    request: Any, record: "Record", step: "Transition", sent: Mapping[str, Any]
) -> Proof | None:
    """Return the proof for signing ``step``, or None where nothing is signed.

    Belongs before the transaction of the signature: a failure counts even though nothing else
    happened. Raises :class:`Refused`; the third failure ends the session.
    """
    if level_of(record, step) == Level.NONE:
        return None
    refuse_machines(request)
    given = {n.removeprefix(PREFIX): str(v) for n, v in sent.items() if n.startswith(PREFIX)}
    given.setdefault("passkey", str(sent.get("passkey", "")))
    token, session = given.get("token", ""), showing.session_of(request.session)
    if not showing.waits(token, request.user, session):
        raise Refused(showing.GONE)
    ways = {name: given[name] for name in ("password", "code", "passkey", "pin") if given.get(name)}
    try:
        method = proof.check(request.user, request, **ways, act="signing")
    except proof.WrongProof as wrong:
        raise _refusal(request, record, step, token, wrong) from None
    showing.proved(session)
    renew_session(request)
    comment = given.get("comment", "").strip()[:LONGEST_COMMENT]
    return Proof(request.user.pk, session, token, method, comment)


def refuse_machines(request: HttpRequest) -> None:
    """Refuse everybody who did not sign in as a person: a bearer token never signs (SG6, AU8)."""
    if SESSION_KEY not in request.session or "Authorization" in request.headers:
        raise Refused(_("Only a person who is signed in can sign; a token never can."))


def _refusal(
    request: Any, record: "Record", step: "Transition", token: str, wrong: proof.WrongProof
) -> Refused | PermissionDenied:
    """Count and tell what was wrong, not what was only missing; the third ends the session."""
    if not any(wrong.sentence is one for one in proof.SENTENCES.values()):
        return Refused(str(wrong))
    failures = showing.failed(showing.session_of(request.session), token)
    about: dict[str, Any] = {
        "model": label(type(record)), "object_id": str(record.pk), "number": record.number,
        "detail": {"step": step.name, "failures": failures},
    }  # fmt: skip
    tell("signing failed", by=request.user, **about)
    left = MOST_FAILURES - failures
    if left > 0:
        tries = ngettext("%d try is left.", "%d tries are left.", left) % left
        return Refused(" ".join((str(wrong), _("Nothing was signed."), tries)))
    tell(ENDED, by=request.user, **about)
    with audited(request.user, reason=_("signing failed three times")) as transaction:
        transaction.event(ENDED, record)  # the notices are read from this stream
    logout(request)
    return PermissionDenied(
        _("This was the third failure, so you are signed out. The administrators are told.")
    )
