"""The Workbench: values in, a method that fits, sentences out; nothing typed is ever lost."""

from io import BytesIO

import openpyxl
import pytest
from django.core.files.uploadedfile import SimpleUploadedFile

from andon.accounts.roles import Role
from andon.accounts.testing import SiteFactory, a_person
from andon.modules.analyses.models import Analysis
from andon.modules.kpis.tests.factories import a_kpi, a_signal, typed
from andon.records import services as records
from andon.records.models import Link
from andon.ui import paper

from .factories import QUIET, an_analysis, unsaved_analysis

pytestmark = pytest.mark.django_db
BENCH = "/analyses/new/"
FLOW = "Flow\n" + "\n".join(str(value) for value in QUIET)


@pytest.fixture
def site():
    return SiteFactory.create(code="ABC1")


@pytest.fixture
def manager(site):
    return a_person(Role.MANAGER, site)


@pytest.fixture
def page(client, manager):
    client.force_login(manager)
    return client


def computed(page, pasted, **more):
    return page.post(BENCH, {"pasted": pasted, "act": "compute", **more})


def settings_of(answer, **changes):
    """Return what the browser would send back from this page."""
    bench = answer.context["bench"]
    form = bench.settings_form
    sent = {"pasted": bench.typed["pasted"].value(), "method": bench.method.name}
    sent["mark"] = bench.mark
    for name in form.fields:
        value = form[name].value()
        if value not in (None, "", []):
            sent[name] = value
    return {**sent, **changes}


def test_pasted_values_are_computed_at_once_by_a_method_that_fits(page):
    answer = computed(page, FLOW)

    assert answer.status_code == 200
    assert answer.context["bench"].method.name == "imr"
    text = answer.content.decode()
    assert "Flow is stable: none of 10 points signals" in text
    assert "centre 50.8" in text


@pytest.mark.parametrize(
    ("pasted", "method"),
    [
        (FLOW, "imr"),
        ("late\tdelivered\n3\t90\n4\t100\n2\t80\n5\t95", "counts"),
        ("group\twidth\n" + "\n".join(f"g{at // 4}\t{at % 7}.5" for at in range(24)), "subgroups"),
        ("cause\tpieces\nburr\t50\ncrack\t20\ndent\t10", "pareto"),
        ("Ann\tBob\nok\tok\nnok\tok\nok\tok", "agreement"),
        (
            "when\tbad\tmade\n" + "\n".join(f"before\t{8 + at % 2}\t100" for at in range(8)) + "\n"
            + "\n".join(f"after\t{3 + at % 2}\t100" for at in range(8)),
            "effect",
        ),
        (
            "part\twho\tsize\n" + "\n".join(
                f"p{p}\t{who}\t{p}.{t}" for p in range(5) for who in "AB" for t in range(2)
            ),
            "grr",
        ),
    ],
)  # fmt: skip
def test_the_values_suggest_the_method(page, pasted, method):
    assert computed(page, pasted).context["bench"].method.name == method


def test_a_setting_is_used_and_comes_back(page):
    first = computed(page, FLOW)

    answer = page.post(BENCH, settings_of(first, o_usl="53"))

    assert answer.status_code == 200
    assert answer.context["bench"].settings["options"]["usl"] == 53
    assert 'value="53"' in answer.content.decode()


def test_another_method_starts_with_its_own_settings(page):
    first = computed(page, FLOW)

    answer = page.post(BENCH, settings_of(first, method="ewma", o_rules="nelson"))

    assert answer.context["bench"].method.name == "ewma"
    assert answer.context["bench"].settings["options"] == {"lam": 0.2, "L": 2.7}


def test_a_title_that_was_proposed_follows_the_method_and_one_that_was_typed_stays(page):
    first = computed(page, FLOW)
    proposed = first.context["keep_form"]["title"].value()

    for title, after in ((proposed, "Flow · Trend"), ("Pump 7", "Pump 7"), ("", "Flow · Trend")):
        answer = page.post(BENCH, settings_of(first, method="trend", title=title, source="Bench"))
        assert answer.context["keep_form"]["title"].value() == after
        assert answer.context["keep_form"]["source"].value() == "Bench"


