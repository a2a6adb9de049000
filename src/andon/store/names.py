"""Names of files: cleaned when they come in, and written safely when they go out (UP2, UP3)."""

import unicodedata
from urllib.parse import quote

LONGEST_NAME = 150


def cleaned_name(name: str) -> str:
    """Return ``name`` without path, control and direction characters, in NFC."""
    text = unicodedata.normalize("NFC", name.replace("\\", "/").rsplit("/", 1)[-1])
    kept = "".join(c for c in text if unicodedata.category(c)[0] != "C")
    return kept.strip()[-LONGEST_NAME:] or "file"


def ending_of(name: str) -> str:
    """Return the ending of ``name`` in lower case, without its dot."""
    return name.rsplit(".", 1)[-1].lower() if "." in name else ""


def disposition(kind: str, name: str) -> str:
    """Return a Content-Disposition that no name can break out of."""
    plain = name.encode("ascii", "ignore").decode().replace('"', "").replace("\\", "")
    safe = "".join(c for c in plain if c.isprintable()).strip() or "file"
    return f"{kind}; filename=\"{safe}\"; filename*=UTF-8''{quote(name, safe='')}"
