"""The engine behind any address, for the load generator: no sign-in, boards made when asked for.

    python -m tests.bench.server PORT FOLDER [--prepare LOG BOARD]

Everything on an edit's way is the real thing: uvicorn, hand-off, inspection, judging, a SQLite
file with synchronous=FULL, ack and broadcast after the commit. `HAHMO_BENCH_HANDOFF=0` takes the
plain ASGI way, `HAHMO_BENCH_REPORTS=4` keeps so many reports in the making.
`--prepare` fills FOLDER with a board whose history is in LOG, and ends.
"""

import argparse
import asyncio
import os
import struct
import sys
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import replace
from pathlib import Path

import uvicorn
from starlette.applications import Starlette
from starlette.routing import WebSocketRoute
from starlette.websockets import WebSocket

from boards.document import Document
from server.metrics import Metrics
from server.serving import calm_collector
from server.store import Append, Commit, NewBoard
from server.store.sqlite.store import SqliteStore
from server.sync.access import Access
from server.sync.commit.compactor import Compactor
from server.sync.inspection import inspector
from server.sync.limits import SyncLimits
from server.sync.rooms import Rooms
from server.sync.transport.endpoint import serve_connection
from server.sync.transport.takeover import HandoffProtocol
from tests.bench.reports import VARIABLE, keep_making

# The generator fills boards through a client, by frames larger than people's may be.
LIMITS = SyncLimits(
    messages_per_second=0,
    connections_per_board=5000,
    frame_bytes=16 << 20,
    first_frame_bytes=16 << 20,
    apply_seconds=60,
)
WHOLE_BOARD = replace(
    inspector.STEP2_LIMITS, structs=1_000_000, values=1_000_000, scattered=1_000_000
)
TAIL = 500  # updates that follow the checkpoint of a prepared board


def app(folder: Path) -> Starlette:
    inspector.UPDATE_LIMITS = inspector.STEP2_LIMITS = WHOLE_BOARD
    store = SqliteStore(folder)
    rooms = Rooms(store, LIMITS, Metrics().timings)
    made: set[str] = set()
    making = asyncio.Lock()
    people = iter(range(1, sys.maxsize))

    @asynccontextmanager
    async def life(_: Starlette) -> AsyncIterator[None]:
        await store.open()
        made.update(await store.boards())
        rooms.start()
        calm_collector()
        reports = asyncio.create_task(keep_making(int(os.environ.get(VARIABLE, "0"))))
        yield
        reports.cancel()
        await rooms.stop()
        await store.close()

    async def sync(websocket: WebSocket) -> None:
        await websocket.accept()
        board = websocket.path_params["board"]
        async with making:
            if board not in made:
                new = NewBoard(board, "bench", Document().get_update())
                await rooms.committer.commit("w", creates=[new])
                made.add(board)
        person = f"person{next(people)}"
        access = Access(board, "w", person, person, "facilitator", 0, True, "notes", "b", "bench")
        acks = websocket.query_params.get("ack") == "1"
        await serve_connection(websocket, access, rooms, ack=acks, lineage=None)

    return Starlette(routes=[WebSocketRoute("/{board}", sync)], lifespan=life)


def read_log(log: Path) -> list[bytes]:
    """The generator's format: each update behind its length, four bytes, little end first."""
    updates = []
    data, at = log.read_bytes(), 0
    while at < len(data):
        (length,) = struct.unpack_from("<I", data, at)
        updates.append(data[at + 4 : at + 4 + length])
        at += 4 + length
    return updates


async def prepare(folder: Path, updates: list[bytes], board: str) -> None:
    """A board with a long history, as a server that ran through it would have left it."""
    store = SqliteStore(folder)
    await store.open()
    await store.commit(Commit("w", creates=[NewBoard(board, "bench", updates[0])]))
    history, tail = updates[1:-TAIL], tuple(updates[-TAIL:])
    await store.commit(Commit("w", appends=[Append(board, 2, tuple(history))]))
    compactor = Compactor(store, LIMITS)
    await compactor.compact(board)
    await compactor.stop()
    await store.commit(Commit("w", appends=[Append(board, len(history) + 2, tail)]))
    await store.close()


def main() -> None:
    options = argparse.ArgumentParser()
    options.add_argument("port", type=int)
    options.add_argument("folder", type=Path)
    options.add_argument("--prepare", nargs=2, metavar=("LOG", "BOARD"))
    args = options.parse_args()
    if args.prepare:
        asyncio.run(prepare(args.folder, read_log(Path(args.prepare[0])), args.prepare[1]))
        return
    uvicorn.run(
        app(args.folder),
        port=args.port,
        loop="uvloop",
        http="httptools",
        ws="websockets-sansio" if os.environ.get("HAHMO_BENCH_HANDOFF") == "0" else HandoffProtocol,
        ws_per_message_deflate=False,
        log_level="warning",
        access_log=False,
    )


if __name__ == "__main__":
    main()
