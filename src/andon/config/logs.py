"""One line of JSON for each thing that happens, with the request it happened in (LG1)."""

from typing import Any

import structlog

from andon.trail.edge import current_edge

EventDict = structlog.typing.EventDict


def configuration(*, level: str) -> dict[str, Any]:
    """Return Django's LOGGING: from ``level`` on to standard output, control characters escaped."""
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
                    structlog.processors.format_exc_info,
                    structlog.stdlib.ProcessorFormatter.remove_processors_meta,
                    structlog.processors.JSONRenderer(),
                ],
            }
        },
        "handlers": {
            "out": {
                "class": "logging.StreamHandler",
                "stream": "ext://sys.stdout",
                "formatter": "line",
            }
        },
        "root": {"handlers": ["out"], "level": "WARNING"},
        # Django's own way is mail to administrators, and silence where there is none.
        "loggers": {"django": {"handlers": [], "level": level, "propagate": True}},
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
