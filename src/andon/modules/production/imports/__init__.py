"""Bringing files in: reading tables, mapping columns, checking rows, publishing facts."""

from andon.modules.production.imports.fields import Field, Kind, Reference, Target, known_targets
from andon.modules.production.imports.run import Result, import_file

__all__ = ["Field", "Kind", "Reference", "Result", "Target", "import_file", "known_targets"]
