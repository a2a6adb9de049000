"""Tables that cost more than they look: each is read in a fork of its own, which is measured.

Run as a program, so that no thread of the tests is forked: ``python -m tests.uploads.tables``
prints a line of JSON for each.
"""

import json
import os
import resource
from collections.abc import Callable
from pathlib import Path
from tempfile import TemporaryDirectory

import django
from django.conf import settings

from andon.tables import Trouble, read_table
from tests.uploads.corpus import LAUGHS, OUTSIDE, archive, deep, zeros

NS = b'xmlns="http://schemas.openxmlformats.org/spreadsheetml/2006/main"'
REL = b"http://schemas.openxmlformats.org/officeDocument/2006/relationships"
PACK = b"http://schemas.openxmlformats.org/package/2006"
ODS = b"urn:oasis:names:tc:opendocument:xmlns:"
ONE = b'<row r="1"><c r="A1" t="s"><v>0</v></c></row>'


def sheet(rows: bytes, after: bytes = b"") -> bytes:
    return b"<worksheet %s><sheetData>%s</sheetData>%s</worksheet>" % (NS, rows, after)


def book(sheet1: bytes, strings: bytes = b"", more: tuple[tuple[str, bytes], ...] = ()) -> bytes:
    def links(*pairs: tuple[bytes, bytes]) -> bytes:
        each = b"".join(
            b'<Relationship Id="r%d" Type="%s/%s" Target="%s"/>' % (n, REL, kind, target)
            for n, (kind, target) in enumerate(pairs)
        )
        return b'<Relationships xmlns="%s/relationships">%s</Relationships>' % (PACK, each)

    types = (
        b'<Types xmlns="%s/content-types"><Override PartName="/xl/workbook.xml" ContentType='
        b'"application/vnd.openxmlformats-officedocument.spreadsheetml.sheet.main+xml"/></Types>'
    ) % PACK
    named = b'<workbook %s xmlns:r="%s"><sheets><sheet name="S" sheetId="1" r:id="r0"/></sheets>'
    parts = [
        ("[Content_Types].xml", types),
        ("_rels/.rels", links((b"officeDocument", b"xl/workbook.xml"))),
        ("xl/workbook.xml", named % (NS, REL) + b"</workbook>"),
        ("xl/_rels/workbook.xml.rels", links(
            (b"worksheet", b"worksheets/sheet1.xml"), (b"sharedStrings", b"sharedStrings.xml"))),
        ("xl/worksheets/sheet1.xml", sheet1),
        *more,
    ]  # fmt: skip
    if strings:
        parts.append(("xl/sharedStrings.xml", b"<sst %s>%s</sst>" % (NS, strings)))
    return archive(parts)


def ods() -> bytes:
    """Say of one cell that it is repeated over the whole sheet."""
    cell = (
        b'<table:table-row table:number-rows-repeated="1048576"><table:table-cell office:value-type'
        b'="float" office:value="1" table:number-columns-repeated="16384"/></table:table-row>'
    )
    spaces = b"".join(b' xmlns:%s="%s%s:1.0"' % (n, ODS, n) for n in (b"office", b"table"))
    content = (
        b"<office:document-content%s><office:body><office:spreadsheet><table:table table:name="
        b'"S">%s</table:table></office:spreadsheet></office:body></office:document-content>'
    ) % (spaces, cell)
    return archive([("mimetype", b"application/vnd.oasis.opendocument.spreadsheet"),
                    ("content.xml", content)])  # fmt: skip


