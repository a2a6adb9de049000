"""Hostile files, made here so that no scanner and no repository has to hold one."""

import io
import os
import struct
import zipfile
import zlib
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from functools import cache

from PIL import Image

Members = Iterable[tuple[str, bytes]]
SCRIPT = b"<script>alert(1)</script>"
TYPES = (
    b'<?xml version="1.0"?><Types xmlns="http://schemas.openxmlformats.org/package/2006/'
    b'content-types"><Default Extension="rels" ContentType="application/vnd.openxmlformats-'
    b'package.relationships+xml"/><Override PartName="/main.xml" ContentType="%s"/></Types>'
)
SHEET = b"application/vnd.openxmlformats-officedocument.spreadsheetml.sheet.main+xml"
WORDS = b"application/vnd.openxmlformats-officedocument.wordprocessingml.document.main+xml"
MACRO_SHEET = b"application/vnd.ms-excel.sheet.macroEnabled.main+xml"
MACRO_WORDS = b"application/vnd.ms-word.document.macroEnabled.main+xml"
LAUGHS = b'<!DOCTYPE x [<!ENTITY a "ha">' + b"".join(
    b'<!ENTITY %c "%s">' % (98 + n, b"&%c;" % (97 + n) * 10) for n in range(9)
) + b"]><x>&j;</x>"  # fmt: skip
OUTSIDE = b'<!DOCTYPE x [<!ENTITY a SYSTEM "http://127.0.0.1:1/x">]><x>&a;</x>'
LAST_WORDS = b"\nstartxref\n0\n%%EOF\n"


@dataclass(frozen=True)
class Hostile:
    """One file: its name as it is sent, and how its bytes are made."""

    about: str
    name: str
    made: Callable[[], bytes]


def archive(members: Members, *, packed: bool = True) -> bytes:
    out = io.BytesIO()
    how = zipfile.ZIP_DEFLATED if packed else zipfile.ZIP_STORED
    with zipfile.ZipFile(out, "w", how) as made:
        for name, data in members:
            made.writestr(name, data)
    return out.getvalue()


def office(*members: tuple[str, bytes], kind: bytes = SHEET) -> bytes:
    return archive([("[Content_Types].xml", TYPES % kind), ("xl/main.xml", b"<x/>"), *members])


def related(kind: str, target: str = "http://127.0.0.1:1/x", *, outside: bool = True) -> bytes:
    mode = ' TargetMode="External"' if outside else ""
    return (
        f'<Relationships><Relationship Id="r1" Target="{target}"{mode} Type="http://schemas.'
        f'openxmlformats.org/officeDocument/2006/relationships/{kind}"/></Relationships>'
    ).encode()


def pdf(inside: bytes = b"", *, head: bytes = b"%PDF-1.7\n", tail: bytes = LAST_WORDS) -> bytes:
    return head + b"1 0 obj <</Type /Catalog %s>> endobj" % inside + tail


def packed_objects(data: bytes, filters: bytes = b"/FlateDecode") -> bytes:
    body = zlib.compress(data)
    return (
        b"%%PDF-1.7\n4 0 obj <</Type /ObjStm /N 1 /First 4 /Filter %s /Length %d>>\nstream\n"
        % (filters, len(body))
        + body
        + b"\nendstream endobj"
        + LAST_WORDS
    )


def zeros(megabytes: int) -> bytes:
    return b"\0" * (megabytes << 20)


@cache
def flat_bomb() -> bytes:
    return office(("xl/worksheets/sheet1.xml", zeros(260)))


def lying_bomb() -> bytes:
    """Say in the directory and before the member that it unpacks to ten bytes."""
    data = bytearray(flat_bomb())
    sizes = struct.pack("<I", 260 << 20)
    at = data.find(sizes)
    while at >= 0:
        data[at : at + 4] = struct.pack("<I", 10)
        at = data.find(sizes, at)
    return bytes(data)


def many_small() -> bytes:
    return office(*((f"xl/media/p{n}.xml", b"") for n in range(2_500)))


def overlapping() -> bytes:
    """Let a second entry of the directory name the bytes of the first."""
    data = office(("xl/media/aaaa.xml", zeros(1)))
    end = data.rfind(b"PK\x05\x06")
    entry_at = data.rfind(b"PK\x01\x02")
    entry = data[entry_at:end].replace(b"aaaa.xml", b"bbbb.xml")
    count, size = struct.unpack("<HI", data[end + 10 : end + 16])
    tail = bytearray(data[end:])
    tail[8:16] = struct.pack("<HHI", count + 1, count + 1, size + len(entry))
    return data[:end] + entry + bytes(tail)


