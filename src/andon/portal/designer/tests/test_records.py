"""Custom fields at a record: form, page, list, export, API, history, steps, trail."""

import json
from datetime import date
from decimal import Decimal
from io import BytesIO
from typing import Any

import pytest
from django.core.exceptions import ValidationError
from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from PIL import Image

from andon.accounts.models import Site, User
from andon.accounts.roles import Role
from andon.accounts.testing import SiteFactory, a_person
from andon.modules.nonconformities.models import Nonconformity
from andon.portal.designer import services
from andon.portal.designer.testing import COLOUR, SHIFT_LEAD, THICKNESS, again, published
from andon.records import services as records
from andon.records.workflow import Refused, Stale
from andon.sheets import keeping, reading
from andon.sheets.models import Answer, Sheet
from andon.trail.testing import behind_the_back
from andon.trail.verify import verify
from tests.audit.test_tampering import tamper

BASE = "/nonconformities/"
API = "/api/v1/nonconformities/"


def made(by: User, site: Site, **fields: Any) -> Nonconformity:
    new = Nonconformity(**{"title": "Run in the paint", "site": site, "owner": by} | fields)
    return records.create(new, by=by)


def custom(record: Any) -> dict[str, Any]:
    return reading.values(Nonconformity.objects.get(pk=record.pk))


def typed(**own: Any) -> dict[str, Any]:
    first = {"title": "Run in the paint", "found_at": "process", "category": "product"}
    return {**first, **{f"own_{key}": value for key, value in own.items()}}


def test_a_published_field_is_in_form_page_list_filter_export_and_api_at_once(
    page: Client, manager: User, site: Site
):
    assert "Colour" not in page.get(f"{BASE}new/").content.decode()

    published(manager, COLOUR, THICKNESS)
    form = page.get(f"{BASE}new/?site={site.pk}").content.decode()
    answer = page.post(
        f"{BASE}new/",
        typed(colour="red", thickness_value="58.5", thickness_instrument="G-12")
        | {"site": site.pk},
    )
    made(manager, site, custom={"colour": "blue"})
    made(manager, site)

    record = Nonconformity.objects.order_by("pk")[0]
    detail = page.get(answer["Location"]).content.decode()
    rows = page.get(f"{BASE}?own_colour=red").context["page"].rows
    outside = page.get(f"{BASE}?own_thickness=bad").context["page"].rows
    csv = b"".join(page.get(f"{BASE}export.csv")).decode()
    api = page.get(f"{API}{record.number}/").json()
    assert all(f'name="own_{name}' in form for name in ("colour", "thickness"))
    assert "58.5 µm (G-12)" in detail
    assert "outside 60 to 90 µm" in detail
    assert [row.pk for row in rows] == [row.pk for row in outside] == [record.pk]
    assert "Paint thickness" in csv.splitlines()[0]
    assert ",red,58.5" in csv
    assert api["custom"] == {
        "colour": "red",
        "thickness": {"value": "58.5", "instrument": "G-12", "within": False},
    }
    assert page.get(f"{BASE}?q=red").context["page"].rows[0].pk == record.pk
    assert verify().findings == []


def test_an_old_record_keeps_its_form_until_somebody_brings_it_to_the_new_one(
    page: Client, manager: User, site: Site
):
    design = published(manager, COLOUR, SHIFT_LEAD)
    record = made(manager, site, custom={"colour": "red"})
    design = again(design, manager, {**COLOUR, "label": "Paint colour"}, SHIFT_LEAD, THICKNESS)
    address = record.get_absolute_url()

    before = page.get(address).content.decode()
    form = page.get(f"{address}edit/").content.decode()
    page.post(f"/sheets/{record.number}/", {"version": record.version})
    after = page.get(address).content.decode()

    assert "Bring to the new form" in before
    assert "Paint thickness" not in before + form
    assert "Paint colour" not in form
    assert ("Paint colour" in after, "Paint thickness" in after) == (True, True)
    assert "Bring to the new form" not in after
    assert custom(record) == {"colour": "red", "shift_lead": None, "thickness": None}
    assert "brought to the new form" in page.get(f"{address}history/").content.decode()
    with pytest.raises(Refused, match="already"):
        keeping.bring(record, by=manager, version=None)


def test_a_record_older_than_every_form_has_none_and_can_be_brought_to_it(
    page: Client, manager: User, site: Site
):
    record = made(manager, site)
    published(manager, COLOUR)

    assert custom(record) == {}
    assert "own_colour" not in page.get(f"{record.get_absolute_url()}edit/").content.decode()
    page.post(f"/sheets/{record.number}/", {"version": record.version})

    assert custom(record) == {"colour": None}


