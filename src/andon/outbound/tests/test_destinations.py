"""Only https, only hosts on the list, and no address that reads as another (OB1)."""

import pytest

from andon.outbound.destinations import Destination, NotAllowed, destination, place

ALLOWED = {"hooks.example.com", "erp.example.com:8443"}


def test_OB1_an_allowed_address_keeps_its_path_and_its_question():
    found = destination("https://hooks.example.com/in/7?key=1#top", allowed=ALLOWED)

    assert found == Destination("hooks.example.com", 443, "/in/7?key=1")
    assert destination("https://ERP.example.com.:8443", allowed=ALLOWED).port == 8443


@pytest.mark.parametrize(
    "url",
    [
        "http://hooks.example.com/", "ftp://hooks.example.com/", "//hooks.example.com/", "",
        "https://", "https:///x", "https://other.example.com/", "https://hooks.example.com:444/",
        "https://erp.example.com/", "https://hooks.example.com@evil.example/",
        "https://a:b@hooks.example.com/", "https://hooks.example.com\\@evil.example/",
        "https://hooks.example.com/a b", "https://hooks.example.com/\r\nX: 1",
        "https://hooks.example.com/\x00", "https://hooks.example.com:99999/",
        "https://hooks.example.com:x/", "https://[::1]/", "https://127.0.0.1/", "https://2130706433/",
        "https://0x7f.0.0.1/", "https://0177.0.0.1/", "https://localhost/",
        "https://hooks.example.com.evil.example/", "https://ｈooks.example.com/",
        "https://hooks.example.com/" + "x" * 500,
    ],
)  # fmt: skip
def test_OB1_another_address_is_refused_with_a_sentence(url: str):
    with pytest.raises(NotAllowed, match=r"\."):
        destination(url, allowed=ALLOWED)


def test_OB1_the_list_is_off_until_somebody_fills_it():
    with pytest.raises(NotAllowed, match="not on the list"):
        destination("https://hooks.example.com/", allowed=())


@pytest.mark.parametrize(
    "text",
    ["", "localhost", "a b.example", "*.example.com", "https://x.example", "x.example/in",
     "10.0.0.1", "127.1", "0x7f.1", "[::1]", "x.example:0", "x.example:99999", "x.example:https",
     "x.example:", "-x.example", "x..example"],
)  # fmt: skip
def test_OB1_what_is_no_host_does_not_come_onto_the_list(text: str):
    with pytest.raises(NotAllowed):
        place(text)


def test_a_host_is_listed_as_people_write_it():
    assert place(" Hooks.Example.com. ") == "hooks.example.com"
    assert place("hooks.example.com:443") == "hooks.example.com"
    assert place("hooks.example.com:8443") == "hooks.example.com:8443"
