"""What an operator reads at /metrics, in Prometheus' text format: how often, how many, how long."""

from __future__ import annotations

import time
from collections.abc import Callable, Iterator

from prometheus_client import CollectorRegistry, Counter, Histogram, disable_created_metrics
from prometheus_client.exposition import CONTENT_TYPE_PLAIN_0_0_4, generate_latest
from prometheus_client.metrics_core import CounterMetricFamily, GaugeMetricFamily, Metric
from prometheus_client.registry import Collector

__all__ = ["CONTENT_TYPE", "Metrics", "Timings"]

CONTENT_TYPE = CONTENT_TYPE_PLAIN_0_0_4

# Upper ends of a histogram's buckets, in seconds: from what is usual to what somebody would feel.
INSPECTED = (10e-6, 20e-6, 50e-6, 100e-6, 200e-6, 500e-6, 0.001, 0.005, 0.02, 0.1)
TOLD = (50e-6, 100e-6, 200e-6, 500e-6, 0.001, 0.002, 0.005, 0.01, 0.02, 0.05, 0.1, 0.5)
COMMITTED = (200e-6, 500e-6, 0.001, 0.002, 0.005, 0.01, 0.02, 0.05, 0.1, 0.5, 1, 5)
ACKED = (0.001, 0.002, 0.005, 0.01, 0.02, 0.05, 0.1, 0.2, 0.5, 1, 2, 5)
EXPORTED = (0.02, 0.05, 0.1, 0.2, 0.5, 1, 2, 5, 10, 20, 30)

disable_created_metrics()  # type: ignore[no-untyped-call]  # of one process: the same for all

Read = Callable[[], float]


class Timings:
    """Histograms of how long things take, in seconds.

    One observation costs about 1.3 µs, as much as a seventh of inspecting an edit: so the engine
    observes once for each commit or each board in it, and times one inspection of many.
    """

    def __init__(self, registry: CollectorRegistry | None = None) -> None:
        """`registry`: where they are shown; nowhere, unless it is given."""

        def histogram(name: str, help: str, buckets: tuple[float, ...], *labels: str) -> Histogram:
            return Histogram(name, help, labels, registry=registry, buckets=buckets)

        self.ack = histogram(
            "hahmo_ack_seconds",
            "From the first edit of a board's batch until its authors are told that it is saved.",
            ACKED,
        )
        self.commit = histogram(
            "hahmo_commit_seconds", "Until the store has a commit durable.", COMMITTED
        )
        self.fan_out = histogram(
            "hahmo_fan_out_seconds", "Handing a board's batch to everybody on it.", TOLD
        )
        self.inspection = histogram(
            "hahmo_inspection_seconds", "Inspecting one edit; one of 64 is timed.", INSPECTED
        )
        self.export = histogram(
            "hahmo_export_seconds", "Making a document, waiting included.", EXPORTED, "format"
        )

    def exported(self, format: str, seconds: float) -> None:
        """A document was made."""
        self.export.labels(format).observe(seconds)


class Metrics:
    """All numbers of one application. Names carry their unit and never a person's data."""

    def __init__(self) -> None:
        self._registry = CollectorRegistry()
        self._answers = Counter(
            "hahmo_http_answers", "HTTP answers.", ("method", "status"), registry=self._registry
        )
        self._refusals = Counter(
            "hahmo_refusals", "Errors by their stable code.", ("code",), registry=self._registry
        )
        self.timings = Timings(self._registry)

    def counter(self, name: str, help: str, read: Read) -> None:
        """Show a number that only grows, such as a room's count of commits."""
        self._registry.register(Shown(lambda: CounterMetricFamily(name, help, value=read())))

    def gauge(self, name: str, help: str, read: Read) -> None:
        """Show a number that rises and falls, such as open connections."""
        self._registry.register(Shown(lambda: GaugeMetricFamily(name, help, value=read())))

    def answered(self, method: str, status: int) -> None:
        """Count one HTTP answer."""
        self._answers.labels(method, status).inc()

    def refused(self, slug: str) -> None:
        """Count one error by its stable code."""
        self._refusals.labels(slug).inc()

    def text(self) -> bytes:
        """Everything, as Prometheus reads it."""
        return generate_latest(self._registry)


class Shown(Collector):
    """A number that somebody else counts, read when it is asked for."""

    def __init__(self, read: Callable[[], Metric]) -> None:
        self._read = read

    def collect(self) -> Iterator[Metric]:
        yield self._read()


def uptime() -> Read:
    """Seconds since this was called."""
    start = time.monotonic()
    return lambda: time.monotonic() - start
