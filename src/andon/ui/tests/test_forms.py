"""Forms: every control has a name, its help and its errors, and keeps what was typed."""

import re

import pytest
from django import forms
from django.template.loader import render_to_string
from django.test import override_settings

from andon.ui.tests.drawing import draw, request

HOSTILE = '"><script>alert(1)</script>'


class Report(forms.Form):
    title = forms.CharField(help_text="In a few words.")
    what = forms.CharField(widget=forms.Textarea, required=False)
    kind = forms.ChoiceField(choices=[("a", "Product"), ("b", "Process")])
    line = forms.ChoiceField(
        choices=[("a", "Line A"), ("b", "Line B")], widget=forms.RadioSelect, help_text="Where."
    )
    urgent = forms.BooleanField()
    version = forms.IntegerField(widget=forms.HiddenInput)

    def clean(self):
        raise forms.ValidationError("These two do not go together.")


def fields(form, *names):
    listed = " ".join(f'"{name}"' for name in names)
    return draw(f"{{% form_fields form {listed} %}}", form=form)


def test_every_control_has_a_label_or_a_legend():
    drawn = fields(Report())

    labelled = set(re.findall(r'<label[^>]* for="([^"]+)"', drawn))
    controls = re.findall(r'<(?:input(?![^>]*hidden)|select|textarea)[^>]* id="([^"]+)"', drawn)
    assert set(controls) <= labelled
    assert "<legend" in drawn


def test_help_and_errors_are_tied_to_their_control():
    drawn = fields(Report({}), "title")

    assert 'aria-describedby="id_title_notes"' in drawn
    assert 'aria-invalid="true"' in drawn
    notes = drawn.split('id="id_title_notes"')[1]
    assert "This field is required." in notes
    assert "In a few words." in notes


def test_what_was_typed_stays_and_stays_text():
    drawn = fields(Report({"title": HOSTILE, "kind": "b", "line": "b"}))

    assert "<script>" not in drawn
    assert "&lt;script&gt;" in drawn
    assert re.search(r'<option value="b" selected', drawn)
    assert re.search(r'type="radio"[^>]*value="b"\s+checked', drawn)


def test_the_summary_links_every_error_to_its_field():
    form = Report({})

    drawn = render_to_string("ui/form_errors.html", {"form": form})

    targets = re.findall(r'href="#([^"]+)"', drawn)
    page = fields(form)
    assert len(targets) == 4
    assert all(f'id="{target}"' in page for target in targets)
    assert "These two do not go together." in drawn


def test_an_error_of_a_hidden_field_is_said_without_a_dead_link():
    drawn = render_to_string("ui/form_errors.html", {"form": Report({})})

    assert "#id_version" not in drawn


def test_a_form_without_errors_has_no_summary():
    assert "alert" not in render_to_string("ui/form_errors.html", {"form": Report()})


def test_named_fields_come_alone_and_in_their_order():
    drawn = fields(Report(), "kind", "title")

    assert drawn.index("id_kind") < drawn.index("id_title")
    assert "id_urgent" not in drawn


def test_hidden_fields_are_sent_along():
    assert 'type="hidden"' in fields(Report())


@override_settings(ROOT_URLCONF="andon.ui.tests.test_context")
@pytest.mark.parametrize("multipart", [True, False])
def test_a_form_page_sends_files_only_when_it_has_some(multipart):
    class Photo(forms.Form):
        photo = forms.FileField() if multipart else forms.CharField()

    drawn = render_to_string("ui/form.html", {"form": Photo()}, request())

    assert ("multipart/form-data" in drawn) is multipart
    assert "csrfmiddlewaretoken" in drawn
