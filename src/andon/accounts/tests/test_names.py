"""User names have one form and one script; names hold nothing invisible."""

import pytest
from django.core.exceptions import ValidationError

from andon.accounts import names


@pytest.mark.parametrize(
    ("typed", "key"),
    [
        ("Ana", "ana"),
        ("  ANA ", "ana"),
        ("Ａｎａ", "ana"),  # full width
        ("STRASSE", "strasse"),
        ("straße", "strasse"),
        ("ΣΊΣΥΦΟΣ", "σίσυφοσ"),
        ("e\u0301va", "éva"),
        ("ﬁona", "fiona"),  # ligature
    ],
)
def test_AU2_a_user_name_has_one_form_however_it_is_typed(typed, key):
    assert names.username_key(typed) == key
    assert names.username_key(key) == key


@pytest.mark.parametrize("name", ["ana", "o'neil", "müller.k", "иванов", "山田たろう", "ana_2@abc"])
def test_AU2_names_of_one_script_are_taken(name):
    assert names.username(name) == name


@pytest.mark.parametrize(
    "name",
    [
        "",
        "   ",
        "an\u0430",  # a Cyrillic a
        "αdmin",
        "ana silva",
        "ana\u200bsilva",
        "ana\u202esilva",
        "ana\x00",
        "ana\n",
        "a" * 65,
        "ana<script>",
        "ana\ud800",
        "١٢٣",
    ],
)
def test_AU2_names_that_hide_something_are_refused(name):
    if name == "ana\n":
        assert names.username(name) == "ana"
        return
    with pytest.raises(ValidationError):
        names.username(name)


@pytest.mark.parametrize("text", ["a\u202eb", "a\u200bb", "a\x00b", "a\nb", "a\ud800", "\ufeffa"])
def test_TX1_one_line_refuses_what_cannot_be_seen(text):
    with pytest.raises(ValidationError):
        names.one_line(text)


def test_TX1_one_line_has_one_form():
    assert names.one_line("  Ana \t Silva\u00a0e\u0301 ") == "Ana Silva é"
