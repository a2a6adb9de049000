"""Plain text: no control characters, no markup, no script, nothing else under its name."""

import codecs
import re
from typing import Any

from andon.store.examiner.found import Bad

_ACTIVE = re.compile(
    rb"^\s*(#!|%PDF|\{\\rtf|<)|<(script|html|svg|!doctype|!entity|\?xml|\?php|iframe|object)\b",
    re.IGNORECASE,
)
_CONTROL = re.compile(r"[\x00-\x08\x0e-\x1f\x7f]")
_MARKS = ((codecs.BOM_UTF8, "utf-8-sig"), (codecs.BOM_UTF16_LE, "utf-16"),
          (codecs.BOM_UTF16_BE, "utf-16"))  # fmt: skip
_HEAD = 4096


def look(data: bytes, header: dict[str, Any]) -> None:  # noqa: ARG001 - as every look
    """Refuse what is no text, or text that some program would run or render."""
    text = _decoded(data)
    if _CONTROL.search(text):
        raise Bad("content")
    if found := _ACTIVE.search(text[:_HEAD].encode("utf-8", "replace")):
        raise Bad("active", found.group(0).strip().decode("utf-8", "replace"))


def _decoded(data: bytes) -> str:
    for mark, encoding in _MARKS:
        if data.startswith(mark):
            try:
                return data.decode(encoding)
            except UnicodeDecodeError as error:
                raise Bad("content") from error
    try:
        return data.decode("utf-8")
    except UnicodeDecodeError:
        return data.decode("latin-1")
