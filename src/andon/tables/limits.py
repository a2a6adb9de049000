"""How large a table may be; beyond that it is refused with a sentence (UP1, EX1)."""

MAX_BYTES = 20 * 1024 * 1024
MAX_UNPACKED = 150 * 1024 * 1024
MAX_MEMBERS = 500
MAX_ROWS = 200_000
MAX_COLUMNS = 400
MAX_CELLS = 2_000_000
# Blank lines, and line ends inside of cells, are no rows; but each costs before that is known.
MAX_LINES = MAX_ROWS + 1_000
# Of one cell, as `csv` has it, and of all cells of a workbook together.
MAX_CHARACTERS = 131_072
MAX_TEXT = 60_000_000
# For the process that reads a workbook: of the processor, and by the clock of a busy machine.
MAX_SECONDS = 5
MAX_WAIT = 15
MAX_MEMORY = 300 * 1024 * 1024
