"""The load scenarios: what the generator is told, and which figures are shown."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from tests.bench.rig import Rig, Spec, prepared, running

__all__ = ["SCENARIOS", "Scenario"]

Figures = dict[str, Any]


@dataclass(frozen=True)
class Scenario:
    """`shown`: figure and unit; all are better when lower, except `max_edits_s`."""

    title: str
    run: Callable[[Rig, Spec, Path, float], Figures]
    shown: dict[str, str]


LATENCY = {
    "core_pct": "CPU % of a core",
    "p50s": "p50 ms",
    "p99s": "p99 ms",
    "aw_p99s": "presence p99 ms",
    "rss": "KiB",
}


def load(
    boards: int, clients: int, editors: int, rate: float
) -> Callable[[Rig, Spec, Path, float], Figures]:
    """`rate`: edits/s and presence/s of each editor."""

    def run(rig: Rig, spec: Spec, folder: Path, seconds: float) -> Figures:
        return one_load(rig, spec, folder, boards, clients, editors, rate, seconds)

    return run


def one_load(
    rig: Rig,
    spec: Spec,
    folder: Path,
    boards: int,
    clients: int,
    editors: int,
    rate: float,
    seconds: float,
) -> Figures:
    args = [
        *("--mode", "load", "--updates", f"{rig.data}/scripts.bin", "--boards", str(boards)),
        *("--clients", str(clients), "--editors", str(editors), "--rate", f"{rate:.4f}"),
        *("--aw-rate", f"{rate:.4f}", "--secs", str(seconds), "--drain", "5", "--timeout", "120"),
    ]
    figures = fresh(rig, spec, folder, args)
    if figures.get("secs"):
        figures["core_pct"] = 100 * figures["cpu"] / figures["secs"]
    return figures


def highest_rate(rig: Rig, spec: Spec, folder: Path, seconds: float) -> Figures:
    """The most edits/s on one board of 100 with p99 under 250 ms and nothing lost: bisection."""
    grid = [25 * 1.2**step for step in range(41)]
    low, high, best = -1, len(grid), Figures()
    while high - low > 1:
        middle = (low + high) // 2
        figures = one_load(rig, spec, folder, 1, 100, 100, grid[middle] / 100, 4)
        if sustained(figures, grid[middle]):
            low, best = middle, figures
        else:
            high = middle
    return {**best, "max_edits_s": round(grid[low]) if low >= 0 else 0}


def sustained(figures: Figures, rate: float) -> bool:
    return (
        "error" not in figures
        and figures["lost"] == figures["closed"] == 0
        and 0 <= figures["p99s"] <= 250
        and figures["edits_s"] >= 0.95 * rate
    )


def idle(rig: Rig, spec: Spec, folder: Path, seconds: float) -> Figures:
    args = ["--mode", "idle", "--boards", "200", "--clients", "10", "--secs", "5"]
    return fresh(rig, spec, folder, [*args, "--doc", f"{rig.data}/small.bin", "--timeout", "60"])


def joining(rig: Rig, spec: Spec, folder: Path, seconds: float) -> Figures:
    args = ["--mode", "join", "--joiners", "200", "--join-over", "1"]
    return fresh(rig, spec, folder, [*args, "--doc", f"{rig.data}/doc.bin", "--timeout", "60"])


def cold_start(rig: Rig, spec: Spec, folder: Path, seconds: float) -> Figures:
    if spec.prepare is None:
        return {"error": "keeps nothing"}
    args = ["--tag", "cold", "--mode", "cold", "--doc", f"{rig.data}/doc.bin", "--timeout", "120"]
    with running(rig, spec, prepared(rig, spec, folder), cold=True) as server:
        return rig.load(server, spec, args)


def fresh(rig: Rig, spec: Spec, folder: Path, args: list[str]) -> Figures:
    db = folder / f"db{len(list(folder.iterdir()))}"
    db.mkdir()
    with running(rig, spec, db) as server:
        return rig.load(server, spec, args)


SCENARIOS = {
    "S1": Scenario("workshop: 10 boards x 10 people", load(10, 10, 10, 5), LATENCY),
    "S2": Scenario("one board, 100 people type", load(1, 100, 100, 5), LATENCY),
    "S2x2": Scenario("the same at twice the rate", load(1, 100, 100, 10), LATENCY),
    "S2max": Scenario(
        "most edits/s on one board of 100",
        highest_rate,
        {"max_edits_s": "edits/s", "p99s": "p99 ms"},
    ),
    "S3": Scenario("500 people, 20 type", load(1, 500, 20, 5), LATENCY),
    "S4": Scenario(
        "2,000 idle connections on 200 boards",
        idle,
        {"rss_all": "KiB in all", "kb_per_conn": "KiB a connection", "conn_cpu": "CPU s"},
    ),
    "S5": Scenario(
        "200 join a board of 2,000 notes in 1 s",
        joining,
        {"p50": "p50 ms", "p99": "p99 ms", "cpu": "CPU s", "rss": "KiB"},
    ),
    "S6": Scenario(
        "cold start: 2,000 notes, 100,000 updates",
        cold_start,
        {"full_ms": "first sync ms", "cpu": "CPU s", "rss": "KiB"},
    ),
}