@pytest.mark.parametrize(
    ("pasted", "sentence"),
    [
        ("", "Paste some values"),
        ("   \n ", "Paste some values"),
        ("x\n1\n2\nthree\n4\n5\n6\n7\n8\n9\n10", "is not a number"),
        ("-\n-\n-", "There are no values in it"),
    ],
)
def test_bad_values_get_a_sentence_and_stay_on_the_page(page, pasted, sentence):
    answer = computed(page, pasted)

    text = answer.content.decode()
    assert answer.status_code == 422
    assert sentence in text
    assert pasted.strip().split("\n")[-1] in text


def test_a_wrong_cell_is_named_by_row_and_column(page):
    answer = computed(page, "x\n1\n2\nthree\n4\n5\n6\n7\n8\n9\n10")

    assert "Row 4, column “x”: “three” is not a number." in answer.content.decode()


@pytest.mark.parametrize(
    ("changes", "sentence"),
    [
        ({"method": "capability"}, "give lsl, usl or both"),
        ({"method": "subgroups"}, "Say how many values make one subgroup"),
        ({"method": "agreement"}, "ratings of two appraisers"),
        ({"method": "type1"}, "still empty"),
    ],
)
def test_what_a_method_lacks_is_said_at_its_field(page, changes, sentence):
    answer = page.post(BENCH, {"pasted": FLOW, "act": "compute", **changes})

    assert answer.status_code == 422
    assert sentence in answer.content.decode()
    assert "51.3" in answer.content.decode()


def test_limits_the_wrong_way_round_are_refused_in_words(page):
    first = page.post(BENCH, {"pasted": FLOW, "method": "capability"})

    answer = page.post(BENCH, settings_of(first, o_lsl="60", o_usl="40"))

    assert answer.status_code == 422
    assert "must be below usl" in answer.content.decode()


@pytest.mark.parametrize("typed_in", ["9,7", "abc", "nan", "1e999"])
def test_a_limit_that_is_no_number_is_refused(page, typed_in):
    first = page.post(BENCH, {"pasted": FLOW, "method": "capability"})

    answer = page.post(BENCH, settings_of(first, o_lsl=typed_in, o_usl="60"))

    assert answer.status_code == 422
    assert typed_in in answer.content.decode()


def test_a_workbook_takes_the_place_of_what_was_pasted(page):
    book = openpyxl.Workbook()
    for row in (["Length, mm"], *([10 + at / 100] for at in range(12))):
        book.active.append(row)
    stream = BytesIO()
    book.save(stream)

    answer = page.post(
        BENCH, {"pasted": "old", "file": SimpleUploadedFile("a.xlsx", stream.getvalue())}
    )

    assert answer.status_code == 200
    assert answer.context["bench"].values.names == ["Length, mm"]
    assert "10.11" in answer.context["bench"].typed["pasted"].value()


def test_the_series_of_a_kpi_is_taken(page, manager, site):
    kpi = a_kpi(manager, site)
    typed(kpi, manager, [(4, 100), (5, 100), (3, 110), (6, 120)])

    answer = page.get(BENCH, {"kpi": kpi.code})

    assert answer.context["bench"].method.name == "counts"
    assert answer.context["bench"].values.numeric[0].numbers == [4, 5, 3, 6]


@pytest.mark.parametrize("code", ["NONE", "x" * 300, "\u2028"])
def test_an_unknown_kpi_is_absent(page, code):
    assert page.get(BENCH, {"kpi": code}).status_code == 404


