"""When the database or the disk gives out: a page that says what is wrong and what to do."""

import errno
import logging
import sqlite3
from collections.abc import Callable, Iterator
from http import HTTPStatus

from django.db import DatabaseError, OperationalError
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils.translation import gettext as _

from andon.accounts.middleware import API, problem

Next = Callable[[HttpRequest], HttpResponse]

FULL = {"53100"}
FULL_DISK = {errno.ENOSPC, errno.EDQUOT, errno.EFBIG}
# Too many connections, shutting down, starting up, cannot connect.
AWAY = {"53300", "57P01", "57P02", "57P03", "08000", "08001", "08003", "08004", "08006"}

log = logging.getLogger("andon.trouble")


class TroubleMiddleware:
    """Answers 507 for a full disk and 503 for a database that does not answer, in a sentence."""

    def __init__(self, get_response: Next) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        return self.get_response(request)

    def process_exception(self, request: HttpRequest, error: Exception) -> HttpResponse | None:
        """Return the page, or nothing when it is another kind of error."""
        if is_full(error):
            return _answer(request, error, HTTPStatus.INSUFFICIENT_STORAGE, _(
                "The disk has no room left. Nothing of what you sent was kept, and what is here"
                " can still be read. Tell your administrator to make room, then send it again."
            ))  # fmt: skip
        if is_away(error):
            return _answer(request, error, HTTPStatus.SERVICE_UNAVAILABLE, _(
                "The database does not answer right now. Nothing of what you sent was kept."
                " Try again in a minute; if it stays so, tell your administrator."
            ))  # fmt: skip
        return None


def is_full(error: BaseException) -> bool:
    """Whether the disk, or the room that was given to the database, is used up."""
    return any(
        (isinstance(cause, OSError) and cause.errno in FULL_DISK)
        or (isinstance(cause, sqlite3.Error) and _code(cause) == sqlite3.SQLITE_FULL)
        or getattr(cause, "sqlstate", None) in FULL
        for cause in causes(error)
    )


def is_away(error: BaseException) -> bool:
    """Whether the database cannot be reached, or is too busy to take a write."""
    if not isinstance(error, DatabaseError):
        return False
    return any(
        (isinstance(cause, sqlite3.Error) and _code(cause) == sqlite3.SQLITE_BUSY)
        or getattr(cause, "sqlstate", "") in AWAY
        or (isinstance(error, OperationalError) and getattr(cause, "sqlstate", "") is None)
        for cause in causes(error)
    )


def causes(error: BaseException | None) -> Iterator[BaseException]:
    """Yield the error and what it came from."""
    while error is not None:
        yield error
        error = error.__cause__


def _code(error: sqlite3.Error) -> int:
    return getattr(error, "sqlite_errorcode", 0) & 0xFF


def _answer(
    request: HttpRequest, error: Exception, status: HTTPStatus, sentence: str
) -> HttpResponse:
    log.error("%s", status.phrase, exc_info=error, extra={"request": request})
    if request.path.startswith(API):
        return problem(status, sentence)
    return render(None, "trouble.html", {"sentence": sentence}, status=status)
