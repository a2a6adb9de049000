"""What people really attach passes the gate unchanged (UP1)."""

import io

import openpyxl
import pytest
import xlsxwriter
from openpyxl.chart import BarChart, Reference
from PIL import Image

from andon.store import gate
from andon.ui.paper import Report, Section, pdf_of
from tests.uploads.corpus import WORDS, office, pdf, related


def a_report() -> bytes:
    cells = [[str(n), "≥ 5 µm, <script> and /JavaScript in a sentence"] for n in range(200)]
    return pdf_of(Report(title="A report", tables=[Section(title="", columns="ab", rows=cells)]))


def a_workbook() -> bytes:
    out = io.BytesIO()
    with xlsxwriter.Workbook(out) as book:
        sheet = book.add_worksheet("Données")
        sheet.write_row(0, 0, ["a", 1.5, "=1+1", "<script>"])
        sheet.write_formula(1, 0, "=SUM(B1:B1)")
        sheet.write_url(2, 0, "https://example.com/")
        chart = book.add_chart({"type": "column"})
        chart.add_series({"values": "='Données'!$B$1:$B$1"})
        sheet.insert_chart(4, 4, chart)
        sheet.insert_image(9, 9, "photo.png", {"image_data": io.BytesIO(a_photo("PNG"))})
        sheet.write_comment(0, 0, "a note")
    return out.getvalue()


def another_workbook() -> bytes:
    book = openpyxl.Workbook()
    sheet = book.active
    assert sheet is not None
    sheet.append([1, 2])
    chart = BarChart()
    chart.add_data(Reference(sheet, min_col=1, min_row=1, max_row=1))
    sheet.add_chart(chart)
    out = io.BytesIO()
    book.save(out)
    return out.getvalue()


def a_document() -> bytes:
    """Hold a link, and the workbook behind a chart, as word processors write them."""
    return office(
        ("word/_rels/document.xml.rels", related("hyperlink")),
        ("word/embeddings/Microsoft_Excel_Sheet1.xlsx", a_workbook()),
        ("word/document.xml", b"<w:t>We sell DDE racks; see http://example.com/image</w:t>"),
        kind=WORDS,
    )


def a_photo(kind: str, mode: str = "RGB", turned: int = 1) -> bytes:
    exif = Image.Exif()
    exif[0x0112] = turned
    out = io.BytesIO()
    Image.new(mode, (60, 20), 128 if mode == "L" else None).save(out, kind, exif=exif)
    return out.getvalue()


@pytest.mark.parametrize(
    ("name", "data"),
    [
        ("report.pdf", a_report()),
        ("old.pdf", b"%PDF-1.4\n%\xe2\xe3\xcf\xd3\n" + pdf(b"/OpenAction [3 0 R /Fit]")[9:]),
        ("list.xlsx", a_workbook()),
        ("list.xlsx", another_workbook()),
        ("letter.docx", a_document()),
        ("log.txt", "Zeit;Wert\r\n08:00;1,5 µm\r\n".encode("cp1252")),
        ("log.csv", b"a;b\r\n-5;=1+1\r\n"),
        ("notes.txt", "a < b, <b>bold</b>\n".encode("utf-16")),
    ],
    ids=lambda one: one if isinstance(one, str) else "",
)
def test_UP1_a_document_as_people_have_it_is_kept_byte_by_byte(name: str, data: bytes) -> None:
    assert gate.accept(name, data).data == data


# What each sort of file can hold.
SORTS = {
    "JPEG": ("RGB", "L", "CMYK", "1"),
    "PNG": ("RGB", "L", "RGBA", "P", "1"),
    "WEBP": ("RGB", "L", "RGBA", "P", "1"),
}


@pytest.mark.parametrize(
    ("kind", "mode"), [(kind, mode) for kind, modes in SORTS.items() for mode in modes]
)
def test_UP1_a_photo_of_any_sort_becomes_a_plain_jpeg(kind: str, mode: str) -> None:
    drawn = Image.open(io.BytesIO(gate.accept("a.jpeg", a_photo(kind, mode)).data))

    assert (drawn.format, drawn.size) == ("JPEG", (60, 20))
    assert drawn.mode in {"RGB", "L"}


@pytest.mark.parametrize("turned", range(1, 9))
def test_UP1_a_photo_is_turned_upright(turned: int) -> None:
    drawn = Image.open(io.BytesIO(gate.accept("a.jpg", a_photo("JPEG", turned=turned)).data))

    assert drawn.size == ((20, 60) if turned >= 5 else (60, 20))


def test_UP1_what_is_transparent_is_drawn_on_white() -> None:
    out = io.BytesIO()
    Image.new("RGBA", (8, 8), (255, 0, 0, 0)).save(out, "PNG")

    drawn = Image.open(io.BytesIO(gate.accept("a.png", out.getvalue()).data))

    assert drawn.convert("L").getextrema()[0] > 250
