"""Each of the 46 awkward files comes in right, or is refused with trouble and place named."""

from dataclasses import dataclass, field
from datetime import date, timedelta
from pathlib import Path
from typing import Any

import pytest

from andon.tables import Cell, Question, Trouble, read_table

AWKWARD = Path(__file__).with_name("data") / "awkward"
GALWAY: dict[tuple[int, str], Cell] = {(0, "place"): "Galway", (5, "place"): "Berkeley"}


@dataclass(frozen=True)
class Comes:
    """The file comes in: how many rows and columns, and some cells by (row index, heading)."""

    rows: int
    columns: list[str] | int
    cells: dict[tuple[int, str], Cell] = field(default_factory=dict)
    notes: tuple[str, ...] = ()
    answers: dict[str, Any] = field(default_factory=dict)
    source_row: int | None = None


@dataclass(frozen=True)
class Refused:
    """The file is refused: words of the sentence, and the row it names if there is one."""

    words: str
    row: int | None = None


@dataclass(frozen=True)
class Asks:
    """The file holds several tables: which option decides, and its choices."""

    name: str
    values: tuple[str, ...]
    answers: dict[str, Any] = field(default_factory=dict)


EXPECTED: list[tuple[str, Comes | Refused | Asks]] = [
    (
        "m-bian-anal-mca-2005-dols-eng-1011-0312-tab3.xlsm",
        Comes(
            10,
            ["Data item", "Description", "Definition"],
            {(0, "Data item"): "PCT_LA_code", (9, "Data item"): "Reviews_conducted"},
            notes=("Rows above the heading (row 47)", "Row 59"),
            source_row=48,
        ),
    ),
    (
        "m-blank_line.ods",
        Comes(3, ["Name", "Age", "When"], {(2, "Name"): "Ian", (2, "When"): date(2015, 11, 11)}),
    ),
    (
        "m-complex.csv",
        Comes(
            3,
            ["date", "another date", "temperature", "place"],
            {
                (0, "place"): None,
                (1, "place"): "Galway and more",
                (2, "another date"): None,
                (2, "temperature"): "6,000,000",
            },
        ),
    ),
    ("m-encrypted_no_password.xls", Refused("protected by a password")),
    (
        "m-example.tsv",
        Comes(140, 17, {(0, "hour"): "2012-06-22 00:00:00", (0, "expr1_0_imp"): "15955"}),
    ),
    ("m-excel_properties.xls", Comes(17, ["bold"], {(0, "bold"): "italic"})),
    ("m-large.xlsx", Asks("sheet", ("Report", "data", "criteria"))),
    ("m-large.xlsx", Asks("block", ("1", "2"), {"sheet": "data"})),
    (
        "m-large.xlsx",
        Comes(
            8544,
            ["RptDate", "Series", "RecordType", "Total Pieces"],
            {
                (0, "Total Pieces"): 1026746.0,
                (0, "RptDate"): date(2013, 6, 30),
                (8543, "Total Pieces"): 29521501.0,
            },
            answers={"sheet": "data", "block": 1},
            source_row=4,
        ),
    ),
    (
        "m-large.xlsx",
        Comes(
            1986,
            ["ReportDate", "Series", "Bonds Out", "tranMonth", "FY", "Bonds Issued"],
            {(1985, "Series"): "SN", (1985, "Bonds Issued"): 27221502.0},
            answers={"sheet": "data", "block": 2},
        ),
    ),
    (
        "m-large.xlsx",
        Comes(
            13,
            11,
            {(0, "'A' ALL BONDS ISSUED"): 4599418678.0, (12, "SERIES"): "Series 'P'"},
            notes=("heading was read from rows 4 to 6", "Row 24", "Row 20 is a total"),
            answers={"sheet": "Report"},
        ),
    ),
    (
        "m-large.xlsx",
        Comes(1, 5, {(0, "Tran Month"): 201306.0}, answers={"sheet": "criteria"}),
    ),
    ("m-libreoffice.xlsx", Refused("no cell of “Sheet1” holds anything")),
    ("m-long.csv", Comes(3999, ["foo"], {(3998, "foo"): "foo"})),
    (
        "m-mixedGLB.csv",
        Comes(
            133,
            19,
            {
                (0, "Year"): "1880",
                (0, "D-N"): None,
                (0, "DJF"): None,
                (0, "Jan"): "-43",
                (132, "Jun"): None,
                (132, "MAM"): "54",
            },
            notes=("heading (row 4)",),
            source_row=5,
        ),
    ),
    ("m-multilineods.ods", Refused("Only one cell of the sheet “Sheet1” is filled (A1", 1)),
    (
        "m-null.csv",
        Comes(
            10,
            4,
            {(0, "Column 2"): None, (0, "Column 3"): "0", (2, "Column 3"): None},
            notes=("no heading",),
            source_row=1,
        ),
    ),
    (
        "m-ods_formats.ods",
        Comes(
            5,
            10,
            {
                (0, "Percentage"): 2.0,
                (1, "Currency"): -10000.0,
                (1, "Float"): None,
                (0, "Boolean"): True,
                (3, "Time"): timedelta(hours=27, minutes=17, seconds=54),
            },
        ),
    ),
    ("m-simple.csv", Comes(6, ["date", "temperature", "place"], GALWAY)),
    ("m-simple.ods", Comes(3, ["Name", "Age", "When"], {(0, "Age"): 20.0})),
    ("m-simple.psv", Comes(28, 6, {(27, "Former owner occupiers"): "292000"})),
    ("m-simple.ssv", Comes(6, ["date", "temperature", "place"], GALWAY, notes=("semicolon",))),
    ("m-simple.unknown", Refused("empty (0 bytes)", 1)),
    (
        "m-simple.xls",
        Comes(6, ["date", "temperature", "place"], {**GALWAY, (0, "date"): date(2011, 1, 1)}),
    ),
    (
        "m-simple.xlsx",
        Comes(6, ["date", "temperature", "place"], {**GALWAY, (0, "date"): date(2011, 1, 1)}),
    ),
    ("m-simple.zip", Comes(6, ["date", "temperature", "place"], GALWAY)),
    ("m-skip_initials.csv", Comes(2, ["field1", "field2"], {(0, "field2"): "goodbye"})),
    ("m-small.csv", Refused("Only one cell is filled (A1: “a”)", 1)),
    (
        "m-span_rich.xls",
        Comes(
            5,
            ["I", "h", "g", "f"],
            {(0, "h"): "MERGE", (1, "h"): "MERGE", (0, "f"): "e", (4, "f"): "a"},
            notes=("merged cells",),
        ),
    ),
    ("m-unicode_sheet_name.xls", Refused("Only one cell of the sheet “mês”", 1)),
    (
        "m-utf-16le_encoded.csv",
        Comes(327, 19, {(0, "Organisation_name"): "Enfield PCT"}, notes=("encoded as UTF-16",)),
    ),
    ("m-utf8bom.csv", Refused("Row 1 is a heading (“kitten, win”)", 1)),
    (
        "t-accent.csv",
        Comes(2, 17, {(0, "accessibilité"): "24h/24", (0, "code_insee"): "06090"}),
    ),
    (
        "t-adjust_floating_point_error.xlsx",
        Comes(5, 4, {(1, "actual PO4 (values)"): 274.65999999999997}),
    ),
    ("t-bom.csv", Comes(2, ["id", "name"], {(1, "name"): "中国人"})),
    (
        "t-escaping.csv",
        Comes(
            3,
            ["ID", "Test"],
            {(1, "Test"): 'Test " line 2', (2, "Test"): 'Test " line 3'},
            notes=("both were read as one mark",),
        ),
    ),
    ("t-latin1.csv", Comes(2, ["id", "name"], {(1, "name"): "©"}, notes=("CP1252",))),
    ("t-long.csv", Comes(6, ["id", "name"], {(5, "name"): "f"})),
    ("t-merged-cells.xlsx", Refused("Only one cell of the sheet “Лист1” is filled (A1: “data”", 1)),
    (
        "t-multiline-headers.xlsx",
        Comes(
            1,
            [
                "Region",
                "Caloric contribution (%)",
                "Cumulative impact of changes on cost of food basket from previous quarter",
                "Cumulative impact of changes on cost of food basket from baseline (%)",
            ],
            {(0, "Region"): "A"},
            notes=("rows 1 to 5",),
            source_row=6,
        ),
    ),
    ("t-number_format_multicode.xlsx", Comes(3, ["col1"], {(0, "col1"): 4.51119775197299})),
    ("t-preserve-formatting-percentage.xlsx", Comes(3, ["col1", "col2"], {(0, "col2"): 0.52})),
    (
        "t-preserve-formatting.xlsx",
        Comes(1, 12, {(0, "empty"): None, (0, "0.00"): 1000.5577, (0, "d-mmm"): date(2040, 5, 20)}),
    ),
    ("t-sheet2.xlsx", Comes(2, ["id", "name"], {(1, "name"): "中国人"}, notes=("“Sheet2”",))),
    ("t-sheets.xlsx", Asks("sheet", ("Sheet1", "Sheet2", "Sheet3"))),
    (
        "t-sheets.xlsx",
        Comes(1, ["id", "name"], {(0, "name"): "rome"}, answers={"sheet": "Sheet3"}),
    ),
    (
        "t-skip-blank-at-the-end.csv",
        Comes(1, ["test1", "test2"], {(0, "test2"): "2"}, notes=("Comment lines", "row 2")),
    ),
    (
        "t-skip-rows-before-headers.csv",
        Comes(2, ["id", "name"], {(0, "name"): "english"}, notes=("Comment lines",)),
    ),
    (
        "t-skip-rows.csv",
        Comes(2, ["id", "name"], {(1, "name"): "中国人"}, notes=("row 1, 4",)),
    ),
    (
        "t-skip-rows.xlsx",
        Comes(1, ["A", "B"], {(0, "B"): 9.0}, notes=("heading (row 2)", "Row 4 is a total")),
    ),
    (
        "t-table-with-booleans.xls",
        Comes(2, ["id", "boolean"], {(0, "boolean"): True, (1, "boolean"): False}),
    ),
    (
        "t-test_scientific_notation.xlsx",
        Comes(1, 1, {(0, "scientific_notation"): 4.27335427525861e-07}),
    ),
]


