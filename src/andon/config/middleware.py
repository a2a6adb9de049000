"""The edge of every request: text no database can hold is refused, and the API speaks JSON."""

from collections.abc import Callable, Iterator
from http import HTTPStatus

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils.translation import gettext as _

from andon.accounts.middleware import API, problem

Next = Callable[[HttpRequest], HttpResponse]
FORMS = ("application/x-www-form-urlencoded", "multipart/form-data")


class PlainTextMiddleware:
    """Answers 400 when an address or a form holds a NUL, which PostgreSQL cannot store (TX1).

    The API takes no forms at all (AP2).
    """

    def __init__(self, get_response: Next) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        if request.path.startswith(API) and _is_form(request):
            return problem(HTTPStatus.UNSUPPORTED_MEDIA_TYPE, _("Send JSON as application/json."))
        if not any("\x00" in text for text in _texts(request)):
            return self.get_response(request)
        sentence = _("A character with the code 0 cannot be used. Remove it and send it again.")
        if request.path.startswith(API):
            return problem(HTTPStatus.BAD_REQUEST, sentence)
        return render(request, "400.html", {"sentence": sentence}, status=HTTPStatus.BAD_REQUEST)


def _is_form(request: HttpRequest) -> bool:
    """Whether a form was posted; one that is broken could not even be read."""
    return request.method == "POST" and request.content_type in FORMS


def _texts(request: HttpRequest) -> Iterator[str]:
    yield request.path
    sent = [request.GET]
    if _is_form(request):
        sent.append(request.POST)
    for fields in sent:
        for name, values in fields.lists():
            yield name
            yield from map(str, values)


class ApiProblemMiddleware:
    """Answers an unknown address or method of the API as problem JSON, too (AP2)."""

    STATUSES = (HTTPStatus.NOT_FOUND, HTTPStatus.METHOD_NOT_ALLOWED)

    def __init__(self, get_response: Next) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        response = self.get_response(request)
        told = response.get("Content-Type", "").startswith("application/")
        if told or response.status_code not in self.STATUSES or not request.path.startswith(API):
            return response
        answer = problem(
            HTTPStatus(response.status_code), _("The API has nothing at this address or method.")
        )
        if allowed := response.get("Allow"):
            answer["Allow"] = allowed
        return answer
