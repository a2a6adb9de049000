"""Numbers for monitoring, in the format that Prometheus reads; off unless somebody is let in.

Requests are counted by each process into files of one folder (prometheus-client's own way for
several processes), and added up when they are read. What the database knows is asked then.
The library is loaded only where metrics are on.
"""

import hmac
import ipaddress
import os
from collections.abc import Iterator
from functools import cache
from pathlib import Path
from typing import TYPE_CHECKING, Any

from django.conf import settings
from django.http import HttpRequest

from andon.portal.operations import figures
from andon.trail.edge import client_address

if TYPE_CHECKING:
    from prometheus_client import Counter, Histogram

FOLDER = "PROMETHEUS_MULTIPROC_DIR"
SECONDS = (0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1.0, 2.5, 5.0, 10.0)


def is_on() -> bool:
    return bool(settings.METRICS_TOKEN or settings.METRICS_NETWORKS)


def lets_in(request: HttpRequest) -> bool:
    """Whether who asks is in an allowed network and knows the token; what is not set is not asked.

    Without any of the two nobody is let in.
    """
    if not is_on():
        return False
    networks = [ipaddress.ip_network(each) for each in settings.METRICS_NETWORKS]
    if networks:
        address = ipaddress.ip_address(client_address(request) or "0.0.0.0")  # noqa: S104
        if not any(address in network for network in networks):
            return False
    if not settings.METRICS_TOKEN:
        return True
    sent = request.headers.get("Authorization", "").removeprefix("Bearer ")
    return hmac.compare_digest(sent.encode(), settings.METRICS_TOKEN.encode())


def begin() -> None:
    """Forget what processes of an earlier start counted; before any process of this one."""
    if is_on() and (folder := os.environ.get(FOLDER)):
        for file in Path(folder).glob("*.db"):
            file.unlink()


def count(method: str, route: str, status: int, seconds: float) -> None:
    """Count one answered request."""
    if is_on():
        requests, took, _errors = counters()
        requests.labels(method, route, str(status)).inc()
        took.labels(route).observe(seconds)


def count_error(kind: str) -> None:
    """Count one error of the database."""
    if is_on():
        counters()[2].labels(kind).inc()


@cache
def counters() -> "tuple[Counter, Histogram, Counter]":
    """Return what each process counts, made with the first request."""
    if folder := os.environ.get(FOLDER):
        Path(folder).mkdir(parents=True, exist_ok=True)
    from prometheus_client import Counter, Histogram  # noqa: PLC0415  (only where metrics are on)

    return (
        Counter("andon_requests", "Answered requests", ["method", "route", "status"]),
        Histogram("andon_request_seconds", "Time to an answer", ["route"], buckets=SECONDS),
        Counter("andon_database_errors", "Errors of the database", ["kind"]),
    )


def text() -> bytes:
    """Return all numbers."""
    from prometheus_client import REGISTRY, CollectorRegistry, generate_latest  # noqa: PLC0415
    from prometheus_client.multiprocess import MultiProcessCollector  # noqa: PLC0415

    counters()
    registry = CollectorRegistry()
    if os.environ.get(FOLDER):
        MultiProcessCollector(registry)  # type: ignore[no-untyped-call]
    else:
        registry = REGISTRY
    return generate_latest(registry) + generate_latest(_of_the_database())


def _of_the_database() -> Any:
    from prometheus_client import CollectorRegistry  # noqa: PLC0415
    from prometheus_client.core import GaugeMetricFamily  # noqa: PLC0415
    from prometheus_client.registry import Collector  # noqa: PLC0415

    class State(Collector):
        def collect(self) -> Iterator[Any]:
            for figure in figures.figures():
                family = GaugeMetricFamily(figure.name, figure.help, labels=list(figure.labels))
                for labels, value in figure.values:
                    family.add_metric(list(labels), value)
                yield family

    registry = CollectorRegistry()
    registry.register(State())
    return registry
