"""Messages: taken once and in order; what cannot be taken is kept and stands in no one's way."""

import json
from datetime import timedelta
from typing import Any

import pytest
from django.core.exceptions import ValidationError
from django.db import OperationalError

from andon.accounts.models import Site, User
from andon.accounts.testing import TESTS
from andon.modules.production import jobs, services
from andon.modules.production.imports import arrivals, messages, rows
from andon.modules.production.imports.messages import Message
from andon.modules.production.models import Arrival, Feed, ImportBatch, Output, SeenMessage
from andon.modules.production.services.feeds import fits
from andon.organization import clock
from andon.trail.verify import verify

TOPIC = "plant/press1/output"


@pytest.fixture
def feed(site: Site, line: Any) -> Feed:
    feed = Feed(kind="mqtt", place="plant/+/output", site=site, target="output")
    return services.save_feed(feed, by=TESTS)


def _message(produced: Any, *, day: int = 1, again: bool = False, **more: Any) -> Message:
    row = {"day": f"2026-03-{day:02}", "line": "P1", "produced": produced, **more}
    return Message(TOPIC, json.dumps(row).encode(), again=again)


def _made() -> list[int]:
    rows_ = Output.objects.current().order_by("day").values_list("produced", flat=True)
    return [int(made) for made in rows_]


def test_a_flush_of_messages_becomes_one_batch(feed: Feed) -> None:
    counts = messages.take([_message(100 + day, day=day) for day in range(1, 6)])

    assert counts == {"taken": 5}
    assert _made() == [101, 102, 103, 104, 105]
    batch = ImportBatch.objects.get()
    assert (batch.source, batch.file_name, batch.rows_count) == ("mqtt", "plant/+/output", 5)
    assert verify().clean


def test_a_message_with_an_id_is_taken_once_even_after_a_correction(feed: Feed) -> None:
    first = _message(100, id="a-1")
    messages.take([first])
    messages.take([_message(90, id="a-2")])

    counts = messages.take([first, first])

    assert counts["repeated"] == 2
    assert _made() == [90]
    assert Output.objects.count() == 2


def test_without_an_id_what_the_broker_repeats_is_taken_once_and_what_is_said_again_counts(
    feed: Feed,
) -> None:
    messages.take([_message(100), _message(90)])
    repeated = messages.take([_message(100, again=True), _message(90, again=True)])
    assert (repeated["repeated"], _made()) == (2, [90])

    messages.take([_message(100)])

    assert _made() == [100]


def test_in_one_flush_the_later_message_about_the_same_counts(feed: Feed) -> None:
    messages.take([_message(100), _message(95, day=2), _message(90)])

    assert _made() == [90, 95]
    assert Output.objects.count() == 3


def test_a_message_that_cannot_be_taken_is_kept_and_the_others_count(feed: Feed) -> None:
    bad = [
        Message(TOPIC, b"{not json"),
        Message(TOPIC, b"\xff\x00"),
        Message(TOPIC, b'"text"'),
        _message("many", day=3),
        _message(5, day=4, colour="red"),
        _message(5, day=4, cause="\x00\x1b"),
        Message(TOPIC, json.dumps([{"day": "2026-03-05", "line": "P9", "produced": 1}]).encode()),
    ]

    counts = messages.take([_message(1), *bad, _message(2, day=2)])

    assert counts == {"taken": 2, "refused": 7}
    assert _made() == [1, 2]
    kept = list(Arrival.objects.order_by("pk"))
    assert [bytes(one.content.payload) for one in kept] == [one.payload for one in bad]
    assert all(one.troubles and one.name == TOPIC for one in kept)
    assert kept[3].troubles == [
        {
            "row": 1,
            "field": "produced",
            "text": "A number is sent as 12.5, without separators and units.",
        }
    ]
    assert verify().clean


def test_a_refused_message_is_not_kept_twice(feed: Feed) -> None:
    bad = _message("many", id="x")

    messages.take([bad])
    messages.take([bad])

    assert Arrival.objects.count() == 1


def test_a_repaired_message_is_sent_again(feed: Feed, engineer: User) -> None:
    messages.take([_message("many", id="x")])
    arrival = Arrival.objects.get()

    still = arrivals.resend(arrival, b"[]", by=engineer)
    assert still.is_waiting
    sent = arrivals.resend(arrival, _message(7, id="x").payload, by=engineer)

    assert sent.state == "sent"
    assert _made() == [7]


def test_what_comes_on_a_feed_out_of_use_is_kept(feed: Feed) -> None:
    feed.is_active = False
    services.save_feed(feed, by=TESTS)

    assert messages.take([_message(1)])["refused"] == 1
    assert "not in use" in Arrival.objects.get().troubles[0]["text"]


def test_a_fault_of_the_application_keeps_only_the_message_that_meets_it(
    feed: Feed, monkeypatch: pytest.MonkeyPatch
) -> None:
    publish = rows.publish

    def faulty(target: Any, values: Any, **options: Any) -> Any:
        if any(one["produced"] == "13.000" for _number, one in values):
            raise ZeroDivisionError
        return publish(target, values, **options)

    monkeypatch.setattr(rows, "publish", faulty)

    counts = messages.take([_message(number, day=number) for number in range(10, 16)])

    assert (counts["taken"], counts["refused"]) == (5, 1)
    assert _made() == [10, 11, 12, 14, 15]
    assert Arrival.objects.count() == 1


def test_while_the_database_is_away_nothing_is_taken_or_refused(
    feed: Feed, monkeypatch: pytest.MonkeyPatch
) -> None:
    def away(*_args: Any, **_options: Any) -> None:
        raise OperationalError

    monkeypatch.setattr(rows, "publish", away)

    with pytest.raises(OperationalError):
        messages.take([_message(1, id="a")])

    assert not Arrival.objects.exists()
    assert not SeenMessage.objects.exists()


def test_ids_are_forgotten_after_a_month(feed: Feed) -> None:
    messages.take([_message(1, id="a")])

    jobs.forget_keys(clock.now() + timedelta(days=29))
    assert SeenMessage.objects.exists()
    jobs.forget_keys(clock.now() + timedelta(days=31))

    assert not SeenMessage.objects.exists()


@pytest.mark.parametrize(
    ("topic", "place", "expected"),
    [
        ("plant/press1/output", "plant/+/output", True),
        ("plant/press1/scrap", "plant/+/output", False),
        ("plant/a/b/output", "plant/+/output", False),
        ("plant/a/b", "plant/#", True),
        ("plant", "plant/#", True),
        ("other/a", "plant/#", False),
        ("plant/a", "plant/a", True),
    ],
)
def test_a_topic_fits_its_feed(topic: str, place: str, expected: bool) -> None:
    assert fits(topic, place) is expected


@pytest.mark.parametrize("place", ["", "a/#/b", "a/b+", "$SYS/broker"])
def test_a_topic_that_cannot_be_one_is_refused(place: str, site: Site) -> None:
    with pytest.raises(ValidationError):
        services.save_feed(Feed(kind="mqtt", place=place, site=site, target="output"), by=TESTS)
