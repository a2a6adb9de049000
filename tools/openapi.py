"""Writes the description of the API into the documentation; a test compares it (AP1)."""

import json
import os

import django

from tools.environment import ROOT
from tools.said import say

PAGE = ROOT / "docs" / "openapi.json"


def described() -> str:
    """Return the description of the API as it is now, the same on every machine."""
    from andon.config.api import api  # noqa: PLC0415 - after Django is set up

    schema = json.loads(json.dumps(api.get_openapi_schema(), default=str))
    return json.dumps(schema, indent=1, sort_keys=True, ensure_ascii=False) + "\n"


if __name__ == "__main__":
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "andon.config.testing")
    django.setup()
    PAGE.write_text(described(), encoding="utf-8")
    say(f"wrote {PAGE.relative_to(ROOT)}")
