"""Hostile text on paper is text: nothing is run, read or fetched, whatever the template (EX3)."""

import json
import socket
import threading
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from andon.ui import paper
from andon.ui.paper import Report, Section, Unprintable, pdf_of
from andon.ui.paper.sheet import Part, Sheet, sheet_pdf
from andon.ui.tests.test_paper import plain, reads_text, text_of

SECRET = "the-secret-of-the-house"


@pytest.fixture
def trap() -> Iterator[tuple[str, list[Any]]]:
    """Listen, and keep whoever comes."""
    callers: list[Any] = []
    ended = threading.Event()
    with socket.create_server(("127.0.0.1", 0)) as listening:
        listening.settimeout(0.1)

        def listen() -> None:
            while not ended.is_set():
                try:
                    callers.append(listening.accept()[1])
                except TimeoutError:
                    continue

        thread = threading.Thread(target=listen)
        thread.start()
        yield f"http://127.0.0.1:{listening.getsockname()[1]}", callers
        ended.set()
        thread.join()


def hostile(address: str, secret: Path) -> list[str]:
    """List what would run, read or fetch something, if it were taken for more than text."""
    path = str(secret)
    return [
        f'#image("{address}/a.png")', f'#read("{address}/b")', f'#link("{address}/c")[x]',
        f'#image("{path}")', f'#read("{path}")', f'#include "{path}"', f'#json("{path}")',
        f'#read("../../../../../../..{path}")', '#read("press.py")', '#include "report.typ"',
        '#import "@preview/cetz:0.3.0": *', '#import "/press.py": *', '#eval("1+1")',
        '#eval(read("press.py"))', "#sys.inputs.data", "#panic()", "#while true {}",
        "#let x = 1; #x", "#set page(width: 1pt)", "#show: it => none", "#context here()",
        '#plugin("x.wasm")', "$ sum_(i=1)^n $", "```x ```", "*b* _i_ `r`", "= H", "@ref <label>",
        f'<image href="{address}/d"/>', f'<img src="{address}/e">', f"![x]({address}/f)",
        f'<?xml-stylesheet href="{address}/g"?>', f"url({address}/h)", f"file://{path}",
        "<script>alert(1)</script>", f'"><image xlink:href="{address}/i" width="9" height="9"/>',
        f'<!DOCTYPE x [<!ENTITY e SYSTEM "{path}">]><x>&e;</x>', ']))}}"\\', "a\\u{202e}b",
    ]  # fmt: skip


def a_sheet(texts: list[str]) -> Sheet:
    rows = [[text, text] for text in texts]
    parts = [
        Part(title=text, facts=[(text, text)], sentences=[text], points=[text], columns=[text],
             rows=[[text]])
        for text in texts[:8]
    ]  # fmt: skip
    return Sheet(
        title=texts[0], heading=texts[3], number=texts[4], organisation=texts[5],
        author=texts[10], language="en", form=texts[11], text=texts[12],
        parts=[*parts, Part(title="All", columns=["a", "b"], rows=rows, sentences=texts)],
    )  # fmt: skip


def a_report(texts: list[str]) -> Report:
    cells = [[text, text] for text in texts]
    return Report(
        title=texts[0], number=texts[3], organisation=texts[4], author=texts[5], footer=texts[10],
        facts=[(text, text) for text in texts], sentences=texts,
        tables=[Section(title=texts[8], columns=texts[:2], rows=cells)],
    )  # fmt: skip


@reads_text
def test_EX3_hostile_texts_are_printed_as_they_are_and_nothing_else_happens(
    trap: tuple[str, list[Any]], tmp_path: Path
) -> None:
    address, callers = trap
    secret = tmp_path / "secret.txt"
    secret.write_text(SECRET)
    texts = hostile(address, secret)
    assert len(set(texts)) >= 30

    for pdf in (pdf_of(a_report(texts)), sheet_pdf(a_sheet(texts))):
        found = plain(text_of(pdf))
        assert [text for text in texts if plain(text) not in found] == []
        assert SECRET not in found
        assert "RLIMIT_AS" not in found  # of press.py
        for mark in (b"/JavaScript", b"/Launch", b"/EmbeddedFile", b"/URI"):
            assert mark not in pdf
    assert callers == []


def test_EX3_control_and_direction_characters_and_a_huge_text_stay_a_paper() -> None:
    short = ["a\u202eb\u2066c\u200b", "\x00\x01\x07\x1b[31m", "\ud800\udfff", "\u0301" * 50] * 4
    texts = [*short, "x" * 2_000, "\n" * 500, "𝕏" * 100, "<" * 500]

    for pdf in (pdf_of(a_report(texts)), sheet_pdf(a_sheet(texts))):
        assert pdf.startswith(b"%PDF-")


@reads_text
def test_EX3_broken_twin_data_taken_for_markup_reads_what_it_names(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    (tmp_path / "near.txt").write_text(SECRET)
    template = tmp_path / "report.typ"
    template.write_text(
        "#let data = json(bytes(sys.inputs.data))\n"
        '#for one in data.sentences { eval(one, mode: "markup") }\n'
        '#show: it => it\n#read("near.txt")'
    )
    monkeypatch.setattr(paper, "TEMPLATE", template)

    assert SECRET in plain(text_of(pdf_of(Report(title="t", sentences=["#(1+1)"]))))
    assert "#(1+1)" not in plain(text_of(pdf_of(Report(title="t", sentences=["#(1+1)"]))))


def test_EX3_no_package_is_fetched_even_by_a_template(
    trap: tuple[str, list[Any]], tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    address, callers = trap
    template = tmp_path / "report.typ"
    template.write_text('#import "@preview/cetz:0.3.0": *')
    monkeypatch.setattr(paper, "TEMPLATE", template)
    monkeypatch.setenv("HTTPS_PROXY", address)  # where it would go, if it were asked

    with pytest.raises(Unprintable):
        pdf_of(Report(title="t"))
    assert callers == []


def test_EX3_broken_twin_with_the_ways_of_the_machine_it_would_be_fetched(
    trap: tuple[str, list[Any]], tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    address, callers = trap
    template = tmp_path / "report.typ"
    template.write_text('#import "@preview/cetz:0.3.0": *')
    monkeypatch.setattr(paper, "TEMPLATE", template)
    open_ways = dict.fromkeys(paper._WAYS_OUT, address)
    monkeypatch.setattr(paper, "ENVIRONMENT", {**paper.ENVIRONMENT, **open_ways})
    monkeypatch.setattr(paper, "SECONDS", 5)

    with pytest.raises(Unprintable):
        pdf_of(Report(title="t"))
    assert callers


def test_EX3_the_press_knows_no_secret_of_the_environment(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("ANDON_SECRET_KEY", "a canary")
    sent: dict[str, Any] = {}
    real = paper.subprocess.run

    def run(command: list[str], **options: Any) -> Any:
        sent.update(options["env"], limits=json.loads(command[3]))
        return real(command, **options)

    monkeypatch.setattr(paper.subprocess, "run", run)

    pdf_of(Report(title="t"))

    assert "a canary" not in sent.values()
    assert sent["limits"] == {"memory": 512 * 1_048_576, "seconds": 30}
