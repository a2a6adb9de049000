"""What every template keeps: it compiles, asks no other host, and the policy lets it work."""

import re
from pathlib import Path

import pytest
from django.conf import settings
from django.template.loader import get_template

from andon.ui.badges import TONES

SOURCES = Path(__file__).resolve().parent.parent / "src" / "andon"
ICONS = SOURCES.parent.parent / "frontend" / "icons.txt"
TEMPLATES = sorted(SOURCES.rglob("templates/**/*.html"))
NAMES = [str(path).split("/templates/", 1)[1] for path in TEMPLATES]
COMMENTS = re.compile(r"{%\s*comment.*?endcomment\s*%}|{#.*?#}|<!--.*?-->", re.DOTALL)

texts = pytest.mark.parametrize(
    "text",
    [COMMENTS.sub("", path.read_text(encoding="utf-8")) for path in TEMPLATES],
    ids=NAMES,
)


@pytest.mark.parametrize("name", NAMES)
def test_a_template_compiles(name):
    get_template(name)


@texts
def test_no_page_asks_another_host(text):
    assert not re.findall(r"""(?:src|href|action|srcset|poster)=["'](?:https?:)?//""", text)
    assert not re.findall(r"url\(", text)


@texts
def test_SE3_nothing_runs_or_is_styled_inside_the_markup(text):
    assert not re.findall(r"<style|\sstyle=|\son[a-z]+=|javascript:|hx-on", text)
    assert not re.findall(r"<script(?![^>]*(?:\bsrc=|application/json))", text)


@texts
def test_SE4_a_form_that_sends_carries_its_token(text):
    for form in re.findall(r"<form\b.*?</form>", text, re.DOTALL):
        if re.search(r"""method=["']post""", form):
            assert "csrf_token" in form


def sprite():
    return {*ICONS.read_text(encoding="utf-8").split(), "brand"}


def test_the_icons_of_places_and_states_are_in_the_sprite():
    places = {group["icon"] for group in settings.NAVIGATION}

    assert places | {icon for _css, icon in TONES.values()} <= sprite()


@texts
def test_an_icon_is_in_the_sprite(text):
    named = re.findall(r"""{%\s*icon\s+["']([^"']+)|<c-icon\s+name="([a-z0-9-]+)\"""", text)

    assert {first or second for first, second in named} <= sprite()
