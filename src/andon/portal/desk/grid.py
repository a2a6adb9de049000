"""The rows of an import as a grid: paged, each cell with what is wrong with it."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from django.http import HttpRequest
from django.utils.translation import gettext as _

from andon.portal.desk.forms import ReasonForm, ReplaceForm
from andon.portal.desk.models import Intake, IntakeRow
from andon.portal.desk.targets import target_named
from andon.records.listing import key_of

PAGE = 20
LONG = 60
SHOWS = ("trouble", "repeats", "out", "all")


@dataclass(frozen=True)
class GridCell:
    """One cell: its input's name, text and error."""

    name: str
    column: str
    text: str
    error: str

    @property
    def is_long(self) -> bool:
        return len(self.text) > LONG or "\n" in self.text

    @property
    def size(self) -> int:
        """How wide the input is; a sentence gets room, a number does not need it."""
        return max(8, min(30, len(self.text) + 2))

    @property
    def rows(self) -> int:
        return min(6, max(2, self.text.count("\n") + 1, len(self.text) // LONG))


@dataclass(frozen=True)
class GridRow:
    """One row with its cells and what is wrong with it as a whole."""

    row: IntakeRow
    cells: list[GridCell]
    other: list[str]


def context(request: HttpRequest, intake: Intake, forms: dict[str, Any]) -> dict[str, Any]:
    """Return what the grid needs: the rows of one page, and the forms for many rows."""
    show = request.GET.get("show", "trouble")
    show = show if show in SHOWS else "trouble"
    rows = chosen(intake, show)
    after = key_of(request.GET.get("after", "")) or 0
    page = list(rows.filter(position__gt=after)[: PAGE + 1])
    columns = _columns(intake)
    counts = _counts(intake)
    more = page[PAGE - 1].position if len(page) > PAGE else None
    return {
        "show": show,
        "shows": [(name, label, counts[name]) for name, label in _labels()],
        "counts": counts,
        "grid_columns": columns,
        "grid": [_row(intake, row, columns) for row in page[:PAGE]],
        "after": after,
        "next_url": f"?show={show}&after={more}#rows" if more else "",
        "first_url": f"?show={show}#rows" if after else "",
        "replace_form": forms.get("replace") or ReplaceForm(columns=columns),
        "reason_form": forms.get("reason") or ReasonForm(),
        "is_record": target_named(intake.target).is_record,
    }


def _labels() -> list[tuple[str, str]]:
    words = (_("In the way"), _("Repeats"), _("Left out"), _("All rows"))
    return list(zip(SHOWS, words, strict=True))


def chosen(intake: Intake, show: str) -> Any:
    rows = intake.rows.order_by("position")
    if show == "trouble":
        return rows.in_the_way()
    if show == "repeats":
        return rows.exclude(same_as="").filter(out="")
    return rows.exclude(out="") if show == "out" else rows


def _counts(intake: Intake) -> dict[str, int]:
    counts = {show: chosen(intake, show).count() for show in SHOWS}
    return counts | {
        "going_in": intake.rows.going_in().count(),
        "undecided": intake.rows.filter(undecided=True, out="").count(),
        "bad": intake.rows.filter(bad=True, out="").count(),
        "skipped": intake.rows.filter(choice="skip", out="").count(),
    }


def _columns(intake: Intake) -> list[str]:
    """Return the columns that are in use, in the order of the file."""
    rules = intake.mapping["fields"].values()
    used = {name for rule in rules for name in rule.get("columns", ())}
    return [name for name in intake.columns if name in used]


def _row(intake: Intake, row: IntakeRow, columns: list[str]) -> GridRow:
    at = {name: index for index, name in enumerate(intake.columns)}
    cells = [
        GridCell(
            name=f"c{row.position}_{at[name]}",
            column=name,
            text=row.cells[at[name]],
            error=row.errors.get(name, ""),
        )
        for name in columns
    ]
    other = [f"{name}: {text}" if name else text for name, text in row.errors.items()
             if name not in columns]  # fmt: skip
    return GridRow(row=row, cells=cells, other=other)
