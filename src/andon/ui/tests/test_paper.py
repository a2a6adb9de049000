"""Reports on paper: everything that is on the page, as text, and nothing from elsewhere."""

import hashlib
import os
import re
import shutil
import socket
import subprocess
import sys
import threading
import time
from concurrent.futures import ThreadPoolExecutor

import pytest
from django.utils import translation

from andon.ui import charts, paper
from andon.ui.paper import Report, Section, Unprintable, pdf_of

PDFTOTEXT = shutil.which("pdftotext")
reads_text = pytest.mark.skipif(
    not PDFTOTEXT and not os.environ.get("CI"), reason="no pdftotext on this machine"
)
MARKUP = [
    "#", "*bold*", "_low_", "$x^2$", "\\", "@ref", "[a]", "// not a remark", "/* not one */",
    "`raw`", "= Heading", "- item", "+ item", "/ term: x", "<label>", "~", "--", "...", "'q' \"q\"",
    "#let x = 1", "#sys.inputs.data", '#read("/etc/passwd")', '#import "@preview/x:0.1.0": *',
    "<b>bold</b>", "&lt;&amp;", "</text><script>", "https://example.org/x", "\\u{41}", "#(1+1)",
    '#image("x.png")', "$ sum $", "]]>", "%s %(x)s {0}",
]  # fmt: skip
FIGURE = charts.bar(["Burr", "Crack"], [60, 40], caption="Scrap by cause", name="Pieces")


def a_report(**changes):
    first = {
        "title": "Capability of the bore", "number": "ANA-ABC1-2026-0007",
        "organisation": "Seat rails Ltd.", "author": "Inés Romero", "footer": "Andon",
        "facts": [("Method", "Cp, Cpk"), ("Values from", "Gauge 7")],
        "sentences": ["Cpk is 1.41.", "The process is stable."],
        "figures": [FIGURE],
        "tables": [Section(title="Indices", columns=["Index", "Value"], rows=[["Cpk", 1.41]])],
    }  # fmt: skip
    return Report(**first | changes)


def text_of(pdf):
    assert PDFTOTEXT, "pdftotext is missing (package poppler-utils)"
    done = subprocess.run(
        [PDFTOTEXT, "-layout", "-", "-"], input=pdf, capture_output=True, check=True
    )
    return done.stdout.decode()


def plain(text):
    """``text`` without the places at which lines were broken, and with plain quotes."""
    return re.sub(r"[\s\u200b]+", "", text).translate(str.maketrans("‘’“”", "''\"\""))


def pages_of(pdf):
    return int(re.search(rb"/Type/Pages/Count (\d+)", pdf)[1])


@reads_text
def test_a_report_holds_title_number_facts_sentences_caption_and_cells():
    text = text_of(pdf_of(a_report()))

    for said in (
        "Capability of the bore", "ANA-ABC1-2026-0007", "Seat rails Ltd.", "Andon",
        "Method", "Cp, Cpk", "Values from", "Gauge 7", "Cpk is 1.41.", "The process is stable.",
        "Scrap by cause", "Burr", "Crack", "Pieces", "Indices", "Index", "1.41", "1 / 1",
    ):  # fmt: skip
        assert plain(said) in plain(text), said


@reads_text
def test_an_empty_cell_is_a_dash():
    section = Section(title="t", columns=["Lot", "Found"], rows=[["A 1", None]])

    assert "A1–" in plain(text_of(pdf_of(a_report(tables=[section]))))


def test_the_same_report_is_the_same_bytes_also_in_another_process():
    code = (
        "import hashlib, django; django.setup()\n"
        "from andon.ui.tests.test_paper import a_report, pdf_of\n"
        "print(hashlib.sha256(pdf_of(a_report())).hexdigest())"
    )
    settings = {"DJANGO_SETTINGS_MODULE": "andon.config.testing", "PYTHONHASHSEED": "7"}

    first = pdf_of(a_report())
    other = subprocess.run(
        [sys.executable, "-c", code], env=os.environ | settings, capture_output=True, check=True
    )

    assert pdf_of(a_report()) == first
    assert other.stdout.decode().strip() == hashlib.sha256(first).hexdigest()


def test_another_number_is_other_bytes():
    assert pdf_of(a_report(number="ANA-ABC1-2026-0008")) != pdf_of(a_report())


def test_a_report_is_tagged_has_a_title_a_language_and_words_for_its_pictures():
    with translation.override("de"):
        pdf = pdf_of(a_report())

    for mark in (
        b"/StructTreeRoot",
        b"/Marked true",
        b"/Lang(de)",
        b"/Alt(Scrap by cause)",
        b"/Title",
    ):
        assert mark in pdf


def test_a_report_says_nothing_of_when_it_was_made():
    assert b"/CreationDate" not in pdf_of(a_report())


@reads_text
@pytest.mark.parametrize("markup", MARKUP)
def test_EX3_markup_of_typst_and_html_is_text_in_every_place(markup):
    hostile = a_report(
        title=f"t {markup} t", number=f"n {markup} n", organisation=f"o {markup} o",
        footer=f"f {markup} f", author=markup,
        facts=[(f"k {markup} k", f"v {markup} v")], sentences=[f"s {markup} s"],
        figures=[charts.bar(["a", "b"], [1, 2], caption=f"c {markup} c", name="x")],
        tables=[
            Section(title=f"q {markup} q", columns=[f"h {markup} h"], rows=[[f"z {markup} z"]])
        ],
    )  # fmt: skip

    found = plain(text_of(pdf_of(hostile)))

    for letter in "tnofkvscqhz":
        assert plain(f"{letter} {markup} {letter}") in found, letter


@reads_text
def test_EX3_a_heading_of_markup_alone_is_text():
    for markup in MARKUP:
        assert plain(markup) in plain(text_of(pdf_of(Report(title=markup))))


