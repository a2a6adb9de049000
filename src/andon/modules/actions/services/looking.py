"""Stating the problem and looking across: is/is-not, team, other places."""

from collections.abc import Mapping
from datetime import date

from django.utils.translation import gettext_lazy as _

from andon.accounts.models import User
from andon.modules.actions.models import (
    CONTRASTS,
    Affected,
    Contrast,
    CorrectiveAction,
    LookAcross,
    Question,
    TeamMember,
    TeamRole,
)
from andon.organization import clock
from andon.records import services as records
from andon.records.models import Participant
from andon.records.workflow import Refused, Stale

from .analysing import WORK

MOST_MEMBERS = 30
MOST_PLACES = 60


def contrast(
    action: CorrectiveAction,
    *,
    by: User,
    rows: Mapping[str, Mapping[str, str]],
    day: date | None = None,
    version: int | None = None,
) -> None:
    """Write the is/is-not table: for each question what is, is not, is special and changed.

    A question that is not given stays as it is; one whose cells are all empty leaves the table.
    """
    with records.changing(action, by=by, permission=WORK, reason=_("is and is not")) as fresh:
        if version not in (None, fresh.version):
            raise Stale(fresh, _other_cells(fresh, rows))
        for question, cells in rows.items():
            if question not in Question.values or set(cells) - set(CONTRASTS):
                raise Refused(_("This table has no such question or column."), fix="#problem")
            row = fresh.contrasts.filter(question=question).first()
            row = row or Contrast(record=fresh, question=question)
            for name, text in cells.items():
                setattr(row, name, text.strip())
            row.day = day or clock.today(fresh.site)
            row.clean_fields(exclude=["record"])
            if any(getattr(row, name) for name in CONTRASTS):
                row.save()
            elif row.pk:
                row.delete()


def _other_cells(
    action: CorrectiveAction, rows: Mapping[str, Mapping[str, str]]
) -> list[tuple[str, str, str]]:
    """List question and column, typed and stored, where the two differ."""
    stored = {row.question: row for row in action.contrasts.all()}
    return [
        (f"{Question(question).label}: {name}", text.strip(), kept)
        for question, cells in rows.items()
        if question in Question.values
        for name, text in cells.items()
        if (kept := getattr(stored.get(question), name, "")) != text.strip()
    ]


def join_team(
    action: CorrectiveAction,
    *,
    by: User,
    user: User | None = None,
    name: str = "",
    role: str = TeamRole.MEMBER,
    brings: str = "",
    day: date | None = None,
) -> TeamMember:
    """Take a person into the team; one who signs in sees the record from now on."""
    name = name.strip()
    with records.changing(action, by=by, permission=WORK, reason=_("joined the team")) as fresh:
        live = fresh.members.filter(left_date=None)
        if (user is None) == (not name):
            raise Refused(_("Choose a person, or type a name from outside."), fix="#team")
        if user is not None and live.filter(user=user).exists():
            raise Refused(_("%s is in the team already.") % user, fix="#team")
        if live.count() >= MOST_MEMBERS:
            raise Refused(_("A team has at most %d people.") % MOST_MEMBERS, fix="#team")
        row = TeamMember(
            record=fresh,
            user=user,
            name=name,
            role=role,
            brings=brings.strip(),
            since=day or clock.today(fresh.site),
        )
        row.clean_fields(exclude=["record", "user"])
        row.save()
        if user is not None:
            records.let_in(fresh, user, by=by)
    return row


def leave_team(
    action: CorrectiveAction, *, by: User, member: int, day: date | None = None
) -> TeamMember:
    """End a membership; who was let in for the team alone no longer sees a restricted record."""
    with records.changing(action, by=by, permission=WORK, reason=_("left the team")) as fresh:
        row: TeamMember | None = fresh.members.filter(pk=member, left_date=None).first()
        if row is None:
            raise Refused(_("This person is not in the team any more."), fix="#team")
        row.left_date = day or clock.today(fresh.site)
        row.save()
        if row.user_id:
            Participant.objects.filter(record_id=fresh.pk, user_id=row.user_id).delete()
    return row


def look_across(
    action: CorrectiveAction,
    *,
    by: User,
    answer: str,
    place: str = "",
    key: str = "",
    note: str = "",
    who: User | None = None,
    until: date | None = None,
    look: int | None = None,
    day: date | None = None,
) -> LookAcross:
    """Answer for one other place: affected, not affected, or to be checked by somebody.

    ``key`` answers a place the records propose, ``look`` answers an earlier answer anew.
    """
    with records.changing(action, by=by, permission=WORK, reason=_("looked across")) as fresh:
        row = _look(fresh, key.strip(), place.strip(), look)
        row.answer, row.note, row.who = answer, note.strip(), who or by
        row.until = until if answer == Affected.TO_CHECK else None
        row.day = day or clock.today(fresh.site)
        if answer == Affected.TO_CHECK and until is None:
            raise Refused(_("Say by when it is checked."), fix="#elsewhere")
        if answer != Affected.TO_CHECK and not row.note:
            raise Refused(_("Say what was looked at and found."), fix="#elsewhere")
        row.clean_fields(exclude=["record", "who"])
        row.save()
    return row


def _look(action: CorrectiveAction, key: str, place: str, pk: int | None) -> LookAcross:
    if pk is not None:
        found: LookAcross | None = action.looks.filter(pk=pk).first()
        if found is None:
            raise Refused(_("This place is not in the list any more."), fix="#elsewhere")
        return found
    if key:
        known = action.looks.filter(key=key).first()
        proposed = {one.key: one.text for one in action.proposed_places()}
        if known is None and key not in proposed:
            raise Refused(_("This place is not proposed any more; type it."), fix="#elsewhere")
        return known or LookAcross(record=action, key=key, place=proposed[key][:200])
    if not place:
        raise Refused(_("Say where: an item, a line, a site, a process."), fix="#elsewhere")
    if action.looks.count() >= MOST_PLACES:
        raise Refused(_("There are %d places already.") % MOST_PLACES, fix="#elsewhere")
    return LookAcross(record=action, place=place)
