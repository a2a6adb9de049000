"""Reviews of the trail are recorded, and so is each verification with what it found."""

import json
from datetime import datetime
from typing import Any

from django.core.exceptions import PermissionDenied, ValidationError
from django.utils.translation import gettext as _

from andon.accounts.models import User
from andon.organization import clock
from andon.portal.proof import queries
from andon.portal.proof.apps import REVIEW
from andon.portal.proof.models import TrailReview, Verification
from andon.trail.canonical import SAFE_INTEGER
from andon.trail.findings import Finding
from andon.trail.sealing import RECORDS
from andon.trail.services import SYSTEM, audited
from andon.trail.verify import verify

VERIFIER = SYSTEM("verification")
LOCATED = ("kind", "text", "stream", "seq", "model", "object_id", "number", "field")


def review(
    *, asked: dict[str, Any], first: int, last: int, note: str, by: User, now: datetime
) -> TrailReview:
    """Record that ``by`` looked through the entries ``first`` to ``last`` that were ``asked`` for.

    Raises ``ValidationError`` when there is nothing in that range that they may read.
    """
    if not by.may_at(REVIEW, None):
        raise PermissionDenied(_("Your roles do not include this."))
    if not note.strip():
        raise ValidationError({"note": _("Write what you looked at and what you found.")})
    if not 0 < first <= last < SAFE_INTEGER:
        raise ValidationError(_("These entries are not there; open the trail again."))
    if not queries.entries(by, asked).filter(seq__gte=first, seq__lte=last).exists():
        raise ValidationError(_("There is nothing here to review; open the trail again."))
    kept = {k: _kept(v) for k, v in asked.items() if v not in (None, "") and k in _FILTERS}
    with audited(by, reason=_("the trail reviewed")):
        return TrailReview.objects.create(
            stream=asked.get("stream") or RECORDS,
            first_seq=first,
            last_seq=last,
            filters=kept,
            reviewer=by,
            at=now,
            note=note.strip(),
        )


def run_verification(*, by: User | None = None) -> Verification:
    """Verify everything now and keep what was found; what rows hold is never repeated in it."""
    started = clock.now()
    report = verify()
    with audited(by or VERIFIER, reason=_("the trail verified")):
        return Verification.objects.create(
            started_at=started,
            ended_at=clock.now(),
            asked_by=by,
            entries=report.entries,
            rows_count=report.objects,
            batches=report.batches,
            checkpoints=report.checkpoints,
            heads={stream: f"{seq} {digest}" for stream, (seq, digest) in report.heads.items()},
            findings_count=len(report.findings),
            findings=[_located(finding) for finding in report.findings[: Verification.SHOWN]],
            remarks=[str(remark) for remark in report.remarks[: Verification.SHOWN]],
        )


_FILTERS = ("number", "action", "model", "object", "actors", "since", "until", "stream")


def _kept(value: Any) -> Any:
    return value if isinstance(value, (str, list)) else value.isoformat()


def _located(finding: Finding) -> dict[str, Any]:
    """Return kind, sentence and place: never a value, which may be personal."""
    found = {name: getattr(finding, name) for name in LOCATED}
    located = {name: value for name, value in found.items() if value not in ("", None)}
    cleaned: dict[str, Any] = json.loads(json.dumps(located, default=str))
    return cleaned
