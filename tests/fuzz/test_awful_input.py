"""Characters no form expects: the answer is a sentence and never an error of ours (TX1, AP2)."""

import pytest
from django.test import Client

from andon.accounts.models import Site, User
from andon.accounts.roles import Role
from andon.accounts.testing import SiteFactory, a_person
from andon.modules.nonconformities.models import Nonconformity
from andon.modules.nonconformities.tests.factories import reported
from andon.trail.models import AuditEntry

pytestmark = pytest.mark.django_db

# A digit to Python's isdigit() that int() does not read.
NOT_A_NUMBER = "²"
ADDRESSES = [
    f"/nonconformities/?after={NOT_A_NUMBER}",
    f"/nonconformities/new/?defect={NOT_A_NUMBER}",
    f"/production/batches/?before={NOT_A_NUMBER}",
    f"/production/imports/?before={NOT_A_NUMBER}",
    f"/production/?line={NOT_A_NUMBER}",
    f"/production/facts/output/?after=2026-01-01.{NOT_A_NUMBER}",
    "/nonconformities/NC%00/",
    "/r/NC%00/",
    "/search/?q=a%00b",
    "/nonconformities/new/?raised_from=%00",
    "/nonconformities/?site=%00&severity=%00&owner=%00",
    "/api/v1/nonconformities/NC%00/",
    "/kpis/board/a%00/",
    "/terms/a%00/",
]


@pytest.fixture
def manager() -> User:
    site: Site = SiteFactory.create(code="ABC1")
    return a_person(Role.MANAGER, site)


@pytest.fixture
def page(client: Client, manager: User) -> Client:
    client.force_login(manager)
    return client


@pytest.fixture
def record(manager: User) -> Nonconformity:
    return reported(manager, Site.objects.get(code="ABC1"))


@pytest.mark.parametrize("address", ADDRESSES)
def test_TX1_an_address_with_awful_characters_is_no_error_of_ours(
    page: Client, address: str
) -> None:
    answer = page.get(address)

    assert answer.status_code in {200, 400, 404}


@pytest.mark.parametrize(
    ("part", "typed"),
    [
        ("comment/", {"text": "a\x00b"}),
        ("people/", {"username": "a\x00"}),
        ("link/", {"kind": "related", "number": "a\x00"}),
        ("edit/", {"version": "1", "title": "a\x00b"}),
        ("do/void/", {"void_reason": "a\x00b", "version": "1"}),
    ],
)
def test_TX1_a_form_with_a_nul_is_refused_and_nothing_is_written(
    page: Client, record: Nonconformity, part: str, typed: dict[str, str]
) -> None:
    before = AuditEntry.objects.count()

    answer = page.post(record.get_absolute_url() + part, typed)

    assert answer.status_code == 400
    assert "Remove it and send it again" in answer.content.decode()
    assert AuditEntry.objects.count() == before


def test_a_form_whose_version_is_no_number_is_refused(page: Client, record: Nonconformity) -> None:
    answer = page.post(
        record.get_absolute_url() + "do/void/", {"void_reason": "x", "version": NOT_A_NUMBER}
    )

    assert answer.status_code == 409


@pytest.mark.parametrize("title", ["a\\u0000b", "a\\ud800b", "\\udfff"])
def test_TX1_json_with_a_character_that_cannot_be_stored_is_refused(
    page: Client, title: str
) -> None:
    body = f'{{"title": "{title}", "site": "ABC1"}}'

    answer = page.post("/api/v1/nonconformities/", body, content_type="application/json")

    assert answer.status_code == 400
    assert answer["Content-Type"] == "application/problem+json"
    assert not Nonconformity.objects.exists()


@pytest.mark.parametrize(
    ("method", "address", "status"),
    [("get", "/api/v1/nothing/", 404), ("put", "/api/v1/nonconformities/", 405)],
)
def test_AP2_an_unknown_address_or_method_of_the_api_is_a_problem_too(
    page: Client, method: str, address: str, status: int
) -> None:
    answer = getattr(page, method)(address)

    assert answer.status_code == status
    assert answer["Content-Type"] == "application/problem+json"
    assert answer.json()["title"]


@pytest.mark.parametrize("part", ["comment/", "files/", "link/", "extend/", "people/"])
def test_every_way_on_from_a_refusal_leads_to_a_page(
    page: Client, record: Nonconformity, part: str
) -> None:
    refused = page.post(record.get_absolute_url() + part, {})

    assert refused.status_code == 409
    assert page.get(refused.context["back"]).status_code == 200
    for item in refused.context["items"]:
        place = item.fix if item.fix.startswith("/") else refused.context["back"] + item.fix
        assert page.get(place.split("#")[0]).status_code == 200


def test_a_filter_that_is_no_choice_is_left_out_and_the_list_says_so(
    page: Client, record: Nonconformity
) -> None:
    text = page.get("/nonconformities/?severity=nonsense").content.decode()

    assert "This filter was left out." in text
    assert record.number in text
