"""Speed in figures: `make bench`, or `python -m tests.bench [S1,S2,…]`.

Every scenario runs our server, with durability on, and every peer that is installed, in turn, in
`--rounds` rounds; the table shows medians and the ratio of ours to the best peer's. `--peers DIR`
(or HAHMO_BENCH_PEERS) is a folder with other servers, laid out as peers.json says. Figures of one
run on one machine can be compared; nothing else. Then follow: how soon an edit is acked, a merge
seen by 100 people, the inspection, the exports, and how soon a newcomer writes.
"""

from __future__ import annotations

import argparse
import json
import os
import statistics
import subprocess
import sys
import tempfile
from pathlib import Path

from tests.bench.rig import BUILD, OURS, Rig, Spec
from tests.bench.scenarios import SCENARIOS, Figures, Scenario

PROGRAMS = (
    "tests.bench.acks",
    "tests.bench.merge",
    "tests.bench.inspector",
    "tests.bench.exports",
    "tests.e2e.support.first_character",
)
HIGHER_IS_BETTER = ("max_edits_s",)

Results = dict[str, list[Figures]]  # by server


def main() -> None:
    options = argparse.ArgumentParser(description=__doc__)
    options.add_argument("scenarios", nargs="?", default=",".join(SCENARIOS))
    options.add_argument("--rounds", type=int, default=1)
    options.add_argument("--seconds", type=float, default=10)
    options.add_argument("--peers", type=Path, default=os.environ.get("HAHMO_BENCH_PEERS"))
    options.add_argument("--only", help="servers, comma-separated")
    args = options.parse_args()
    rig = Rig(Path(args.peers).resolve() if args.peers else None)
    servers = [s for s in rig.servers() if not args.only or s.name in args.only.split(",")]
    for name in filter(None, args.scenarios.split(",")):
        if name in SCENARIOS:
            results = measured(rig, servers, SCENARIOS[name], args.rounds, args.seconds)
            keep(name, results)
            show(name, SCENARIOS[name], results)
        else:
            subprocess.run([sys.executable, "-m", name], check=True)
    if args.scenarios == ",".join(SCENARIOS):
        for program in PROGRAMS:
            print()
            subprocess.run([sys.executable, "-m", program], check=True)


def measured(
    rig: Rig, servers: list[Spec], scenario: Scenario, rounds: int, seconds: float
) -> Results:
    results: Results = {spec.name: [] for spec in servers}
    with tempfile.TemporaryDirectory() as folder:
        for _ in range(rounds):
            for spec in servers:
                try:
                    figures = scenario.run(rig, spec, Path(folder), seconds)
                except (RuntimeError, subprocess.SubprocessError) as error:
                    figures = {"error": str(error)[-200:]}
                results[spec.name].append(figures)
    return results


def keep(name: str, results: Results) -> None:
    with (BUILD / "results.jsonl").open("a") as file:
        for server, runs in results.items():
            for figures in runs:
                file.write(json.dumps({"scenario": name, "server": server, **figures}) + "\n")


def show(name: str, scenario: Scenario, results: Results) -> None:
    print(f"\n{name}: {scenario.title}   (load {os.getloadavg()[0]:.1f})")
    print(f"{'':24}" + "".join(f"{unit:>18}" for unit in scenario.shown.values()))
    medians = {server: median(runs, scenario) for server, runs in results.items()}
    for server, figures in medians.items():
        if figures is None:
            print(f"{server:24}  error: {results[server][-1]['error'][:80]}")
        else:
            print(f"{server:24}" + "".join(f"{value:>18.2f}" for value in figures.values()))
    show_ratios(scenario, medians)


def median(runs: list[Figures], scenario: Scenario) -> dict[str, float] | None:
    good = [run for run in runs if "error" not in run]
    if not good:
        return None
    return {
        key: statistics.median(float(run.get(key, -1)) for run in good) for key in scenario.shown
    }


def show_ratios(scenario: Scenario, medians: dict[str, dict[str, float] | None]) -> None:
    ours = medians.get(OURS.name)
    peers = [figures for name, figures in medians.items() if name != OURS.name and figures]
    if ours is None or not peers:
        return
    cells = []
    for key in scenario.shown:
        known = [peer[key] for peer in peers if peer[key] > 0]
        best = (max if key in HIGHER_IS_BETTER else min)(known) if known else None
        cells.append(f"{ours[key] / best:>18.2f}" if best else f"{'-':>18}")
    print(f"{'ours / best peer':24}" + "".join(cells))


if __name__ == "__main__":
    main()
