"""Which addresses may be spoken to: those of the open internet, and nothing that only looks so.

The standard library's ``is_global`` says yes to some that lead back inside: multicast, IPv4
packed into IPv6 (mapped, compatible, NAT64, 6to4, Teredo, ISATAP). They are refused by name.
"""

import ipaddress
import re

Address = ipaddress.IPv4Address | ipaddress.IPv6Address

_REFUSED = tuple(
    ipaddress.ip_network(network)
    for network in (
        "0.0.0.0/8",
        "100.64.0.0/10",  # shared by carriers
        "192.0.0.0/24",
        "192.88.99.0/24",  # 6to4 relays
        "198.18.0.0/15",  # benchmarks
        "224.0.0.0/3",  # multicast, reserved, broadcast
        "::/96",  # IPv4-compatible, unspecified, loopback
        "::ffff:0:0/96",  # IPv4-mapped
        "::ffff:0:0:0/96",  # IPv4-translated
        "64:ff9b::/96",  # NAT64
        "64:ff9b:1::/48",
        "100::/64",  # thrown away
        "2001::/23",  # Teredo and other assignments of protocols
        "2001:db8::/32",
        "2002::/16",  # 6to4
        "3fff::/20",
        "5f00::/16",
        "fc00::/7",
        "fe80::/9",  # link-local and site-local
        "ff00::/8",
    )
)
_ISATAP = re.compile(r"\A0?0?[02]00?5efe", re.IGNORECASE)


def is_public(text: str) -> bool:
    """Return whether ``text`` is the address of a machine on the open internet."""
    try:
        address = ipaddress.ip_address(text)
    except ValueError:
        return False
    if getattr(address, "scope_id", None):
        return False
    if address.version == 6 and _ISATAP.match(address.exploded.replace(":", "")[16:]):  # noqa: PLR2004
        return False
    refused = any(address in network for network in _REFUSED if network.version == address.version)
    return address.is_global and not refused
