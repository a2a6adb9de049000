"""The guards of signatures: a row only comes, and never changes or goes (AT7, SG1)."""

from andon.trail.guards import Guard

_TABLE = "signing_signature"
_SENTENCE = "a signature cannot be changed or deleted"
# The one change there is: the text goes with the record that was purged; its hash stays (RT1).
_KEPT = (
    "id", "record_model", "record_id", "number", "revision", "step", "place", "signer_id",
    "signer_name", "signer_title", "meaning", "comment", "signed_at", "zone", "method",
    "manifest_sha256", "key_id", "server_signature",
)  # fmt: skip
_CHANGED = " OR ".join(("NEW.manifest <> ''", *(f"NEW.{name} <> OLD.{name}" for name in _KEPT)))
_SAME = f"EXISTS (SELECT 1 FROM {_TABLE} WHERE id = NEW.id)"  # noqa: S608  (no input)


def _guard(vendor: str, operation: str, condition: str = "", each: str = "ROW") -> Guard:
    sqlite = vendor == "sqlite"
    body = f"SELECT RAISE(ABORT, '{_SENTENCE}');" if sqlite else f"RAISE EXCEPTION '{_SENTENCE}';"
    name = f"{_TABLE}_{operation.lower()}_guard"
    return Guard(vendor, name, _TABLE, f"BEFORE {operation}", body, condition, each)


GUARDS: dict[str, tuple[object, ...]] = {
    "sqlite": (
        _guard("sqlite", "UPDATE", _CHANGED),
        _guard("sqlite", "DELETE"),
        # INSERT OR REPLACE deletes without the delete trigger; so it must not come that far.
        _guard("sqlite", "INSERT", _SAME),
    ),
    "postgresql": (
        _guard("postgresql", "UPDATE", _CHANGED),
        _guard("postgresql", "DELETE"),
        _guard("postgresql", "TRUNCATE", each="STATEMENT"),
    ),
}
