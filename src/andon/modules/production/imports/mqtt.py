"""The subscriber: messages of a broker are confirmed once their facts are committed.

The session is persistent and messages come at least once (QoS 1). A message that was delivered
before the connection broke is committed but not confirmed: its number may belong to another one
by now. The broker delivers it again, and it is known by then.
"""

from __future__ import annotations

import logging
import queue
import threading
import time
from collections import Counter
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any
from urllib.parse import unquote, urlsplit

import paho.mqtt.client as mqtt
from django.db import DatabaseError, close_old_connections
from paho.mqtt.enums import CallbackAPIVersion

from andon.modules.production.imports import messages
from andon.modules.production.models import Feed, FeedKind

MOST = 1000
LULL = 0.01
AWAY = 5.0
QOS = 1
PORTS = {"mqtt": 1883, "mqtts": 8883}

log = logging.getLogger("andon.feeds")


@dataclass(frozen=True)
class Broker:
    """Where the broker is, and who we are to it."""

    host: str
    port: int
    encrypted: bool
    username: str
    password: str

    @classmethod
    def at(cls, address: str) -> Broker:
        """Read ``mqtt://user:password@host:port`` (or mqtts); raises `ValueError`."""
        parts = urlsplit(address)
        if parts.scheme not in PORTS or not parts.hostname:
            message = "The broker is named as mqtt://host:port or mqtts://user:password@host."
            raise ValueError(message)
        return cls(
            host=parts.hostname,
            port=parts.port or PORTS[parts.scheme],
            encrypted=parts.scheme == "mqtts",
            username=unquote(parts.username or ""),
            password=unquote(parts.password or ""),
        )


@dataclass(frozen=True)
class _Delivered:
    message: messages.Message
    number: int
    connection: int


class Subscriber:
    """Takes what comes on the topics of all feeds until it is stopped."""

    def __init__(
        self,
        broker: Broker,
        *,
        client_id: str,
        stopped: threading.Event,
        told: Callable[[str], None] = log.info,
    ) -> None:
        self.broker = broker
        self.stopped = stopped
        self.counts: Counter[str] = Counter()
        self.waiting: queue.SimpleQueue[_Delivered] = queue.SimpleQueue()
        self.connection = 0
        self.topics: set[str] = set()
        self.client = mqtt.Client(
            CallbackAPIVersion.VERSION2, client_id=client_id, clean_session=False, manual_ack=True
        )
        self.client.on_connect = self._on_connect
        self.client.on_subscribe = lambda *_: told(f"Listening: {', '.join(sorted(self.topics))}.")
        self.client.on_message = self._on_message
        self.client.reconnect_delay_set(min_delay=1, max_delay=30)
        if broker.username:
            self.client.username_pw_set(broker.username, broker.password)
        if broker.encrypted:
            self.client.tls_set()

    def _on_connect(self, client: Any, _data: Any, _flags: Any, reason: Any, _more: Any) -> None:
        self.connection += 1
        if reason.is_failure:
            log.error("The broker refuses the connection: %s", reason)
            return
        if self.topics:
            client.subscribe([(topic, QOS) for topic in sorted(self.topics)])

    def _on_message(self, _client: Any, _data: Any, came: mqtt.MQTTMessage) -> None:
        message = messages.Message(came.topic, bytes(came.payload), again=came.dup)
        self.waiting.put(_Delivered(message, came.mid if came.qos else 0, self.connection))

    def run(self, *, seconds: float | None = None) -> Counter[str]:
        """Connect and take messages; with ``seconds``, until none came for so long."""
        self.topics = self._known()
        self.client.connect_async(self.broker.host, self.broker.port, keepalive=30)
        self.client.loop_start()
        looked = quiet = time.monotonic()
        try:
            while not self.stopped.is_set():
                if batch := self._next():
                    self._take(batch)
                    quiet = time.monotonic()
                elif seconds is not None and time.monotonic() - quiet > seconds:
                    break
                if time.monotonic() - looked > AWAY:
                    self._follow()
                    looked = time.monotonic()
        finally:
            self.client.disconnect()
            self.client.loop_stop()
        return self.counts

    def _next(self) -> list[_Delivered]:
        """Return what is there, once nothing more comes for a moment."""
        found: list[_Delivered] = []
        try:
            found.append(self.waiting.get(timeout=0.5))
            while len(found) < MOST:
                found.append(self.waiting.get(timeout=LULL))
        except queue.Empty:
            pass
        return found

    def _take(self, batch: list[_Delivered]) -> None:
        """Commit, then confirm; while the database is away nothing is confirmed."""
        while not self.stopped.is_set():
            try:
                self.counts += messages.take([one.message for one in batch])
            except DatabaseError:
                log.exception("The database is away; messages wait at the broker.")
                close_old_connections()
                self.stopped.wait(AWAY)
            else:
                break
        else:
            return
        for one in batch:
            if one.number and one.connection == self.connection:
                self.client.ack(one.number, QOS)

    @staticmethod
    def _known() -> set[str]:
        feeds = Feed.objects.filter(kind=FeedKind.MQTT, is_active=True)
        return set(feeds.values_list("place", flat=True))

    def _follow(self) -> None:
        """Subscribe to what was set up meanwhile, and leave what is not in use any more."""
        try:
            known = self._known()
        except DatabaseError:
            close_old_connections()
            return
        for topic in known - self.topics:
            self.client.subscribe(topic, QOS)
        for topic in self.topics - known:
            self.client.unsubscribe(topic)
        self.topics = known
