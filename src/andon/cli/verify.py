"""``andon verify``: whether anything was changed behind the application's back."""

import argparse
import json

from andon.trail.verify import verify


def run(options: argparse.Namespace) -> int:
    """Print each finding, or that there is none; 1 on any finding."""
    report = verify()
    if options.json:
        print(json.dumps(report.as_json(), default=str, indent=1))
        return 0 if report.clean else 1
    for line in report.lines():
        print(line)
    if report.clean:
        print(f"clean: {report.entries} entries")
    return 0 if report.clean else 1
