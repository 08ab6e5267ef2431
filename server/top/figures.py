"""What a server did between two looks at its metrics."""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Mapping
from dataclasses import dataclass, field

__all__ = ["Figures", "Look", "between", "read_metrics", "together"]

LINE = re.compile(r"^(hahmo_[a-z_]+)(?:\{(.*)\})? (\S+)$", re.MULTILINE)
BOUND = re.compile(r'le="([^"]+)"')

Buckets = Mapping[float, float]  # how many were at most so long (s)


@dataclass(frozen=True)
class Look:
    """Metrics at one moment: sums by name, and histograms by theirs."""

    values: Mapping[str, float] = field(default_factory=dict)
    histograms: Mapping[str, Buckets] = field(default_factory=dict)

    def __getitem__(self, name: str) -> float:
        return self.values.get(f"hahmo_{name}", 0.0)


@dataclass(frozen=True)
class Figures:
    """Of one server, or of several together. Times in seconds, None where nothing was timed."""

    people: float
    boards: float
    edits: float  # a second
    refused: float  # a second
    waiting: float
    homes: float
    passing: float
    redis: float
    ack_half: float | None
    ack_most: float | None  # 99 of 100
    commit_most: float | None
    is_failing: bool


def read_metrics(text: str) -> Look:
    """From Prometheus' text format."""
    values: defaultdict[str, float] = defaultdict(float)
    histograms: defaultdict[str, defaultdict[float, float]] = defaultdict(
        lambda: defaultdict(float)
    )
    for name, labels, number in LINE.findall(text):
        bound = BOUND.search(labels)
        if bound is None:
            values[name] += float(number)
        else:
            histograms[name.removesuffix("_bucket")][float(bound[1])] += float(number)
    return Look(dict(values), {name: dict(found) for name, found in histograms.items()})


def together(looks: list[Look]) -> Look:
    """Sums of all; of how long Redis takes to answer and what fails, the worst."""
    names = {name for look in looks for name in look.values}
    values = {name: sum(look.values.get(name, 0.0) for look in looks) for name in names}
    for worst in ("hahmo_redis_seconds", "hahmo_store_failing"):
        values[worst] = max((look.values.get(worst, 0.0) for look in looks), default=0.0)
    histograms: defaultdict[str, defaultdict[float, float]] = defaultdict(
        lambda: defaultdict(float)
    )
    for look in looks:
        for name, buckets in look.histograms.items():
            for bound, number in buckets.items():
                histograms[name][bound] += number
    return Look(values, histograms)


def between(before: Look, now: Look, seconds: float) -> Figures:
    """`seconds`: that passed in between. A server that began anew counts from nothing."""
    if now["uptime_seconds"] < before["uptime_seconds"]:
        before = Look()

    def rate(name: str) -> float:
        return max(now[name] - before[name], 0.0) / seconds

    def slow(name: str, part: float) -> float | None:
        was = before.histograms.get(f"hahmo_{name}", {})
        found = now.histograms.get(f"hahmo_{name}", {})
        return quantile({le: n - was.get(le, 0.0) for le, n in found.items()}, part)

    return Figures(
        people=now["people"],
        boards=now["rooms"],
        edits=rate("updates_total"),
        refused=rate("refusals_total"),
        waiting=now["boards_waiting"] + now["checkpoints_waiting"] + now["exports_waiting"],
        homes=now["homes"],
        passing=now["passing"],
        redis=now["redis_seconds"],
        ack_half=slow("ack_seconds", 0.5),
        ack_most=slow("ack_seconds", 0.99),
        commit_most=slow("commit_seconds", 0.99),
        is_failing=now["store_failing"] > 0,
    )


def quantile(buckets: Buckets, part: float) -> float | None:
    """As Prometheus reckons it: evenly within a bucket; beyond the last bound, that."""
    bounds = sorted(buckets)
    if not bounds or buckets[bounds[-1]] <= 0:
        return None
    wanted = part * buckets[bounds[-1]]
    low = below = 0.0
    for bound in bounds:
        if buckets[bound] >= wanted:
            if bound == float("inf"):
                return low
            share = (wanted - below) / max(buckets[bound] - below, 1e-9)
            return low + (bound - low) * share
        low, below = bound, buckets[bound]
    return low
