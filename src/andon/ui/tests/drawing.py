"""Drawing a piece of template the way a page does."""

from typing import Any, cast

from django.contrib.messages.storage.fallback import FallbackStorage
from django.http import HttpRequest
from django.template import RequestContext, Template
from django.test import RequestFactory
from django_cotton.compiler_regex import CottonCompiler


class Person:
    """Someone signed in who may do what is listed."""

    is_authenticated = True
    is_active = True
    display_name = "Ann Example"

    def __init__(self, *may: str) -> None:
        self._may = set(may)

    def may(self, permission: str) -> bool:
        return permission in self._may

    def get_username(self) -> str:
        return "ann"


def request(path: str = "/", *, by: Any = None, **cookies: str) -> HttpRequest:
    """Return a request as the middleware leaves it."""
    made: Any = RequestFactory().get(path)
    made.COOKIES.update(cookies)
    made.user = by or Person()
    made.session = {}
    made._messages = FallbackStorage(made)
    return cast("HttpRequest", made)


def draw(source: str, *, by: Any = None, path: str = "/", **context: Any) -> str:
    """Return ``source``, components and all, drawn for ``by``."""
    template = Template(CottonCompiler().process(source))
    return template.render(RequestContext(request(path, by=by), context))
