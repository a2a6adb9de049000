"""What people do with a checklist: fill in a part, sign off, run it again."""

from collections.abc import Mapping
from datetime import date
from typing import Any

from django.utils.translation import gettext_lazy as _

from andon.accounts.models import User
from andon.organization import clock
from andon.records import services as records
from andon.records.changing import refuse_when_final
from andon.records.models import Record
from andon.records.workflow import Refusal, Refused
from andon.sheets import keeping, reading
from andon.sheets.asking import BAD
from andon.sheets.models import FormDesign, Sheet
from andon.trail.services import audited, retrying


@retrying
def fill(
    record: Record,
    design: FormDesign,
    given: Mapping[str, Any],
    *,
    by: User,
    sign: bool = False,
    day: date | None = None,
) -> Sheet:
    """Keep the answers ``given``, by key; ``sign`` signs the run off when nothing is missing.

    Raises ``ValidationError`` for answers that are wrong and :class:`Refused` for missing ones.
    """
    with audited(by, reason=_("checklist signed off") if sign else _("checklist filled in")):
        fresh = records.lock(record)
        records.require(by, "checklists.fill", fresh)
        refuse_when_final(fresh)
        sheet = reading.last_run(fresh, design) or _begin(fresh, design, run=1)
        if sheet.signed_date:
            raise Refused(_("This run is signed off and stays as it is. Run the list again."))
        asked = reading.content(sheet.version)
        values = keeping.cleaned(asked.live, given, by=by, record=fresh)
        for key, value in values.items():
            keeping.keep(sheet, asked[key], value, record=fresh, by=by)
        if sign:
            _sign(sheet, by=by, day=day or clock.today(fresh.site))
    return sheet


def _begin(record: Record, design: FormDesign, *, run: int) -> Sheet:
    if design not in reading.applying(record, FormDesign.Use.CHECKLIST):
        raise Refused(_("This checklist is not in use for this record."))
    return Sheet.objects.create(
        record_id=record.pk, design=design, version=design.in_force, run=run
    )


def _sign(sheet: Sheet, *, by: User, day: date) -> None:
    if missing := reading.unanswered(sheet):
        sentence = _("“%s” is not answered.")
        raise Refusal([Refused(sentence % q.label, fix=f"#id_{q.name}") for q in missing])
    sheet.signed_by, sheet.signed_date = by, day
    sheet.failed = sheet.answers.filter(judged=BAD).count()
    sheet.save()


@retrying
def run_again(record: Record, design: FormDesign, *, by: User) -> Sheet:
    """Begin another run in the version in force; the one before stays as it is."""
    with audited(by, reason=_("checklist run again")):
        fresh = records.lock(record)
        records.require(by, "checklists.fill", fresh)
        refuse_when_final(fresh)
        last = reading.last_run(fresh, design)
        if last is not None and last.signed_date is None:
            raise Refused(_("A run is open already. Finish that one."))
        return _begin(fresh, design, run=last.run + 1 if last else 1)
