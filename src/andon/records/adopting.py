"""Records taken over from an older system, also closed ones, and taken back as a whole."""

from collections import defaultdict
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from typing import Any, TypeVar, cast

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from andon.accounts.models import User
from andon.trail.services import audited

from . import numbering
from .changing import check, require
from .models import Record
from .workflow import Refused

R = TypeVar("R", bound=Record)
ADOPT = "records.adopt"


@dataclass(frozen=True)
class Extra:
    """An amount that comes in with a record and that no person edits there, such as its cost.

    An app lists its extras by dotted names in ``import_extras`` of its config. ``before`` sets it
    on the unsaved record; ``after`` writes the rows that belong to it, for all records at once.
    """

    name: str
    label: str | Promise
    before: Callable[[Any, Decimal], None]
    after: Callable[[Sequence[tuple[Any, Decimal]], User, date, str], None]


def adoptable(kind: type[Record]) -> bool:
    """Whether a record of ``kind`` can be made from what people write down about it."""
    own = kind._meta.local_concrete_fields
    needed = [f for f in own if not (f.primary_key or f.null or f.blank or f.has_default())]
    return bool(kind.workflow.void) and {field.name for field in needed} <= {*kind.editable}


def adopted_states(kind: type[Record]) -> list[str]:
    """List the states in which a record may be taken over: the first, and those that end it."""
    life = kind.workflow
    return [life.initial, *(s for s in life.states.values if s in life.final and s != life.void)]


def adopt(rows: Sequence[R], *, by: User, source: str) -> list[R]:
    """Store ``rows`` of one kind as taken over from ``source``, with their true dates.

    The only way to a state besides ``perform``: each has a state of ``adopted_states`` (none: the
    first), the days on which it was opened and closed, and a number of the year of opening.
    """
    kind = type(rows[0])
    with audited(by, reason=_("taken over from %s") % source):
        for site in {row.site_id: row.site for row in rows}.values():
            require(by, ADOPT, site)
        for row in rows:
            fit_to_adopt(row, by=by)
        _number(rows)
        for row in rows:
            row.search_text = row.text_for_search()
        return list(cast("Any", kind)._default_manager.bulk_create(rows))


def fit_to_adopt(record: Record, *, by: User) -> None:
    """Complete ``record`` and raise ``Refused`` or ``ValidationError`` if it cannot be adopted."""
    life = record.workflow
    record.kind, record.state = record.slug(), record.state or life.initial
    record.opened_by, record.version = by, 1
    if record.state not in adopted_states(type(record)):
        raise Refused(_("A record is taken over in its first or in a final state."))
    if (record.state in life.final) != (record.closed_date is not None):
        raise Refused(
            _("A closed record needs the day on which it was closed, and only a closed one has it.")
        )
    if record.closed_date and record.closed_date < record.opened_date:
        raise Refused(_("It was closed before it was opened: correct one of the two days."))
    check(record)


def _number(rows: Sequence[Record]) -> None:
    """Give numbers in the order of opening, a block for each site and year."""
    blocks: dict[tuple[Any, int], list[Record]] = defaultdict(list)
    for row in sorted(rows, key=lambda each: each.opened_date):
        blocks[row.site_id, row.opened_date.year].append(row)
    for (_site, year), found in sorted(blocks.items()):
        numbers = numbering.next_numbers(found[0].prefix, found[0].site, year, len(found))
        for row, number in zip(found, numbers, strict=True):
            row.number = number


def retract(kind: type[Record], keys: Iterable[int], *, by: User, day: date, reason: str) -> int:
    """Void records that were taken over by mistake, closed ones too; numbers and content stay."""
    if not reason.strip():
        raise Refused(_("Say why these records are taken back."))
    with audited(by, reason=_("taking over undone: %s") % reason):
        rows = cast("Any", kind)._default_manager.filter(pk__in=list(keys))
        for row in {row.site_id: row for row in rows.select_related("site")}.values():
            require(by, ADOPT, row.site)
        rows.filter(closed_date=None).update(closed_date=day)
        return int(rows.update(state=kind.workflow.void, void_reason=reason.strip()[:500]))
