"""The guards of the trail's own tables: rows only come, the head only goes on (AT7)."""

from andon.trail.guards import Guard

_ENTRY = "audit_entry"
_HEAD = "audit_head"
_PERSONAL = "audit_personal"
_CHECKPOINT = "audit_checkpoint"
_KEY = "audit_key"

_GOES_BACK = "NEW.stream <> OLD.stream OR NEW.seq <= OLD.seq"
_NOT_ERASED = "NEW.commitment <> OLD.commitment OR NEW.salt <> '' OR NEW.value <> ''"
_SAME_ENTRY = (
    "EXISTS (SELECT 1 FROM audit_entry WHERE id = NEW.id OR (stream = NEW.stream"
    " AND (seq = NEW.seq OR prev_hash = NEW.prev_hash)))"
)
_SAME_HEAD = "EXISTS (SELECT 1 FROM audit_head WHERE stream = NEW.stream)"
_SAME_PERSONAL = "EXISTS (SELECT 1 FROM audit_personal WHERE commitment = NEW.commitment)"
_SAME_CHECKPOINT = "EXISTS (SELECT 1 FROM audit_checkpoint WHERE number = NEW.number)"
_SAME_KEY = "EXISTS (SELECT 1 FROM audit_key WHERE number = NEW.number OR key_id = NEW.key_id)"

_RULES = (
    (_ENTRY, "UPDATE", "", "entries of the audit trail cannot be changed"),
    (_ENTRY, "DELETE", "", "entries of the audit trail cannot be deleted"),
    (_HEAD, "UPDATE", _GOES_BACK, "the head of the audit trail cannot go back"),
    (_HEAD, "DELETE", "", "the head of the audit trail cannot be deleted"),
    (_PERSONAL, "UPDATE", _NOT_ERASED, "personal values can only be erased"),
    (_PERSONAL, "DELETE", "", "personal values can only be erased"),
    (_CHECKPOINT, "UPDATE", "", "checkpoints cannot be changed"),
    (_CHECKPOINT, "DELETE", "", "checkpoints cannot be deleted"),
    (_KEY, "UPDATE", "", "signing keys cannot be changed"),
    (_KEY, "DELETE", "", "signing keys cannot be deleted"),
)
# INSERT OR REPLACE of SQLite deletes without the delete trigger; so it must not come that far.
_REPLACED = (
    (_ENTRY, _SAME_ENTRY),
    (_HEAD, _SAME_HEAD),
    (_PERSONAL, _SAME_PERSONAL),
    (_CHECKPOINT, _SAME_CHECKPOINT),
    (_KEY, _SAME_KEY),
)


def _sqlite(table: str, operation: str, condition: str, sentence: str) -> Guard:
    name = f"{table}_{operation.lower()}_guard"
    body = f"SELECT RAISE(ABORT, '{sentence}');"
    return Guard("sqlite", name, table, f"BEFORE {operation}", body, condition)


def _postgresql(table: str, operation: str, condition: str, sentence: str) -> Guard:
    name = f"{table}_{operation.lower()}_guard"
    body = f"RAISE EXCEPTION '{sentence}';"
    each = "STATEMENT" if operation == "TRUNCATE" else "ROW"
    return Guard("postgresql", name, table, f"BEFORE {operation}", body, condition, each)


GUARDS: dict[str, tuple[Guard, ...]] = {
    "sqlite": (
        *(_sqlite(*rule) for rule in _RULES),
        *(
            _sqlite(table, "INSERT", condition, "rows of the audit trail cannot be replaced")
            for table, condition in _REPLACED
        ),
    ),
    "postgresql": (
        *(_postgresql(*rule) for rule in _RULES),
        *(
            _postgresql(table, "TRUNCATE", "", "the audit trail cannot be truncated")
            for table in (_ENTRY, _HEAD, _PERSONAL, _CHECKPOINT, _KEY)
        ),
    ),
}
