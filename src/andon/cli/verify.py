"""``andon verify``: whether anything was changed behind the application's back."""

import argparse
import json

from andon.trail.findings import Report
from andon.trail.verify import verify

NOT_TRUSTED = 2


def run(options: argparse.Namespace) -> int:
    """Print each finding, or that there is none; 1 on any finding, 2 if nothing vouches for it."""
    kept = [path.read_text(encoding="utf-8", errors="replace") for path in options.checkpoint]
    report = verify(kept)
    if options.json:
        print(json.dumps(report.as_json(), default=str, indent=1))
    else:
        for line in report.lines():
            print(line)
        if report.clean:
            print(f"clean: {report.entries} entries")
    code = _code(report, strict=options.strict)
    if code == NOT_TRUSTED and not options.json:
        print("No checkpoint from elsewhere vouches for this. Give one: --checkpoint FILE")
    return code


def _code(report: Report, *, strict: bool) -> int:
    if not report.clean:
        return 1
    return NOT_TRUSTED if strict and not report.trusted else 0
