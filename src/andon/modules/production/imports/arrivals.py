"""What came by itself and was refused: kept with its reason, repaired and sent again, dismissed."""

from __future__ import annotations

import hashlib
import json
from typing import Any

from django.core.exceptions import PermissionDenied
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from andon.accounts.models import Site, User
from andon.modules.production.imports.fields import target_named
from andon.modules.production.imports.rows import Taken, Unfit, take
from andon.modules.production.imports.run import Result, import_file
from andon.modules.production.imports.work import require
from andon.modules.production.models import (
    Arrival,
    ArrivalContent,
    ArrivalState,
    Feed,
    ImportBatch,
)
from andon.organization import clock
from andon.records.workflow import Refused
from andon.tables import Trouble
from andon.trail.services import SYSTEM, audited

Told = list[dict[str, Any]]
MOST_TROUBLES = 100
DEEPEST = 20


def keep(
    payload: bytes,
    troubles: Told,
    *,
    by: User | SYSTEM,
    site: Site,
    target: str,
    source: str,
    name: str,
    feed: Feed | None = None,
    key: str = "",
) -> Arrival:
    """Keep something that was refused; nothing of it counts."""
    with audited(by, reason=gettext_lazy("arrival refused")):
        arrival = Arrival(
            site=site,
            source=source,
            feed=feed,
            sender=by if isinstance(by, User) else None,
            target=target,
            name=printable(name)[-200:],
            key=key,
            sha256=hashlib.sha256(payload).hexdigest(),
            came_at=clock.now(),
            troubles=_storable(troubles),
        )
        arrival.save()
        ArrivalContent.objects.create(arrival=arrival, payload=payload)
    return arrival


def printable(text: str) -> str:
    """Return ``text`` with a mark for every character that cannot be shown or stored."""
    return "".join(
        letter if letter.isprintable() else "\N{REPLACEMENT CHARACTER}" for letter in text
    )


def _storable(troubles: Told) -> Told:
    return [
        {**one, "field": printable(one["field"]), "text": printable(one["text"])}
        for one in troubles[:MOST_TROUBLES]
    ]


def told(sentence: str, *, row: int | None = None, field: str = "") -> Told:
    """One trouble in words, as arrivals keep it."""
    return [{"row": row, "field": field, "text": str(sentence)}]


def told_of(result: Result) -> Told:
    """The troubles of a file that was not published."""
    errors = [{"row": row, "field": field, "text": text} for row, field, text in result.errors]
    unknown = [
        {
            "row": row,
            "field": name,
            "text": str(reference.unknown) % {"code": code},
        }
        for name, codes in result.unknown.items()
        if (reference := target_named(result.job.target).field(name).reference)
        for code, row in codes.items()
    ]
    return errors + unknown


def rows_in(text: str | bytes) -> tuple[str, list[dict[str, Any]]]:
    """Return id and rows of a JSON payload: one row, a list of rows, or rows with an id.

    Raises `Unfit` when it is none of these.
    """
    try:
        found = json.loads(text, parse_constant=_no_number)
    except (ValueError, RecursionError) as error:
        raise Unfit([(0, "", _("This is no JSON: %(error)s.") % {"error": error})]) from error
    rows: Any = found
    key: Any = None
    if isinstance(found, dict):
        key = found.pop("id", None)
        rows = found.pop("rows", None) if "rows" in found else [found]
    if not isinstance(rows, list) or not all(isinstance(row, dict) for row in rows) or not rows:
        raise Unfit([(0, "", _("Send one row as an object, or several as a list of objects."))])
    if not isinstance(key, (str, int, type(None))) or len(str(key)) > 200:  # noqa: PLR2004
        raise Unfit([(0, "id", _("An id is a text or a number of at most 200 characters."))])
    return "" if key is None else str(key), rows


def _no_number(name: str) -> None:
    raise ValueError(f"{name} is not a number")


def resend(
    arrival: Arrival,
    payload: bytes,
    *,
    by: User,
    create_missing: bool = False,
    leave_out: bool = False,
) -> Arrival:
    """Send a repaired arrival again; what is still wrong stands on it then, with the new content.

    Raises `Refused` when it was settled already.
    """
    require(by, target_named(arrival.target), arrival.site)
    with audited(by, reason=gettext_lazy("arrival sent again")):
        stored = _waiting(arrival)
        try:
            with audited(by):
                batch = _taken(
                    stored, payload, by, create_missing=create_missing, leave_out=leave_out
                )
        except Unfit as unfit:
            stored.troubles = _storable(unfit.told)
        else:
            _settle(stored, ArrivalState.SENT, by)
            stored.batch = batch
        ArrivalContent.objects.filter(arrival=stored).update(payload=payload)
        stored.sha256 = hashlib.sha256(payload).hexdigest()
        stored.tries += 1
        stored.save()
    return stored


def _taken(
    arrival: Arrival, payload: bytes, by: User, *, create_missing: bool, leave_out: bool
) -> ImportBatch | None:
    target = target_named(arrival.target)
    day = clock.today(arrival.site)
    if arrival.source != ImportBatch.Source.FOLDER:
        _key, rows = rows_in(payload)
        return take(
            target,
            rows,
            site=arrival.site,
            by=by,
            day=day,
            source=arrival.source,
            name=arrival.name,
            create_missing=create_missing,
        ).batch
    try:
        result = import_file(
            payload,
            target=target.name,
            site=arrival.site,
            by=by,
            day=day,
            file_name=arrival.name,
            create_missing=create_missing,
            leave_out=leave_out,
        )
    except Trouble as trouble:
        raise Unfit([(trouble.row or 0, trouble.column, trouble.sentence)]) from trouble
    if is_in(result):
        return result.batch
    raise Unfit([(one["row"], one["field"], one["text"]) for one in told_of(result)])


def is_in(result: Result) -> bool:
    """Whether everything of a file is in, now or already before."""
    return result.published or result.job.step == result.job.Step.SAME


def dismiss(arrival: Arrival, *, by: User, reason: str) -> Arrival:
    """Settle an arrival without taking it; it stays, with the reason."""
    require(by, target_named(arrival.target), arrival.site)
    if not reason.strip():
        raise Refused(_("Say why it is dismissed."), fix="#id_reason")
    with audited(by, reason=gettext_lazy("arrival dismissed")):
        stored = _waiting(arrival)
        _settle(stored, ArrivalState.DISMISSED, by)
        stored.reason = reason.strip()[:300]
        stored.save()
    return stored


def settle_sent(key: str, taken: Taken, *, by: User) -> None:
    """Settle what the same sender repaired and sent again with the same key."""
    waiting = Arrival.objects.filter(
        source=ImportBatch.Source.API, key=key, sender=by, state=ArrivalState.WAITING
    )
    for arrival in waiting.select_for_update(no_key=True):
        _settle(arrival, ArrivalState.SENT, by)
        arrival.batch = taken.batch
        arrival.save()


def _waiting(arrival: Arrival) -> Arrival:
    stored: Arrival = (
        Arrival.objects.select_for_update(no_key=True, of=("self",))
        .select_related("site")
        .get(pk=arrival.pk)
    )
    if not stored.is_waiting:
        raise Refused(_("This was settled already; reload the page to see how."))
    return stored


def _settle(arrival: Arrival, state: ArrivalState, by: User) -> None:
    arrival.state = state
    arrival.settled_at = clock.now()
    arrival.settled_by = by


def may_settle(arrival: Arrival, person: User) -> bool:
    """Whether somebody may repair or dismiss an arrival."""
    try:
        require(person, target_named(arrival.target), arrival.site)
    except PermissionDenied:
        return False
    return True
