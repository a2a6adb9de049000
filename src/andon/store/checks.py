"""Settings of the store that cannot work are said at the start, not at the first file."""

from importlib.util import find_spec
from typing import Any
from urllib.parse import urlsplit

from django.conf import settings
from django.core.checks import CheckMessage, Error, register

DOWN = ("refuse", "quarantine")


@register
def check_store(**_kwargs: Any) -> list[CheckMessage]:
    """Look at ANDON_FILES, ANDON_SCANNER and ANDON_SCANNER_DOWN."""
    return [*_scanner(), *_files()]


def _scanner() -> list[CheckMessage]:
    found: list[CheckMessage] = []
    place = settings.ANDON_SCANNER
    if place and not (place.startswith("unix:/") or _is_address(place)):
        text = "ANDON_SCANNER is unix:/path/of/the/socket or tcp://host:3310."
        found.append(Error(text, id="store.E001"))
    if settings.ANDON_SCANNER_DOWN not in DOWN:
        text = f"ANDON_SCANNER_DOWN is one of: {', '.join(DOWN)}."
        found.append(Error(text, id="store.E002"))
    return found


def _is_address(place: str) -> bool:
    try:
        parts = urlsplit(place)
        return parts.scheme == "tcp" and bool(parts.hostname) and (parts.port or 1) > 0
    except ValueError:
        return False


def _files() -> list[CheckMessage]:
    place = str(settings.FILES)
    if not place.startswith("s3:"):
        return []
    if not urlsplit(place).netloc:
        return [Error("ANDON_FILES is a folder or s3://bucket/prefix.", id="store.E003")]
    if find_spec("boto3") is None:
        text = "Files in an S3 store need one more package: pip install 'andon[s3]'."
        return [Error(text, id="store.E004")]
    return []
