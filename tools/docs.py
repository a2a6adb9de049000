"""Writes the documentation that comes from the code: the life of each kind of record."""

import os
from collections.abc import Iterator
from typing import TYPE_CHECKING

import django

from tools.environment import ROOT
from tools.said import say

if TYPE_CHECKING:
    from andon.records.models import Record
    from andon.records.workflow import Transition, Workflow

PAGE = ROOT / "docs" / "lifecycles.md"
COLUMNS = "| step | from | to | permission | what must hold |"
HEAD = """# Life cycles

Made by `make docs` from the tables in each module's `lifecycle.py`, which the program follows.
"""


def lifecycles() -> str:
    """Return the page that shows the life of every kind of record."""
    from andon.records.models import Record  # noqa: PLC0415 - after Django is set up

    kinds = sorted(Record.__subclasses__(), key=lambda kind: kind.__name__)
    return "\n".join([HEAD, *(line for kind in kinds for line in _section(kind))])


def _section(kind: "type[Record]") -> Iterator[str]:
    workflow = kind.workflow
    yield f"## {str(kind._meta.verbose_name).capitalize()} (`{kind.prefix}`)"
    yield from ("", "```mermaid", "stateDiagram-v2", f"  [*] --> {workflow.initial}")
    for state in workflow.states.values:
        yield f'  state "{workflow.label(state)}" as {state}'
    for step in workflow.transitions:
        yield from (f"  {source} --> {step.target}: {step.label}" for source in step.sources)
    yield from (f"  {state} --> [*]" for state in workflow.states.values if state in workflow.final)
    yield from ("```", "", COLUMNS, "| --- | --- | --- | --- | --- |")
    yield from (_row(workflow, step) for step in workflow.transitions)
    yield ""


def _row(workflow: "Workflow", step: "Transition") -> str:
    sources = ", ".join(workflow.label(source) for source in step.sources)
    facts = ", ".join(check.__name__.replace("_", " ") for check in step.requires) or "–"
    target = workflow.label(step.target)
    return f"| {step.label} | {sources} | {target} | `{step.permission}` | {facts} |"


if __name__ == "__main__":
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "andon.config.testing")
    django.setup()
    PAGE.write_text(lifecycles(), encoding="utf-8")
    say(f"wrote {PAGE.relative_to(ROOT)}")
