"""How large a table may be; beyond that it is refused with a sentence (UP1, EX1)."""

MAX_BYTES = 20 * 1024 * 1024
MAX_UNPACKED = 150 * 1024 * 1024
MAX_MEMBERS = 500
MAX_ROWS = 200_000
MAX_COLUMNS = 400
MAX_CELLS = 4_000_000
MAX_SECONDS = 15
MAX_MEMORY = 700 * 1024 * 1024