def test_a_step_lists_the_missing_answer_with_the_way_to_it(
    page: Client, manager: User, site: Site
):
    published(manager, {**COLOUR, "required_from": "decided"})
    record = made(manager, site)

    with pytest.raises(Refused) as refused:
        records.perform(record, "settle", by=manager)
    items = {str(item): item.fix for item in refused.value.items}
    shown = page.get(record.get_absolute_url()).content.decode()
    records.edit(record, {"custom": {"colour": "red"}}, by=manager, version=record.version)
    with pytest.raises(Refused) as still:
        records.perform(record, "settle", by=manager)

    way = f"{record.get_absolute_url()}edit/#id_own_colour"
    assert items["“Colour” is still empty."] == way
    assert way in shown
    assert 'id="id_own_colour"' in page.get(way).content.decode()
    assert "Colour" not in str(still.value)
    records.perform(record, "void", by=manager, data={"void_reason": "entered twice"})


def test_what_is_required_from_the_first_state_is_asked_by_form_and_api_but_holds_no_system_up(
    page: Client, manager: User, site: Site
):
    published(manager, {**COLOUR, "required_from": "reported"})

    form = page.post(f"{BASE}new/", typed(colour="") | {"site": site.pk})
    api = page.post(API, {"title": "x", "site": "ABC1"}, content_type="application/json")
    by_itself = made(manager, site)

    assert form.status_code == 422
    assert api.status_code == 422
    assert api.json()["errors"] == ["custom.colour: This field is required."]
    assert custom(by_itself) == {"colour": None}


BAD_INPUT: list[tuple[dict[str, Any], Any, str]] = [
    ({"key": "a", "label": "A", "type": "text"}, "x" * 201, "at most 200 characters"),
    ({"key": "a", "label": "A", "type": "long_text"}, "x" * 4001, "at most 4000 characters"),
    ({"key": "a", "label": "A", "type": "number", "decimals": 1}, "much", "Enter a number"),
    ({"key": "a", "label": "A", "type": "number", "decimals": 1}, "1.25", "1 decimal place"),
    ({"key": "a", "label": "A", "type": "number", "decimals": 0}, "9" * 10, "9 digits"),
    ({"key": "a", "label": "A", "type": "number", "most": "5"}, "6", "less than or equal to 5"),
    ({"key": "a", "label": "A", "type": "number"}, "NaN", "Enter a number"),
    (COLOUR | {"key": "a"}, "pink", "pink is not one of the available choices"),
    (COLOUR | {"key": "a", "type": "choices"}, ["pink"], "pink is not one of the available"),
    (COLOUR | {"key": "a", "type": "choices"}, "red", "Enter a list of values"),
    ({"key": "a", "label": "A", "type": "yes_no"}, "perhaps", "not one of the available choices"),
    ({"key": "a", "label": "A", "type": "date"}, "31.02.2026", "Enter a valid date"),
    ({"key": "a", "label": "A", "type": "person"}, "nobody", "Nobody signs in under this name"),
    ({"key": "a", "label": "A", "type": "file"}, "x.pdf", "with the form of the page only"),
    (THICKNESS | {"key": "a"}, {"value": "thick"}, "Enter a number"),
    (THICKNESS | {"key": "a"}, {"instrument": "G-12"}, "Give the value beside the instrument"),
]


@pytest.mark.parametrize("bad", BAD_INPUT, ids=[f"{q['type']} {s}" for q, _v, s in BAD_INPUT])
def test_bad_input_of_each_type_is_refused_with_a_sentence_that_names_the_field(
    page: Client, manager: User, site: Site, bad: tuple[dict[str, Any], Any, str]
):
    question, value, sentence = bad
    published(manager, question)
    body = {"title": "x", "site": "ABC1", "custom": {"a": value}}

    answer = page.post(API, body, content_type="application/json")

    assert answer.status_code == 422
    assert answer.json()["errors"][0].startswith("custom.a: ")
    assert sentence in answer.json()["errors"][0]
    assert Nonconformity.objects.count() == 0


