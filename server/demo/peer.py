"""A client of one board, as a browser is one: joins, syncs, edits, shows presence, comes back.

Speaks y-websocket's wire format with acknowledgements (`ack=1`; docs/protocol.md). The demo's
people and the tests use it; it knows nothing of the server's insides but the frame codec.
"""

from __future__ import annotations

import asyncio
import contextlib
import json
import random
from collections import deque
from collections.abc import Callable, Coroutine
from typing import Any, Self, TypeVar
from urllib.parse import urlencode

from websockets.asyncio.client import ClientConnection, connect
from websockets.exceptions import ConnectionClosed, InvalidHandshake

from boards.document import Document
from server.sync.wire import messages

__all__ = ["DEADLINE", "Peer", "PeerRefused"]

T = TypeVar("T")
Presence = dict[str, Any]

DEADLINE = 30.0  # seconds that a wait may take unless said otherwise; a busy machine is slow
LARGEST_FRAME = 64 << 20  # bytes; a whole board comes in one
FIRST_PAUSE = 0.25  # seconds before the second try to connect, at most; doubles each time
LONGEST_PAUSE = 5.0
RENEWAL = 15.0  # seconds; others forget a presence that is not renewed for 30 (y-protocols)


class PeerRefused(Exception):
    """The server closed with a code from 4400 to 4499: trying again cannot help."""

    def __init__(self, code: int, reason: str) -> None:
        super().__init__(f"{code} {reason}")
        self.code = code
        self.reason = reason


