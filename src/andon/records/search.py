"""Full-text search behind one function: FTS5 on SQLite, tsvector on PostgreSQL."""

import re
from collections.abc import Collection

from django.db import connection

# The newest matches are looked at; a search that finds more wants another word, not another page.
LOOKED_AT = 500

SQLITE_GUARDS = (
    """CREATE VIRTUAL TABLE IF NOT EXISTS records_fts USING fts5(
        search_text, content='records_record', content_rowid='id',
        tokenize="unicode61 remove_diacritics 2", prefix='2 3')""",
    """CREATE TRIGGER IF NOT EXISTS records_fts_insert AFTER INSERT ON records_record BEGIN
        INSERT INTO records_fts(rowid, search_text) VALUES (new.id, new.search_text); END""",
    """CREATE TRIGGER IF NOT EXISTS records_fts_update
        AFTER UPDATE OF search_text ON records_record
        WHEN old.search_text IS NOT new.search_text BEGIN
        INSERT INTO records_fts(records_fts, rowid, search_text)
            VALUES ('delete', old.id, old.search_text);
        INSERT INTO records_fts(rowid, search_text) VALUES (new.id, new.search_text); END""",
)
POSTGRESQL_GUARDS = (
    """CREATE INDEX IF NOT EXISTS records_search ON records_record
        USING gin (to_tsvector('simple', search_text))""",
)


def words_of(typed: str) -> list[str]:
    """Split what was typed into at most eight words that the index knows."""
    return re.findall(r"\w+", typed, flags=re.UNICODE)[:8]


def newest(typed: str, *, kind: str = "", sites: Collection[int] | None = None) -> list[int]:
    """Return the ids of the newest records in which every word occurs, as the start of a word.

    At most ``LOOKED_AT`` of one ``kind`` (or of all) and at ``sites`` (or at all): whoever finds
    more wants another word. What is restricted is the caller's filter.
    """
    words = words_of(typed)
    if not words:
        return []
    sqlite = connection.vendor == "sqlite"
    query = " ".join(f'"{w}"*' for w in words) if sqlite else " & ".join(f"{w}:*" for w in words)
    conditions: list[str] = [_SQLITE_HIT if sqlite else _POSTGRESQL_HIT]
    values: list[str | int] = [query]
    if kind:
        conditions, values = [*conditions, "r.kind = %s"], [*values, kind]
    if sites is not None:
        marks = ", ".join(["%s"] * len(sites)) or "NULL"
        conditions, values = [*conditions, f"r.site_id IN ({marks})"], [*values, *sites]
    start = _SQLITE_ROWS if sqlite else _POSTGRESQL_ROWS
    order = "f.rowid" if sqlite else "r.id"
    with connection.cursor() as cursor:
        cursor.execute(
            f"{start} WHERE {' AND '.join(conditions)} ORDER BY {order} DESC LIMIT {LOOKED_AT}",
            values,
        )
        return [row[0] for row in cursor.fetchall()]


# The text index leads; the record beside it answers kind and site.
_SQLITE_ROWS = "SELECT f.rowid FROM records_fts f CROSS JOIN records_record r ON r.id = f.rowid"
_SQLITE_HIT = "records_fts MATCH %s"
_POSTGRESQL_ROWS = "SELECT r.id FROM records_record r"
_POSTGRESQL_HIT = "to_tsvector('simple', r.search_text) @@ to_tsquery('simple', %s)"