def test_it_is_kept_as_a_record_linked_to_the_case_it_is_evidence_for(page, manager, site):
    case = a_signal(manager, site)
    first = computed(page, FLOW)

    answer = page.post(
        BENCH,
        settings_of(
            first, act="keep", title="Flow after the repair", source="Test bench 2",
            site=site.pk, evidence_for=case.number,
        ),
    )  # fmt: skip

    kept = Analysis.objects.get()
    assert answer["Location"] == kept.get_absolute_url()
    assert kept.title == "Flow after the repair"
    assert kept.reading[0].startswith("Flow is stable")
    link = Link.objects.get(kind="evidence_for")
    assert (link.record_id, link.target_id) == (kept.pk, case.pk)


def test_nothing_is_kept_without_saying_where_the_values_come_from(page, site):
    first = computed(page, FLOW)

    answer = page.post(BENCH, settings_of(first, act="keep", title="Flow", site=site.pk))

    assert answer.status_code == 422
    assert not Analysis.objects.exists()
    assert answer.context["bench"].outcome is not None


def test_nothing_is_kept_at_a_site_the_person_does_not_see(page):
    elsewhere = SiteFactory.create(code="XYZ1")
    first = computed(page, FLOW)

    answer = page.post(
        BENCH, settings_of(first, act="keep", title="x", source="y", site=elsewhere.pk)
    )

    assert answer.status_code == 422
    assert not Analysis.objects.exists()


def test_a_kept_analysis_goes_back_to_the_bench_with_its_settings(page, manager, site):
    kept = an_analysis(manager, site, options={"usl": 53.0})

    answer = page.get(BENCH, {"again": kept.number})

    assert answer.context["bench"].settings["options"]["usl"] == 53
    assert 'value="53.0"' in answer.content.decode()


def test_an_analysis_out_of_sight_does_not_come_to_the_bench(page):
    elsewhere = SiteFactory.create(code="XYZ1")
    hidden = an_analysis(a_person(Role.MANAGER, elsewhere), elsewhere)

    assert page.get(BENCH, {"again": hidden.number}).status_code == 404
    assert page.get(f"/analyses/{hidden.number}/report.pdf").status_code == 404


def test_the_page_of_an_analysis_says_when_the_statistics_say_something_else(page, manager, site):
    kept = unsaved_analysis(manager, site)
    kept.reading = ["Another sentence."]
    records.create(kept, by=manager)

    text = page.get(kept.get_absolute_url()).content.decode()

    assert "say something else than what was read" in text
    assert "Another sentence." in text


def test_an_analysis_whose_values_suit_its_method_no_more_says_so_on_its_page_and_its_pdf(
    page, manager, site
):
    kept = unsaved_analysis(manager, site)
    kept.settings = '{"columns": {}, "options": {}}'  # as if the method asked for more by now
    records.create(kept, by=manager)

    shown, printed = (
        page.get(kept.get_absolute_url()),
        page.get(f"/analyses/{kept.number}/report.pdf"),
    )

    assert (shown.status_code, printed.status_code) == (200, 409)
    for answer in (shown, printed):
        assert "Choose the column: Values in time order." in answer.content.decode()
    assert kept.get_absolute_url() in printed.content.decode()


def test_the_pdf_of_the_bench_and_of_a_record_hold_the_sentence(page, manager, site):
    kept = an_analysis(manager, site)
    first = computed(page, FLOW)

    for answer in (
        page.post(BENCH, settings_of(first, act="pdf")),
        page.get(f"/analyses/{kept.number}/report.pdf"),
    ):
        assert answer["Content-Type"] == "application/pdf"
        assert answer.content.startswith(b"%PDF-")


def test_the_bench_costs_few_queries_whatever_lies_on_it(page, django_assert_max_num_queries):
    with django_assert_max_num_queries(12):
        computed(page, FLOW)


def test_a_report_that_is_too_large_to_be_printed_is_refused_in_words(
    page, manager, site, monkeypatch
):
    kept = an_analysis(manager, site)
    monkeypatch.setattr(paper, "LIMITS", {"memory": 1024 * 1024, "seconds": 1})

    answer = page.get(f"/analyses/{kept.number}/report.pdf")

    assert answer.status_code == 409
    assert "could not be printed" in answer.content.decode()