def test_the_api_takes_every_type_back_and_forth(page: Client, manager: User, site: Site):
    types = ("text", "long_text", "number", "date", "person", "yes_no", "measurement")
    plain = [{"key": f"a_{name}", "label": f"A {name}", "type": name} for name in types]
    several = COLOUR | {"key": "several", "label": "Several", "type": "choices"}
    published(manager, *plain, several)
    sent = {
        "a_text": "=1+1",
        "a_long_text": "two\nlines",
        "a_number": "12.5",
        "a_date": "2026-03-01",
        "a_person": "ANA",
        "a_yes_no": "na",
        "a_measurement": "4.98",
        "several": ["red", "blue"],
    }

    body = {"title": "x", "site": "ABC1", "custom": sent}
    created = page.post(API, body, content_type="application/json")
    number = created.json()["number"]
    changed = page.patch(
        f"{API}{number}/",
        {"custom": {"several": ["green"], "a_person": None}},
        content_type="application/json",
        headers={"If-Match": "1"},
    )
    unknown = page.patch(
        f"{API}{number}/",
        {"custom": {"size": "1"}},
        content_type="application/json",
        headers={"If-Match": "2"},
    )

    got = created.json()["custom"]
    assert got == sent | {
        "a_person": "ana",
        "a_measurement": {"value": "4.98", "instrument": "", "within": None},
    }
    assert changed.json()["custom"] == got | {"several": ["green"], "a_person": None}
    assert changed.json()["version"] == 2
    assert "There is no such field here" in unknown.json()["errors"][0]
    assert "'=1+1" in b"".join(page.get(f"{BASE}export.csv")).decode()
    assert page.get(f"{API}?limit=5").json()["items"][0]["custom"]["a_date"] == "2026-03-01"
    assert "custom" in json.dumps(page.get("/api/v1/openapi.json").json())


def test_a_file_and_a_photo_are_attached_and_kept_when_the_form_is_saved_again(
    page: Client, manager: User, site: Site, settings: Any, tmp_path: Any
):
    settings.FILES = tmp_path
    published(
        manager,
        {"key": "cert", "label": "Certificate", "type": "file"},
        {"key": "pic", "label": "Picture", "type": "photo"},
    )
    photo = BytesIO()
    Image.new("RGB", (60, 40), "firebrick").save(photo, "PNG")
    uploads = {
        "own_cert": SimpleUploadedFile("cert.txt", b"3.1 certificate"),
        "own_pic": SimpleUploadedFile("run.png", photo.getvalue()),
    }
    page.post(f"{BASE}new/", typed() | {"site": site.pk} | uploads)
    record = Nonconformity.objects.get()
    address = record.get_absolute_url()

    form = page.get(f"{address}edit/").context["form"]
    again_typed = {
        n: form[n].value() for n in form.fields if isinstance(form[n].value(), str | int)
    }
    page.post(f"{address}edit/", {**again_typed, "title": "Another", "version": "1"})
    wrong = page.post(
        f"{address}edit/",
        {**again_typed, "version": "2", "own_pic": SimpleUploadedFile("a.txt", b"words")},
    )

    assert custom(record) == {"cert": "cert.txt", "pic": "run.png"}
    assert Nonconformity.objects.get().title == "Another"
    assert "photo" in wrong.content.decode()
    assert wrong.status_code == 422


def test_the_history_tells_an_answer_before_and_after_in_words(
    page: Client, manager: User, site: Site
):
    published(manager, COLOUR)
    record = made(manager, site, custom={"colour": "red"})
    records.edit(record, {"custom": {"colour": "blue"}}, by=manager, version=1)

    text = page.get(f"{record.get_absolute_url()}history/").content.decode()

    assert "<del>red</del>" in text
    assert "<ins>blue</ins>" in text
    assert ">Colour</th>" in text


def test_a_stale_answer_is_shown_with_both_values(manager: User, site: Site):
    published(manager, COLOUR)
    record = made(manager, site, custom={"colour": "red"})
    records.edit(record, {"custom": {"colour": "blue"}}, by=manager, version=1)

    with pytest.raises(Stale) as stale:
        records.edit(record, {"custom": {"colour": "green"}}, by=manager, version=1)

    assert stale.value.differences == (("Colour", "green", "blue"),)


@pytest.mark.parametrize(
    ("table", "column", "value"),
    [("answer", "text", "blue"), ("sheet", "run", 7), ("formdesign", "name", "Another")],
)
def test_AT10_a_tampered_answer_sheet_or_form_is_found(
    manager: User, site: Site, table: str, column: str, value: Any
):
    published(manager, COLOUR)
    record = made(manager, site, custom={"colour": "red"})
    assert verify().findings == []

    tamper((f"UPDATE sheets_{table} SET {column} = %s", [value]))

    found = [(f.model, f.field) for f in verify().findings]
    assert (f"sheets.{table}", column) in found
    assert any(f.number == record.number for f in verify().findings) or table == "formdesign"


def test_a_published_version_cannot_be_changed_even_in_the_database(manager: User, site: Site):
    published(manager, COLOUR)

    with pytest.raises(Exception, match="published version"), behind_the_back() as cursor:
        cursor.execute("UPDATE sheets_formversion SET reason = 'none'")