def test_EX3_a_report_asks_nobody_and_reads_no_file_of_the_machine(tmp_path):
    secret = tmp_path / "secret.txt"
    secret.write_text("the-secret-of-the-house")
    callers = []
    with socket.create_server(("127.0.0.1", 0)) as trap:
        trap.settimeout(0.2)
        address = f"http://127.0.0.1:{trap.getsockname()[1]}/x.svg"
        listening = threading.Thread(target=_listen, args=(trap, callers, 2.0))
        listening.start()
        for place in (address, str(secret), secret.as_uri(), f"../../../../../../..{secret}"):
            lures = [
                f'#image("{place}")', f'#read("{place}")', f'#include "{place}"',
                f'<image href="{place}"/>', f'<?xml-stylesheet href="{place}"?>',
                f'"><image xlink:href="{place}" width="9" height="9"/>', f"url({place})",
            ]  # fmt: skip
            figure = charts.bar(lures, range(len(lures)), caption=lures[0], name=lures[5])
            pdf = pdf_of(a_report(title=lures[1], sentences=lures, figures=[figure]))
            assert b"the-secret-of-the-house" not in pdf
            assert not PDFTOTEXT or "the-secret-of-the-house" not in text_of(pdf)
        listening.join()

    assert callers == []


def _listen(trap, callers, seconds):
    end = time.monotonic() + seconds
    while time.monotonic() < end:
        try:
            callers.append(trap.accept()[1])
        except TimeoutError:
            continue


@pytest.mark.parametrize(
    "lure",
    ['#read("/etc/passwd")', '#read("../__init__.py")', '#include "/etc/hostname"',
     '#import "@preview/cetz:0.2.0": canvas'],
)  # fmt: skip
def test_EX3_even_a_template_reaches_no_file_outside_its_folder(tmp_path, monkeypatch, lure):
    folder = tmp_path / "inner"
    folder.mkdir()
    (tmp_path / "__init__.py").write_text("outside")
    (folder / "report.typ").write_text(lure)
    monkeypatch.setattr(paper, "TEMPLATE", folder / "report.typ")
    monkeypatch.setenv("HTTPS_PROXY", "http://127.0.0.1:9")

    with pytest.raises(Unprintable):
        pdf_of(a_report())


def test_EX3_a_report_that_takes_too_long_or_too_much_is_stopped(tmp_path, monkeypatch):
    endless = tmp_path / "report.typ"
    monkeypatch.setattr(paper, "TEMPLATE", endless)
    monkeypatch.setattr(paper, "LIMITS", {"memory": 512 * 1024 * 1024, "seconds": 1})

    for source in (
        "#let n = 0\n#while n >= 0 { for m in range(9000) {}; n = calc.rem(n + 1, 9) }",
        "#let a = range(1000000)\n#for i in range(200) { a = a + range(1000000) }\n#a.len()",
    ):
        endless.write_text(source)
        with pytest.raises(Unprintable, match="could not be printed"):
            pdf_of(a_report())


@pytest.mark.parametrize(
    "text",
    ["ü ñ ß", "≤ ≥ ± σ μ", "x̄ X̄", "漢字", "שלום", "🙂", "a\u202eb", "\x00\x07\x1b", "\ud800"],
)
def test_any_character_makes_a_report_also_where_the_font_has_no_glyph(text):
    figure = charts.bar([text], [1], caption=text, name=text)
    section = Section(title=text, columns=[text], rows=[[text]])

    pdf = pdf_of(Report(title=text, facts=[(text, text)], sentences=[text], figures=[figure],
                        tables=[section]))  # fmt: skip

    assert pdf.startswith(b"%PDF-")


@reads_text
def test_letters_with_accents_and_signs_of_the_trade_can_be_read():
    text = plain(text_of(pdf_of(Report(title="Größe ≤ 5 µm", sentences=["σ ± 1 ≥ ñ"]))))

    assert "Größe≤5" in text
    assert "σ±1≥ñ" in text


def test_an_empty_report_is_one_page():
    assert pages_of(pdf_of(Report(title=""))) == 1


def test_a_section_without_columns_or_rows_is_no_error():
    empty = [Section(title="a", columns=["x"], rows=[]), Section(title="b", columns=[], rows=[])]

    assert pages_of(pdf_of(Report(title="t", tables=empty))) == 1


@reads_text
def test_a_table_of_200_rows_goes_over_pages_and_repeats_its_heading():
    rows = [[at, f"value {at}", at / 8] for at in range(1, 201)]
    columns = ["Point", "Reading", "Share"]

    pdf = pdf_of(Report(title="t", tables=[Section(title="Values", columns=columns, rows=rows)]))

    text = text_of(pdf)
    pages = text.split("\f")[:-1]
    assert len(pages) == pages_of(pdf) >= 3
    assert all("Reading" in page for page in pages)
    assert all(f"value {at}" in text for at in (1, 100, 200))
    assert f"{len(pages)}/{len(pages)}" in plain(pages[-1])


def test_a_word_of_10_000_letters_and_a_wide_table_stay_a_report():
    wide = Section(title="w", columns=[f"c{at}" for at in range(30)], rows=[["x" * 200] * 30])

    pdf = pdf_of(Report(title="x" * 10_000, facts=[("k", "v" * 10_000)], tables=[wide]))

    assert pages_of(pdf) >= 2


def test_several_reports_at_once_are_each_their_own():
    titles = [f"Report {at}" for at in range(6)]
    alone = [pdf_of(a_report(title=title)) for title in titles]

    with ThreadPoolExecutor(3) as pool:
        together = list(pool.map(lambda title: pdf_of(a_report(title=title)), titles))

    assert together == alone
