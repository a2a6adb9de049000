"""What a token may do: its scopes, and which request needs which (AU8).

Deny by default: a request that no rule names is for people only. So a token never moves a record
from one state to the next, signs, approves, judges, sets targets or touches an account.
"""

import re
from collections.abc import Iterable

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

READ = "read"
FACTS = "facts"

SCOPES: dict[str, str | Promise] = {
    READ: _("Read what I may read"),
    FACTS: _("Send facts of the shop floor and values of KPIs"),
    "nonconformities": _("Report and edit nonconformities"),
    "actions": _("Open and edit corrective actions, with cases, causes and items"),
    "improvements": _("Open and edit improvement projects"),
    "signals": _("Open and edit signals"),
    "analyses": _("Keep and edit analyses"),
}

API = "api/v1/"
_PART = re.compile(r"<(?:\w+:)?(\w+)>")
_KINDS = ("nonconformities", "actions", "improvements", "signals", "analyses")

# Method and route below the API, without the kinds of its parts; the scope it takes.
_WRITES: dict[tuple[str, str], str] = {
    ("POST", "kpis/<code>/observations/"): FACTS,
    **{("POST", f"{kind}/"): kind for kind in _KINDS},
    **{("PATCH", f"{kind}/<number>/"): kind for kind in _KINDS},
    **{("POST", f"actions/<number>/{part}/"): "actions" for part in ("cases", "causes", "items")},
    ("PATCH", "actions/<number>/causes/<pk>/"): "actions",
    ("PATCH", "actions/<number>/is-is-not/"): "actions",
}


def needed(method: str, route: str) -> str | None:
    """Return the scope that ``method`` on ``route`` needs; None: no token may do it."""
    place = _PART.sub(r"<\1>", route)
    if not place.startswith(API):
        return None
    if method in {"GET", "HEAD", "OPTIONS"}:
        return READ
    place = place.removeprefix(API)
    if method == "POST" and re.fullmatch(r"facts/[\w-]+/", place):
        return FACTS
    return _WRITES.get((method, place))


def known(scopes: Iterable[str]) -> list[str]:
    """Return ``scopes`` in the order of the list; unknown ones raise."""
    wanted = set(scopes)
    if unknown := wanted - SCOPES.keys():
        message = f"unknown scopes: {sorted(unknown)}"
        raise ValueError(message)
    return [scope for scope in SCOPES if scope in wanted]
