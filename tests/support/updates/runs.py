"""Edits that come in one go."""

from collections.abc import Sequence

from boards import edits
from boards.document import Document
from server.sync.room.room import Room
from server.sync.wire import messages
from tests.support.rooms import BOARD, Client, write


def frames(client: Client, count: int = 5) -> list[bytes]:
    """So many notes that somebody writes, a frame each."""
    return [messages.update(write(client, f"note {number}")) for number in range(count)]


def at_once(client: Client, sent: Sequence[bytes]) -> None:
    client.room.receive(client.connection, *sent)


def new_note(document: Document, number: int) -> str:
    return edits.add_note(document, BOARD, zone="challenges", text=f"note {number}", at=number)


def synced(room: Room, client: Client | None = None) -> Client:
    client = client or Client(room)
    client.sync()
    return client