def nested() -> bytes:
    inner = office(("xl/worksheets/sheet1.xml", zeros(20)))
    for _level in range(3):
        inner = office(("xl/embeddings/inner.xlsx", inner))
    return inner


def wide_nested() -> bytes:
    inner = office(("xl/worksheets/sheet1.xml", zeros(30)))
    return office(*((f"xl/embeddings/i{n}.xlsx", inner) for n in range(10)))


def encrypted() -> bytes:
    data = bytearray(office())
    at = data.find(b"PK\x01\x02")
    data[at + 8] |= 1
    data[6] |= 1
    return bytes(data)


def locked_office() -> bytes:
    return (
        b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + b"\0" * 600 + "EncryptedPackage".encode("utf-16-le")
    )


def renamed(old: bytes, new: bytes) -> bytes:
    data = office((old.decode(), b"<x/>"))
    assert len(old) == len(new)
    return data.replace(old, new)


@cache
def picture(kind: str, size: tuple[int, int] = (40, 30), mode: str = "RGB") -> bytes:
    out = io.BytesIO()
    Image.new(mode, size).save(out, kind)
    return out.getvalue()


def chunk(kind: bytes, data: bytes) -> bytes:
    return struct.pack(">I", len(data)) + kind + data + struct.pack(">I", zlib.crc32(kind + data))


def png(size: tuple[int, int], *chunks: bytes) -> bytes:
    head = chunk(b"IHDR", struct.pack(">IIBBBBB", *size, 8, 2, 0, 0, 0))
    return b"\x89PNG\r\n\x1a\n" + head + b"".join(chunks) + chunk(b"IEND", b"")


def png_bomb(side: int) -> bytes:
    """Say a modest size, and pack far more than that."""
    return png((side, side), chunk(b"IDAT", zlib.compress(zeros(200), 9)))


def jpeg_of(width: int, height: int) -> bytes:
    data = bytearray(picture("JPEG"))
    at = data.find(b"\xff\xc0")
    data[at + 5 : at + 9] = struct.pack(">HH", height, width)
    return bytes(data)


def jpeg_with(marker: bytes, data: bytes) -> bytes:
    plain = picture("JPEG")
    return plain[:2] + b"\xff" + marker + struct.pack(">H", len(data) + 2) + data + plain[2:]


def exif_bomb() -> bytes:
    """Say of one tag that it has four thousand million values."""
    tag = struct.pack("<HHII", 0x010F, 2, 0xFFFFFFFF, 8)
    return jpeg_with(b"\xe1", b"Exif\0\0II*\0\x08\0\0\0" + struct.pack("<H", 0xFFFF) + tag * 4000)


def deep(levels: int) -> bytes:
    return b"<a>" * levels + b"</a>" * levels


