"""The interface in a real browser, under the real content policy, without a database."""

import os
import shutil
import threading
from datetime import date
from socketserver import ThreadingMixIn
from types import SimpleNamespace
from wsgiref.simple_server import WSGIRequestHandler, WSGIServer, make_server

import pytest
from axe_playwright_python.sync_playwright import Axe
from django import forms
from django.core.handlers.wsgi import WSGIHandler
from django.http import HttpResponse
from django.template import RequestContext, Template
from django.test import override_settings
from django.urls import path
from django_cotton.compiler_regex import CottonCompiler
from playwright.sync_api import sync_playwright

from andon.ui import charts
from andon.ui.tests.drawing import Person

CHROMIUM = os.environ.get("CHROMIUM") or shutil.which("chromium")
pytestmark = [
    pytest.mark.browser,
    pytest.mark.skipif(not CHROMIUM, reason="no Chromium on this machine"),
]

PAGE = """
{% extends "ui/base.html" %}
{% block heading %}Scrap on line 1{% endblock %}
{% block actions %}<a class="btn btn-primary" href="/form/">Report</a>{% endblock %}
{% block content %}
  <h2>Numbers</h2>
  <c-stat label="Scrap" :value="6.2" unit="%" target="5 %" tone="act" tone_label="Off target" />
  <c-state label="A" tone="info" /><c-state label="B" tone="wait" /><c-state label="C" />
  <c-state label="D" tone="good" /><c-due :date="late" :day="day" />
  <p>A <c-term name="nonconformity" />.</p>
  <c-diff :changes="changes" /><c-keyset :page="page" />
  <c-card><c-chart id="scrap" title="Scrap" :chart="control" /></c-card>
  <c-card><c-chart id="causes" title="Causes" :chart="pareto" /></c-card>
  <c-empty title="Nothing yet" text="Why." clause="10.2" href="/" action="Start" level="3" />
{% endblock %}
"""


class Report(forms.Form):
    title = forms.CharField(help_text="In a few words.")
    line = forms.ChoiceField(choices=[("a", "A"), ("b", "B")], widget=forms.RadioSelect)
    photo = forms.FileField(required=False)
    urgent = forms.BooleanField()


def numbers(request):
    weeks = [f"W{week}" for week in range(30)]
    points = [None if week == 7 else 6 + week % 3 for week in range(30)]
    context = {
        "control": charts.control_chart(
            points,
            labels=weeks,
            center=7,
            lcl=5,
            ucl=9,
            caption="Scrap by week",
            unit="%",
            signals={12: ["Week 12 stands out."]},
            notes={20: "New tool."},
            stages=[charts.Stage(15, "After the change")],
            target=5,
        ),
        "pareto": charts.pareto_chart(["Burr", "Crack"], [60, 40], caption="Scrap by cause"),
        "late": date(2026, 1, 1),
        "day": date(2026, 1, 5),
        "changes": [("title", "old", "new")],
        "page": SimpleNamespace(previous="?before=1", next="?after=2", summary="26 to 50"),
    }
    template = Template(CottonCompiler().process(PAGE))
    return HttpResponse(template.render(RequestContext(request, context)))


def report(request):
    source = '{% extends "ui/form.html" %}{% block heading %}Report{% endblock %}'
    form = Report(request.POST or None, request.FILES or None)
    return HttpResponse(Template(source).render(RequestContext(request, {"form": form})))


urlpatterns = [path("", numbers, name="home"), path("form/", report, name="form")]


def signed_in(get_response):
    def middleware(request):
        request.user = Person()
        return get_response(request)

    return middleware


class Server(ThreadingMixIn, WSGIServer):
    daemon_threads = True


class Silent(WSGIRequestHandler):
    def log_message(self, *_arguments):
        """Say nothing."""


@pytest.fixture(scope="module")
def address():
    wanted = override_settings(
        ROOT_URLCONF=__name__,
        ALLOWED_HOSTS=["127.0.0.1"],
        SESSION_ENGINE="django.contrib.sessions.backends.signed_cookies",
        NAVIGATION=[
            {"label": "Home", "icon": "home", "items": [{"label": "Home", "route": "home"}]},
            {
                "label": "Work",
                "icon": "list",
                "items": [{"label": "Report", "route": "form"}, {"label": "2", "route": "home"}],
            },
        ],
        MIDDLEWARE=[
            "whitenoise.middleware.WhiteNoiseMiddleware",
            "csp.middleware.CSPMiddleware",
            "django.contrib.sessions.middleware.SessionMiddleware",
            "django.middleware.csrf.CsrfViewMiddleware",
            "django.contrib.messages.middleware.MessageMiddleware",
            f"{__name__}.signed_in",
        ],
    )
    with wanted:
        application = WSGIHandler()
        server = make_server("127.0.0.1", 0, application, Server, Silent)
        threading.Thread(target=server.serve_forever, daemon=True).start()
        yield f"http://127.0.0.1:{server.server_port}"
        server.shutdown()
        server.server_close()


@pytest.fixture(scope="module")
def chromium():
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(
            executable_path=CHROMIUM, args=["--no-sandbox", "--headless=new"]
        )
        yield browser
        browser.close()


