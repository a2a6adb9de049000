"""Changing many records at once: looked at first, then one audited edit each, version checked."""

import copy
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import date
from typing import Any

from django.core.exceptions import PermissionDenied, ValidationError
from django.utils.translation import gettext_lazy as _

from andon.accounts.models import User
from andon.trail.services import audited

from .changing import changing, check, differences, refuse_when_final, require, sentences
from .dealings import move_due_date, refuse_earlier
from .models import Record
from .workflow import Refused

# What fits on a preview that somebody still reads.
MOST = 500
USUAL = ("owner", "process", "restricted")


@dataclass(frozen=True, kw_only=True)
class Change:
    """What shall become of each record: fields by name, and a later due date with its reason."""

    values: Mapping[str, Any] = field(default_factory=dict)
    due_date: date | None = None
    reason: str = ""

    def of(self, record: Record) -> list[tuple[str, str, str]]:
        """List (label, before, after) of what this changes about ``record``."""
        wanted = dict(self.values)
        if self.due_date is not None:
            wanted["due_date"] = self.due_date
        return [(label, before, after) for label, after, before in differences(record, wanted)]


@dataclass(frozen=True)
class Outcome:
    """What a change does, or did, to one record: before and after, or why it is refused."""

    record: Record
    lines: Sequence[tuple[str, str, str]]
    refused: tuple[Refused, ...] = ()

    @property
    def changes(self) -> bool:
        return bool(self.lines) and not self.refused


def rehearse(records: Iterable[Record], change: Change, *, by: User) -> list[Outcome]:
    """Say of each record what ``change`` would do, or why it would be refused; writes nothing."""
    return [_rehearsed(record, change, by) for record in records]


def change_all(
    chosen: Iterable[tuple[Record, int]], change: Change, *, by: User, together: bool
) -> list[Outcome]:
    """Change each (record, version read); with ``together`` all of them, or none.

    A record somebody else changed meanwhile is refused like any other that cannot be changed.
    """
    if not together:
        return [_changed(record, version, change, by) for record, version in chosen]
    try:
        with audited(by, reason=_reason(change)):
            done = [_changed(record, version, change, by) for record, version in chosen]
            _refuse_unless_all(done)
    except _NotAllError as refused:
        return [replace(one, lines=()) for one in refused.done]
    return done


def _refuse_unless_all(done: list[Outcome]) -> None:
    if any(outcome.refused for outcome in done):
        raise _NotAllError(done)


class _NotAllError(Exception):
    def __init__(self, done: list[Outcome]) -> None:
        super().__init__()
        self.done = done


def _rehearsed(record: Record, change: Change, by: User) -> Outcome:
    lines = change.of(record)
    try:
        require(by, record.edit_permission, record)
        refuse_when_final(record)
        tried = copy.copy(record)
        _fill(tried, change)
        if change.due_date is not None:
            refuse_earlier(tried, change.due_date)
        check(tried)
    except (Refused, PermissionDenied, ValidationError) as error:
        return Outcome(record, lines, _refusals(error))
    return Outcome(record, lines)


def _changed(record: Record, version: int, change: Change, by: User) -> Outcome:
    lines = change.of(record)
    if not lines:
        return Outcome(record, ())
    try:
        with changing(
            record,
            by=by,
            permission=record.edit_permission,
            version=version,
            changes=change.values,
            reason=_reason(change),
        ) as fresh:
            _fill(fresh, change)
            if change.due_date is not None:
                move_due_date(fresh, change.due_date, by=by, reason=change.reason)
    except (Refused, PermissionDenied, ValidationError) as error:
        return Outcome(record, lines, _refusals(error))
    return Outcome(fresh, lines)


def _fill(record: Record, change: Change) -> None:
    if forbidden := set(change.values) - set(record.editable):
        raise Refused(_("These fields are not changed by hand: %s.") % ", ".join(sorted(forbidden)))
    for name, value in change.values.items():
        setattr(record, name, value)


def _reason(change: Change) -> str:
    if change.reason:
        return str(_("changed with others: %s") % change.reason)
    return str(_("changed with others"))


def _refusals(error: Exception) -> tuple[Refused, ...]:
    if isinstance(error, Refused):
        return error.items
    if isinstance(error, ValidationError):
        return tuple(Refused(text) for text in sentences(error))
    return (Refused(str(error) or _("Your roles do not allow this at this site.")),)
