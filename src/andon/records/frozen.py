"""What is over is frozen in the database, whoever writes, also inside an audited block (RC2).

A record is over when it has a closing day; then only `void` may follow. Who owns or sees it,
its version and its search text stay free; so does a purge, which deletes.
"""

from andon.trail.guards import Guard

_TABLE = "records_record"
_SENTENCE = "the content of a closed record cannot be changed"
FROZEN = (
    "kind", "number", "old_number", "title", "site_id",
    "opened_by_id", "opened_date", "closed_date",
)  # fmt: skip


def _guard(vendor: str, differs: str, refuse: str) -> Guard:
    changed = " OR ".join(f"NEW.{name} {differs} OLD.{name}" for name in FROZEN)
    moved = "(NEW.state <> OLD.state AND NEW.state <> 'void')"
    condition = f"OLD.closed_date IS NOT NULL AND ({changed} OR {moved})"
    return Guard(vendor, f"{_TABLE}_frozen", _TABLE, "BEFORE UPDATE", refuse, condition)


SQLITE = _guard("sqlite", "IS NOT", f"SELECT RAISE(ABORT, '{_SENTENCE}');")
POSTGRESQL = _guard("postgresql", "IS DISTINCT FROM", f"RAISE EXCEPTION '{_SENTENCE}';")
