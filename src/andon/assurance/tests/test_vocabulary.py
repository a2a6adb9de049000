"""The pages of terms and principles."""

from http import HTTPStatus

import pytest
from django.test import Client
from django.urls import reverse

from andon.accounts.models import User
from andon.accounts.roles import Role
from andon.accounts.testing import a_person
from andon.standard import terms

pytestmark = pytest.mark.django_db


@pytest.fixture
def reader(client: Client) -> User:
    person = a_person(Role.AUDITOR)
    client.force_login(person)
    return person


def page(client: Client, name: str, *args: str, **query: str) -> str:
    answer = client.get(reverse(f"assurance:{name}", args=args), query)
    assert answer.status_code == HTTPStatus.OK
    return answer.content.decode()


def test_every_term_is_listed_and_has_a_page(client: Client, reader: User) -> None:
    html = page(client, "terms")

    for term in terms():
        assert f'href="/terms/{term.key}/"' in html
    entry = page(client, "term", "nonconformity")
    assert "/clauses/2015/" in entry
    assert "Related terms" in entry


def test_a_term_is_found_by_another_word_for_it(client: Client, reader: User) -> None:
    html = page(client, "terms", q="CAPA")

    assert "/terms/corrective-action/" in html
    assert "/terms/vision/" not in html
    assert "No such term" in page(client, "terms", q="flux capacitor")


def test_the_seven_principles_are_shown(client: Client, reader: User) -> None:
    html = page(client, "principles")

    for name in ("Customer focus", "Leadership", "Relationship management"):
        assert name in html
