"""Where the built front-end files are: their names carry the hash of their content."""

import json
from functools import cache
from pathlib import Path

from django.templatetags.static import static

DIST = Path(__file__).resolve().parent / "static" / "andon" / "dist"


@cache
def manifest() -> dict[str, str]:
    """Return the hashed file name of each asset, or nothing where none has been built."""
    path = DIST / "manifest.json"
    if not path.exists():
        return {}
    names: dict[str, str] = json.loads(path.read_text(encoding="utf-8"))
    return names


@cache
def asset_url(name: str) -> str:
    """Return the address of ``name`` (``app.js``), which changes when the content does."""
    return static(f"andon/dist/{manifest().get(name, name)}")
