"""Posts to another machine over https, once, without following where it points (OB1)."""

import contextlib
import http.client
import socket
import ssl
import threading
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass

from django.utils.translation import gettext as _

from andon.outbound.addresses import is_public
from andon.outbound.destinations import HTTPS, Destination, NotAllowed

SECONDS = 5.0
LARGEST_ANSWER = 65_536
OK = range(200, 300)

Resolver = Callable[[str, int], list[str]]


class NotSent(Exception):
    """It did not arrive, or nobody said that it did; a sentence says why. Worth another try."""


@dataclass(frozen=True)
class Answer:
    """What the other machine answered; its words are for nobody's eyes."""

    status: int
    size: int

    @property
    def is_ok(self) -> bool:
        return self.status in OK


def resolve(host: str, port: int) -> list[str]:
    """Return the addresses of ``host``, as the system knows them."""
    try:
        found = socket.getaddrinfo(host, port, type=socket.SOCK_STREAM, proto=socket.IPPROTO_TCP)
    except (OSError, UnicodeError) as error:
        raise NotSent(_("The host %s has no address: is its name right?") % host) from error
    return [str(entry[4][0]) for entry in found]


def post(
    to: Destination,
    body: bytes,
    *,
    headers: Mapping[str, str],
    resolver: Resolver = resolve,
    permits: Callable[[str], bool] = is_public,
    context: ssl.SSLContext | None = None,
    seconds: float = SECONDS,
) -> Answer:
    """Post ``body`` to ``to`` and return what came back; redirects are answers like any other.

    The name is resolved once; one inner address among those found refuses all of them, and the
    connection goes to an address that was looked at, not to the name. ``permits`` and ``context``
    are there for tests, which have no machine on the open internet.

    Raises
    ------
    NotAllowed
        An address is not public, or a header holds a line end.
    NotSent
        No connection, a certificate of somebody else, no answer in time, or too long a one.
    """
    if any(ord(letter) < ord(" ") for pair in headers.items() for letter in "".join(pair)):
        raise NotAllowed(_("A header cannot hold a line end."))
    addresses = resolver(to.host, to.port)
    if not addresses or not all(permits(address) for address in addresses):
        raise NotAllowed(
            _("%s leads to an address inside a network; nothing is sent there.") % to.host
        )
    connection = _Connection(to, addresses[0], seconds, context or ssl.create_default_context())
    with _said(connection):
        connection.request("POST", to.target, body, dict(headers))
        answer = connection.getresponse()
        size = _length(answer)
        if connection.is_late:  # an answer cut off looks like its end
            raise TimeoutError
        return Answer(answer.status, size)


@contextlib.contextmanager
def _said(connection: "_Connection") -> Iterator[None]:
    """Say what went wrong as a sentence, and close the connection."""
    host = connection.host
    try:
        yield
    except ssl.SSLCertVerificationError as error:
        raise NotSent(_("The certificate of %s is not valid for it.") % host) from error
    except (OSError, ValueError, http.client.HTTPException) as error:
        if connection.is_late or isinstance(error, TimeoutError):
            told = {"host": host, "seconds": connection.timeout}
            sentence = _("%(host)s did not answer within %(seconds)g seconds.") % told
        else:
            sentence = _("%s did not answer as a web server does.") % host
        raise NotSent(sentence) from error
    finally:
        connection.end()


def _length(answer: http.client.HTTPResponse) -> int:
    size = len(answer.read(LARGEST_ANSWER + 1))
    if size > LARGEST_ANSWER:
        raise http.client.HTTPException
    return size


class _Connection(http.client.HTTPConnection):
    """Connects to an address that was looked at, and asks for the certificate of the name.

    A timer ends the socket when the whole has taken too long: the time-out of a socket starts
    anew with every byte, which a slow answer can use for hours.
    """

    default_port = HTTPS

    def __init__(
        self, to: Destination, address: str, seconds: float, context: ssl.SSLContext
    ) -> None:
        super().__init__(to.host, to.port, timeout=seconds)
        self._to, self._address, self._context = to, address, context
        self._socket: socket.socket | None = None
        self.is_late = False
        self._timer = threading.Timer(seconds, self._give_up)
        self._timer.daemon = True

    def connect(self) -> None:
        self._timer.start()
        plain = socket.create_connection((self._address, self._to.port), self.timeout)
        self._socket = secure = self._context.wrap_socket(
            plain, server_hostname=self._to.host, do_handshake_on_connect=False
        )
        secure.do_handshake()  # only now, so that the timer can end it, too
        self.sock = secure

    def end(self) -> None:
        """Close everything, whoever else still holds the socket."""
        self._timer.cancel()
        self.close()
        if self._socket is not None:
            self._socket.close()

    def _give_up(self) -> None:
        self.is_late = True
        if self._socket is not None:
            with contextlib.suppress(OSError):
                self._socket.shutdown(socket.SHUT_RDWR)
