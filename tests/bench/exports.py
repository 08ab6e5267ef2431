"""How long an export takes, child process included: `python -m tests.bench.exports`.

Prints milliseconds for 60, 300 and 2,000 notes in every format, and for the way back, a workshop
made of its JSON export by a call: the best and the median of some rounds. Medians may be 500 ms for
300 notes and 1.5 s for 2,000 (svg 200 and 800 ms, png 600 ms and 2 s); of an import of 2,000 1 s.
"""

import asyncio
import json
import statistics
import tempfile
import time
from collections.abc import Mapping
from dataclasses import replace
from pathlib import Path

from boards.schema import Experiment
from server.exports import FORMATS, ExportContext, export_board
from server.exports.formats.json import document
from tests.server.exports.samples import TEXTS, phenomena, plan
from tests.support.app import App, running_app

SIZES = {60: 5, 300: 5, 2000: 3}  # notes: rounds


def board_of(format: str, notes: int) -> ExportContext:
    """A board of `notes` notes, no two alike, as long as people write them.

    A phenomena map; for a calendar, which only a plan has, as many experiments with their days.
    """
    texts = [f"{TEXTS['fi'][n % len(TEXTS['fi'])]} ({n})" for n in range(notes)]
    return planned(texts) if format == "ics" else phenomena("fi", texts)


def planned(texts: list[str]) -> ExportContext:
    """A plan with an experiment for each text."""
    context, days = plan(), {"start": "2026-05-11", "end": "2026-06-18"}
    experiments = tuple(
        Experiment(id=f"e{n}", at=n, group=None, fields={"what": text, **days})
        for n, text in enumerate(texts)
    )
    return replace(context, board=replace(context.board, experiments=experiments))


async def milliseconds(format: str, context: ExportContext) -> float:
    start = time.perf_counter()
    await export_board(format, context)
    return (time.perf_counter() - start) * 1000


async def exported(app: App, notes: int) -> bytes:
    """A workshop with so many notes on its first board, as JSON."""
    team = await app.team()
    answer = await team.facilitator.http.get(f"/api/workshops/{team.id}/export.json")
    whole = answer.raise_for_status().json()
    told = document(board_of("json", notes))
    whole["boards"][0] |= {name: told[name] for name in ("notes", "themes")}
    return json.dumps(whole).encode()


async def import_milliseconds(app: App, body: bytes) -> float:
    start = time.perf_counter()
    headers = {"Content-Type": "application/json"}
    answer = await app.http.post("/api/workshops/import", content=body, headers=headers)
    taken = (time.perf_counter() - start) * 1000
    answer.raise_for_status()
    return taken


async def imports(sizes: Mapping[int, int]) -> None:
    with tempfile.TemporaryDirectory() as folder:
        async with running_app(Path(folder), workshops_per_hour=1000) as app:
            for notes, rounds in sizes.items():
                body = await exported(app, notes)
                taken = [await import_milliseconds(app, body) for _ in range(rounds)]
                show("import", notes, taken)


def show(what: str, notes: int, taken: list[float]) -> None:
    print(f"{what:<8}{notes:>7}{min(taken):>10.1f}{statistics.median(taken):>11.1f}")


async def main(sizes: Mapping[int, int] = SIZES) -> None:
    print(f"{'export':<8}{'notes':>7}{'best ms':>10}{'median ms':>11}")
    for format in FORMATS:
        for notes, rounds in sizes.items():
            context = board_of(format, notes)
            taken = [await milliseconds(format, context) for _ in range(rounds)]
            show(format, notes, taken)
    await imports(sizes)


if __name__ == "__main__":
    asyncio.run(main())