PHOTO_POLYGLOT = b"GIF89a/*" + b"\0" * 40 + b"*/=1;alert(1)//"
HOSTILE = (
    # programs and pages, under their own name and under another
    Hostile("a program", "run.exe", lambda: b"MZ\x90\0" * 64),
    Hostile("a program as photo", "run.jpg", lambda: b"MZ\x90\0" * 64),
    Hostile("a program as text", "run.txt", lambda: b"\x7fELF\x02\x01\x01\0" * 64),
    Hostile("a shell script as text", "run.txt", lambda: b"#!/bin/sh\nrm -rf /\n"),
    Hostile("a page", "page.html", lambda: b"<html>" + SCRIPT),
    Hostile("a page as text", "page.txt", lambda: b"\xef\xbb\xbf  <!DOCTYPE html>" + SCRIPT),
    Hostile("a page in two bytes", "page.txt",
            lambda: ("<html>" + SCRIPT.decode()).encode("utf-16")),
    Hostile("a page as table", "page.csv", lambda: b"a;b\n" + SCRIPT),
    Hostile("a page as PDF", "page.pdf", lambda: b"<html>" + SCRIPT),
    Hostile("a drawing", "drawing.svg", lambda: b"<svg onload=alert(1)>"),
    Hostile("a drawing as photo", "drawing.png", lambda: b"<svg onload=alert(1)>"),
    Hostile("XML", "data.xml", lambda: LAUGHS),
    Hostile("XML as text", "data.txt", lambda: LAUGHS),
    Hostile("a page of PHP", "shell.csv", lambda: b"a,b\n<?php system($_GET[0]);"),
    Hostile("no ending", "noending", lambda: b"text"),
    Hostile("two endings", "photo.jpg.exe", lambda: picture("JPEG")),
    Hostile("nothing", "empty.pdf", lambda: b""),
    # names
    Hostile("a name from right to left", "x\u202egnp.exe", lambda: picture("PNG")),
    Hostile("a name with a null", "run.exe\0.txt", lambda: b"MZ\x90\0text"),
    Hostile("a stream beside a file", "note.txt::$DATA", lambda: b"words"),
    # archives
    Hostile("a flat bomb", "bomb.xlsx", flat_bomb),
    Hostile("a bomb that lies of its size", "bomb.xlsx", lying_bomb),
    Hostile("a bomb in levels", "bomb.xlsx", nested),
    Hostile("a bomb side by side", "bomb.xlsx", wide_nested),
    Hostile("members that overlap", "overlap.xlsx", overlapping),
    Hostile("too many members", "many.docx", many_small),
    Hostile("a member above its folder", "up.xlsx", lambda: office(("../../etc/cron.d/x", b"x"))),
    Hostile("a member at the root", "root.xlsx", lambda: office(("/etc/cron.d/x", b"x"))),
    Hostile("a member of a drive", "drive.xlsx", lambda: office(("C:/x.xml", b"x"))),
    Hostile("a member by back slashes", "back.xlsx",
            lambda: renamed(b"aa/bb/c.xml", b"..\\..\\c.xml")),
    Hostile("a member that turns round", "turn.docx",
            lambda: office(("word/\u202exml.exe", b"x"), kind=WORDS)),
    Hostile("two members of one name", "twice.xlsx",
            lambda: renamed(b"xl/main2.xml", b"xl/MAIN.xml\0")),
    Hostile("an encrypted member", "locked.xlsx", encrypted),
    Hostile("an encrypted workbook", "locked.xlsx", locked_office),
    Hostile("any archive as workbook", "any.xlsx", lambda: archive([("a.txt", b"x")])),
    Hostile("a document as workbook", "words.xlsx", lambda: office(kind=WORDS)),
    Hostile("a program before an archive", "both.xlsx", lambda: b"MZ\x90\0" * 16 + office()),
    Hostile("a cut archive", "cut.docx", lambda: office(kind=WORDS)[:-40]),
    # what runs or fetches
    Hostile("a macro workbook", "macro.xlsm", lambda: office(kind=MACRO_SHEET)),
    Hostile("a macro workbook renamed", "macro.xlsx", lambda: office(kind=MACRO_SHEET)),
    Hostile("a macro document renamed", "macro.docx", lambda: office(kind=MACRO_WORDS)),
    Hostile("a macro in a document", "macro.docx",
            lambda: office(("word/vbaProject.bin", b"x"), kind=WORDS)),
    Hostile("a sheet of old macros", "old.xlsx", lambda: office(("xl/macrosheets/s.xml", b"<x/>"))),
    Hostile("a control", "control.docx",
            lambda: office(("word/activeX/a.xml", b"<x/>"), kind=WORDS)),
    Hostile("an object", "object.docx",
            lambda: office(("word/embeddings/oleObject1.bin", b"x"), kind=WORDS)),
    Hostile("a program in a document", "inside.docx",
            lambda: office(("word/media/image1.png", b"MZ\x90\0"), kind=WORDS)),
    Hostile("data exchange in a workbook", "dde.xlsx",
            lambda: office(("xl/externalLinks/e1.xml", b"<x><ddeLink ddeService='cmd'/></x>"))),
    Hostile("data exchange in a document", "dde.docx",
            lambda: office(("word/d.xml", b"<w:instrText> DDEAUTO c:\\x</w:instrText>"),
                           kind=WORDS)),
    Hostile("a template from elsewhere", "template.docx",
            lambda: office(("word/_rels/s.rels", related("attachedTemplate")), kind=WORDS)),
    Hostile("a picture from elsewhere", "picture.docx",
            lambda: office(("word/_rels/d.xml.rels", related("image")), kind=WORDS)),
    Hostile("billion laughs in a workbook", "laughs.xlsx", lambda: office(("xl/s.xml", LAUGHS))),
    Hostile("an entity from elsewhere", "outside.xlsx", lambda: office(("xl/s.xml", OUTSIDE))),
    Hostile("an entity in two bytes", "wide.xlsx",
            lambda: office(("xl/s.xml", OUTSIDE.decode().encode("utf-16")))),
    # PDF
    Hostile("a script in a PDF", "script.pdf",
            lambda: pdf(b"/OpenAction <</S /JavaScript /JS (x)>>")),
    Hostile("a script under another spelling", "script.pdf",
            lambda: pdf(b"/OpenAction <</S /J#61vaScr#69pt /JS (x)>>")),
    Hostile("a script in packed objects", "script.pdf",
            lambda: packed_objects(b"1 0 <</S /JavaScript /JS (x)>>")),
    Hostile("objects packed twice", "twice.pdf",
            lambda: packed_objects(b"x", b"[/ASCIIHexDecode /FlateDecode]")),
    Hostile("a PDF that starts a program", "launch.pdf",
            lambda: pdf(b"/A <</S /Launch /F (cmd)>>")),
    Hostile("a file in a PDF", "file.pdf", lambda: pdf(b"/Names <</EmbeddedFiles 2 0 R>>")),
    Hostile("a form that sends", "form.pdf", lambda: pdf(b"/A <</S /SubmitForm /F (http://x)>>")),
    Hostile("a form in XML", "xfa.pdf", lambda: pdf(b"/AcroForm <</XFA 3 0 R>>")),
    Hostile("an encrypted PDF", "locked.pdf", lambda: pdf(b"/Encrypt 5 0 R")),
    Hostile("a bomb in a PDF", "bomb.pdf", lambda: packed_objects(zeros(260))),
    Hostile("too many pages", "pages.pdf", lambda: pdf(b"/Type /Page " * 2_100)),
    Hostile("a PDF that is a page, too", "both.pdf",
            lambda: pdf(head=b"%PDF-1.7\n<html>" + SCRIPT)),
    Hostile("a PDF behind a page", "behind.pdf", lambda: b"<html>" + SCRIPT + pdf()),
    Hostile("a PDF that is an archive, too", "zip.pdf",
            lambda: pdf(tail=b"\n" + archive([("x.js", b"alert(1)")]) + LAST_WORDS)),
    Hostile("a program behind a PDF", "tail.pdf", lambda: pdf() + b"MZ\x90\0" * 40),
    # pictures
    Hostile("a picture that is a script, too", "poly.gif", lambda: PHOTO_POLYGLOT),
    Hostile("the same as photo", "poly.jpg", lambda: PHOTO_POLYGLOT),
    Hostile("a picture without its end", "cut.jpg", lambda: picture("JPEG", (400, 300))[:600]),
    Hostile("a picture of 4 thousand million pixels", "huge.png", lambda: png((65_000, 65_000))),
    Hostile("a JPEG of 4 thousand million pixels", "huge.jpg", lambda: jpeg_of(65_000, 65_000)),
    Hostile("a picture that takes too much memory", "wide.png",
            lambda: picture("PNG", (8_000, 6_200), "RGBA")),
    Hostile("a WebP that takes too much memory", "wide.webp",
            lambda: picture("WEBP", (8_000, 6_200))),
    Hostile("a PNG with a bomb of text", "text.png",
            lambda: png((1, 1), chunk(b"zTXt", b"a\0\0" + zlib.compress(zeros(260))))),
    # large
    Hostile("a table of one long row", "row.csv", lambda: b"1," * (11 << 20)),
    Hostile("deep XML as text", "deep.txt", lambda: deep(100_000)),
    Hostile("a text of control characters", "bell.txt", lambda: b"\x07\x08\x1b[2J" * 100),
)  # fmt: skip

