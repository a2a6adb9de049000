"""The pages of the clause map, walked as people walk them."""

from dataclasses import replace
from datetime import timedelta
from http import HTTPStatus
from typing import Any

import pytest
from django.test import Client
from django.urls import reverse

from andon.accounts.models import User
from andon.accounts.roles import Role
from andon.accounts.testing import a_person
from andon.assurance import rules
from andon.assurance.models import Assessment, Verdict
from andon.assurance.testing import LATER, a_verdict, saying
from andon.organization import clock
from andon.organization.testing import with_settings
from andon.records.evidence import EvidenceRecord, Missing, Start, State

pytestmark = pytest.mark.django_db
SLUGS = pytest.mark.parametrize("slug", ["2015", "2026"])


@pytest.fixture
def manager(client: Client) -> User:
    person = a_person(Role.MANAGER)
    client.force_login(person)
    return person


@pytest.fixture
def reader(client: Client) -> User:
    person = a_person(Role.AUDITOR)
    client.force_login(person)
    return person


@pytest.fixture
def told(monkeypatch: pytest.MonkeyPatch) -> None:
    """Let one rule say that two nonconformities are without containment."""
    rule = saying(
        State.PARTIAL,
        "8.7.1-1",
        records=(
            EvidenceRecord("NC-A-2026-0002", "Burr on the edge", "/somewhere/", clock.today()),
        ),
        missing=(Missing("Two are without containment.", "/fix-it/", "Show them"),),
        fix=Start("Report a nonconformity", "/start-it/"),
        counted=2,
    )
    monkeypatch.setattr(rules, "RULES", (rule,))


def page(client: Client, name: str, *args: str, **query: str) -> str:
    answer = client.get(reverse(f"assurance:{name}", args=args), query)
    assert answer.status_code == HTTPStatus.OK
    return answer.content.decode()


def typed(**changes: Any) -> dict[str, Any]:
    until = clock.today() + timedelta(days=200)
    return {
        "verdict": Verdict.EFFECTIVE,
        "note": "Walked the quarantine area, all three lots were tagged.",
        "justification": "",
        "numbers": "",
        "expires_on": until.isoformat(),
        "seen": 0,
    } | changes


def test_the_map_opens_in_the_edition_in_use(client: Client, reader: User) -> None:
    assert client.get(reverse("assurance:in_use")).headers["Location"] == "/clauses/2015/"

    with_settings(edition=LATER)

    assert client.get(reverse("assurance:in_use")).headers["Location"] == "/clauses/2026/"


@SLUGS
def test_the_map_shows_every_clause_from_4_to_10(client: Client, reader: User, slug: str) -> None:
    html = page(client, "map", slug)

    for number in ("4.1", "5.3", "6.1", "7.5", "8.7", "9.3", "10.2"):
        assert f"/clauses/{slug}/{number}/" in html
    assert "Evidence is not conformity" in html


def test_the_map_says_which_edition_is_in_use_and_leads_to_the_other(
    client: Client, reader: User
) -> None:
    assert "The edition in use." in page(client, "map", "2015")
    other = page(client, "map", "2026")
    assert "Not the edition in use; you work by ISO 9001:2015" in other
    assert "/clauses/2015/" in other


def test_the_map_names_what_is_missing_first_with_the_way_to_fix_it(
    client: Client, reader: User, told: None
) -> None:
    html = page(client, "map", "2015")

    assert "Two are without containment." in html
    assert html.index("Two are without containment.") < html.index("Context of the organization")
    assert "/fix-it/" in html


def test_a_part_without_a_module_says_so_plainly(client: Client, reader: User, told: None) -> None:
    assert "Andon has no module for this yet" in page(client, "clause", "2015", "7.2")


@SLUGS
def test_every_clause_of_every_level_has_a_page(client: Client, reader: User, slug: str) -> None:
    for number in ("4", "8", "8.5", "8.5.1", "7.1.5.2", "10.2"):
        page(client, "clause", slug, number)


def test_a_clause_shows_state_records_missing_and_the_button_that_starts_it(
    client: Client, reader: User, told: None
) -> None:
    html = page(client, "clause", "2015", "8.7")

    for words in (
        "Partial evidence",
        "NC-A-2026-0002",
        "Two are without containment.",
        "Report a nonconformity",
        "/start-it/",
        "Nobody has assessed it yet.",
    ):
        assert words in html


def test_a_button_that_several_rules_offer_stands_once(
    client: Client, reader: User, monkeypatch: pytest.MonkeyPatch
) -> None:
    start = Start("Report a nonconformity", "/start-it/")
    offering = [saying(State.NONE, id_, fix=start) for id_ in ("8.7.1-1", "8.7.1-2")]
    named = [replace(rule, name=f"rule {place}") for place, rule in enumerate(offering)]
    monkeypatch.setattr(rules, "RULES", tuple(named))

    html = page(client, "clause", "2015", "8.7")

    assert html.split("<main")[1].split('class="page-body"')[0].count("/start-it/") == 1


def test_a_clause_shows_where_records_and_assessor_disagree(
    client: Client, manager: User, told: None
) -> None:
    a_verdict(manager, Verdict.CONFORMING, day=clock.today())

    html = page(client, "clause", "2015", "8.7")

    assert "They disagree" in html
    assert "the records show that something is missing" in html


