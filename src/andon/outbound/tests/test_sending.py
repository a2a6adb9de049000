"""What goes out goes to the machine that was looked at, or not at all (OB1)."""

import time
from collections.abc import Iterator
from pathlib import Path

import pytest

from andon.outbound.destinations import Destination, NotAllowed
from andon.outbound.sending import LARGEST_ANSWER, Answer, NotSent, post
from andon.outbound.signature import HEADER, is_signed, sign
from andon.outbound.testing import HOST, Server, https_server, respond

LOOPBACK = {"127.0.0.1"}.__contains__


@pytest.fixture
def server(tmp_path: Path) -> Iterator[Server]:
    with https_server(tmp_path) as running:
        yield running


def send(server: Server, *, host: str = HOST, seconds: float = 5, **how) -> Answer:
    how = {"permits": LOOPBACK, "resolver": server.resolver, **how}
    to = Destination(host, server.port, "/in?x=1")
    headers = how.pop("headers", {"Content-Type": "application/json"})
    return post(to, b'{"a":1}', headers=headers, context=server.context, seconds=seconds, **how)


def test_what_is_posted_arrives_as_it_was_sent(server: Server):
    assert send(server) == Answer(200, 2)

    [got] = server.received
    assert (got.path, got.body) == ("/in?x=1", b'{"a":1}')
    assert got.headers["Host"] == f"{HOST}:{server.port}"


def test_OB1_an_address_inside_is_refused_before_anything_is_sent(server: Server):
    to = Destination(HOST, server.port, "/")

    with pytest.raises(NotAllowed, match="inside a network"):
        post(to, b"", headers={}, resolver=server.resolver, context=server.context)

    assert server.received == []


def test_OB1_without_the_look_at_the_address_the_same_post_goes_inside(server: Server):
    assert send(server, permits=lambda _address: True).is_ok


def test_OB1_one_inner_address_among_outer_ones_refuses_all(server: Server):
    with pytest.raises(NotAllowed):
        send(server, resolver=lambda *_: ["127.0.0.1", "10.0.0.1"])


def test_OB1_a_name_that_moves_is_asked_for_once(server: Server):
    asked = []

    def rebinding(_host: str, _port: int) -> list[str]:
        asked.append(1)
        return ["127.0.0.1"] if len(asked) == 1 else ["10.0.0.1"]

    assert send(server, resolver=rebinding).is_ok
    assert len(asked) == 1


@pytest.mark.parametrize("status", [301, 302, 303, 307, 308])
def test_OB1_a_redirect_is_not_followed(server: Server, status: int):
    def redirect(handler):
        handler.send_response(status)
        handler.send_header("Location", f"https://{HOST}:{server.port}/elsewhere")
        handler.send_header("Content-Length", "0")
        handler.end_headers()

    server.answer = redirect

    assert not send(server).is_ok
    assert len(server.received) == 1


def test_OB1_a_certificate_of_somebody_else_ends_it(server: Server):
    with pytest.raises(NotSent, match="certificate"):
        send(server, host="other.example.com")

    assert server.received == []


def test_OB1_an_answer_that_drips_is_not_waited_for(server: Server):
    def drip(handler):
        handler.send_response(200)
        handler.end_headers()
        for _ in range(100):
            handler.wfile.write(b".")
            handler.wfile.flush()
            time.sleep(0.05)

    server.answer = drip
    begun = time.monotonic()

    with pytest.raises(NotSent, match="within"):
        send(server, seconds=0.4)

    assert time.monotonic() - begun < 2


def test_OB1_an_answer_without_end_is_cut_off(server: Server):
    server.answer = lambda handler: respond(handler, body=b"x" * (LARGEST_ANSWER * 4))

    with pytest.raises(NotSent):
        send(server)


def test_a_machine_that_is_not_there_is_a_sentence(server: Server):
    to = Destination(HOST, 1, "/")

    with pytest.raises(NotSent, match="did not answer"):
        post(to, b"", headers={}, resolver=server.resolver, permits=LOOPBACK)


def test_a_host_without_an_address_is_a_sentence():
    with pytest.raises(NotSent, match="has no address"):
        post(Destination("nowhere.invalid", 443, "/"), b"", headers={})


def test_OB2_a_line_end_in_a_header_is_refused(server: Server):
    with pytest.raises(NotAllowed, match="line end"):
        send(server, headers={"X-Event": "a\r\nX-Evil: 1"})

    assert server.received == []


class TestSignature:
    def test_OB1_the_receiver_can_check_it(self):
        header = sign("secret", b"body", at=1_000)

        assert HEADER == "Andon-Signature"
        assert is_signed("secret", b"body", header, now=1_100)

    @pytest.mark.parametrize(
        ("secret", "body", "now"),
        [("other", b"body", 1_000), ("secret", b"bodY", 1_000), ("secret", b"body", 1_301)],
    )
    def test_OB1_another_secret_body_or_time_does_not_pass(self, secret, body, now):
        assert not is_signed(secret, body, sign("secret", b"body", at=1_000), now=now)

    @pytest.mark.parametrize(
        "header", ["", "t=,v1=", "t=x,v1=y", "v1=1", "t=1000", "t=１０００,v1=a"]
    )
    def test_OB1_a_header_of_another_form_does_not_pass(self, header):
        assert not is_signed("secret", b"body", header, now=1_000)
