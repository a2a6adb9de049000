"""What people do here: say what they found about a requirement."""

from collections.abc import Sequence
from datetime import date

from django.core.exceptions import PermissionDenied
from django.db import IntegrityError
from django.utils.translation import gettext_lazy as _

from andon.accounts.models import User
from andon.assurance.models import Assessment, AssessmentRecord, Verdict
from andon.organization import clock
from andon.records.models import Record
from andon.records.workflow import Refusal, Refused
from andon.standard import Requirement
from andon.trail.services import audited, retrying

PERMISSION = "assurance.assess"


def assess(  # the last word is stated whole or not at all
    requirement: Requirement,
    verdict: str,
    *,
    by: User,
    note: str,
    expires_on: date,
    justification: str = "",
    evidence: Sequence[Record] = (),
    seen: int | None = None,
    day: date | None = None,
) -> Assessment:
    """Record the verdict of ``by``; it becomes the last word and the earlier one stays as it is.

    ``seen`` is the key of the assessment that was the last word when the person looked. Raises
    :class:`Refused` when somebody else has spoken since, :class:`Refusal` with all that is missing.
    """
    try:
        return _assess(
            Assessment(
                edition=requirement.edition,
                requirement=requirement.id,
                verdict=verdict,
                note=note.strip(),
                justification=justification.strip() if verdict == Verdict.NOT_APPLICABLE else "",
                assessor=by,
                day=day or clock.today(),
                expires_on=expires_on,
            ),
            evidence=evidence,
            seen=seen,
        )
    except IntegrityError as error:
        raise _overtaken() from error


@retrying
def _assess(new: Assessment, *, evidence: Sequence[Record], seen: int | None) -> Assessment:
    with audited(new.assessor, reason=_("assessed")):
        if not new.assessor.may(PERMISSION):
            raise PermissionDenied(_("Your roles do not allow assessing a requirement."))
        if missing := _missing(new):
            raise Refusal(missing)
        said = Assessment.objects.of(new.edition).filter(requirement=new.requirement)
        last = said.current().select_for_update(of=("self",)).first()
        if seen is not None and seen != (last.pk if last else 0):
            raise _overtaken()
        new.replaces = last
        new.save(force_insert=True)
        AssessmentRecord.objects.bulk_create(
            AssessmentRecord(assessment=new, record=record) for record in dict.fromkeys(evidence)
        )
    return new


def _missing(new: Assessment) -> list[Refused]:
    found = []
    if new.verdict not in Verdict.values:
        found.append(Refused(_("Choose a verdict."), fix="#id_verdict"))
    if not new.note:
        found.append(Refused(_("Say what you saw or heard; a verdict needs it."), fix="#id_note"))
    if new.verdict == Verdict.NOT_APPLICABLE and not new.justification:
        text = _("Say why the requirement cannot apply; the scope (4.3) has to hold the reason.")
        found.append(Refused(text, fix="#id_justification"))
    if new.expires_on <= new.day:
        found.append(Refused(_("The verdict must hold for at least a day."), fix="#id_expires_on"))
    return found


def _overtaken() -> Refused:
    return Refused(
        _("Somebody assessed this requirement while you were at it. Look at their verdict first.")
    )
