"""Reading tables: what the 46 files do not show."""

import contextlib
import io
import struct
import zipfile
from datetime import date
from decimal import Decimal
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from andon.tables import Cell, Trouble, limits, read_table
from andon.tables.values import (
    as_date,
    as_number,
    as_text,
    missing,
    read_column,
)

DATA = Path(__file__).with_name("data")
NIST = DATA / "nist"


def _zip(**members: bytes) -> bytes:
    packed = io.BytesIO()
    with zipfile.ZipFile(packed, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, content in members.items():
            archive.writestr(name.replace("__", "."), content)
    return packed.getvalue()


def _dates(*cells: Cell) -> list[date | None]:
    reading = read_column(cells)
    return [as_date(cell, reading) for cell in cells]


def _numbers(*cells: Cell, separator: str = "") -> list[Decimal | None]:
    reading = read_column(cells, separator=separator)
    return [as_number(cell, reading) for cell in cells]


@pytest.mark.parametrize(
    ("name", "columns", "rows", "first"),
    [
        ("PCC.DAT", ["SUB-GROUP", "NUMBER DEFECTIVE", "NUMBER (TOTAL)"], 20, ["1", "14", "125"]),
        ("PNCC.DAT", ["SUB-GROUP", "NUMBER DEFECTIVE", "NUMBER (TOTAL)"], 25, ["1", "6", "150"]),
        (
            "CCC.DAT",
            ["NUMBER OF DEFECTS PER SQ YD", "AREA OF SURFACE", "SUB-GROUP"],
            20,
            ["6", "1.0", "1"],
        ),
        (
            "UCC.DAT",
            ["SUB-GROUP", "NUMBER OF DEFECTS", "LENGTH OF SPECIMEN"],
            20,
            ["1", "4", "2.0"],
        ),
        ("MONITOR-6_3_3_1.DAT", ["Wafer ID", "Number of Defects"], 25, ["1", "16"]),
        ("MONITOR-6_3_3_2.DAT", ["Wafer ID", "Fraction Defective"], 30, ["1", "0.24"]),
        ("ISHIK167.DAT", ["Label", "Count"], 8, ["POOR CAULKING", "105"]),
        ("ISHIKA47.DAT", ["Reason for Repair", "Repair Time"], 7, ["Oil pressure line", "17"]),
    ],
)
def test_a_laboratory_file_with_preamble_and_dashes_comes_in(
    name: str, columns: list[str], rows: int, first: list[str]
) -> None:
    table = read_table(NIST / name)

    assert (table.columns, len(table.rows), table.rows[0]) == (columns, rows, first)
    assert table.source_rows[0] == 26


def test_the_garment_file_comes_in_with_blanks_that_are_not_zero() -> None:
    table = read_table(DATA / "garment" / "garments_worker_productivity.csv")

    assert len(table.rows) == 1197
    assert sum(cell is None for cell in table.column("wip")) == 506
    assert {as_text(cell) for cell in table.column("department")} == {"sweing", "finishing"}
    reading = read_column(table.column("year"))
    assert (reading.order, reading.order_unsure) == ("mdy", False)


@pytest.mark.parametrize(
    ("cells", "days"),
    [
        (("3/4/2026", "25/4/2026"), (date(2026, 4, 3), date(2026, 4, 25))),
        (("3/4/2026", "4/25/2026"), (date(2026, 3, 4), date(2026, 4, 25))),
        (("3.4.2026", "4.5.26"), (date(2026, 4, 3), date(2026, 5, 4))),
        (("2026-04-03", "2026/4/5"), (date(2026, 4, 3), date(2026, 4, 5))),
        (("24 October 2011", "3-Mar-12"), (date(2011, 10, 24), date(2012, 3, 3))),
        (("Oct 24, 2011", "1. März 2012"), (date(2011, 10, 24), date(2012, 3, 1))),
        (("20260403", "20260430"), (date(2026, 4, 3), date(2026, 4, 30))),
        ((46115.0, 46116.0), (date(2026, 4, 3), date(2026, 4, 4))),
        (("46115", None), (date(2026, 4, 3), None)),
        (("2026-04-03 06:30:00", "2026-04-03T22:00"), (date(2026, 4, 3), date(2026, 4, 3))),
        (("31/2/2026", "soon"), (None, None)),
    ],
)
def test_days_are_read_in_the_order_of_their_whole_column(
    cells: tuple[Cell, ...], days: tuple[date | None, ...]
) -> None:
    assert _dates(*cells) == list(days)


def test_a_column_where_no_day_is_above_12_leaves_the_order_open() -> None:
    assert read_column(["3/4/2026", "5/6/2026"]).order_unsure
    assert not read_column(["3/4/2026", "13/6/2026"]).order_unsure


@pytest.mark.parametrize(
    ("cells", "numbers"),
    [
        (("1,5", "2,25"), ("1.5", "2.25")),
        (("1.5", "2.25"), ("1.5", "2.25")),
        (("1.234,5", "7"), ("1234.5", "7")),
        (("1,234.5", "6,000,000"), ("1234.5", "6000000")),
        (("1 234,5", "1\u202f000,0"), ("1234.5", "1000")),
        (("1'234.50", "(12.5)"), ("1234.5", "-12.5")),
        (("−3", "+4"), ("-3", "4")),
        (("52 %", "7.5%"), ("0.52", "0.075")),
        (("€ 1.200,50", "3,10 €"), ("1200.5", "3.1")),
        (("5e-04", "1E3"), ("0.0005", "1000")),
        ((274.65999999999997, 4.27335427525861e-07), ("274.66", "4.27335427525861E-7")),
        (("#DIV/0!", "12 mm"), (None, None)),
    ],
)
def test_numbers_are_read_with_the_decimal_sign_of_their_whole_column(
    cells: tuple[Cell, ...], numbers: tuple[str | None, ...]
) -> None:
    wanted = [None if number is None else Decimal(number) for number in numbers]

    assert _numbers(*cells) == wanted


def test_one_comma_and_three_digits_leave_the_sign_open_unless_commas_part_cells() -> None:
    assert read_column(["1,234", "2,500"], separator=";").decimal_unsure
    assert not read_column(["1,234", "2,500"], separator=",").decimal_unsure
    assert _numbers("1,234", separator=",") == [Decimal(1234)]


@pytest.mark.parametrize("cell", [None, "", " ", "null", "N/A", "-", "****", "*****", "NaN"])
def test_a_word_for_nothing_is_nothing(cell: Cell) -> None:
    assert missing(cell)


@pytest.mark.parametrize("cell", [0, 0.0, "0", False, "*", "none of these"])
def test_zero_is_a_value(cell: Cell) -> None:
    assert not missing(cell)


@pytest.mark.parametrize(
    ("content", "words", "row"),
    [
        (b'a,b\n1,"2\n', "Row 2 opens a quote mark that is never closed", 2),
        (b'a,b\n1,2\n"x"y,3\n', "Row 3: after the closing quote mark", 3),
        (b"a,b\n1,2\n3,4,5\n6,7\n", "Row 3 has a cell in column C", 3),
        (b"%PDF-1.7\n", "of the kind PDF", 1),
        (b"<!DOCTYPE html><table>", "web page", 1),
        (b"a,b\n1,2\x00\n", "Row 2 holds a zero byte", 2),
        (b"\n\n \n", "not one cell holds anything", 1),
        (b"PK\x03\x04 broken", "The ZIP archive is damaged", None),
        (b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1 broken", "damaged or not a workbook", None),
        (_zip(a__csv=b"a,b", b__csv=b"c,d"), "holds 2 files (a.csv, b.csv)", None),
        (_zip(inner__zip=_zip(a__csv=b"a,b\n1,2")), "holds another archive, “inner.zip”", None),
    ],
)
def test_UP1_what_is_no_table_is_refused_with_a_sentence(
    content: bytes, words: str, row: int | None
) -> None:
    with pytest.raises(Trouble) as refused:
        read_table(content, "file.csv")

    assert words in refused.value.sentence
    assert refused.value.row == row


def test_UP1_an_archive_that_unpacks_to_too_much_is_refused_while_it_is_read() -> None:
    bomb = _zip(a__csv=b"0,0\n" * (limits.MAX_BYTES // 4 + 1))

    with pytest.raises(Trouble, match="more than 20 MB"):
        read_table(bomb, "bomb.zip")


def test_UP1_a_workbook_that_unpacks_to_too_much_is_refused(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr(limits, "MAX_UNPACKED", 1_000_000)
    bomb = _zip(**{"[Content_Types]__xml": b"<a/>", "xl/sheet__xml": b" " * 2_000_000})

    with pytest.raises(Trouble, match="too big to be read safely"):
        read_table(bomb, "bomb.xlsx")


def test_UP1_a_workbook_claiming_a_huge_area_is_refused() -> None:
    sheet = (
        b'<worksheet xmlns="http://schemas.openxmlformats.org/spreadsheetml/2006/main"><sheetData>'
        b'<row r="1"><c r="A1"><v>1</v></c></row><row r="1048576"><c r="XFD1048576"><v>1</v></c>'
        b"</row></sheetData></worksheet>"
    )
    source = DATA / "awkward" / "m-simple.xlsx"
    members = {}
    with zipfile.ZipFile(source) as archive:
        for member in archive.namelist():
            members[member.replace(".", "__")] = archive.read(member)
    members["xl/worksheets/sheet1__xml"] = sheet

    with pytest.raises(Trouble, match="too big to be read safely"):
        read_table(_zip(**members), "wide.xlsx")


def test_EX1_a_formula_is_never_evaluated() -> None:
    table = read_table(b"a,b\n=1+1,\"=cmd|' /C calc'!A0\"\n", "f.csv")

    assert table.rows == [["=1+1", "=cmd|' /C calc'!A0"]]


def test_utf_16_without_a_mark_is_recognised() -> None:
    table = read_table("Linie;Menge\nPresse 1;5\n".encode("utf-16-le"), "x.csv")

    assert table.columns == ["Linie", "Menge"]


@given(st.binary(max_size=400))
def test_UP1_random_bytes_give_a_table_or_a_sentence(content: bytes) -> None:
    if content.startswith((b"PK", struct.pack("<Q", 0xE11AB1A1E011CFD0))):
        return
    with contextlib.suppress(Trouble):
        assert read_table(content, "x.csv").rows


@given(
    st.lists(
        st.lists(st.from_regex(r"[a-z]{1,8}", fullmatch=True), min_size=3, max_size=3),
        min_size=2,
        max_size=20,
    ),
    st.sampled_from([",", ";", "\t", "|"]),
)
def test_what_was_written_is_read_back(rows: list[list[str]], separator: str) -> None:
    skipped = {"na", "nan", "null", "nil"}
    if any(
        cell in skipped or cell.startswith(("total", "sum", "gesamt"))
        for row in rows
        for cell in row
    ):
        return
    text = "\n".join([f"one{separator}two{separator}three", *map(separator.join, rows)])

    table = read_table(text.encode(), "x.csv")

    assert (table.columns, table.rows) == (["one", "two", "three"], rows)
