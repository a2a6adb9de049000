"""Rows are repaired in place: cells, one word for another, decisions, rows left out."""

from __future__ import annotations

from collections.abc import Iterable, Mapping

from django.utils.translation import gettext as _

from andon.accounts.models import User
from andon.portal.desk import jobs
from andon.portal.desk.checking import Checker
from andon.portal.desk.gathering import gather
from andon.portal.desk.models import Choice, Intake, IntakeRow, Step
from andon.portal.desk.targets import target_named
from andon.portal.desk.values import folded
from andon.portal.desk.work import keeping
from andon.records.workflow import Refused

LONGEST = 20_000


def edit(
    intake: Intake,
    cells: Mapping[int, Mapping[str, str]],
    *,
    by: User,
    choices: Mapping[int, str] | None = None,
) -> Intake:
    """Write ``cells`` (position: {column: text}) and decisions, and check these rows again."""
    with keeping(intake, by) as stored:
        _refuse_unless_looking(stored)
        decided = {position: choice for position, choice in (choices or {}).items() if choice}
        rows = list(stored.rows.filter(position__in={*cells, *decided}))
        for row in rows:
            _write(row, cells.get(row.position, {}), stored.columns)
            row.choice = decided.get(row.position, row.choice)
        _keep(stored, rows, by)
    return intake


def _refuse_unless_looking(stored: Intake) -> None:
    if stored.step != Step.LOOK:
        raise Refused(_("The rows cannot be changed now; look where the import stands."))


def _write(row: IntakeRow, cells: Mapping[str, str], columns: list[str]) -> None:
    for column, text in cells.items():
        if column in columns:
            at = columns.index(column)
            written = text.replace("\r\n", "\n").strip()[:LONGEST]
            row.edited = row.edited or row.cells[at] != written
            row.cells[at] = written


def _keep(stored: Intake, rows: list[IntakeRow], by: User) -> None:
    """Check changed rows again, and then what shows only together."""
    target = target_named(stored.target)
    jobs.check_rows(Checker(stored, target, by), rows)
    IntakeRow.objects.keep(rows, *jobs.CHECKED, "cells", "edited", "choice")
    gather(stored, target, by)


def replace(intake: Intake, column: str, old: str, new: str, *, by: User) -> int:
    """Write ``new`` in every cell of ``column`` that holds ``old``; return how many there were."""
    with keeping(intake, by) as stored:
        _refuse_unless_looking(stored)
        if column not in stored.columns:
            raise Refused(_("The file has no column “%s”.") % column)
        at = stored.columns.index(column)
        rows = [row for row in stored.rows.filter(out="") if folded(row.cells[at]) == folded(old)]
        if not rows:
            raise Refused(
                _("No cell of “%(column)s” is “%(old)s”.") % {"column": column, "old": old}
            )
        for row in rows:
            _write(row, {column: new}, stored.columns)
        _keep(stored, rows, by)
    return len(rows)


def leave_out(intake: Intake, positions: Iterable[int], *, by: User, reason: str) -> Intake:
    """Leave rows out; without positions all that are in the way."""
    if not reason.strip():
        raise Refused(_("Say why these rows are left out."))
    with keeping(intake, by) as stored:
        _refuse_unless_looking(stored)
        wanted = list(positions)
        rows = stored.rows.filter(position__in=wanted) if wanted else stored.rows.in_the_way()
        rows.update(out=reason.strip().lstrip("“")[:200] or _("left out"))
        gather(stored, target_named(stored.target), by)
    return intake


def take_back_in(intake: Intake, positions: Iterable[int], *, by: User) -> Intake:
    """Take rows that were left out in again."""
    with keeping(intake, by) as stored:
        _refuse_unless_looking(stored)
        rows = list(stored.rows.filter(position__in=list(positions)))
        for row in rows:
            row.out = ""
        _keep(stored, rows, by)
    return intake


def decide(intake: Intake, choice: str, *, by: User) -> Intake:
    """Decide on all repeats that nobody has decided on: skip them, or take them as new."""
    if choice not in {Choice.NEW, Choice.SKIP}:
        raise Refused(_("Choose whether these rows are skipped or taken as new."))
    with keeping(intake, by) as stored:
        _refuse_unless_looking(stored)
        if choice == Choice.NEW and not target_named(stored.target).is_record:
            raise Refused(_("A list holds each code once; these rows can only be skipped."))
        stored.rows.filter(undecided=True).update(choice=choice, undecided=False)
    return intake