class Peer:
    """One person's copy of one board, kept in step with the server while it is open.

    `server`: the server's address, such as http://127.0.0.1:8000. `token`: the person's.
    `document`: changed by `edit` and by others; read it at any time, and `changed()` tells when.
    `others`: presence by client id. `refused`: why the server will not have us, once it said so.
    """

    def __init__(
        self,
        server: str,
        board: str,
        *,
        token: str,
        lineage: str | None = None,
        document: Document | None = None,
    ) -> None:
        self.board = board
        self.document = document or Document()
        self.others: dict[int, Presence] = {}
        self.connected = False
        self.synced = False  # the server's whole answer has arrived since we connected
        self.refused: PeerRefused | None = None
        self.closes: list[tuple[int, str]] = []  # codes and reasons of all closed connections
        self.standing: messages.Standing | None = None  # whether edits are taken, as told last
        self.notices: list[dict[str, Any]] = []  # what the server put right of ours
        self._address = socket_address(server, board, token=token, lineage=lineage)
        self._presence: Presence | None = None
        self._presence_clock = 0
        self._edits = 0  # made here; 0 is "none", so the first edit is number 1
        self._saved = 0  # the last edit that is durable, and all before it
        self._sent: deque[int] = deque()  # for each sync message not acked: `_edits` at that time
        self._acked = 0  # sync messages of this connection
        self._held = False  # some of them were not taken
        self._outgoing: asyncio.Queue[bytes] = asyncio.Queue()
        self._changed = asyncio.Event()
        self._task: asyncio.Task[None] | None = None
        self._socket: ClientConnection | None = None

    # -- life ---------------------------------------------------------------------------------

    def open(self) -> Self:
        """Start to connect, and to connect again whenever the connection is lost."""
        if self._task is None:
            self._task = asyncio.create_task(self._stay_connected())
        return self

    async def close(self) -> None:
        """Leave: the others see it at once. Edits that are not saved are given up."""
        task, self._task = self._task, None
        if task is not None:
            task.cancel()
            with contextlib.suppress(asyncio.CancelledError):
                await task

    async def vanish(self) -> None:
        """Be gone without a word, as when the power fails."""
        if self._socket is not None:
            await asyncio.sleep(0)  # what was just sent is on its way
            self._socket.transport.abort()
        await self.close()

    async def __aenter__(self) -> Self:
        self.open()
        await self.until(lambda: self.synced)
        return self

    async def __aexit__(self, *_: object) -> None:
        await self.close()

    # -- doing --------------------------------------------------------------------------------

    @property
    def client_id(self) -> int:
        """What stands for this copy in presence and in the document's history."""
        return self.document.doc.client_id

    def edit(self, change: Callable[[Document], T]) -> T:
        """Change the document in one transaction and send what it made; see `boards.edits`.

        While the connection is away, the change waits here and travels when it is back.
        """
        result, update = self.document.record(lambda: change(self.document))
        if update:
            self._edits += 1
            if self.synced:
                self._send_sync(messages.update(update))
            self._tell()
        return result

    def show(self, presence: Presence | None) -> None:
        """Let the others see where we are and what we do; None hides us."""
        self._presence = presence
        self._presence_clock += 1
        if self.synced:
            self._outgoing.put_nowait(self._presence_frame())

    # -- waiting ------------------------------------------------------------------------------

    @property
    def unsaved(self) -> int:
        """How many edits made here are not known to be durable."""
        return self._edits - self._saved

    async def saved(self, *, deadline: float = DEADLINE) -> None:
        """Wait until every edit made here is durable."""
        await self.until(lambda: not self.unsaved, deadline=deadline)

    async def until(self, condition: Callable[[], T], *, deadline: float = DEADLINE) -> T:
        """What `condition` gives as soon as that is true; asked again whenever anything changes.

        Raises TimeoutError after `deadline` seconds, PeerRefused if the server refuses us.
        """
        async with asyncio.timeout(deadline):
            while not (found := condition()):
                if self.refused:
                    raise self.refused
                if self._task is not None and self._task.done():
                    self._task.result()  # raises what ended it: a frame that we cannot read
                await self.changed()
        return found

    def changed(self) -> Coroutine[Any, Any, bool]:
        """Await this for the next change, after this call, of document, presence or connection."""
        return self._changed.wait()

    def _tell(self) -> None:
        self._changed.set()
        self._changed = asyncio.Event()

    # -- the connection -----------------------------------------------------------------------

    async def _stay_connected(self) -> None:
        try:
            await self._connect_again_and_again()
        finally:
            self._tell()

    async def _connect_again_and_again(self) -> None:
        tries = 0
        while self.refused is None:
            try:
                async with connect(
                    self._address,
                    compression=None,
                    max_size=LARGEST_FRAME,
                    proxy=None,
                ) as socket:
                    tries = 0
                    await self._converse(socket)
            except (OSError, TimeoutError, InvalidHandshake):
                tries += 1
            if self.refused is None:
                await asyncio.sleep(pause(tries))

    async def _converse(self, socket: ClientConnection) -> None:
        """Talk over one connection until it closes."""
        self._outgoing = asyncio.Queue()
        self._sent.clear()
        self._held = False
        self.standing = None
        self._acked = 0
        self._socket = socket
        self.connected = True
        self._send_sync(messages.sync_step1(self.document.get_state_vector()), edits=0)
        writer = asyncio.create_task(self._write(socket, self._outgoing))
        renewer = asyncio.create_task(self._renew_presence())
        try:
            async for frame in socket:
                if isinstance(frame, bytes):
                    self._receive(frame)
        except ConnectionClosed:
            pass
        finally:
            writer.cancel()
            renewer.cancel()
            self._hang_up(socket.close_code or 1006, socket.close_reason or "")

    async def _write(self, socket: ClientConnection, frames: asyncio.Queue[bytes]) -> None:
        with contextlib.suppress(ConnectionClosed):
            while True:
                await socket.send(await frames.get())

    async def _renew_presence(self) -> None:
        while True:
            await asyncio.sleep(RENEWAL)
            if self._presence is not None:
                self.show(self._presence)

    def _hang_up(self, code: int, reason: str) -> None:
        self.connected = self.synced = False
        self._socket = None
        self.others.clear()
        self.closes.append((code, reason))
        if 4400 <= code < 4500:
            self.refused = PeerRefused(code, reason)
        self._tell()

    # -- frames -------------------------------------------------------------------------------

    def _receive(self, frame: bytes) -> None:
        if frame[0] == messages.ACK:
            self._receive_ack(messages.read_var_uint(frame, 1)[0])
        elif frame[0] == messages.STANDING:
            self._receive_standing(messages.read_standing(frame))
        elif frame[0] == messages.NOTICE:
            self.notices.append(messages.read_notice(frame)[1])
        else:
            self._receive_message(messages.decode(frame))
        self._tell()

    def _receive_message(self, message: messages.Message) -> None:
        match message:
            case messages.SyncStep1(state_vector):
                self._send_sync(messages.sync_step2(self.document.get_update(state_vector)))
                self.synced = True
                if self._presence is not None:
                    self._outgoing.put_nowait(self._presence_frame())
            case messages.SyncStep2(update) | messages.Update(update):
                self.document.apply_update(update)
            case messages.Awareness(update):
                self._receive_presence(update)

    def _receive_presence(self, update: bytes) -> None:
        for client, _, text in messages.read_awareness(update):
            state = json.loads(text)
            if state is None:
                self.others.pop(client, None)
            elif client != self.client_id:
                self.others[client] = state

    def _receive_ack(self, count: int) -> None:
        while self._acked < count and self._sent:
            self._acked += 1
            self._saved = max(self._saved, self._sent.popleft())

    def _receive_standing(self, standing: messages.Standing) -> None:
        """Not taken: nothing counts as saved until the server takes edits again and gets them."""
        self.standing = standing
        if standing.number:
            self._held = True
            self._sent = deque(0 for _ in self._sent)
        elif standing.takes and self._held and self.synced:
            self._held = False
            self._send_sync(messages.sync_step2(self.document.get_update()))

    def _send_sync(self, frame: bytes, *, edits: int | None = None) -> None:
        """Queue a sync message; once acked, our first `edits` edits are durable (None: all)."""
        edits = 0 if self._held else edits
        self._sent.append(self._edits if edits is None else edits)
        self._outgoing.put_nowait(frame)

    def _presence_frame(self) -> bytes:
        state = json.dumps(self._presence, ensure_ascii=False, separators=(",", ":"))
        return messages.awareness(
            [messages.AwarenessEntry(self.client_id, self._presence_clock, state)]
        )


def socket_address(server: str, board: str, *, token: str, lineage: str | None) -> str:
    """Address of a board's WebSocket; `lineage`: refuse to join a board that was replaced."""
    query = {"token": token, "ack": "1"} | ({"lineage": lineage} if lineage else {})
    scheme, _, rest = server.rstrip("/").partition("://")
    return f"{'wss' if scheme == 'https' else 'ws'}://{rest}/sync/{board}?{urlencode(query)}"


def pause(tries: int) -> float:
    """Seconds until the next try: random, so that a crowd does not come back all at once."""
    return random.uniform(0.05, min(LONGEST_PAUSE, FIRST_PAUSE * 2**tries))
