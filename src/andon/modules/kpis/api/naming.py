"""Rows that a code of the API names."""

from typing import Any


def named(rows: Any, code: str) -> Any:
    """Return the row with this code; what no code can hold is not asked for."""
    return rows.filter(code=code).first() if code.isprintable() else None
