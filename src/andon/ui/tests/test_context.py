"""What stands around a page: only what its reader may use."""

import pytest
from django.contrib.auth.models import AnonymousUser
from django.http import HttpResponse
from django.urls import path

from andon.ui.context import navigation, page
from andon.ui.tests.drawing import Person, request


def nothing(_request):
    return HttpResponse()


urlpatterns = [
    path("", nothing, name="home"),
    path("ncs/", nothing, name="ncs"),
    path("ncs/paretos/", nothing, name="paretos"),
    path("setup/", nothing, name="setup"),
]
NAVIGATION = [
    {"label": "Home", "icon": "home", "items": [{"label": "Home", "route": "home"}]},
    {
        "label": "Work",
        "icon": "list",
        "items": [
            {"label": "Nonconformities", "route": "ncs", "permission": None},
            {"label": "Paretos", "route": "paretos"},
            {"label": "Not built", "route": "nowhere"},
        ],
    },
    {
        "label": "Setup",
        "icon": "settings",
        "items": [{"label": "Setup", "route": "setup", "permission": "organization.manage"}],
    },
]


@pytest.fixture(autouse=True)
def _routes(settings):
    settings.ROOT_URLCONF = __name__
    settings.NAVIGATION = NAVIGATION


def labels(groups):
    return {group.label: [item.label for item in group.items] for group in groups}


def test_places_that_one_may_not_use_or_that_no_module_serves_are_left_out():
    shown = labels(navigation(request()))

    assert shown == {"Home": ["Home"], "Work": ["Nonconformities", "Paretos"]}


def test_a_permission_opens_its_place():
    assert "Setup" in labels(navigation(request(by=Person("organization.manage"))))


def test_the_nearest_place_is_the_current_one():
    groups = navigation(request("/ncs/paretos/7/"))

    current = [item.label for group in groups for item in group.items if item.current]
    assert current == ["Paretos"]


def test_home_is_current_only_on_itself():
    assert not navigation(request("/elsewhere/"))[0].current


def test_someone_signed_out_has_no_navigation():
    assert navigation(request(by=AnonymousUser())) == []


def test_pages_are_drawn_when_no_navigation_is_configured(settings):
    del settings.NAVIGATION

    assert navigation(request()) == []


@pytest.mark.parametrize(("cookie", "theme"), [("dark", "dark"), ("light", "light"), ('">x', "")])
def test_a_theme_is_one_of_two_or_none(cookie, theme):
    assert page(request(theme=cookie))["theme"] == theme
