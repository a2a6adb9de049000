"""Full-text search behind one function: FTS5 on SQLite, tsvector on PostgreSQL."""

import re

from django.db import connection
from django.db.models.expressions import RawSQL

# The newest matches are looked at; a search that finds more wants another word, not another page.
LOOKED_AT = 2000

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


def matches(typed: str) -> RawSQL:
    """Return a subquery of record ids in which every word occurs, as the start of a word."""
    words = words_of(typed)
    if not words:
        return RawSQL("SELECT id FROM records_record WHERE 1 = 0", ())
    if connection.vendor == "sqlite":
        query = " ".join(f'"{word}"*' for word in words)
        sql = (
            "SELECT rowid FROM records_fts WHERE records_fts MATCH %s ORDER BY rowid DESC LIMIT %s"
        )
    else:
        query = " & ".join(f"{word}:*" for word in words)
        sql = (
            "SELECT id FROM records_record WHERE to_tsvector('simple', search_text)"
            " @@ to_tsquery('simple', %s) ORDER BY id DESC LIMIT %s"
        )
    return RawSQL(sql, (query, LOOKED_AT))  # noqa: S611  (the words are bound, not pasted)