TABLES: dict[str, Callable[[], bytes]] = {
    "bomb.xlsx": lambda: book(sheet(zeros(160))),
    "strings.xlsx": lambda: book(sheet(ONE), b"<si><t>x</t></si>" * 8_000_000),
    "long.xlsx": lambda: book(sheet(ONE), b"<si><t>" + b"x" * (140 << 20) + b"</t></si>"),
    "corner.xlsx": lambda: book(sheet(
        b'<row r="1"><c r="A1"><v>0</v></c></row>'
        b'<row r="1048576"><c r="XFD1048576"><v>0</v></c></row>')),
    "cells.xlsx": lambda: book(sheet((b"<row>" + b"<c><v>1</v></c>" * 40 + b"</row>") * 100_000)),
    "echo.xlsx": lambda: book(sheet((b"<row>" + b'<c t="s"><v>0</v></c>' * 20 + b"</row>") * 9_000),
                              b"<si><t>" + b"x" * 30_000 + b"</t></si>"),
    "laughs.xlsx": lambda: book(LAUGHS),
    "outside.xlsx": lambda: book(OUTSIDE),
    "deep.xlsx": lambda: book(sheet(deep(1_000_000))),
    "members.xlsx": lambda: book(sheet(ONE), more=tuple((f"m{n}", b"") for n in range(600))),
    "repeat.ods": ods,
    "ole.xls": lambda: b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + b"\xff" * 1_000_000,
    "row.csv": lambda: b"1," * 9_000_000,
    "quotes.csv": lambda: b'"' * 19_000_000,
    "commas.csv": lambda: b",,,,,,,,,,,,,,,,,,,,,,,,,,,,,,,,,\n" * 550_000,
    "wide.csv": lambda: (b"1," * 390 + b"1\n") * 20_000,
    "lines.txt": lambda: b"\n" * 19_000_000,
    "words.txt": lambda: b"a b\n" * 4_000_000,
    "blanks.txt": lambda: b"a b " * 4_900_000,
    "grid.txt": lambda: (b"1 2 3 4 5 6 7 8 9 0 1 2 3 4 5\n") * 190_000,
    "objects.json": lambda: b"[" + b'{"a":1},' * 2_000_000 + b'{"a":1}]',
    "lists.json": lambda: b'[{"a":[' + b"[]," * 6_000_000 + b"[]]}]",
    "numbers.json": lambda: b'[{"a":[' + b"1," * 9_000_000 + b"1]}]",
    "deep.json": lambda: b'{"a":' + b"[" * 5_000_000,
    "page.csv": lambda: b"<table>" + b"<tr><td>1</td></tr>" * 900_000 + b"</table>",
    "bomb.zip": lambda: archive([("a.csv", b"1," * (40 << 20))]),
    "two.zip": lambda: archive([("a.zip", archive([("b.zip", archive([("c.csv", b"a")]))]))]),
}  # fmt: skip


def measured(path: Path) -> dict[str, object]:
    """Read one table here, and say what it cost: this process, and the one it started."""
    data, name = path.read_bytes(), path.name
    first = resource.getrusage(resource.RUSAGE_SELF)
    try:
        said = f"read {len(read_table(data, name).rows)} rows"
    except Trouble as trouble:
        said = str(trouble)
    own = resource.getrusage(resource.RUSAGE_SELF)
    child = resource.getrusage(resource.RUSAGE_CHILDREN)
    cpu = own.ru_utime + own.ru_stime - first.ru_utime - first.ru_stime
    return {
        "name": name,
        "said": said,
        "grown": (own.ru_maxrss - first.ru_maxrss) * 1024,
        "child": child.ru_maxrss * 1024,
        "seconds": max(cpu, child.ru_utime + child.ru_stime),
    }


def main() -> None:
    settings.configure(USE_I18N=False)
    django.setup()
    with TemporaryDirectory() as folder:
        for name, make in TABLES.items():
            path = Path(folder, name)
            # Made by another process: what making takes is not what reading takes.
            apart(lambda path=path, make=make: path.write_bytes(make()))
            apart(lambda path=path: print(json.dumps(measured(path)), flush=True))  # noqa: T201
            path.unlink()


def apart(work: Callable[[], object]) -> None:
    if not os.fork():
        work()
        os._exit(0)
    os.wait()


if __name__ == "__main__":
    main()
