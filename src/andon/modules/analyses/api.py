"""The API of analyses: keep one, read what it says, change and move it."""

from typing import Annotated, Any

from django.core.exceptions import ValidationError
from django.utils.translation import gettext_lazy as _
from pydantic import Field

from andon.accounts.models import Site
from andon.records.api import RecordOut, Sent, Shapes, record_router
from andon.records.pages import Request

from .models import METHODS, Analysis, ValueColumn, Values, defaults
from .services import prepared
from .views.records import PAGES

# A number is written as a number: neither true nor "49.6" is one.
Cell = Annotated[float, Field(strict=True, allow_inf_nan=False)]


class ColumnIn(Sent):
    """One column: numbers, or texts; null where there is none."""

    name: str = Field(min_length=1, max_length=60)
    cells: list[Cell | None] | list[str | None] = Field(max_length=5000)


class AnalysisIn(Sent):
    """Values with a method; columns and options that are not named are found by the method."""

    title: str = Field(min_length=1, max_length=200)
    site: str = Field(max_length=8)
    source: str = Field(min_length=1, max_length=200)
    method: str = Field(max_length=30)
    values: list[ColumnIn] = Field(min_length=1, max_length=30)
    columns: dict[str, list[str]] = Field(default_factory=dict)
    options: dict[str, float | int | str | bool | None] = Field(default_factory=dict)
    conclusion: str = Field("", max_length=2000)


class AnalysisChanges(Sent):
    """What may be changed until it is issued."""

    title: str | None = Field(None, min_length=1, max_length=200)
    conclusion: str | None = Field(None, max_length=2000)


class AnalysisOut(RecordOut):
    """An analysis with what was read from it."""

    method: str
    source: str
    reading: list[str]
    conclusion: str
    engine: str


def _build(data: AnalysisIn, request: Request) -> Analysis:
    sites = Site.objects.visible_to(request.user)
    site = sites.filter(code=data.site).first() if data.site.isprintable() else None
    if site is None:
        raise ValidationError({"site": _("There is no site with this code that you may see.")})
    if data.method not in METHODS:
        raise ValidationError({"method": _("There is no such method.")})
    names = [column.name for column in data.values]
    if len(set(names)) != len(names) or len({len(c.cells) for c in data.values}) > 1:
        raise ValidationError(
            {"values": _("Columns must have different names and equally many cells.")}
        )
    values = Values(tuple(ValueColumn(one.name, tuple(one.cells)) for one in data.values))
    settings = defaults(METHODS[data.method], values)
    _only_known(data, settings, names)
    settings["columns"] |= data.columns
    settings["options"] |= data.options
    made = Analysis.on(
        values, data.method, settings, title=data.title, site=site, owner=request.user,
        source=data.source, conclusion=data.conclusion,
    )  # fmt: skip
    return prepared(made)


def _only_known(data: AnalysisIn, settings: dict[str, Any], names: list[str]) -> None:
    """Refuse what would else be ignored: roles, columns and options that are not there (AZ4)."""
    for field, given, known in (
        ("columns", data.columns, settings["columns"]),
        ("columns", [name for chosen in data.columns.values() for name in chosen], names),
        ("options", data.options, settings["options"]),
    ):
        if unknown := [name for name in given if name not in known]:
            raise ValidationError({field: _("There is no “%s” here.") % unknown[0]})


router = record_router(
    PAGES,
    Shapes(data_in=AnalysisIn, changes_in=AnalysisChanges, data_out=AnalysisOut, build=_build),
)
