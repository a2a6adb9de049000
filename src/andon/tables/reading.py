"""From a file to a table: which kind of file it is, and which reader takes it."""

from __future__ import annotations

import re
from pathlib import Path, PurePath

from django.utils.translation import gettext as _

from andon.tables import archive, delimited, fixed, jsonlines, limits, markup, texts
from andon.tables.layout import lay_out
from andon.tables.model import Cell, Grid, Options, Table, Trouble
from andon.tables.workbook import read_workbook

_OLE = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"


def read_table(
    source: Path | bytes, filename: str = "", *, block: int | None = None, **answers: object
) -> Table:
    """Return the one table in a file, whatever its kind and its oddities.

    Raises `Trouble` with a sentence naming what is wrong and where, or its subclass
    `Question` when the file holds several tables: ``sheet`` and ``block`` answer it. HTML is
    refused unless ``pages`` says that it may come.
    """
    options = Options(block=block, **answers)  # type: ignore[arg-type]
    content, name = _content(source, filename)
    suffix = PurePath(name).suffix.lower()
    if archive.is_zip(content) and not archive.is_workbook(content):
        content, name = archive.unpack(content)
        suffix = PurePath(name).suffix.lower()
    if archive.is_zip(content) or content.startswith(_OLE):
        grid = read_workbook(content, options.sheet)
    else:
        grid = _read_text(content, suffix, options)
    block = None if grid.is_chosen else options.block
    return lay_out(grid, header_row=options.header_row, block=block)


def _content(source: Path | bytes, filename: str) -> tuple[bytes, str]:
    if isinstance(source, bytes):
        content, name = source, filename
    else:
        with source.open("rb") as stream:
            content = stream.read(limits.MAX_BYTES + 1)
        name = filename or source.name
    if not content:
        raise Trouble(_("The file is empty (0 bytes)."), row=1)
    if len(content) > limits.MAX_BYTES:
        raise Trouble(
            _("The file is larger than %(megabytes)d MB; split it.")
            % {"megabytes": limits.MAX_BYTES // 1024 // 1024}
        )
    return content, name


def _read_text(content: bytes, suffix: str, options: Options) -> Grid:
    text, encoding = texts.decode(content, options.encoding, pages=options.pages)
    if text.count("\n") > limits.MAX_LINES:
        raise Trouble(
            _("The file has more than %(lines)d lines. Split it.") % {"lines": limits.MAX_LINES}
        )
    if options.pages and markup.is_markup(text, suffix):
        grid = markup.read_markup(text, options.block)
    elif jsonlines.is_json(text):
        grid = jsonlines.read_json(text)
    else:
        grid = _grid(text, suffix, options.separator)
    if encoding not in {"utf-8", "utf-8-sig"}:
        grid.notes.insert(0, _("The text is encoded as %(name)s.") % {"name": encoding.upper()})
    return grid


def _grid(text: str, suffix: str, separator: str | None) -> Grid:
    if separator is None and fixed.has_ruler(text) and (grid := fixed.read_ruled(text)):
        return grid
    found = separator or delimited.find_separator(text, suffix)
    if found == " " or found is None:
        _refuse_many_words(text)
        grid = fixed.read_blank_separated(text) if suffix != ".csv" or found else None
        return grid or _plain_list(text)
    grid = delimited.read_delimited(text, found)
    grid.notes.append(
        _("Cells are parted by: %(name)s.") % {"name": delimited.names().get(found, found)}
    )
    return grid


def _refuse_many_words(text: str) -> None:
    """Count words one by one: to cut them all before is what costs."""
    for count, _word in enumerate(re.finditer(r"\S+", text), start=1):
        if count > limits.MAX_CELLS:
            raise Trouble(
                _("The file has more than %(cells)d cells. Split it.") % {"cells": limits.MAX_CELLS}
            )


def _plain_list(text: str) -> Grid:
    """One column: every line is a cell. Quoted lines still lose their marks."""
    grid = delimited.read_delimited(text, ",") if '"' in text else None
    if grid and all(len(cells) <= 1 for _row, cells in grid.rows):
        grid.separator = ""
        return grid
    rows: list[tuple[int, list[Cell]]] = [
        (row, [line.strip()]) for row, line in enumerate(text.split("\n"), start=1)
    ]
    return Grid(rows=rows)
