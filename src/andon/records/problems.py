"""What every route of the API answers when it refuses: problem JSON (AP2)."""

from collections.abc import Callable
from typing import Any

from django.core.exceptions import PermissionDenied, RequestDataTooBig, ValidationError
from django.http import Http404, HttpRequest, HttpResponse
from ninja import NinjaAPI
from ninja.errors import AuthenticationError, HttpError
from ninja.errors import ValidationError as InputError

from .changing import sentences
from .workflow import Refused, Stale

UNFIT = "Some values are not acceptable."
Problem = tuple[int, str, dict[str, Any]]


def _stale(error: Stale) -> Problem:
    both = [{"field": f, "sent": sent, "stored": stored} for f, sent, stored in error.differences]
    return 409, str(error), {"differences": both, "version": error.record.version}


def _refusal(error: Refused) -> Problem:
    missing = [{"text": str(item), "fix": item.fix} for item in error.items]
    return 409, str(error), {"missing": missing}


def _unfit(error: ValidationError) -> Problem:
    return 422, UNFIT, {"errors": list(sentences(error))}


def _malformed(error: InputError) -> Problem:
    errors = [{"where": ".".join(map(str, e["loc"])), "text": e["msg"]} for e in error.errors]
    unknown = any(e["type"] == "extra_forbidden" for e in error.errors)
    return 400 if unknown else 422, UNFIT, {"errors": errors}


# What each error is as a problem: status, sentence, details.
_PROBLEMS: dict[type[Exception], Callable[[Any], Problem]] = {
    Stale: _stale,
    Refused: _refusal,
    ValidationError: _unfit,
    InputError: _malformed,
    PermissionDenied: lambda error: (403, str(error) or "Your roles do not allow this.", {}),
    AuthenticationError: lambda _error: (401, "Sign in first.", {}),
    Http404: lambda _error: (404, "There is nothing here that you may see.", {}),
    RequestDataTooBig: lambda _error: (413, "The body is larger than 1 MB; send it in parts.", {}),
    HttpError: lambda error: (error.status_code, str(error), {}),
}


def answer_problems(api: NinjaAPI) -> None:
    """Answer every refusal of ``api`` as problem JSON with a sentence that says what to do."""
    for kind, tell in _PROBLEMS.items():
        api.add_exception_handler(kind, _answering(api, tell))


def _answering(
    api: NinjaAPI, tell: Callable[[Any], Problem]
) -> Callable[[HttpRequest, Any], HttpResponse]:
    def answer(request: HttpRequest, error: Any) -> HttpResponse:
        status, title, details = tell(error)
        body = {"type": "about:blank", "title": title, "status": status, **details}
        response = api.create_response(request, body, status=status)
        response["Content-Type"] = "application/problem+json"
        return response

    return answer
