"""Keeps `tests/audit/forms.json`: what the state of each controlled model is made of, by version.

Run it after raising a model's `trail_state_version`; it refuses a new form under an old version.
"""

import json
import os
import sys
from typing import Any

import django

from tools.environment import ROOT
from tools.said import complain, say

PAGE = ROOT / "tests" / "audit" / "forms.json"


def now() -> dict[str, dict[str, Any]]:
    """Return version and form of each model as the code has them."""
    from andon.trail.capture import label  # noqa: PLC0415 - after Django is set up
    from andon.trail.forms import form_of, sealed_models  # noqa: PLC0415 - the same

    return {
        label(model): {"version": model.trail_state_version, "form": form_of(model)}
        for model in sealed_models()
    }


def kept() -> dict[str, dict[str, Any]]:
    """Return what was written down last."""
    found: dict[str, dict[str, Any]] = json.loads(PAGE.read_text(encoding="utf-8"))
    return found


def forgotten(before: dict[str, dict[str, Any]], after: dict[str, dict[str, Any]]) -> list[str]:
    """List the models that changed their form and kept their version."""
    return [
        name
        for name, old in before.items()
        if name in after
        and old["form"] != after[name]["form"]
        and old["version"] >= after[name]["version"]
    ]


def main() -> int:
    """Write the file, or say which versions must be raised first."""
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "andon.config.testing")
    django.setup()
    found = now()
    if names := forgotten(kept(), found):
        complain(f"Raise trail_state_version first: {', '.join(names)}.")
        return 1
    lines = [f"{json.dumps(name)}: {json.dumps(found[name])}" for name in sorted(found)]
    PAGE.write_text("{\n" + ",\n".join(lines) + "\n}\n", encoding="utf-8")
    say(f"{PAGE.relative_to(ROOT)} is up to date.")
    return 0


if __name__ == "__main__":
    sys.exit(main())
