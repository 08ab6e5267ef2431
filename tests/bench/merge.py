"""A merge seen by 100 people: from the call to the last one's frame.

8 groups of 40 notes each come home to a board of 200 notes, over real HTTP and real sockets. The
clients run beside the server on the same machine; they note when a frame arrives and no more.
"""

from __future__ import annotations

import asyncio
import tempfile
import time
from pathlib import Path

from websockets.asyncio.client import ClientConnection, connect

from boards import edits
from boards.document import Document
from server.demo.peer import Peer
from server.sync.wire import messages
from tests.faults.support.crash import Workshop
from tests.support.server import Server, running_server

GROUPS, NOTES_EACH, NOTES_BEFORE, PEOPLE = 8, 40, 200, 100
WORDS = ["asiakas", "palvelu", "aika", "palaute", "kokous", "uusi", "tapa", "yhdessä", "kiire"]


def fill(document: Document, board: str, count: int, start: int) -> None:
    with document.transaction():
        for number in range(start, start + count):
            words = [WORDS[(number * step) % len(WORDS)] for step in range(1, 9)]
            text = " ".join([*words, str(number)])
            edits.add_note(document, board, zone="challenges", text=text, at=number)


async def write(workshop: Workshop, board: str, count: int, start: int) -> None:
    async with Peer(workshop.url, board, token=workshop.facilitator) as peer:
        peer.edit(lambda document: fill(document, board, count, start))
        await peer.saved()


async def watch(socket: ClientConnection, arrived: asyncio.Future[float]) -> None:
    """Note when the first update arrives."""
    async for frame in socket:
        if isinstance(frame, bytes) and frame[:2] == b"\0\2" and not arrived.done():
            arrived.set_result(time.perf_counter())


async def measure(server: Server) -> float:
    workshop = await asyncio.to_thread(Workshop.open, server.port, 16)
    shared = workshop.boards[0]
    await write(workshop, shared, NOTES_BEFORE, 0)
    path = f"/api/workshops/{workshop.id}/breakouts"
    body = {"board": shared, "groups": GROUPS}
    breakout = await asyncio.to_thread(workshop.call, "POST", path, **body)
    for number, group in enumerate(breakout["groups"], 1):
        await write(workshop, group["board"], NOTES_EACH, 1000 * number)
    address = f"{server.ws_url}/sync/{shared}?token={workshop.tokens[0]}"
    sockets = [await connect(address, compression=None, proxy=None) for _ in range(PEOPLE)]
    loop = asyncio.get_running_loop()
    arrivals: list[asyncio.Future[float]] = [loop.create_future() for _ in sockets]
    for socket in sockets:
        await socket.send(messages.sync_step1(b"\0"))
        while (await socket.recv())[:2] != b"\0\0":
            pass
    watchers = [asyncio.create_task(watch(*pair)) for pair in zip(sockets, arrivals, strict=True)]
    began = time.perf_counter()
    call = f"/api/breakouts/{breakout['id']}/merge"
    answer = asyncio.create_task(asyncio.to_thread(workshop.call, "POST", call))
    last = max(await asyncio.gather(*arrivals))
    await answer
    for task in watchers:
        task.cancel()
    for socket in sockets:
        await socket.close()
    return (last - began) * 1000


def main() -> None:
    print(f"merge of {GROUPS} x {NOTES_EACH} notes into {NOTES_BEFORE}, seen by {PEOPLE}: ms")
    with tempfile.TemporaryDirectory() as folder, running_server(Path(folder) / "data") as server:
        taken = sorted(asyncio.run(measure(server)) for _ in range(5))
    print(f"best {taken[0]:.0f}, median {taken[2]:.0f}, worst {taken[-1]:.0f}")


if __name__ == "__main__":
    main()