@pytest.fixture
def visit(chromium, address):
    """Open a page; afterwards nothing was complained of, and nobody else was asked."""
    opened, said, asked = [], [], []

    def open_page(where, *, width=1280, scheme="light", js=True):
        context = chromium.new_context(
            viewport={"width": width, "height": 800}, color_scheme=scheme, java_script_enabled=js
        )
        page = context.new_page()
        page.on("console", lambda message: said.append(message.text))
        page.on("pageerror", lambda error: said.append(str(error)))
        page.on("request", lambda request: asked.append(request.url))
        page.goto(address + where, wait_until="networkidle")
        opened.append(context)
        return page

    yield open_page
    for context in opened:
        context.close()
    assert said == []
    assert [url for url in asked if not url.startswith((address, "data:", "blob:"))] == []


def violations(page):
    found = Axe().run(page).response["violations"]
    return [(each["id"], [node["html"] for node in each["nodes"]]) for each in found]


@pytest.mark.parametrize("scheme", ["light", "dark"])
@pytest.mark.parametrize("width", [360, 1280])
def test_no_page_is_closed_to_anyone_or_wider_than_its_window(visit, width, scheme):
    numbers = visit("/", width=width, scheme=scheme)
    form = visit("/form/", width=width, scheme=scheme)
    form.locator("main button[type=submit]").click()
    form.wait_for_selector("#errors")

    for page in (numbers, form):
        assert violations(page) == []
        assert page.evaluate("document.documentElement.scrollWidth") <= width


def test_SE3_charts_are_drawn_under_the_policy_and_their_table_steps_back(visit):
    page = visit("/")

    page.locator("#causes").scroll_into_view_if_needed()
    page.wait_for_selector("#causes svg path", state="attached")

    assert page.locator("#scrap svg path").count() > 10
    assert not page.locator("#scrap [data-chart-table]").evaluate("each => each.open")
    assert page.locator("#scrap [role=img]").get_attribute("aria-label") == (
        "Scrap by week. 1 point signals."
    )


def test_pointing_at_a_point_says_what_it_is(visit):
    page = visit("/")
    page.wait_for_selector("#scrap svg path", state="attached")
    page.locator("#scrap [data-chart-canvas]").scroll_into_view_if_needed()
    box = page.locator("#scrap [data-chart-canvas]").bounding_box()

    for step in range(35, 60):
        page.mouse.move(box["x"] + box["width"] * step / 100, box["y"] + box["height"] / 2)
        if "Week 12 stands out." in page.locator("#scrap [data-chart-canvas] svg").text_content():
            return
    pytest.fail("No point said its sentence.")


@pytest.mark.parametrize("kind", ["svg", "png", "csv"])
def test_a_chart_can_be_taken_away(visit, kind, tmp_path):
    page = visit("/")
    page.wait_for_selector("#scrap svg path", state="attached")

    with page.expect_download() as download:
        page.locator(f"#scrap [data-download={kind}]").click()

    file = tmp_path / download.value.suggested_filename
    download.value.save_as(file)
    assert file.name == f"scrap.{kind}"
    starts = {"svg": b"<svg", "png": b"\x89PNG", "csv": b'\xef\xbb\xbf"Period"'}
    assert file.read_bytes().startswith(starts[kind])


def test_light_and_dark_can_be_chosen_and_are_kept(visit):
    page = visit("/", scheme="light")
    page.locator("[data-theme-switch]").click()

    page.reload()

    assert page.locator("html").get_attribute("data-bs-theme") == "dark"
    assert page.evaluate("getComputedStyle(document.body).colorScheme") == "dark"


def test_a_definition_shows_on_focus_and_hides_on_escape(visit):
    page = visit("/")
    page.locator(".term-word").focus()
    assert page.locator(".term-text").is_visible()

    page.keyboard.press("Escape")

    assert not page.locator(".term-text").is_visible()


def test_the_keyboard_reaches_the_content_first(visit):
    page = visit("/")
    page.keyboard.press("Tab")
    page.keyboard.press("Enter")

    assert page.evaluate("document.activeElement.id") == "main"


def test_a_phone_opens_its_menu_with_and_without_javascript(visit):
    for js in (True, False):
        page = visit("/", width=360, js=js)
        assert not page.locator("#navigation").is_visible()

        page.locator(".navbar-toggler").click()

        assert page.locator("#navigation").is_visible()


def test_without_javascript_numbers_menus_and_errors_are_there(visit):
    page = visit("/", js=False, scheme="dark")
    assert page.locator("#scrap table").is_visible()
    page.locator(".user-menu summary").click()
    assert page.locator(".user-menu .dropdown-menu").is_visible()

    form = visit("/form/", js=False)
    form.locator("main button[type=submit]").click()

    assert "things must be put right" in form.locator("#errors").inner_text()


def test_a_form_with_errors_leads_the_reader_to_them(visit):
    page = visit("/form/")
    page.locator("#id_title").fill("Burr")
    page.locator("main button[type=submit]").click()
    page.wait_for_selector("#errors")

    assert page.evaluate("document.activeElement.id") == "errors"
    assert page.locator("#id_title").input_value() == "Burr"