# Let in, and harmless as they are stored: drawn anew, or never read as anything but bytes.
DISARMED = (
    Hostile("more packed than said", "more.png", lambda: png_bomb(64)),
    Hostile("tags without an end", "exif.jpg", exif_bomb),
    Hostile("a script in a comment", "comment.jpg", lambda: jpeg_with(b"\xfe", SCRIPT)),
    Hostile("a program behind a photo", "tail.jpg", lambda: picture("JPEG") + b"MZ\x90\0" + SCRIPT),
    Hostile("an archive behind a photo", "zip.png",
            lambda: picture("PNG") + archive([("x.js", b"alert(1)")])),
    Hostile("a name from right to left", "x\u202egpj.png", lambda: picture("PNG")),
    Hostile("a name that climbs", "../../etc/passwd.png", lambda: picture("PNG")),
    Hostile("a name of a device", "CON.png", lambda: picture("PNG")),
    Hostile("a name for a header", 'a"\r\nSet-Cookie: x=1.png', lambda: picture("PNG")),
    Hostile("deep XML in a workbook", "deep.xlsx",
            lambda: office(("xl/worksheets/sheet1.xml", deep(200_000)))),
    Hostile("noise as photo", "noise.jpg", lambda: picture("JPEG") + os.urandom(2_000)),
)  # fmt: skip