def _case(row: tuple[str, Comes | Refused | Asks]) -> str:
    name, expected = row
    return f"{name}-{getattr(expected, 'answers', None) or type(expected).__name__}"


@pytest.mark.parametrize(("name", "expected"), EXPECTED, ids=map(_case, EXPECTED))
def test_UP1_EX1_the_file_comes_in_right_or_is_refused_with_its_trouble_named(
    name: str, expected: Comes | Refused | Asks
) -> None:
    if isinstance(expected, Comes):
        _comes_in(name, expected)
    elif isinstance(expected, Asks):
        with pytest.raises(Question) as asked:
            read_table(AWKWARD / name, **expected.answers)
        assert asked.value.name == expected.name
        assert tuple(value for value, _label in asked.value.options) == expected.values
    else:
        with pytest.raises(Trouble) as refused:
            read_table(AWKWARD / name)
        assert not isinstance(refused.value, Question)
        assert expected.words in refused.value.sentence
        assert refused.value.row == expected.row


def _comes_in(name: str, expected: Comes) -> None:
    table = read_table(AWKWARD / name, **expected.answers)

    if isinstance(expected.columns, int):
        assert len(table.columns) == expected.columns
    else:
        assert table.columns == expected.columns
    assert len(table.rows) == len(table.source_rows) == expected.rows
    for (row, column), value in expected.cells.items():
        assert table.column(column)[row] == value, (row, column)
    for words in expected.notes:
        assert any(words in note for note in table.notes), (words, table.notes)
    if expected.source_row is not None:
        assert table.source_rows[0] == expected.source_row


def test_every_awkward_file_has_an_expectation() -> None:
    files = {path.name for path in AWKWARD.iterdir() if not path.name.startswith("LICENCE")}

    assert files == {name for name, _expected in EXPECTED}
    assert len(files) == 46
