"""One WebSocket from accept to close, over plain ASGI."""

from __future__ import annotations

import asyncio
from collections.abc import Callable

from starlette.websockets import WebSocket, WebSocketDisconnect

from server.errors import Malformed, ServiceError
from server.sync.access import Access
from server.sync.errors import LineageMismatch, TooFast
from server.sync.room.connection import Connection
from server.sync.room.room import Room
from server.sync.rooms import Rooms
from server.sync.shares import Meter
from server.sync.transport.asgi import AsgiOutbox
from server.sync.transport.direct import DirectOutbox
from server.sync.transport.takeover import EXTENSION, HandoffProtocol
from server.sync.transport.turns import Turns

__all__ = ["serve_connection"]


async def serve_connection(
    websocket: WebSocket,
    access: Access,
    rooms: Rooms,
    *,
    ack: bool,
    lineage: str | None,
    renew: Callable[[Access], Access] = lambda access: access,
) -> None:
    """Serve an accepted socket until either side ends it; every ServiceError is a close code.

    `ack`: the client wants to hear what is durable. `lineage`: the lineage of the copy that it
    brings, if it has one. While the board loads, what the client sends waits in the socket, and
    rights may change: `renew` answers the access that holds when it has loaded, or raises.
    Under uvicorn with HandoffProtocol this returns at once and the connection lives on.
    """
    handoff = websocket.scope.get("extensions", {}).get(EXTENSION)
    try:
        room = await rooms.acquire(access.board)
        try:
            access = renew(access)
            if lineage is not None and lineage != room.lineage:
                raise LineageMismatch(f"expected {room.lineage}")
        except ServiceError:
            rooms.release(room)
            raise
        if isinstance(handoff, HandoffProtocol):
            hand_over(handoff, access, room, rooms, ack=ack)
        else:
            await converse(websocket, access, room, rooms, ack=ack)
    except ServiceError as error:
        await close_quietly(websocket, error)


def hand_over(
    protocol: HandoffProtocol, access: Access, room: Room, rooms: Rooms, *, ack: bool
) -> None:
    outbox = DirectOutbox(protocol, rooms.limits)
    connection = Connection(access, outbox, rooms.limits, rooms.clock, wants_acks=ack)

    turns = Turns(Meter(connection, room, rooms.pace), connection, protocol)

    def gone() -> None:
        turns.end()
        rooms.seats.leave(connection)
        room.leave(connection)
        rooms.release(room)

    def odd() -> None:
        try:
            connection.spend()
        except TooFast as error:
            connection.close(error)

    try:
        rooms.seats.take(connection)
    except ServiceError:
        rooms.release(room)
        raise
    room.join(connection)
    protocol.take_over_connection(
        turns.serve,
        gone,
        odd,
        most=rooms.limits.first_frame_bytes,
        longest=room.longest_message,
    )


async def converse(
    websocket: WebSocket, access: Access, room: Room, rooms: Rooms, *, ack: bool
) -> None:
    reader = asyncio.current_task()
    assert reader is not None
    outbox = AsgiOutbox(websocket, rooms.limits, on_stuck=reader.cancel)
    connection = Connection(access, outbox, rooms.limits, rooms.clock, wants_acks=ack)
    meter = Meter(connection, room, rooms.pace)
    try:
        rooms.seats.take(connection)
        room.join(connection)
        while True:
            message = await websocket.receive()
            if message["type"] == "websocket.disconnect":
                break
            frame = message.get("bytes")
            if frame is None:
                connection.close(Malformed("expected binary frames, got text"))
            else:
                await serve_in_turn(meter, frame)
    except asyncio.CancelledError:
        if not outbox.is_stuck:
            raise
        reader.uncancel()  # it was the outbox; to the server below this is an ordinary end
    finally:
        rooms.seats.leave(connection)
        room.leave(connection)
        rooms.release(room)
        await outbox.finish()


async def serve_in_turn(meter: Meter, frame: bytes) -> None:
    """As `Turns` does; what comes meanwhile waits in the server below, and then in the socket."""
    for wait in iter(lambda: meter.wait((frame,)), 0.0):
        await asyncio.sleep(wait)
    if meter.serve((frame,)):
        pause, is_heavy = meter.settle()
        if pause or is_heavy:
            await asyncio.sleep(pause)


async def close_quietly(websocket: WebSocket, error: ServiceError) -> None:
    try:
        await websocket.close(error.close_code, error.slug)
    except (RuntimeError, WebSocketDisconnect, OSError):
        return  # it left first
