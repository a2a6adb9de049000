"""Full-text search behind one function: FTS5 on SQLite, tsvector on PostgreSQL."""

import re

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


def newest(typed: str, *, kind: str = "") -> list[int]:
    """Return the ids of the newest records in which every word occurs, as the start of a word.

    At most ``LOOKED_AT`` are returned, of one ``kind`` or of all: whoever finds more wants another
    word. What of them a person may see is the caller's filter.
    """
    words = words_of(typed)
    if not words:
        return []
    sqlite = connection.vendor == "sqlite"
    if sqlite:
        query, statement = " ".join(f'"{word}"*' for word in words), (_SQLITE, _SQLITE_OF_KIND)
    else:
        query, statement = " & ".join(f"{w}:*" for w in words), (_POSTGRESQL, _POSTGRESQL_OF_KIND)
    with connection.cursor() as cursor:
        cursor.execute(statement[bool(kind)], [query, *filter(None, [kind]), LOOKED_AT])
        return [row[0] for row in cursor.fetchall()]


_SQLITE = "SELECT rowid FROM records_fts WHERE records_fts MATCH %s ORDER BY rowid DESC LIMIT %s"
_SQLITE_OF_KIND = """SELECT f.rowid FROM records_fts f CROSS JOIN records_record r ON r.id = f.rowid
    WHERE records_fts MATCH %s AND r.kind = %s ORDER BY f.rowid DESC LIMIT %s"""
_POSTGRESQL = """SELECT id FROM records_record
    WHERE to_tsvector('simple', search_text) @@ to_tsquery('simple', %s)
    ORDER BY id DESC LIMIT %s"""
_POSTGRESQL_OF_KIND = """SELECT id FROM records_record
    WHERE to_tsvector('simple', search_text) @@ to_tsquery('simple', %s) AND kind = %s
    ORDER BY id DESC LIMIT %s"""
