"""Every file that leaves tells who took what, by which filter, and how many rows (EX2)."""

from collections.abc import Callable
from http import HTTPStatus

from django.http import HttpRequest, HttpResponse, QueryDict

from andon.trail.security import tell

Next = Callable[[HttpRequest], HttpResponse]
# The words of a search may name a person; that there was a search is enough for the trail (RT2).
FREE_WORDS = frozenset({"q", "person"})
LONGEST_FILTER = 1_000
ENDINGS = {
    "text/csv": "csv",
    "application/pdf": "pdf",
    "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet": "xlsx",
}


class ExportMiddleware:
    """Seals "exported" into the security stream before the first byte leaves.

    An export is an answer to be saved, whatever view made it: a new one needs to say nothing. A
    view that knows how many rows leave says it by `counted`. Files that were stored by somebody
    are no exports. If it cannot be told, it does not leave.
    """

    def __init__(self, get_response: Next) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        answer = self.get_response(request)
        if _leaves(request, answer):
            _tell(request, answer)
        return answer


def counted(request: HttpRequest, rows: int) -> None:
    """Say how many rows leave with the answer to ``request``."""
    request.rows_exported = rows  # type: ignore[attr-defined]  # read below


def told_already(request: HttpRequest) -> None:
    """Say that the service behind the view told of it, with more than is known here."""
    request.export_is_told = True  # type: ignore[attr-defined]  # read below


def _leaves(request: HttpRequest, answer: HttpResponse) -> bool:
    return (
        answer.status_code == HTTPStatus.OK
        and request.method != "HEAD"
        and answer.get("Content-Disposition", "").startswith("attachment")
        and not getattr(answer, "is_stored_file", False)
        and not getattr(request, "export_is_told", False)
        and request.user.is_authenticated
    )


def _tell(request: HttpRequest, answer: HttpResponse) -> None:
    match = request.resolver_match
    media_type = answer["Content-Type"].partition(";")[0]
    detail = {
        "route": match.view_name if match else request.path,
        "form": ENDINGS.get(media_type, media_type),
        "filter": _without_words(request.GET),
        "rows": getattr(request, "rows_exported", 1),
    }
    which = match.kwargs if match else {}
    tell(
        "exported",
        by=request.user,
        number=str(which.get("number", "")),
        object_id=str(which.get("pk", "")),
        detail=detail,
    )


def _without_words(query: QueryDict) -> str:
    kept = query.copy()
    for name in FREE_WORDS & kept.keys():
        if kept[name]:
            kept[name] = "…"
    return kept.urlencode(safe="…")[:LONGEST_FILTER]
