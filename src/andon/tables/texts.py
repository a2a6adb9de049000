"""From bytes to text: byte-order marks, UTF-16 without one, Latin-1, and what is no text at all."""

from __future__ import annotations

import codecs

from django.utils.translation import gettext as _

from andon.tables.model import Trouble

_MARKS = (
    (codecs.BOM_UTF32_LE, "utf-32"),
    (codecs.BOM_UTF32_BE, "utf-32"),
    (codecs.BOM_UTF8, "utf-8-sig"),
    (codecs.BOM_UTF16_LE, "utf-16"),
    (codecs.BOM_UTF16_BE, "utf-16"),
)
_FOREIGN = (
    (b"%PDF", "PDF"),
    (b"\x89PNG", "PNG"),
    (b"\xff\xd8\xff", "JPEG"),
    (b"GIF8", "GIF"),
    (b"MZ", "EXE"),
    (b"\x7fELF", "ELF"),
    (b"Rar!", "RAR"),
    (b"7z\xbc\xaf", "7-Zip"),
    (b"\x1f\x8b", "gzip"),
    (b"SQLite format 3", "SQLite"),
    (b"PAR1", "Parquet"),
    (b"{\\rtf", "RTF"),
)
_MARKUP = ("<!doctype", "<html", "<?xml", "<svg", "<script", "<table")
_PAGE = ("<!doctype html", "<html", "<table")
_SAMPLE = 4096


def decode(content: bytes, encoding: str | None = None, *, pages: bool = False) -> tuple[str, str]:
    """Return the text of ``content`` with line feeds only, and the encoding it had."""
    _refuse_foreign(content)
    text, used = _decode(content, encoding)
    text = text.replace("\r\n", "\n").replace("\r", "\n")
    if "\0" in text:
        row = text[: text.index("\0")].count("\n") + 1
        raise Trouble(
            _("Row %(row)d holds a zero byte: this is not a table in text form.") % {"row": row},
            row=row,
        )
    start = text[:_SAMPLE].lstrip().lower()
    if start.startswith(_MARKUP) and not (pages and start.startswith(_PAGE)):
        raise Trouble(
            _(
                "This is a web page or XML file, not a table, whatever its name says."
                " Save it as CSV or XLSX in the program it comes from."
            ),
            row=1,
        )
    return text, used


def _refuse_foreign(content: bytes) -> None:
    for mark, name in _FOREIGN:
        if content.startswith(mark):
            raise Trouble(
                _(
                    "This is a file of the kind %(kind)s, not a table."
                    " Tables come as CSV, XLSX, XLS or ODS."
                )
                % {"kind": name},
                row=1,
            )


def _decode(content: bytes, encoding: str | None) -> tuple[str, str]:
    if encoding:
        return _decode_as(content, encoding)
    for mark, name in _MARKS:
        if content.startswith(mark):
            return _decode_as(content, name)
    if wide := _wide(content[:_SAMPLE]):
        return _decode_as(content, wide)
    try:
        return content.decode("utf-8"), "utf-8"
    except UnicodeDecodeError:
        pass
    try:
        return content.decode("cp1252"), "cp1252"
    except UnicodeDecodeError:
        return content.decode("latin-1"), "latin-1"


def _decode_as(content: bytes, encoding: str) -> tuple[str, str]:
    try:
        return content.decode(encoding), encoding
    except LookupError:
        raise Trouble(_("The encoding “%(name)s” is not known.") % {"name": encoding}) from None
    except UnicodeDecodeError as error:
        row = content[: error.start].count(b"\n") + 1
        raise Trouble(
            _("Row %(row)d cannot be read as %(name)s text; try another encoding.")
            % {"row": row, "name": encoding},
            row=row,
        ) from None


def _wide(sample: bytes) -> str:
    """UTF-16 written without a mark shows as zero bytes in every second place."""
    half = len(sample) // 2
    if half < 2:  # noqa: PLR2004 - one character proves nothing
        return ""
    even, odd = sample[0::2].count(0), sample[1::2].count(0)
    if odd > half * 0.6 and even < half * 0.1:
        return "utf-16-le"
    if even > half * 0.6 and odd < half * 0.1:
        return "utf-16-be"
    return ""
