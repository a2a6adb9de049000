"""What the log says, and what it never says."""

import json
import logging
import logging.config
from datetime import datetime

import pytest
from django.test import RequestFactory

from andon.config.logs import configuration
from andon.trail.edge import edge


@pytest.fixture
def line(capsys):
    """Write one line to the log and return it."""
    root = logging.getLogger()
    kept = root.handlers[:], root.level

    def write(message, **more):
        logging.config.dictConfig(configuration(level="INFO"))
        logging.getLogger("django.request").error(message, **more)
        return capsys.readouterr().out

    yield write
    root.handlers[:], root.level = kept


def test_LG1_a_line_is_json_in_utc_with_the_id_of_the_request(line):
    with edge(via="page") as entered:
        said = json.loads(line("Something happened"))

    assert said["event"] == "Something happened"
    assert said["level"] == "error"
    assert said["request_id"] == entered.request_id
    assert datetime.fromisoformat(said["timestamp"]).utcoffset().total_seconds() == 0


def test_LG1_the_id_of_the_person_is_there_without_asking_the_database(line):
    request = RequestFactory().get("/")
    request._cached_user = type("Person", (), {"pk": 7})()

    said = json.loads(line("Forbidden", extra={"request": request, "status_code": 403}))

    assert said["user_id"] == 7


def test_LG1_a_line_break_in_a_value_does_not_make_a_second_line(line):
    said = line("Not Found: /a\r\nlevel=error event=forged\x1b[31m")

    assert said.count("\n") == 1
    assert "\r" not in said
    assert "\x1b" not in said


def test_LG1_an_error_comes_with_its_traceback_in_the_same_line(line):
    said = line("Internal Server Error: /", exc_info=ZeroDivisionError("nothing to divide by"))

    assert said.count("\n") == 1
    assert "nothing to divide by" in json.loads(said)["exception"]


def test_LG1_what_was_sent_and_the_session_are_not_in_the_line(line):
    request = RequestFactory().post("/sign-in/", {"password": "canary-password"})
    request.COOKIES["session"] = "canary-session"

    said = line("Bad Request: /sign-in/", extra={"request": request})

    assert "canary" not in said
