"""Fields that several kinds of facts share, and where the codes in them lead."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from typing import Any

from django.utils.translation import gettext_lazy as _

from andon.accounts.models import Site, User
from andon.modules.production import services
from andon.modules.production.imports.fields import Field, Kind, Reference
from andon.modules.production.models import Cause
from andon.organization import services as organization
from andon.organization.models import Item, Line, Party, Shift
from andon.trail.services import SYSTEM


def _lines(site: Site, codes: Iterable[str]) -> dict[str, Any]:
    """Find lines of the site by code or by name."""
    return _by(Line.objects.filter(site=site), codes, "name", "code")


def _shifts(site: Site, codes: Iterable[str]) -> dict[str, Any]:
    return _by(Shift.objects.filter(site=site), codes, "name", "code")


def _items(site: Site, codes: Iterable[str]) -> dict[str, Any]:  # noqa: ARG001 - items are shared
    return _by(Item.objects.order_by("revision"), codes, "number")


def _causes(kind: str) -> Callable[[Site, Iterable[str]], dict[str, Any]]:
    def find(site: Site, codes: Iterable[str]) -> dict[str, Any]:  # noqa: ARG001
        return _by(Cause.objects.filter(kind=kind), codes, "name", "code")

    return find


def _parties(site: Site, codes: Iterable[str]) -> dict[str, Any]:  # noqa: ARG001 - shared
    return _by(Party.objects.all(), codes, "name", "code")


def _by(rows: Any, codes: Iterable[str], *columns: str) -> dict[str, Any]:
    """Return ids by casefolded text of the columns; the last column wins."""
    wanted = {code.casefold() for code in codes}
    found: dict[str, Any] = {}
    for column in columns:
        for pk, text in rows.values_list("pk", column):
            if text.casefold() in wanted:
                found[text.casefold()] = pk
    return found


def code_of(text: str) -> str:
    """Make a code of any words: no blanks, none of the characters addresses need."""
    kept = "".join("-" if letter in " /\\?#%" else letter for letter in text.strip())
    return kept[:20]


def _new_line(site: Site, text: str, by: User | SYSTEM) -> Any:
    line = Line(site=site, code=code_of(text), name=text)
    return organization.add(line, by=by).pk


def _new_item(site: Site, text: str, by: User | SYSTEM) -> Any:  # noqa: ARG001
    return organization.add(Item(number=text[:40], name=text), by=by).pk


def _new_party(**role: bool) -> Callable[[Site, str, User | SYSTEM], Any]:
    def create(site: Site, text: str, by: User | SYSTEM) -> Any:  # noqa: ARG001
        return organization.add(Party(code=code_of(text), name=text, **role), by=by).pk

    return create


def _new_cause(kind: str) -> Callable[[Site, str, User | SYSTEM], Any]:
    def create(site: Site, text: str, by: User | SYSTEM) -> Any:  # noqa: ARG001
        return services.add_cause(kind, text[:40], name=text, by=by).pk

    return create


DAY = Field(
    "day",
    _("Day"),
    Kind.DAY,
    "day",
    required=True,
    synonyms=("day", "date", "production date", "datum", "tag", "jour", "fecha", "data", "dia"),
)
LINE = Field(
    "line",
    _("Line"),
    Kind.CODE,
    "line_id",
    required=True,
    synonyms=(
        "line", "machine", "cell", "work centre", "work center", "workcenter", "press", "station",
        "production line", "team", "linie", "maschine", "anlage", "ligne", "linea",
    ),
    reference=Reference(_lines, _new_line, _("There is no line “%(code)s” at this site.")),
)  # fmt: skip
ITEM = Field(
    "item",
    _("Item"),
    Kind.CODE,
    "item_id",
    synonyms=(
        "item", "part", "part number", "part no", "product", "article", "material", "artikel",
        "teil", "teilenummer", "produkt", "sku",
    ),
    reference=Reference(_items, _new_item, _("There is no item with the number “%(code)s”.")),
)  # fmt: skip
SHIFT = Field(
    "shift",
    _("Shift"),
    Kind.CODE,
    "shift_id",
    synonyms=("shift", "schicht", "turn", "turno", "equipe"),
    # A shift has times, by which days are counted; no file says them, so none is made here.
    reference=Reference(_shifts, None, _("There is no shift “%(code)s” at this site.")),
)
_CAUSE_WORDS = (
    "cause", "reason", "defect", "defect type", "failure", "failure type", "test result",
    "testresult", "label", "category", "grund", "ursache", "fehler", "fehlerart", "motif", "causa",
)  # fmt: skip


def cause(kind: str, sentence: Any) -> Field:
    return Field(
        "cause",
        _("Cause"),
        Kind.CODE,
        "cause_id",
        required=True,
        synonyms=_CAUSE_WORDS,
        reference=Reference(_causes(kind), _new_cause(kind), sentence),
    )


def party(name: str, label: Any, *, synonyms: tuple[str, ...], **role: bool) -> Field:
    """Return the field of a customer or a supplier; one that is made gets this role."""
    return Field(
        name,
        label,
        Kind.CODE,
        f"{name}_id",
        required=True,
        synonyms=synonyms,
        reference=Reference(
            _parties,
            _new_party(**role),
            _("There is no supplier or customer “%(code)s”."),
        ),
    )
