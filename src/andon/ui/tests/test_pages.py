"""The document around every page: policy, token, theme, and what needs no JavaScript."""

import json
import re

import pytest
from django.contrib import messages
from django.template.loader import render_to_string
from django.test import override_settings

from andon.ui.tests.drawing import draw, request


@pytest.fixture
def base():
    return render_to_string("ui/base.html", {}, request())


def test_SE3_htmx_evaluates_nothing_and_asks_no_other_host(base):
    config = json.loads(re.findall(r"name=\"htmx-config\"\s+content='([^']+)'", base)[0])

    assert config == {
        "allowEval": False,
        "selfRequestsOnly": True,
        "allowScriptTags": False,
        "includeIndicatorStyles": False,
        "historyCacheSize": 0,
    }


def test_SE4_htmx_sends_the_token_with_every_request(base):
    headers = json.loads(re.findall(r"<body hx-headers='([^']+)'", base)[0])

    assert len(headers["x-csrftoken"]) == 64


def test_every_script_is_a_file_of_ours_with_the_nonce_of_the_page():
    asked = request()
    asked.csp_nonce = "n0nce"

    drawn = render_to_string("ui/base.html", {}, asked)

    scripts = re.findall(r"<script[^>]*>", drawn)
    assert len(scripts) == 2
    assert all('src="/static/' in script and 'nonce="n0nce"' in script for script in scripts)


def test_a_page_has_one_main_part_that_the_first_link_leads_to(base):
    links = re.findall(r'href="([^"]*)"', base.split("<body")[1])

    assert links[0] == "#main"
    assert len(re.findall("<main", base)) == 1
    assert len(re.findall("<h1", base)) == 1


def test_a_theme_chosen_before_is_drawn_by_the_server():
    drawn = render_to_string("ui/base.html", {}, request(theme="dark"))

    assert re.search(r'<html[^>]* data-bs-theme="dark"', drawn)


def test_without_a_choice_the_system_decides(base):
    assert not re.search(r"<html[^>]*data-bs-theme", base)


@override_settings(DEMO=True)
def test_LG2_the_demo_says_on_every_page_that_it_is_one():
    for name in ("ui/base.html", "ui/plain.html"):
        assert "demonstration" in render_to_string(name, {}, request())


def test_menus_open_without_javascript(base):
    assert "<details" in base
    assert re.search(r'<a class="navbar-toggler" href="#navigation"', base)
    assert 'id="navigation"' in base


def test_messages_are_said_once_and_as_text():
    asked = request()
    messages.error(asked, "<b>Not saved</b>")

    drawn = render_to_string("ui/plain.html", {}, asked)

    assert "&lt;b&gt;Not saved&lt;/b&gt;" in drawn
    assert 'role="alert"' in drawn


def test_the_page_of_a_crash_needs_nothing():
    assert "Something went wrong" in render_to_string("500.html")


def test_a_query_keeps_what_it_does_not_change():
    drawn = draw('{% query before="7" q="" %}', path="/?q=old&state=open")

    assert drawn == "?state=open&amp;before=7"
