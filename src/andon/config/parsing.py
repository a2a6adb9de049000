"""Strict JSON in: what the API takes as a body (AP2)."""

import json
import re
from typing import Any

from django.http import HttpRequest
from ninja.errors import HttpError
from ninja.parser import Parser

DEEPEST = 20


class StrictParser(Parser):
    """JSON without duplicate keys, NaN or endless nesting."""

    def parse_body(self, request: HttpRequest) -> Any:
        try:
            body = json.loads(request.body, object_pairs_hook=_unique, parse_constant=_refused)
        except (ValueError, RecursionError) as error:
            raise HttpError(400, f"The body is not acceptable JSON: {error}") from error
        if _depth(body) > DEEPEST:
            raise HttpError(400, "The body is nested too deeply.")
        if not _storable(body):
            raise HttpError(400, "A text holds a character that cannot be stored.")
        return body


def _unique(pairs: list[tuple[str, Any]]) -> dict[str, Any]:
    found = dict(pairs)
    if len(found) != len(pairs):
        raise ValueError("a key stands twice")
    return found


def _refused(name: str) -> None:
    raise ValueError(f"{name} is not a number")


def _depth(value: object, level: int = 0) -> int:
    if level > DEEPEST or not isinstance(value, (dict, list)):
        return level
    inner = value.values() if isinstance(value, dict) else value
    return max((_depth(item, level + 1) for item in inner), default=level)


def _storable(value: object) -> bool:
    """Whether every text in ``value`` is free of NUL and of lone surrogates (TX1)."""
    if isinstance(value, dict):
        return all(_storable(one) for pair in value.items() for one in pair)
    if isinstance(value, list):
        return all(_storable(one) for one in value)
    return not isinstance(value, str) or re.search("[\x00\ud800-\udfff]", value) is None
