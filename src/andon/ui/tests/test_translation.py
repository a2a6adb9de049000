"""Every sentence of the interface goes through the translators."""

from datetime import date
from types import SimpleNamespace

import pytest
from django import forms
from django.template.loader import render_to_string
from django.utils.translation import gettext as _

from andon.ui import charts
from andon.ui.tests.drawing import draw, request
from andon.ui.tests.pseudo import pseudo, untranslated

__all__ = ["pseudo"]

NAMES = ("Andon", "Andon · Andon", "Ann Example", "SVG", "PNG", "CSV")
COMPONENTS = """
<c-stat label="N1" :value="none" target="T" source="S" />
<c-due :date="late" :day="day" /><c-due :date="none" />
<c-empty title="N1" clause="8.7" href="/" action="N1" />
<c-diff :changes="changes" />
<c-keyset :page="page" />
<c-breadcrumbs><c-crumb>N1</c-crumb></c-breadcrumbs>
<c-chart :chart="chart" />
"""


@pytest.mark.usefixtures("pseudo")
def test_the_page_around_everything_is_translated(settings):
    settings.DEMO = True

    drawn = render_to_string("ui/base.html", {}, request())

    assert "⟦Skip to content⟧" in drawn
    assert untranslated(drawn, data=NAMES) == []


@pytest.mark.usefixtures("pseudo")
@pytest.mark.parametrize("name", ["400", "403", "404", "409", "500"])
def test_error_pages_are_translated(name):
    drawn = render_to_string(f"{name}.html", {}, request())

    assert untranslated(drawn, data=NAMES) == []


@pytest.mark.usefixtures("pseudo")
def test_components_are_translated():
    drawn = draw(
        COMPONENTS,
        none=None,
        late=date(2026, 1, 1),
        day=date(2026, 1, 3),
        changes=[("N1", None, "N1")],
        page=SimpleNamespace(previous="?a", next="?b", summary=""),
        chart=charts.control_chart([1], labels=["N1"], center=1, lcl=0, ucl=2, caption="N1"),
    )

    assert "⟦2 days overdue⟧" in drawn
    assert untranslated(drawn, data=(*NAMES, "N1", "T")) == []


@pytest.mark.usefixtures("pseudo")
def test_the_summary_of_errors_counts_in_the_language_of_the_reader():
    class Report(forms.Form):
        title = forms.CharField(label="N1")

    drawn = render_to_string("ui/form_errors.html", {"form": Report({})})

    assert "⟦1 thing must be put right⟧" in " ".join(drawn.split())


def test_the_bracketed_language_ends_with_its_test():
    assert _("Skip to content") == "Skip to content"
