"""The designer's pages: draft, preview, publish, versions, files, and what they refuse."""

from typing import Any

import pytest
from django.core.exceptions import PermissionDenied, ValidationError
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client

from andon.accounts.models import Site, User
from andon.accounts.roles import Role
from andon.accounts.testing import a_person
from andon.portal.designer import services
from andon.portal.designer.testing import COLOUR, SHIFT_LEAD, again, published
from andon.records.workflow import Refused
from andon.sheets import design as designs
from andon.sheets.models import FormDesign

BASE = "/setup/forms/"
HOSTILE = "<script>alert(1)</script>"


def begun(page: Client, **more: str) -> FormDesign:
    asked = {"name": "Paint shop", "kind": "nonconformities", "use": "fields"}
    page.post(f"{BASE}new/", asked | more)
    return FormDesign.objects.get()


def drafted(design: FormDesign, *questions: dict[str, Any]) -> list[str]:
    """Return what is wrong with ``questions``."""
    with pytest.raises(ValidationError) as refused:
        services.draft(design, designs.read({"questions": list(questions)}), by=_any_manager())
    return refused.value.messages


def _any_manager() -> User:
    return a_person(Role.MANAGER)


def test_a_form_is_begun_drafted_previewed_published_and_told(page: Client):
    assert "Begin the first form" in page.get(BASE).content.decode()
    design = begun(page)
    address = f"{BASE}{design.pk}/"

    page.post(
        f"{address}add/",
        {"label": "Colour of paint", "type": "choice", "choices": "red\nblue", "listed": "on"},
    )
    page.post(f"{address}add/", {"label": "Batch", "type": "text", "section": "Paint"})
    page.post(f"{address}questions/batch/arrange/", {"act": "up"})
    preview = page.get(f"{address}preview/").content.decode()
    page.post(f"{address}publish/", {"reason": "the customer asks for it"})
    shown = page.get(address).content.decode()
    version = page.get(f"{address}v1/").content.decode()

    keys = [q["key"] for q in design.versions.get().definition["questions"]]
    assert keys == ["batch", "colour_of_paint"]
    assert "own_colour_of_paint" in preview
    assert "the customer asks for it" in shown
    assert "“Batch” is new." in shown
    assert "Colour of paint" in version


def test_the_next_version_shows_what_it_changes_and_the_first_stays(page: Client, manager: User):
    design = published(manager, COLOUR, SHIFT_LEAD)
    address = f"{BASE}{design.pk}/"

    page.post(f"{address}questions/shift_lead/arrange/", {"act": "retire"})
    page.post(
        f"{address}questions/colour/",
        {"label": "Shade", "type": "choice", "choices": "red\ngreen\nblue", "listed": "on"},
    )
    asks = page.get(f"{address}publish/").content.decode()

    assert "“Shift lead” is retired." in asks
    assert "label was “Colour”, is “Shade”" in asks
    assert "Shade" not in page.get(f"{address}v1/").content.decode()
    assert designs.read(design.versions.get(number=1).definition)["colour"].label == "Colour"


def test_a_question_of_a_draft_that_was_never_published_can_go(page: Client):
    design = begun(page)
    address = f"{BASE}{design.pk}/"
    page.post(f"{address}add/", {"label": "Batch", "type": "text"})

    page.post(f"{address}questions/batch/arrange/", {"act": "retire"})
    empty = page.post(f"{address}publish/", {"reason": "because"})

    assert design.versions.get().definition == {"questions": []}
    assert "add a first question" in empty.content.decode()


def test_two_who_draft_at_once_do_not_overwrite_each_other(page: Client, manager: User):
    design = begun(page)
    address = f"{BASE}{design.pk}/"
    seen = page.get(f"{address}add/").context["seen"]
    page.post(f"{address}add/", {"label": "Batch", "type": "text", "seen": seen})

    late = page.post(f"{address}add/", {"label": "Lot", "type": "text", "seen": seen})

    assert "Somebody changed this form meanwhile" in late.content.decode()
    assert 'value="Lot"' in late.content.decode()


def test_what_is_wrong_with_a_draft_is_said_in_sentences(manager: User):
    design = published(manager, COLOUR, SHIFT_LEAD)
    other = FormDesign(kind="nonconformities", use="fields", key="other", name="Other")
    services.begin(other, by=manager)

    def wrong(**parts: Any) -> str:
        question = {"key": "batch", "label": "Batch", "type": "text"} | parts
        return " ".join(drafted(other, question))

    assert "begins with a letter" in wrong(key="1 batch")
    assert "no type “colour”" in wrong(type="colour")
    assert "field of this name already" in wrong(key="severity")
    assert "field of this name already" in wrong(label="Severity")
    assert "uses the key “colour”" in wrong(key="colour")
    assert "at most 80 characters" in wrong(label="x" * 81)
    assert "on one line" in wrong(help="two\nlines")
    assert "2 to 50 choices" in wrong(type="choice", choices=["one"])
    assert "2 to 50 choices" in wrong(type="choice", choices=[str(n) for n in range(51)])
    assert "stands twice" in wrong(type="choice", choices=["a", "A"])
    assert "not a number" in wrong(type="number", least="low")
    assert "above the upper" in wrong(type="number", least="2", most="1")
    assert "only a number" in wrong(least="2")
    assert "cannot be required" in wrong(required_from="void")
    assert "only a checklist" in wrong(type="note")
    assert "no default" in wrong(type="person", default="ana")
    assert "cannot be removed" in " ".join(drafted(design, COLOUR))
    kept = " ".join(drafted(design, {**COLOUR, "type": "text", "choices": []}, SHIFT_LEAD))
    assert "keeps its type" in kept
    many = [{"key": f"q{n}", "label": f"Question {n}", "type": "text"} for n in range(61)]
    assert "at most 60 questions" in " ".join(drafted(other, *many))


