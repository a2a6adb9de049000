"""The components: words before colour, and nothing a person typed becomes markup."""

import re
from datetime import date
from types import SimpleNamespace

import pytest
from django.utils.html import escape

from andon.ui import charts
from andon.ui.badges import TONES
from andon.ui.tests.drawing import draw

HOSTILE = '<script>alert("x")</script>'


@pytest.mark.parametrize(
    "source",
    [
        '<c-card title="{{ text }}">{{ text }}</c-card>',
        '<c-card :title="text" />',
        '<c-empty title="{{ text }}" text="{{ text }}" clause="{{ text }}" />',
        '<c-state label="{{ text }}" tone="act" />',
        '<c-stat label="{{ text }}" :value="text" unit="{{ text }}" note="{{ text }}" />',
        '<c-breadcrumbs><c-crumb href="{{ text }}">{{ text }}</c-crumb></c-breadcrumbs>',
        '<c-term name="{{ text }}" />',
        '<c-diff :changes="changes" />',
        '<c-icon name="{{ text }}" />',
    ],
)
def test_SE3_what_a_person_typed_stays_text(source):
    drawn = draw(source, text=HOSTILE, changes=[(HOSTILE, HOSTILE, HOSTILE)])

    assert "<script>" not in drawn
    assert "&amp;lt;" not in drawn, "escaped twice"


def test_a_defined_word_carries_its_definition_without_javascript():
    drawn = draw('a <c-term name="nonconformity" />, and <c-term name="nonconformity">two</c-term>')

    ids = re.findall(r'role="tooltip" id="([^"]+)"', drawn)
    described = re.findall(r'aria-describedby="([^"]+)"', drawn)
    assert len(set(ids)) == 2
    assert described == ids
    assert "requirement" in drawn
    assert "</span>, and" in drawn, "no space before the comma"


def test_a_word_without_definition_is_only_a_word():
    assert draw('<c-term name="wombat" />').strip() == "wombat"


@pytest.mark.parametrize("tone", TONES)
def test_a_state_is_told_by_words_and_an_icon_before_its_colour(tone):
    drawn = draw('<c-state :state="state" />', state=SimpleNamespace(label="Waiting", tone=tone))

    assert "Waiting" in drawn
    assert "<svg" in drawn


def test_only_what_needs_a_person_is_red():
    assert [tone for tone, (css, _icon) in TONES.items() if "red" in css] == ["act"]


@pytest.mark.parametrize("value", [None, ""])
def test_a_number_that_is_missing_reads_no_data_and_not_zero(value):
    drawn = draw('<c-stat label="Scrap" :value="value" unit="%" />', value=value)

    assert "No data" in drawn
    assert "%" not in drawn


def test_a_number_that_is_zero_is_shown():
    drawn = draw('<c-stat label="Scrap" :value="value" unit="%" />', value=0)

    assert "No data" not in drawn
    assert re.search(r"\b0<span class=\"stat-unit\">%", drawn)


@pytest.mark.parametrize(
    ("due", "words"),
    [
        (date(2026, 5, 29), "3 days overdue"),
        (date(2026, 5, 31), "1 day overdue"),
        (date(2026, 6, 1), "due today"),
        (date(2026, 6, 3), "due in 2 days"),
    ],
)
def test_a_due_date_says_in_words_how_late_it_is(due, words):
    assert words in draw('<c-due :date="due" :day="day" />', due=due, day=date(2026, 6, 1))


def test_what_is_done_is_never_overdue():
    drawn = draw(
        '<c-due :date="due" :day="day" :done="done" />',
        due=date(2026, 5, 1),
        day=date(2026, 6, 1),
        done=True,
    )

    assert "overdue" not in drawn


def test_a_due_date_that_is_missing_is_said():
    assert "No due date" in draw('<c-due :date="due" />', due=None)


def test_an_empty_place_teaches_and_offers_the_first_step():
    drawn = draw(
        '<c-empty title="Nothing yet" text="Why." clause="8.7" href="/new/" action="Report one" />'
    )

    assert "clause 8.7" in drawn
    assert 'href="/new/"' in drawn


def test_a_chart_has_its_numbers_as_an_open_table_when_there_is_no_javascript():
    chart = charts.trend([1, None], labels=["Jan", HOSTILE], caption="Scrap", unit="%")

    drawn = draw('<c-chart id="scrap" title="Scrap" :chart="chart" />', chart=chart)

    assert re.search(r"<details[^>]* open>", drawn)
    assert "data-chart-canvas hidden" in drawn
    assert HOSTILE not in drawn
    assert escape(HOSTILE) in drawn


def test_pages_of_a_list_are_links():
    page = SimpleNamespace(previous="?before=7", next="", summary="1 to 25")

    drawn = draw('<c-keyset :page="page" />', page=page)

    assert 'href="?before=7"' in drawn
    assert 'rel="next"' not in drawn


def test_a_component_does_not_read_the_variables_of_the_page_around_it():
    drawn = draw(
        '<c-card>text</c-card><c-state label="Open" />', title="Leak", tone="act", state="Leak"
    )

    assert "Leak" not in drawn
    assert "bg-red-lt" not in drawn
