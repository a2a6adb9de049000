"""The virus scanner, asked over a socket as clamd speaks; its silence never passes a file (UP4).

``ANDON_SCANNER`` says where it listens: ``unix:/run/clamav/clamd.ctl`` or ``tcp://host:3310``.
``ANDON_SCANNER_DOWN`` says what becomes of a file when it does not answer: ``refuse`` or
``quarantine``. Without a scanner, files are not asked about.
"""

import socket
import struct
import time
from dataclasses import dataclass
from enum import StrEnum
from urllib.parse import urlsplit

import structlog
from django.conf import settings

CHUNK = 1 << 16
SECONDS = 20
LONGEST_ANSWER = 4096
_LENGTH = struct.Struct("!I")
log = structlog.get_logger(__name__)


class Verdict(StrEnum):
    """What is known of a file; the stored words never change."""

    UNSCANNED = "unscanned"
    CLEAN = "clean"
    WAITING = "waiting"
    INFECTED = "infected"
    REFUSED = "refused"


@dataclass(frozen=True)
class Scan:
    """What the scanner said: a verdict, and the name of what it found."""

    verdict: Verdict
    found: str = ""


NOT_ASKED = Scan(Verdict.UNSCANNED)


class Unavailable(Exception):
    """The scanner did not give an answer that can be trusted."""


def is_configured() -> bool:
    return bool(settings.ANDON_SCANNER)


def scanned(data: bytes) -> Scan:
    """Return what the scanner says of ``data``; when it says nothing, what the setting says."""
    if not is_configured():
        return NOT_ASKED
    try:
        return asked(data)
    except Unavailable as error:
        log.warning("scanner unavailable", reason=str(error))
        waits = settings.ANDON_SCANNER_DOWN == "quarantine"
        return Scan(Verdict.WAITING if waits else Verdict.REFUSED)


def asked(data: bytes) -> Scan:
    """Send ``data`` to the scanner (INSTREAM); raises :class:`Unavailable` on any odd answer."""
    deadline = time.monotonic() + SECONDS
    try:
        with _connected() as line:
            line.sendall(b"zINSTREAM\0")
            for at in range(0, len(data), CHUNK):
                part = data[at : at + CHUNK]
                _allow(line, deadline)
                line.sendall(_LENGTH.pack(len(part)) + part)
            line.sendall(_LENGTH.pack(0))
            return _understood(_answer(line, deadline))
    except OSError as error:
        raise Unavailable(type(error).__name__) from error


def _connected() -> socket.socket:
    place = settings.ANDON_SCANNER
    if place.startswith("unix:"):
        line = socket.socket(socket.AF_UNIX, socket.SOCK_STREAM)
        line.settimeout(SECONDS)
        try:
            line.connect(place.removeprefix("unix:"))
        except OSError:
            line.close()
            raise
        return line
    parts = urlsplit(place)
    return socket.create_connection((parts.hostname or "", parts.port or 3310), timeout=SECONDS)


def _allow(line: socket.socket, deadline: float) -> None:
    """Bound the whole talk, not only each step of it."""
    if (left := deadline - time.monotonic()) <= 0:
        raise TimeoutError
    line.settimeout(left)


def _answer(line: socket.socket, deadline: float) -> bytes:
    said = b""
    while not said.endswith(b"\0"):
        _allow(line, deadline)
        part = line.recv(LONGEST_ANSWER)
        if not part or len(said) > LONGEST_ANSWER:
            raise Unavailable("the answer ends early or never")
        said += part
    return said


def _understood(said: bytes) -> Scan:
    """Only the two sentences of the protocol count; everything else is no answer."""
    text = said.rstrip(b"\0").decode("utf-8", "replace")
    if text == "stream: OK":
        return Scan(Verdict.CLEAN)
    if text.startswith("stream: ") and text.endswith(" FOUND"):
        return Scan(Verdict.INFECTED, text.removeprefix("stream: ").removesuffix(" FOUND")[:200])
    raise Unavailable(text[:200])
