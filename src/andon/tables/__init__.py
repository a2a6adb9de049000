"""Reading tables out of files: no models, no writes; a table or a sentence that says why not."""

from andon.tables.model import Cell, Options, Question, Table, Trouble
from andon.tables.reading import read_table

__all__ = ["Cell", "Options", "Question", "Table", "Trouble", "read_table"]
