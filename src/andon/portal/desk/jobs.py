"""An import, step by step: read, map, check, look, publish.

Each call of `advance` does one part, so a page can show progress and be left, and nothing needs a
worker. What takes time is computed outside the transaction that keeps it.
"""

from __future__ import annotations

from collections.abc import Callable
from contextlib import suppress
from typing import Any

from django.utils.translation import gettext as _

from andon.accounts.models import User
from andon.portal.desk import mapping as mappings
from andon.portal.desk import publishing, reading
from andon.portal.desk.checking import Checker
from andon.portal.desk.gathering import gather
from andon.portal.desk.models import ROW_CHUNK, Intake, IntakeFile, IntakeRow, Step
from andon.portal.desk.targets import target_named
from andon.portal.desk.work import Overtaken, keeping, refuse_when_over, require
from andon.records.workflow import Refused
from andon.trail.services import retrying

MOST_UNKNOWN = 300
CHECKED = ["errors", "bad", "key", "links", "out"]


@retrying
def advance(intake: Intake, *, by: User) -> Intake:
    """Do the next part of the work, if there is any."""
    require(by, intake.site)
    steps: dict[str, Callable[[Intake, User], None]] = {
        Step.READ: reading.read,
        Step.CHECK: _check,
        Step.PUBLISH: publishing.publish,
    }
    if intake.step in steps:
        with suppress(Overtaken):
            steps[intake.step](intake, by)
        intake.refresh_from_db()
    return intake


def use_mapping(intake: Intake, mapping: dict[str, Any], *, by: User, source: str = "") -> Intake:
    """Say which column is what; the rows are checked next. Raises `Trouble` if it cannot be."""
    refuse_when_over(intake)
    target = target_named(intake.target)
    whole = {"values": {}, "orders": {}, "link": "related", "rest": False, **mapping}
    mappings.check(target, intake.columns, whole)
    mappings.ask_order(intake, target, whole)
    with keeping(intake, by) as stored:
        stored.mapping, stored.source = whole, source.strip()[:80] or stored.source
        _restart(stored)
    return intake


def teach(intake: Intake, words: dict[str, dict[str, str]], *, by: User) -> Intake:
    """Say what words of the file mean; all rows are checked anew."""
    refuse_when_over(intake)
    with keeping(intake, by) as stored:
        stored.mapping = mappings.merged(stored.mapping, {"values": words})
        _restart(stored)
    return intake


def _restart(stored: Intake) -> None:
    stored.step, stored.done, stored.trouble, stored.unknown = Step.CHECK, 0, {}, {}
    # Rows a person left out stay so; those that a word of the mapping left out are asked again.
    stored.rows.filter(out__startswith="“").update(out="")


def _check(intake: Intake, by: User) -> None:
    target = target_named(intake.target)
    if intake.done >= intake.rows_count:
        with keeping(intake, by) as stored:
            gather(stored, target, by)
            stored.step = Step.LOOK
        return
    rows = list(intake.rows.filter(position__gt=intake.done)[:ROW_CHUNK])
    checker = Checker(intake, target, by)
    check_rows(checker, rows)
    with keeping(intake, by) as stored:
        IntakeRow.objects.keep(rows, *CHECKED)
        stored.unknown = _together(stored.unknown, checker)
        stored.done = rows[-1].position


def check_rows(checker: Checker, rows: list[IntakeRow]) -> None:
    """Write on ``rows`` what is wrong with them; they are not saved."""
    for row in rows:
        if row.out and not row.out.startswith("“"):
            continue
        found = checker.check(row.cells)
        row.errors, row.bad = found.errors, bool(found.errors)
        row.key, row.links, row.out = found.key, found.links, found.out[:200]


def _together(known: dict[str, dict[str, int]], checker: Checker) -> dict[str, dict[str, int]]:
    """Add what the rows of a part did not know to what was found before."""
    for name, words in checker.unknown.items():
        counted = known.setdefault(name, {})
        for word, times in words.items():
            if word in counted or len(counted) < MOST_UNKNOWN:
                counted[word] = counted.get(word, 0) + times
    return known


def confirm(intake: Intake, *, by: User) -> Intake:
    """Agree to what the rows show; they are published next, all of them or none."""
    with keeping(intake, by) as stored:
        if stored.step != Step.LOOK:
            raise Refused(_("There is nothing to publish yet."))
        if stored.rows.in_the_way().exists():
            raise Refused(
                _("Some rows are still in the way. Repair them, decide, or leave them out.")
            )
        if not stored.rows.going_in().exists():
            raise Refused(_("No row is left that could go in. Give this import up instead."))
        stored.step, stored.done = Step.PUBLISH, 0
    return intake


def drop(intake: Intake, *, by: User) -> Intake:
    """Give an import up; nothing of it was ever there."""
    with keeping(intake, by) as stored:
        if stored.is_over:
            raise Refused(_("This import is over already."))
        stored.step = Step.DROPPED
        IntakeFile.objects.filter(intake=stored).delete()
        stored.rows.all().delete()
    return intake
