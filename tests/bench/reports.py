"""What people on boards feel of four reports in the making: `python -m tests.bench.reports`.

S1, in turn without and with four reports of a full day (300 notes, six groups) that are made again
and again, in the background as when people ask for them. Of a quiet machine; elsewhere the rounds
say how much else was going on.
"""

from __future__ import annotations

import argparse
import asyncio
import os
import statistics
import tempfile
from contextlib import suppress
from dataclasses import dataclass, replace
from pathlib import Path

from server.exports.context import ExportContext, Exported
from server.exports.elsewhere import Elsewhere
from server.exports.jobs import Asked, Job, Jobs
from server.exports.sources import Source, Unread
from server.exports.whole import Whole, export_workshop
from tests.bench.rig import OURS, Rig
from tests.bench.scenarios import one_load
from tests.server.exports.day import day

VARIABLE = "HAHMO_BENCH_REPORTS"  # tells the server how many to keep in the making
REPORTS = 4
PAUSE_SECONDS = 0.01


@dataclass(frozen=True, slots=True)
class Day(Whole):
    """A workshop that is read in the other process, as long as reading boards takes there."""

    def read(self) -> list[ExportContext]:
        return day("fi")


async def keep_making(count: int) -> None:
    """So many reports at any time, each of a workshop of its own, until cancelled."""
    jobs, elsewhere, made = Jobs(), Elsewhere(), 0
    first = day("fi")[0]

    async def make(job: Job) -> Exported:
        context = replace(first, workshop_id=job.asked.workshop, around=())
        whole = Day([Unread(context, Source(b"", "b", "notes", "phenomena"))])
        return await export_workshop("report.pdf", whole, elsewhere)

    def ask(number: int) -> Job:
        asked = Asked(
            workshop=f"w{number}",
            person=f"p{number}",
            address=f"192.0.2.{number}",
            format="report.pdf",
            language="fi",
        )
        return jobs.add(asked, make)

    running = [ask(number) for number in range(count)]
    try:
        while True:
            await asyncio.sleep(PAUSE_SECONDS)
            for number, job in enumerate(running):
                if job.is_over:
                    assert job.made is not None, job.error
                    made += 1
                    running[number] = ask(number)
    finally:
        print(f"{made} reports", flush=True)
        await jobs.stop()


def main() -> None:
    options = argparse.ArgumentParser(description=__doc__)
    options.add_argument("--rounds", type=int, default=3)
    options.add_argument("--seconds", type=float, default=10)
    args = options.parse_args()
    rig = Rig(None)
    found: dict[int, list[float]] = {0: [], REPORTS: []}
    with tempfile.TemporaryDirectory() as folder:
        for number in range(args.rounds):
            for reports in found if number % 2 == 0 else reversed(found):
                spec = replace(OURS, env={VARIABLE: str(reports)})
                figures = one_load(rig, spec, Path(folder), 10, 10, 10, 5, args.seconds)
                found[reports].append(figures["p99s"])
                busy = os.getloadavg()[0]
                print(
                    f"{reports} reports: p99 {figures['p99s']:.1f} ms, load {busy:.1f}", flush=True
                )
    without, beside = (statistics.median(values) for values in found.values())
    print(
        f"p99 {without:.1f} ms without and {beside:.1f} ms with {REPORTS} reports: "
        f"×{beside / without:.2f}"
    )


if __name__ == "__main__":
    with suppress(KeyboardInterrupt):
        main()
