"""Where something may be sent: an https address whose host is on the list."""

import ipaddress
import re
from collections.abc import Collection
from dataclasses import dataclass
from urllib.parse import urlsplit

from django.utils.translation import gettext as _

HTTPS = 443
LARGEST_PORT = 65_535
LONGEST = 500
_HOST = re.compile(r"\A(?!-)[a-z0-9-]{1,63}(?<!-)(\.(?!-)[a-z0-9-]{1,63}(?<!-))+\Z")
_PRINTABLE = re.compile(r"\A[\x21-\x7e]+\Z")


class NotAllowed(ValueError):
    """Nothing is sent there, and why, as a sentence for a person."""


@dataclass(frozen=True)
class Destination:
    """A host, its port, and what is asked of it."""

    host: str
    port: int
    target: str

    @property
    def place(self) -> str:
        """Return the host as it stands on the list: with its port when that is not 443."""
        return self.host if self.port == HTTPS else f"{self.host}:{self.port}"


def place(text: str) -> str:
    """Return ``text`` as an entry of the list, ``host`` or ``host:port``; `NotAllowed` if none."""
    name, colon, port = text.strip().lower().partition(":")
    name = name.removesuffix(".")
    if not _HOST.match(name) or _is_number(name):
        raise NotAllowed(
            _("“%s” is not the name of a host. Give one like hooks.example.com.") % text
        )
    number = int(port) if port.isascii() and port.isdigit() else 0
    if colon and not 1 <= number <= LARGEST_PORT:
        raise NotAllowed(
            _("“%s” is not a port. Leave it out, or give a number up to 65535.") % port
        )
    return Destination(name, number or HTTPS, "/").place


def destination(url: str, *, allowed: Collection[str]) -> Destination:
    """Return where ``url`` leads; `NotAllowed` unless it is https and its host is ``allowed``."""
    if len(url) > LONGEST or not _PRINTABLE.match(url) or "\\" in url:
        raise NotAllowed(_("The address holds characters or a length that no address has."))
    try:
        parts = urlsplit(url)
        port = parts.port or HTTPS
    except ValueError as error:
        raise NotAllowed(_("The address cannot be read. Copy it again.")) from error
    if parts.scheme != "https":
        raise NotAllowed(_("Only addresses that begin with https:// are sent to."))
    if "@" in parts.netloc:
        raise NotAllowed(_("The address holds a user name or a password. Leave them out."))
    found = place(f"{parts.hostname or ''}:{port}")
    if found not in allowed:
        raise NotAllowed(_("%s is not on the list of allowed hosts. Add it there first.") % found)
    path = parts.path or "/"
    host = found.partition(":")[0]
    return Destination(host, port, f"{path}?{parts.query}" if parts.query else path)


def _is_number(host: str) -> bool:
    """Return whether ``host`` is an address in one of the ways in which programs read one."""
    last = host.rsplit(".", 1)[-1]
    try:
        ipaddress.ip_address(host)
    except ValueError:
        return last.isdigit() or last.startswith("0x")
    return True
