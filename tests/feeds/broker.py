"""A real broker for a test, which can be stopped and started, and a sender that loses nothing."""

from __future__ import annotations

import json
import os
import shutil
import socket
import subprocess
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import paho.mqtt.client as mqtt
from paho.mqtt.enums import CallbackAPIVersion

MOSQUITTO = shutil.which("mosquitto", path=f"{os.environ.get('PATH', '')}:/usr/sbin") or ""
SETTINGS = """
listener {port} 127.0.0.1
allow_anonymous true
user {user}
persistence true
persistence_location {folder}/
max_queued_messages 0
max_inflight_messages 1000
"""


class Mosquitto:
    """The broker, with its sessions on disk."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        with socket.socket() as free:
            free.bind(("127.0.0.1", 0))
            self.port = free.getsockname()[1]
        user = "root" if os.getuid() == 0 else "mosquitto"
        self.config = folder / "mosquitto.conf"
        self.config.write_text(SETTINGS.format(port=self.port, folder=folder, user=user))
        self.process: subprocess.Popen[bytes] | None = None

    @property
    def address(self) -> str:
        return f"mqtt://127.0.0.1:{self.port}"

    def start(self) -> None:
        with (self.folder / "mosquitto.log").open("ab") as log:
            self.process = subprocess.Popen(
                [MOSQUITTO, "-c", str(self.config)], stdout=log, stderr=log
            )
        for _try in range(200):
            with socket.socket() as probe:
                if probe.connect_ex(("127.0.0.1", self.port)) == 0:
                    return
            time.sleep(0.05)
        raise AssertionError((self.folder / "mosquitto.log").read_text())

    def stop(self) -> None:
        if self.process is not None:
            self.process.terminate()
            self.process.wait(30)
            self.process = None

    def restart(self) -> None:
        self.stop()
        self.start()


@contextmanager
def running(folder: Path) -> Iterator[Mosquitto]:
    """Run a broker whose files lie in ``folder``."""
    broker = Mosquitto(folder)
    broker.start()
    try:
        yield broker
    finally:
        broker.stop()


class Sender:
    """A client that repeats what the broker has not confirmed, also across its restarts."""

    def __init__(self, port: int) -> None:
        self.confirmed = 0
        self.client = mqtt.Client(
            CallbackAPIVersion.VERSION2, client_id="machine", clean_session=False
        )
        self.client.max_queued_messages_set(0)
        self.client.max_inflight_messages_set(200)
        self.client.reconnect_delay_set(min_delay=1, max_delay=1)
        self.client.on_publish = self._on_publish
        self.client.connect("127.0.0.1", port)
        self.sent = 0

    def _on_publish(self, *_about: Any) -> None:
        self.confirmed += 1

    def publish(self, numbers: range) -> None:
        """Hand messages over; without a connection they wait for one."""
        for number in numbers:
            self.client.publish("plant/orders", json.dumps(delivery(number)), qos=1)
            self.sent += 1

    def wait(self, seconds: float) -> None:
        """Wait until the broker has confirmed everything."""
        end = time.monotonic() + seconds
        while self.confirmed < self.sent and time.monotonic() < end:
            time.sleep(0.05)


@contextmanager
def sending(broker: Mosquitto) -> Iterator[Sender]:
    """Connect a sender for a while."""
    sender = Sender(broker.port)
    sender.client.loop_start()
    try:
        yield sender
    finally:
        sender.client.disconnect()
        sender.client.loop_stop()


def delivery(number: int) -> dict[str, Any]:
    """Return an order line as a message, told apart from all others."""
    return {
        "id": f"m-{number}",
        "promised": f"2026-03-{number % 28 + 1:02}",
        "customer": "KAY",
        "order_number": str(number // 10),
        "position": str(number % 10),
        "delay": str(number % 3),
        "tolerance": "1",
    }
