"""Which passwords are taken: long ones, of any characters, and not those everybody tries (AU1)."""

import pytest
from django.contrib.auth.password_validation import validate_password
from django.core.exceptions import ValidationError

from andon.accounts.testing import PASSWORD, SiteFactory, a_person
from andon.entry import passwords
from andon.organization import services

REFUSED = {
    "too short": "Tr0ub4dor&3",
    "common": "1234567890123",
    "the company": "ABC-Industrial-Components",
    "the company in capitals with digits": "ABCINDUSTRIAL20262027",
    "a site": "Northfield-2026!",
    "the product": "AndonAndon2026!!",
    "one letter": "aaaaaaaaaaaaaaaaaaaa",
    "two letters": "abababababababab",
    "too long": "a stone bridge " * 9,
    "the own name": "anasilvaanasilva",
}


@pytest.fixture
def company(db):
    admin = a_person("admin")
    SiteFactory.create(code="NF1", name="Northfield")
    services.edit_settings(changes={"name": "ABC Industrial Components"}, by=admin)


@pytest.mark.parametrize("case", REFUSED)
def test_AU1_a_password_is_refused(company, case):
    ana = a_person(None, username="anasilva", display_name="Ana Silva")

    with pytest.raises(ValidationError):
        validate_password(REFUSED[case], ana)


@pytest.mark.parametrize(
    "good",
    [
        PASSWORD,
        "correct horse battery staple",
        "nur kleine buchstaben hier",
        "пять разных слов подряд",
        "長いパスワードを使います今日も",
        "industrial evening under a maple",
        ("a stone bridge " * 9)[:128],
    ],
)
def test_AU1_a_password_needs_no_digits_capitals_or_signs(company, good):
    validate_password(good, a_person(None, username="ana"))


def test_AU1_twin_without_the_words_of_the_company_it_would_do(company, monkeypatch):
    monkeypatch.setattr(passwords.ContextWords, "validate", lambda *_: None)

    validate_password(REFUSED["the company"])
