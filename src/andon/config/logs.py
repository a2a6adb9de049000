"""One line of JSON for each thing that happens, with the request it happened in (LG1)."""

import logging
import re
from typing import Any

import structlog

from andon.trail.edge import current_edge

EventDict = structlog.typing.EventDict


# PostgreSQL shows the row that it refuses: hashes, session ids, what somebody typed.
_DETAIL = re.compile(r"^(DETAIL|CONTEXT|QUERY): .*$", re.MULTILINE)


class RouteFilter(logging.Filter):
    """Puts the pattern of an address where Django would write the address.

    The address of a calendar, or of a new password, is a secret.
    """

    def filter(self, record: logging.LogRecord) -> bool:
        request = getattr(record, "request", None)
        path = getattr(request, "path", None)
        if path and isinstance(record.args, tuple):
            match = getattr(request, "resolver_match", None)
            route = match.route if match is not None else "(no route)"
            record.args = tuple(route if arg == path else arg for arg in record.args)
        return True


def configuration(*, level: str, access: bool = False) -> dict[str, Any]:
    """Return Django's LOGGING: from ``level`` on to standard output, control characters escaped.

    With ``access`` there is a line for each answered request as well.
    """
    return {
        "version": 1,
        "disable_existing_loggers": False,
        "formatters": {
            "line": {
                "()": structlog.stdlib.ProcessorFormatter,
                "processors": [
                    structlog.stdlib.add_log_level,
                    structlog.stdlib.add_logger_name,
                    structlog.processors.TimeStamper(fmt="iso", utc=True),
                    request_of,
                    access_of,
                    structlog.processors.format_exc_info,
                    without_rows,
                    structlog.stdlib.ProcessorFormatter.remove_processors_meta,
                    structlog.processors.JSONRenderer(),
                ],
            }
        },
        "filters": {"route": {"()": RouteFilter}},
        "handlers": {
            "out": {
                "class": "logging.StreamHandler",
                "stream": "ext://sys.stdout",
                "formatter": "line",
                "filters": ["route"],
            }
        },
        "root": {"handlers": ["out"], "level": "WARNING"},
        # Django's own way is mail to administrators, and silence where there is none.
        "loggers": {
            "django": {"handlers": [], "level": level, "propagate": True},
            "andon.access": {"level": "INFO" if access else "WARNING"},
        },
    }


def request_of(_logger: Any, _method: str, event: EventDict) -> EventDict:
    """Add the id of the request and of the person, never a name or what was sent."""
    request = getattr(event.get("_record"), "request", None)
    meta = getattr(request, "META", {})
    if request_id := current_edge().request_id or meta.get("andon.request_id"):
        event["request_id"] = request_id
    # The session is not asked: a line must not cost a query, or fail with the database.
    person = getattr(request, "_cached_user", None)
    if person is not None and person.pk is not None:
        event["user_id"] = person.pk
    return event


def access_of(_logger: Any, _method: str, event: EventDict) -> EventDict:
    """Add route, status and time of an answered request."""
    event.update(getattr(event.get("_record"), "access", {}))
    return event


def without_rows(_logger: Any, _method: str, event: EventDict) -> EventDict:
    """Leave out the rows that the database shows with an error."""
    if "exception" in event:
        event["exception"] = _DETAIL.sub(r"\1: (left out)", event["exception"])
    return event
