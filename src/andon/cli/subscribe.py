"""``andon subscribe``: the messages of an MQTT broker, until stopped."""

from __future__ import annotations

import signal
import threading
from typing import TYPE_CHECKING

from django.conf import settings

from andon.cli.database import require_migrated
from andon.cli.errors import Sentence
from andon.modules.production.imports.mqtt import Broker, Subscriber
from andon.trail.services import edge

if TYPE_CHECKING:
    import argparse


def run(options: argparse.Namespace) -> int:
    """Take messages until told to stop."""
    require_migrated()
    broker = _broker(options.broker or settings.MQTT_BROKER)
    stopped = threading.Event()
    for kind in (signal.SIGINT, signal.SIGTERM):
        signal.signal(kind, lambda *_: stopped.set())
    print(f"Taking messages from {broker.host}:{broker.port} (stop with Ctrl-C).", flush=True)
    with edge(via="command"):
        subscriber = Subscriber(
            broker,
            client_id=options.client_id,
            stopped=stopped,
            told=lambda sentence: print(sentence, flush=True),
        )
        counts = subscriber.run(seconds=options.quiet_seconds)
    print(", ".join(f"{name}: {count}" for name, count in sorted(counts.items())) or "nothing came")
    return 0


def _broker(address: str) -> Broker:
    if not address:
        message = "Name the broker with --broker mqtt://host or in ANDON_MQTT."
        raise Sentence(message)
    try:
        return Broker.at(address)
    except ValueError as error:
        raise Sentence(str(error)) from error