def test_AZ3_a_form_of_one_site_and_category_is_asked_only_there(
    page: Client, manager: User, site: Site
):
    other = SiteFactory.create(code="XYZ2")
    published(manager, COLOUR, site=other, category="process")

    here = made(manager, site, custom={})
    there = made(manager, other, category="process")
    product = made(manager, other)
    form = page.get(f"{BASE}new/?site={other.pk}&category=process").content.decode()

    assert custom(here) == custom(product) == {}
    assert custom(there) == {"colour": None}
    assert "own_colour" in form
    assert "own_colour" not in page.get(f"{BASE}new/?site={site.pk}").content.decode()
    with pytest.raises(ValidationError, match="no such field"):
        made(manager, site, custom={"colour": "red"})


def test_AZ3_answers_of_another_site_are_not_found_by_filter_export_or_api(
    client: Client, manager: User, site: Site
):
    other = SiteFactory.create(code="XYZ2")
    published(manager, COLOUR)
    hidden = made(manager, other, custom={"colour": "red"})
    client.force_login(a_person(Role.MANAGER, site))

    assert not client.get(f"{BASE}?own_colour=red").context["page"].rows
    assert hidden.number not in b"".join(client.get(f"{BASE}export.csv")).decode()
    assert client.get(f"{API}{hidden.number}/").status_code == 404
    assert client.post(f"/sheets/{hidden.number}/", {"version": 1}).status_code == 404


def test_a_retired_field_is_asked_no_more_and_its_answer_is_still_read(
    page: Client, manager: User, site: Site
):
    design = published(manager, COLOUR, SHIFT_LEAD)
    old = made(manager, site, custom={"colour": "red"})
    again(design, manager, {**COLOUR, "retired": True}, SHIFT_LEAD)
    keeping.bring(old, by=manager, version=1)

    detail = page.get(old.get_absolute_url()).content.decode()
    form = page.get(f"{old.get_absolute_url()}edit/").content.decode()

    assert "Colour (retired)" in detail
    assert "own_colour" not in form
    assert custom(old) == {"shift_lead": None}


def test_a_retired_form_is_given_to_no_new_record(page: Client, manager: User, site: Site):
    design = published(manager, {**COLOUR, "required_from": "decided"})
    old = made(manager, site)
    services.retire(design, by=manager, reason="no paint any more")

    with pytest.raises(Refused) as refused:
        records.perform(old, "settle", by=manager)

    assert "Colour" not in str(refused.value)
    assert "Paint shop" in page.get(old.get_absolute_url()).content.decode()
    assert not Sheet.objects.filter(record_id=made(manager, site).pk).exists()


def test_numbers_dates_and_people_are_filtered_by_their_values(
    page: Client, manager: User, site: Site
):
    day = {"key": "day", "label": "Painted on", "type": "date", "listed": True}
    load = {"key": "load", "label": "Load", "type": "number", "listed": True}
    published(manager, SHIFT_LEAD, day, load)
    answers = (
        {"day": date(2026, 3, n), "load": Decimal(n), "shift_lead": manager} for n in (1, 2, 3)
    )
    first, second, third = (made(manager, site, custom=each) for each in answers)

    def found(query: str) -> list[int]:
        return [row.pk for row in page.get(f"{BASE}?{query}").context["page"].rows]

    assert found("own_load_from=2") == [third.pk, second.pk]
    assert found("own_load_to=2&own_load_from=2") == [second.pk]
    assert found("own_day_to=2026-03-01") == [first.pk]
    assert found(f"own_shift_lead={manager.pk}") == [third.pk, second.pk, first.pk]
    assert found("own_load_from=much") == [third.pk, second.pk, first.pk]


def test_a_list_with_custom_columns_costs_as_many_queries_for_eleven_as_for_one(
    page: Client, manager: User, site: Site
):
    published(manager, COLOUR, SHIFT_LEAD)
    made(manager, site, custom={"colour": "red", "shift_lead": manager})
    page.get(BASE)
    with CaptureQueriesContext(connection) as one:
        page.get(BASE)
    for _more in range(10):
        made(manager, site, custom={"colour": "red", "shift_lead": manager})

    with CaptureQueriesContext(connection) as eleven:
        page.get(BASE)

    assert len(one) == len(eleven)


def test_a_kind_without_custom_fields_pays_one_lookup(page: Client, manager: User, site: Site):
    record = made(manager, site)
    page.get(record.get_absolute_url())

    with CaptureQueriesContext(connection) as asked:
        page.get(record.get_absolute_url())

    mine = [q["sql"] for q in asked if "sheets_form" in q["sql"] or "sheets_sheet" in q["sql"]]
    assert len(mine) == 1
    assert Answer.objects.count() == 0
