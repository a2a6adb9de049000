"""What every page shows around its content: navigation, theme, version.

``NAVIGATION`` in the settings is a list of groups
``{"label", "icon", "items": [{"label", "route", "permission"}]}``; an item without permission is
for everyone who may sign in, and a group of which nothing may be seen is left out.
"""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from functools import lru_cache
from typing import Any, Protocol

from django.conf import settings
from django.http import HttpRequest
from django.urls import NoReverseMatch, get_script_prefix, get_urlconf, reverse
from django.utils.functional import SimpleLazyObject

from andon import __version__

THEMES = ("light", "dark")


class Reader(Protocol):
    """Whoever looks at the page, signed in or not."""

    is_authenticated: bool


@dataclass(frozen=True, slots=True)
class Item:
    """One place to go."""

    label: str
    url: str
    current: bool


@dataclass(frozen=True, slots=True)
class Group:
    """Places that belong together; ``current`` when the page is one of them."""

    label: str
    icon: str
    items: tuple[Item, ...]

    @property
    def current(self) -> bool:
        return any(item.current for item in self.items)


def page(request: HttpRequest) -> dict[str, Any]:
    """Return the context of ``ui/base.html``; the navigation is worked out only when drawn."""
    theme = request.COOKIES.get("theme", "")
    return {
        "csp_nonce": getattr(request, "csp_nonce", ""),
        "demo": bool(getattr(settings, "DEMO", False)),
        "navigation": SimpleLazyObject(lambda: navigation(request)),
        "record_tools": getattr(settings, "RECORD_TOOLS", ()),
        "reader_name": SimpleLazyObject(lambda: _name(request)),
        "theme": theme if theme in THEMES else "",
        "version": __version__,
    }


def _name(request: HttpRequest) -> str:
    """Return the name of the reader as people know them."""
    user = getattr(request, "user", None)
    if user is None or not user.is_authenticated:
        return ""
    return str(getattr(user, "display_name", "") or user.get_username())


def navigation(request: HttpRequest) -> list[Group]:
    """Return the groups and items that the reader of ``request`` may use."""
    user = getattr(request, "user", None)
    if user is None or not user.is_authenticated:
        return []
    current = _current(_urls(), request.path)
    groups = (_group(group, user, current) for group in _configured())
    return [group for group in groups if group.items]


def _configured() -> Iterable[Mapping[str, Any]]:
    return getattr(settings, "NAVIGATION", ())


def _group(group: Mapping[str, Any], user: Reader, current: str) -> Group:
    items = (
        Item(item["label"], url, current=url == current)
        for item in group["items"]
        if (url := _url(item["route"])) and _may(user, item.get("permission"))
    )
    return Group(group["label"], group.get("icon", "point"), tuple(items))


def _may(user: Reader, permission: str | None) -> bool:
    if not permission:
        return True
    may = getattr(user, "may", None)
    return bool(may and may(permission))


def _urls() -> list[str]:
    return [_url(item["route"]) for group in _configured() for item in group["items"]]


def _url(route: str) -> str:
    """Return where ``route`` leads, or nothing while no module serves it."""
    return _reversed(route, get_urlconf() or settings.ROOT_URLCONF, get_script_prefix())


@lru_cache(maxsize=256)
def _reversed(route: str, urlconf: str, prefix: str) -> str:  # noqa: ARG001 (prefix: of the key)
    try:
        return reverse(route, urlconf=urlconf)
    except NoReverseMatch:
        return ""


def _current(urls: Iterable[str], path: str) -> str:
    """Return the longest of ``urls`` that ``path`` lies under; the home page only for itself."""
    under = (url for url in urls if url and (url == path or (url != "/" and path.startswith(url))))
    return max(under, key=len, default="")
