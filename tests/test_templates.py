"""What every template keeps: it compiles, asks no other host, and the policy lets it work."""

import re
from pathlib import Path

import pytest
from django.template.loader import get_template

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


@texts
def test_an_icon_is_in_the_sprite(text):
    known = {*ICONS.read_text(encoding="utf-8").split(), "brand"}
    named = re.findall(r"""{%\s*icon\s+["']([^"']+)|<c-icon\s+name="([a-z0-9-]+)\"""", text)

    assert {first or second for first, second in named} <= known