def test_the_scope_lists_what_is_left_out_with_the_reason(client: Client, manager: User) -> None:
    a_verdict(
        manager,
        Verdict.NOT_APPLICABLE,
        on="8.3.1-1",
        justification="We make to the drawings of customers.",
        day=clock.today(),
    )

    assert "We make to the drawings of customers." in page(client, "clause", "2015", "4.3")


def test_a_requirement_shows_its_place_in_the_other_edition(client: Client, manager: User) -> None:
    a_verdict(manager, on="5.1.1-a", day=clock.today())

    html = page(client, "requirement", "2026", "5.1.1-l")

    assert "5.1.1 a)" in html
    assert "a verdict is not carried over" in html
    assert "Nobody has assessed it yet" in html


def test_a_new_demand_says_that_the_older_edition_does_not_ask(
    client: Client, reader: User
) -> None:
    assert "does not ask for it" in page(client, "requirement", "2026", "4.2-c")


def test_a_manager_records_a_verdict_and_sees_it_as_the_last_word(
    client: Client, manager: User
) -> None:
    first = a_verdict(manager, Verdict.NONCONFORMING, day=clock.today())
    address = reverse("assurance:assess", args=["2015", "8.7.1-1"])

    answer = client.post(address, typed(seen=first.pk), follow=True)

    html = answer.content.decode()
    assert "Walked the quarantine area" in html
    assert "The last word" in html
    assert "Superseded" in html
    assert Assessment.objects.current().get().verdict == Verdict.EFFECTIVE


def test_a_verdict_on_something_already_judged_anew_is_refused_kindly(
    client: Client, manager: User
) -> None:
    a_verdict(manager, day=clock.today())

    answer = client.post(reverse("assurance:assess", args=["2015", "8.7.1-1"]), typed())

    assert answer.status_code == HTTPStatus.CONFLICT
    assert "Somebody assessed this requirement" in answer.content.decode()


@pytest.mark.parametrize(
    ("wrong", "words"),
    [
        ({"verdict": ""}, "required"),
        ({"note": ""}, "required"),
        ({"verdict": Verdict.NOT_APPLICABLE}, "Say why the requirement cannot apply."),
        ({"expires_on": "2020-01-01"}, "Choose a day after today."),
        ({"expires_on": "soon"}, "valid date"),
        ({"numbers": "NC-A-2026-0001, NC-A-2026-0009"}, "NC-A-2026-0001, NC-A-2026-0009"),
        ({"numbers": " ".join(f"NC-{n}" for n in range(60))}, "Name at most 50 records."),
        ({"seen": "x"}, "whole number"),
    ],
    ids=str,
)
def test_the_form_says_what_is_wrong(
    client: Client, manager: User, wrong: dict[str, Any], words: str
) -> None:
    answer = client.post(reverse("assurance:assess", args=["2015", "8.7.1-1"]), typed(**wrong))

    assert answer.status_code == HTTPStatus.OK
    assert words in answer.content.decode()
    assert not Assessment.objects.exists()


def test_a_reader_is_offered_no_form_and_cannot_open_it(client: Client, reader: User) -> None:
    address = reverse("assurance:assess", args=["2015", "8.7.1-1"])

    assert address not in page(client, "requirement", "2015", "8.7.1-1")
    assert client.get(address).status_code == HTTPStatus.FORBIDDEN
    assert client.post(address, typed()).status_code == HTTPStatus.FORBIDDEN


@pytest.mark.parametrize(
    "path",
    [
        "/clauses/2008/",
        "/clauses/2015/99/",
        "/clauses/2015/1/",
        "/clauses/2026/10.3/",
        "/clauses/2015/6.1.3/",
        "/clauses/2015/requirements/8.7.1-99/",
        "/clauses/2026/requirements/10.3-1/",
        "/clauses/2015/requirements/x/assess/",
        "/terms/no-such-term/",
    ],
)
def test_what_is_not_there_is_not_found(client: Client, manager: User, path: str) -> None:
    assert client.get(path).status_code == HTTPStatus.NOT_FOUND


def test_the_changes_show_all_deltas_with_how_sure_they_are(client: Client, reader: User) -> None:
    html = page(client, "changes")

    assert html.count("rests on:") == 61
    assert "2026-09-16" in html
    assert "2029-09-30" in html


def test_all_that_stands_in_the_way_has_a_page(client: Client, reader: User, told: None) -> None:
    html = page(client, "blockers", "2015")

    assert "Two are without containment." in html
    assert "Neither evidence nor a verdict" in html


def test_documents_and_records_asked_for_are_listed(client: Client, reader: User) -> None:
    html = page(client, "documents")

    assert "Scope statement" in html
    assert "Organization chart, role descriptions, authority matrix" in html


def test_nobody_reads_the_map_without_signing_in(client: Client) -> None:
    for name in ("in_use", "changes", "documents", "terms", "principles"):
        answer = client.get(reverse(f"assurance:{name}"))
        assert answer.status_code in {HTTPStatus.FOUND, HTTPStatus.FORBIDDEN}
