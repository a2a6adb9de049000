"""Messages of a broker become facts: a flush of them in one transaction, each of them once."""

from __future__ import annotations

import hashlib
import logging
from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from itertools import groupby
from typing import Any

from django.core.exceptions import ValidationError
from django.db import InterfaceError, OperationalError
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from andon.modules.production.imports import arrivals, rows
from andon.modules.production.imports.arrivals import Told
from andon.modules.production.imports.fields import Row, Target, target_named
from andon.modules.production.imports.rows import Unfit
from andon.modules.production.models import Feed, FeedKind, SeenMessage
from andon.modules.production.services.feeds import fits
from andon.organization import clock
from andon.records.workflow import Refused
from andon.trail.services import SYSTEM, audited, retrying

BY = SYSTEM("mqtt")
log = logging.getLogger("andon.feeds")


@dataclass(frozen=True)
class Message:
    """What the broker delivered; ``again`` if it says that it may have delivered it before."""

    topic: str
    payload: bytes
    again: bool = False


@dataclass
class _Read:
    """A message on its way: the rows it holds, their values, and what is wrong with it."""

    message: Message
    key: str = ""
    may_be_known: bool = False
    rows: list[dict[str, Any]] = field(default_factory=list)
    values: list[Row] = field(default_factory=list)
    troubles: Told = field(default_factory=list)


def take(messages: Sequence[Message]) -> Counter[str]:
    """Take messages in their order and commit; count those taken, repeated and refused.

    A message that cannot be taken is kept among the refused arrivals, and stands in no other's
    way. Raises only when the database is away: then nothing is in, and nothing may be confirmed.
    """
    try:
        return _together(messages)
    except (OperationalError, InterfaceError):
        raise
    except Exception as error:  # noqa: BLE001 - one bad message must not stop the others
        if len(messages) == 1:
            return _refuse_alone(messages[0], error)
    middle = len(messages) // 2
    return take(messages[:middle]) + take(messages[middle:])


@retrying
def _together(messages: Sequence[Message]) -> Counter[str]:
    counts: Counter[str] = Counter()
    with audited(BY, reason=gettext_lazy("messages received")):
        feeds = _feeds()
        placed = [(_feed_of(message.topic, feeds), message) for message in messages]
        for feed, group in groupby(placed, key=lambda pair: pair[0]):
            if feed is None:
                counts["passed over"] += len(list(group))
            else:
                counts += _of_feed(feed, [message for _feed, message in group])
    return counts


def _feeds() -> list[Feed]:
    rows_ = Feed.objects.filter(kind=FeedKind.MQTT).select_related("site")
    return list(rows_.order_by("-is_active", "pk"))


def _feed_of(topic: str, feeds: Iterable[Feed]) -> Feed | None:
    return next((feed for feed in feeds if fits(topic, feed.place)), None)


def _of_feed(feed: Feed, messages: Sequence[Message]) -> Counter[str]:
    target = target_named(feed.target)
    read = [_parsed(message) for message in messages]
    fresh = _fresh(feed, read)
    if feed.is_active:
        _convert(target, feed, [one for one in fresh if not one.troubles])
        for run in _runs(target, [one for one in fresh if not one.troubles]):
            _publish(target, feed, run)
    else:
        for one in fresh:
            one.troubles = arrivals.told(_("This feed is not in use any more."))
    for one in fresh:
        if one.troubles:
            _keep(feed, one.message, one.troubles)
    refused = sum(bool(one.troubles) for one in fresh)
    counts = Counter(taken=len(fresh) - refused, refused=refused)
    counts["repeated"] = len(messages) - len(fresh)
    return +counts


def _parsed(message: Message) -> _Read:
    read = _Read(message)
    try:
        named, read.rows = arrivals.rows_in(message.payload)
    except Unfit as unfit:
        named, read.troubles = "", unfit.told
    known = f"i{named}".encode() if named else b"p" + message.payload
    read.key = hashlib.sha256(message.topic.encode() + b"\0" + known).hexdigest()
    # Without an id the same words may be meant twice, unless the broker says it repeats itself.
    read.may_be_known = bool(named) or message.again
    return read


def _fresh(feed: Feed, read: Sequence[_Read]) -> list[_Read]:
    """Return what was not taken before, and remember it."""
    known = SeenMessage.objects.filter(feed=feed, key__in={one.key for one in read})
    seen = set(known.values_list("key", flat=True))
    fresh = []
    for one in read:
        if not (one.may_be_known and one.key in seen):
            seen.add(one.key)
            fresh.append(one)
    now = clock.now()
    new = {one.key: SeenMessage(feed=feed, key=one.key, at=now) for one in fresh}
    SeenMessage.objects.bulk_create(new.values(), ignore_conflicts=True, batch_size=300)
    return fresh


def _convert(target: Target, feed: Feed, read: Sequence[_Read]) -> None:
    """Give each message the values of its rows, or what is wrong with them."""
    owner = [one for one in read for _row in one.rows]
    first: dict[int, int] = {}
    for at, one in enumerate(owner):
        first.setdefault(id(one), at)
    sent = [row for one in read for row in one.rows]
    values, errors = rows.read(target, sent, clock.today(feed.site))
    for number, name, sentence in errors:
        one = owner[number - 1]
        row = number - first[id(one)]
        one.troubles += arrivals.told(sentence, row=row, field=name)
    for number, found in values:
        owner[number - 1].values.append((number, found))


def _runs(target: Target, read: Sequence[_Read]) -> list[list[_Read]]:
    """Part messages so that in no part two of them are about the same: the later one counts."""
    runs: list[list[_Read]] = []
    seen: set[tuple[Any, ...]] = set()
    for one in read:
        keys = {_about(target, values) for _number, values in one.values}
        if not runs or keys & seen:
            runs.append([])
            seen = set()
        runs[-1].append(one)
        seen |= keys
    return runs


def _about(target: Target, values: dict[str, Any]) -> tuple[Any, ...]:
    said = (values.get(name) or "" for name in target.key_names)
    return tuple(one.casefold() if isinstance(one, str) else one for one in said)


def _publish(target: Target, feed: Feed, run: list[_Read]) -> None:
    """Publish a run; messages with troubles that show only now are taken out of it."""
    while run:
        owners = {number: one for one in run for number, _values in one.values}
        try:
            rows.publish(
                target,
                [(number, dict(values)) for one in run for number, values in one.values],
                site=feed.site,
                by=BY,
                source=FeedKind.MQTT,
                name=feed.place,
                create_missing=feed.create_missing,
            )
        except Unfit as unfit:
            for number, name, sentence in unfit.errors:
                one = owners[number]
                row = number - one.values[0][0] + 1
                one.troubles += arrivals.told(sentence, row=row, field=name)
            run = [one for one in run if not one.troubles]
        else:
            return


def _keep(feed: Feed, message: Message, troubles: Told) -> None:
    arrivals.keep(
        message.payload,
        troubles,
        by=BY,
        site=feed.site,
        target=feed.target,
        source=FeedKind.MQTT,
        name=message.topic,
        feed=feed,
    )


def _refuse_alone(message: Message, error: Exception) -> Counter[str]:
    if isinstance(error, (Refused, ValidationError)):
        sentence = " ".join(getattr(error, "messages", [str(error)]))
    else:
        log.error("A message on %s could not be taken.", message.topic, exc_info=error)
        sentence = _("This could not be taken, and the log of the application says why.")
    feed = _feed_of(message.topic, _feeds())
    if feed is not None:
        _keep(feed, message, arrivals.told(sentence))
    return Counter({"refused": 1})


__all__ = ["Message", "take"]
