"""``andon verify``: whether anything was changed behind the application's back."""

import argparse
import dataclasses
import json

from andon.trail.verify import Report, verify


def run(options: argparse.Namespace) -> int:
    """Print each finding, or that there is none; 1 on any finding."""
    report = verify()
    if options.json:
        print(json.dumps(dataclasses.asdict(report), default=str, indent=1))
    else:
        _print(report)
    return 1 if report.findings else 0


def _print(report: Report) -> None:
    if not report.findings:
        print(f"clean: {report.entries:,} entries")
        return
    for finding in report.findings:
        print(finding.text)
    count = len(report.findings)
    noun = "finding" if count == 1 else "findings"
    print(f"{count:,} {noun} in {report.entries:,} entries")
