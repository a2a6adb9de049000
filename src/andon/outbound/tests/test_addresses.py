"""Forty ways to write an address: only those of the open internet are spoken to (OB1)."""

import ipaddress

import pytest

from andon.outbound.addresses import is_public

INSIDE = (
    "0.0.0.0", "0.1.2.3", "10.0.0.1", "100.64.0.1", "127.0.0.1", "127.255.255.254",
    "169.254.169.254", "172.16.0.1", "172.31.255.255", "192.0.0.8", "192.0.2.1", "192.88.99.1",
    "192.168.1.1", "198.18.0.1", "198.51.100.7", "203.0.113.9", "224.0.0.1", "239.255.255.250",
    "240.0.0.1", "255.255.255.255", "::", "::1", "::127.0.0.1", "::ffff:127.0.0.1",
    "::ffff:8.8.8.8", "::ffff:0:10.0.0.1", "64:ff9b::a00:1", "64:ff9b::8.8.8.8", "64:ff9b:1::1",
    "100::1", "2001::1", "2001:0:4136:e378:8000:63bf:3fff:fdd2", "2001:db8::1", "2002:7f00:1::",
    "2002:c0a8:101::1", "fc00::1", "fd12:3456::1", "fe80::1", "fe80::1%eth0", "fec0::1",
    "ff02::1", "ff0e::1", "2a00:1450::5efe:10.0.0.1", "3fff::1", "5f00::1",
)  # fmt: skip
OPEN = ("8.8.8.8", "1.1.1.1", "93.184.216.34", "2606:2800:220:1::1", "2a00:1450:4001:81b::200e")
NONE_AT_ALL = ("", "localhost", "2130706433", "0x7f.1", "0177.0.0.1", "127.1", "1.2.3.4:443", "::g")


@pytest.mark.parametrize("address", INSIDE)
def test_OB1_an_address_inside_a_network_is_not_public(address: str):
    assert not is_public(address)


@pytest.mark.parametrize("address", OPEN)
def test_OB1_an_address_of_the_open_internet_is_public(address: str):
    assert is_public(address)


@pytest.mark.parametrize("text", NONE_AT_ALL)
def test_OB1_what_is_no_plain_address_is_not_public(text: str):
    assert not is_public(text)


def test_OB1_the_question_of_the_standard_library_alone_would_let_some_in():
    believed = [text for text in INSIDE if ipaddress.ip_address(text).is_global]

    assert {"224.0.0.1", "64:ff9b::a00:1", "ff0e::1", "2002:7f00:1::"} <= set(believed)