def test_a_wrong_question_keeps_what_was_typed(page: Client):
    design = begun(page)

    answer = page.post(
        f"{BASE}{design.pk}/add/", {"label": "Severity", "type": "text", "help": "kept words"}
    )

    assert answer.status_code == 422
    assert "field of this name already" in answer.content.decode()
    assert "kept words" in answer.content.decode()


def test_SE3_hostile_words_are_shown_and_never_run(page: Client, manager: User, site: Site):
    hostile = {"key": "evil", "label": HOSTILE, "type": "text", "help": HOSTILE, "listed": True}
    design = published(manager, hostile, {"key": "sum", "label": "=1+1", "type": "text"})
    page.post(
        "/nonconformities/new/",
        {
            "title": "x",
            "site": site.pk,
            "found_at": "process",
            "category": "product",
            "own_evil": HOSTILE,
        },
    )

    pages = [
        page.get(path).content.decode()
        for path in (
            f"{BASE}{design.pk}/",
            f"{BASE}{design.pk}/preview/",
            f"{BASE}{design.pk}/v1/",
            "/nonconformities/",
            "/nonconformities/new/",
        )
    ]
    csv = b"".join(page.get("/nonconformities/export.csv")).decode()

    assert all("&lt;script&gt;" in text for text in pages)
    assert not any(HOSTILE in text for text in pages)
    assert "'=1+1" in csv.splitlines()[0]


@pytest.mark.parametrize("ending", ["yaml", "json"])
def test_a_form_goes_out_as_a_file_and_comes_back_as_a_draft(
    page: Client, manager: User, ending: str
):
    design = published(manager, COLOUR, SHIFT_LEAD)
    file = page.get(f"{BASE}{design.pk}/export.{ending}").content
    renamed = file.replace(b"paint", b"varnish").replace(b"colour", b"shade")
    renamed = renamed.replace(b"shift_lead", b"lead")

    page.post(f"{BASE}import/", {"file": SimpleUploadedFile(f"a.{ending}", renamed)})
    page.post(f"{BASE}import/", {"file": SimpleUploadedFile(f"a.{ending}", file)})

    new = FormDesign.objects.get(key="varnish")
    kept = designs.read(new.versions.get().definition)
    assert [q.key for q in kept.questions] == ["shade", "lead"]
    assert new.current is None
    assert design.versions.count() == 2


@pytest.mark.parametrize(
    ("content", "sentence"),
    [
        (b"\xff\xfe", "UTF-8"),
        (b"a: [", "neither JSON nor YAML"),
        (b"questions: []", "andon_form: 1"),
        (b"andon_form: 1\nkind: x\nuse: fields\nkey: a\nname: A", "no kind of record"),
        (b"andon_form: 1\nkind: nonconformities\nkey: a", "is missing in this file"),
        (b"andon_form: 1\nsurprise: 1", "not known in a form"),
        (b"andon_form: 1\nquestions: &a [*a]", "aliases"),
        (b"andon_form: 1\nquestions: " + b"[" * 50 + b"]" * 50, "nested too deeply"),
        (b"andon_form: 1\nquestions: [{key: a}]", "“label, type” is missing"),
        (b"andon_form: 1\nquestions: [{key: a, label: A, type: text, x: 1}]", "“x” is not known"),
        (b"andon_form: 1\nquestions: [{key: a, label: [], type: text}]", "is missing"),
        (
            b"andon_form: 1\nquestions: [{key: a, label: A, type: text, decimals: b}]",
            "whole number",
        ),
        (b"andon_form: 1\n" + b"#" * 200_001, "larger than 200 kB"),
        (
            b"andon_form: 1\nkind: nonconformities\nuse: fields\nkey: a\nname: A\nsite: NONE\n",
            "no site with the code",
        ),
    ],
)
def test_a_file_that_is_no_form_is_refused_with_a_sentence_and_leaves_nothing(
    page: Client, content: bytes, sentence: str
):
    answer = page.post(f"{BASE}import/", {"file": SimpleUploadedFile("a.yaml", content)})

    assert answer.status_code == 422
    assert sentence in answer.content.decode().replace("&quot;", '"')
    assert not FormDesign.objects.exists()


def test_AZ4_only_who_manages_all_sites_designs_for_all_and_reasons_are_needed(
    manager: User, site: Site
):
    here = a_person(Role.MANAGER, site)
    for_all = FormDesign(kind="nonconformities", use="fields", key="a", name="A")
    for_here = FormDesign(kind="nonconformities", use="fields", key="b", name="B", site=site)

    with pytest.raises(PermissionDenied):
        services.begin(for_all, by=here)
    services.begin(for_here, by=here)
    with pytest.raises(PermissionDenied):
        services.begin(
            FormDesign(kind="nonconformities", use="fields", key="c", name="C"),
            by=a_person(Role.QUALITY),
        )
    with pytest.raises(Refused, match="what changes and why"):
        services.publish(for_here, by=here, reason=" ")
    with pytest.raises(Refused, match="why this form"):
        services.retire(for_here, by=here, reason="")
    design = published(manager, COLOUR, key="d")
    with pytest.raises(Refused, match="There is no draft"):
        services.publish(design, by=manager, reason="again")
    assert again(design, manager, {**COLOUR, "help": "As on the can."}).in_force.number == 2
