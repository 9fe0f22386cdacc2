"""What is counted for Prometheus: requests, films, frames, chunks, workers and webhooks. Knows no route and no key."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, field

from prometheus_client import (
    CollectorRegistry,
    Counter,
    Histogram,
    PlatformCollector,
    ProcessCollector,
    generate_latest,
)
from prometheus_client.core import GaugeMetricFamily, Metric
from prometheus_client.registry import Collector

from vitascope.jobs.values import State, Video

__all__ = ["Metrics", "Standing"]

REQUEST_SECONDS = (0.002, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 10, 30, 60)
WORK_SECONDS = (0.1, 0.25, 0.5, 1, 2.5, 5, 10, 20, 40, 80, 160, 320)
WAYS = ("reused", "graded", "redrawn", "drawn")


@dataclass(frozen=True, slots=True, kw_only=True)
class Standing:
    """How things are at one moment, beside what was counted."""

    films: Mapping[str, int] = field(default_factory=dict)
    """By state."""
    queue: int = 0
    workers: int = 0
    workers_busy: int = 0
    webhooks_waiting: int = 0


class Metrics:
    """The counts of one server, in a registry of its own. `standing` is asked at each look."""

    def __init__(self, standing: Callable[[], Standing]) -> None:
        self._registry = CollectorRegistry(auto_describe=False)
        self._requests = Counter(
            "vitascope_requests", "Requests that were answered.", ["route", "method", "status"], registry=self._registry
        )
        self._request_seconds = Histogram(
            "vitascope_request_seconds", "Until the first byte of an answer.", ["route", "method"],
            buckets=REQUEST_SECONDS, registry=self._registry,
        )  # fmt: skip
        self._ended = Counter("vitascope_films_ended", "Films that came to an end.", ["state"], registry=self._registry)
        self._frames = Counter("vitascope_frames", "Frames of finished films.", ["way"], registry=self._registry)
        self._film_seconds = Histogram(
            "vitascope_film_wait_seconds",
            "From the wish to the finished film.",
            buckets=WORK_SECONDS,
            registry=self._registry,
        )
        self._chunk_seconds = Histogram(
            "vitascope_chunk_seconds", "To draw one chunk.", buckets=WORK_SECONDS, registry=self._registry
        )
        self._deliveries = Counter(
            "vitascope_webhook_deliveries", "Tries to deliver an event.", ["outcome"], registry=self._registry
        )
        self._registry.register(_Standing(standing))
        ProcessCollector(registry=self._registry)
        PlatformCollector(registry=self._registry)

    def request(self, route: str, method: str, status: int, seconds: float) -> None:
        """Count an answer."""
        self._requests.labels(route, method, str(status)).inc()
        self._request_seconds.labels(route, method).observe(seconds)

    def film(self, video: Video) -> None:
        """Count a film that came to an end."""
        self._ended.labels(video.state.value).inc()
        if video.state is State.COMPLETED:
            for way in WAYS:
                self._frames.labels(way).inc(video.ways.get(way, 0))
            if video.completed_at is not None:
                self._film_seconds.observe(max(0, video.completed_at - video.created_at))

    def chunk(self, seconds: float) -> None:
        """Count a chunk that was drawn."""
        self._chunk_seconds.observe(seconds)

    def delivery(self, outcome: str) -> None:
        """Count a try to deliver an event."""
        self._deliveries.labels(outcome).inc()

    def text(self) -> bytes:
        """Everything in the text format of Prometheus."""
        return generate_latest(self._registry)


class _Standing(Collector):
    def __init__(self, standing: Callable[[], Standing]) -> None:
        self._ask = standing

    def collect(self) -> Iterator[Metric]:
        now = self._ask()
        films = GaugeMetricFamily("vitascope_films", "Films by state.", labels=["state"])
        for state in State:
            films.add_metric([state.value], now.films.get(state.value, 0))
        yield films
        yield GaugeMetricFamily("vitascope_queue_depth", "Films that wait.", value=now.queue)
        yield GaugeMetricFamily("vitascope_workers", "Workers that can work.", value=now.workers)
        yield GaugeMetricFamily("vitascope_workers_busy", "Workers that are at work.", value=now.workers_busy)
        yield GaugeMetricFamily("vitascope_webhooks_waiting", "Events on their way.", value=now.webhooks_waiting)
