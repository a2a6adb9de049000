"""The web server, as every command that serves starts it."""

from __future__ import annotations

from typing import TYPE_CHECKING

from django.core.handlers.wsgi import WSGIHandler
from django.db import connections
from django.urls import get_resolver
from granian.constants import HTTPModes, Interfaces
from granian.http import HTTP1Settings
from granian.log import LogLevels
from granian.server.mp import MPServer

from andon.cli import ports
from andon.cli.errors import Sentence
from andon.config.wsgi import application

if TYPE_CHECKING:
    from collections.abc import Callable

# Longer than any page takes, shorter than a person waits for a restart.
GRACE_SECONDS = 20
HEADER_SECONDS = 10


def serve(
    *,
    host: str,
    port: int,
    workers: int,
    threads: int,
    when_ready: Callable[[], None] | None = None,
) -> None:
    """Serve until stopped; running requests are answered first, for up to 20 seconds.

    The workers are forks of this process where the system can, so what it has loaded already
    (Django) is loaded once; connections to the database are not shared.
    """
    if sentence := ports.trouble(host, port):
        raise Sentence(sentence)
    # Every page is loaded before the workers fork: a broken one stops the start; memory is shared.
    get_resolver().url_patterns  # noqa: B018
    _disconnect()
    server = MPServer(
        "andon.config.wsgi:application",
        address=host,
        port=port,
        interface=Interfaces.WSGI,
        workers=workers,
        blocking_threads=threads,
        # What waits beyond this is told so by the proxy instead of piling up here.
        backpressure=threads * 16,
        http=HTTPModes.http1,
        http1_settings=HTTP1Settings(header_read_timeout=HEADER_SECONDS * 1000),
        websockets=False,
        log_level=LogLevels.warning,
        workers_kill_timeout=GRACE_SECONDS,
        respawn_failed_workers=True,
    )
    if when_ready is not None:
        server.on_startup(when_ready)
    server.serve(target_loader=loaded, wrap_loader=False)


def loaded() -> WSGIHandler:
    """Return the application, as the parent of the workers has loaded it."""
    return application


def _disconnect() -> None:
    """Close what must not be shared by forks: connections, and the threads of a pool."""
    for connection in connections.all(initialized_only=True):
        connection.close()
        if close_pool := getattr(connection, "close_pool", None):
            close_pool()
