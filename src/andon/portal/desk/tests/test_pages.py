"""The pages of the import desk: everything works without JavaScript."""

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.urls import reverse

from andon.accounts.roles import Role
from andon.accounts.testing import SiteFactory, a_person
from andon.modules.nonconformities.models import Nonconformity
from andon.organization.testing import ItemFactory
from andon.portal.desk.models import Intake, Source, Step
from andon.portal.desk.tests.conftest import LOG


def filled(form):
    """Return what a browser sends of a form that nobody touched."""
    values = {name: form[name].value() for name in form.fields}
    return {name: value for name, value in values.items() if value not in (None, False)}


def go_on(page, intake):
    """Press the button until nothing is left to do."""
    while Intake.objects.get(pk=intake.pk).is_working:
        page.post(at(intake, "step"))


MESSY = LOG.replace("2025-03-05", "some day").replace("Major", "Majr")


@pytest.fixture
def page(client, ana):
    client.force_login(ana)
    return client


def at(intake, name="intake"):
    return reverse(f"desk:{name}", args=[intake.pk])


def test_a_file_goes_all_the_way_by_posting_forms(page, site):
    ItemFactory.create(number="23-4410")
    sent = {
        "target": "nonconformities",
        "site": site.pk,
        "file": SimpleUploadedFile("log.csv", LOG.encode()),
    }
    answer = page.post(reverse("desk:new"), sent)
    intake = Intake.objects.get()
    assert answer["Location"] == intake.get_absolute_url()

    go_on(page, intake)
    shown = page.get(at(intake))
    form = shown.context["mapping_form"]
    page.post(at(intake, "mapping"), filled(form))
    go_on(page, intake)
    assert "No row is in the way" in page.get(at(intake)).content.decode()
    page.post(at(intake, "confirm"))
    go_on(page, intake)

    assert "2 rows came in" in page.get(at(intake)).content.decode()
    assert Nonconformity.objects.count() == 2


def test_the_grid_shows_the_error_beside_its_cell_and_keeps_what_is_typed(page, checked):
    ItemFactory.create(number="23-4410")
    intake = checked(MESSY)
    shown = page.get(at(intake)).content.decode()
    assert "“some day” is no day" in shown
    assert 'aria-describedby="c1_1_e"' in shown

    answer = page.post(
        at(intake, "rows"), {"c1_1": "5 March 2025", "act": "save", "show": "trouble"}
    )

    assert answer["Location"] == at(intake) + "?show=trouble#rows"
    assert list(intake.rows.in_the_way().values_list("number", flat=True)) == [3]


def test_a_misspelt_word_is_asked_for_with_the_closest_one_filled_in(page, checked):
    ItemFactory.create(number="23-4410")
    intake = checked(MESSY)
    form = page.get(at(intake)).context["words_form"]
    (name,) = form.fields
    assert form[name].value() == "major"

    page.post(at(intake, "words"), {name: "major"})
    go_on(page, intake)

    intake.refresh_from_db()
    assert intake.step == Step.LOOK
    assert intake.mapping["values"] == {"severity": {"majr": "major"}}


def test_unknown_items_are_made_all_at_once_when_ticked(page, checked):
    intake = checked()

    page.post(at(intake, "words"), {"all_new": "item"})
    go_on(page, intake)

    assert not intake.rows.in_the_way().exists()


def test_rows_in_the_way_are_downloaded_with_what_is_wrong_and_no_formula(page, checked):
    ItemFactory.create(number="23-4410")
    intake = checked(MESSY.replace("Burr on", "=1+1 Burr on"))

    answer = page.get(at(intake, "download"))

    text = b"".join(answer.streaming_content).decode()
    assert "is no day; write it like 2026-03-31." in text
    assert "'=1+1 Burr on" in text


def test_rows_are_marked_and_left_out_and_one_word_replaced(page, checked):
    ItemFactory.create(number="23-4410")
    intake = checked(MESSY)

    page.post(at(intake, "rows"), {"row": "1", "act": "out", "reason": "a test entry"})
    page.post(at(intake, "replace"), {"column": "Severity", "old": "Majr", "new": "Major"})

    assert list(intake.rows.values_list("out", flat=True)) == ["a test entry", ""]
    assert not intake.rows.in_the_way().exists()


def test_undoing_with_a_reason_says_so_and_without_one_asks(page, published):
    intake = published()

    assert page.post(at(intake, "undo"), {"reason": ""}).status_code == 422
    page.post(at(intake, "undo"), {"reason": "wrong file"})

    assert "This import was undone: wrong file" in page.get(at(intake)).content.decode()


def test_what_is_known_of_a_source_is_corrected_and_forgotten(page, published):
    published()
    source = Source.objects.get()
    assert source.mapping["values"]["item"] == {"23-4410": "+new"}
    address = reverse("desk:source", args=[source.pk])
    form = page.get(address).context["mapping_form"]
    sent = filled(form) | {"source": "Plant 1"}

    answer = page.post(address, sent | {"forget": "item:23-4410", "closed_date_columns": ""})
    source.refresh_from_db()
    assert answer.status_code == 303, answer.context["mapping_form"].errors
    assert (source.name, source.mapping["values"]["item"]) == ("Plant 1", {})
    assert "closed_date" not in source.mapping["fields"]
    page.post(reverse("desk:forget", args=[source.pk]))

    assert not Source.objects.exists()


def test_a_manager_of_another_site_sees_neither_import_nor_source(client, published):
    intake = published()
    client.force_login(a_person(Role.MANAGER, SiteFactory.create(code="XYZ")))

    assert client.get(at(intake)).status_code == 404
    assert client.post(at(intake, "undo"), {"reason": "x"}).status_code == 404
    assert client.get(reverse("desk:source", args=[Source.objects.get().pk])).status_code == 404


def test_hostile_cells_are_shown_as_text(page, checked):
    ItemFactory.create(number="23-4410")

    intake = checked(MESSY.replace("Burr", "<script>alert(1)</script>"))

    shown = page.get(at(intake)).content.decode()
    assert "<script>alert(1)" not in shown
    assert "&lt;script&gt;alert(1)" in shown


def test_a_question_about_the_file_is_answered_on_the_page(page, taken):
    intake = taken("Day,Problem,,Day,Problem\n" + "2024-01-15,Burr,,2024-01-16,Dent\n" * 5)
    assert intake.step == Step.ASK

    page.post(at(intake, "answer"), {"answer": "2"})
    go_on(page, intake)

    intake.refresh_from_db()
    assert (intake.step, intake.rows.first().cells[1]) == (Step.MAP, "Dent")
