"""Who is here and what they point at: bound to connections, named by the server, bounded.

One connection shows one state, a JSON object, under its client id. What the state says about its
user is replaced by what the server knows, and the server issues the clocks, so nobody can speak
for another, mute another by a huge clock, or stay behind as a ghost (docs/protocol.md, PR1–PR6).
"""

import json
from collections.abc import Callable, Hashable, Iterable
from dataclasses import dataclass
from typing import Any, Generic, TypeVar

from server.errors import MalformedMessage
from server.sync import wire
from server.sync.wire import AwarenessEntry

__all__ = ["Presence", "Visitor"]

DEPARTED = 1000  # client ids remembered after they left, so that late echoes don't revive them


Owner = TypeVar("Owner", bound=Hashable)


@dataclass(frozen=True, slots=True)
class Visitor:
    """What the server knows of the person behind a connection."""

    person: str
    name: str
    color: int
    role: str


@dataclass(slots=True)
class Shown(Generic[Owner]):
    """The state of one client id, who shows it, and its JSON."""

    owner: Owner
    person: str
    text: str


class Presence(Generic[Owner]):
    """Presence of one board. `Owner` stands for a connection and is compared by identity.

    `clock`: where outbound clocks start. They must pass those of the room's earlier lives, which
    browsers remember, so milliseconds of the epoch serve: a board never sees 1,000 states/s.
    """

    def __init__(self, *, state_bytes: int, clock: int) -> None:
        self._shown: dict[int, Shown[Owner]] = {}
        self._clients: dict[Owner, int] = {}
        self._clocks: dict[int, int] = {}
        self._departed: dict[int, str] = {}
        self._dirty: dict[int, Owner] = {}
        self._clock = clock
        self._state_bytes = state_bytes

    @property
    def changed(self) -> bool:
        return bool(self._dirty)

    def __len__(self) -> int:
        return len(self._shown)

    def receive(self, owner: Owner, visitor: Visitor, update: bytes) -> None:
        """Take over the entry of `owner`'s own client id.

        A stock provider also sends back what it heard of others; that is skipped.
        Raises MalformedMessage.
        """
        for client, _, text in wire.read_awareness(update, state_bytes=self._state_bytes):
            if not self._may_speak(owner, visitor.person, client):
                continue
            if text == "null":
                self.leave(owner)
            else:
                self._show(client, owner, visitor.person, named(text, visitor))

    def leave(self, owner: Owner) -> None:
        """The connection is gone, and with it what it showed."""
        client = self._clients.pop(owner, None)
        if client is None:
            return
        self._departed[client] = self._shown.pop(client).person
        if len(self._departed) > DEPARTED:
            del self._departed[next(iter(self._departed))]
        self._touch(client, owner)

    def everybody(self) -> bytes | None:
        """One frame with all states, for somebody who just came; None if nobody is here."""
        return encode(self._entry(client) for client in self._shown)

    def changes(self) -> tuple[bytes, Callable[[Owner], bytes | None]]:
        """What changed since the last call: a frame for all, and what to send to those whose own
        state is in it instead (None: nothing), as an echo would overwrite newer state there."""
        entries = {client: self._entry(client) for client in self._dirty}
        owners = set(self._dirty.values())
        frame = wire.awareness(entries.values())
        mine = {owner: self._clients.get(owner) for owner in owners}
        self._dirty = {}

        def frame_for(owner: Owner) -> bytes | None:
            if owner not in mine:
                return frame
            return encode(entry for client, entry in entries.items() if client != mine[owner])

        return frame, frame_for

    def _may_speak(self, owner: Owner, person: str, client: int) -> bool:
        own = self._clients.get(owner)
        if own is not None:
            return own == client
        shown = self._shown.get(client)
        # The same person may come back while the old, half-open connection still shows them.
        known = shown.person if shown is not None else self._departed.get(client)
        return known is None or known == person

    def _show(self, client: int, owner: Owner, person: str, text: str) -> None:
        before = self._shown.get(client)
        if before is not None and before.owner is not owner:
            self._clients.pop(before.owner, None)
        self._shown[client] = Shown(owner, person, text)
        self._clients[owner] = client
        self._touch(client, owner)

    def _touch(self, client: int, owner: Owner) -> None:
        self._clock += 1
        self._clocks[client] = self._clock
        self._dirty[client] = owner
        if client not in self._shown:
            self._clocks.pop(client)

    def _entry(self, client: int) -> AwarenessEntry:
        shown = self._shown.get(client)
        clock = self._clocks.get(client, self._clock)
        return AwarenessEntry(client, clock, "null" if shown is None else shown.text)


def encode(entries: Iterable[AwarenessEntry]) -> bytes | None:
    kept = list(entries)
    return wire.awareness(kept) if kept else None


def named(text: str, visitor: Visitor) -> str:
    """The state with the server's word on who it is. Raises MalformedMessage on bad JSON."""
    try:
        state: Any = json.loads(text)
    except (ValueError, RecursionError) as error:
        raise MalformedMessage("presence is not JSON", offset=0) from error
    if not isinstance(state, dict):
        raise MalformedMessage("presence is not a JSON object", offset=0)
    state["user"] = {
        "id": visitor.person,
        "name": visitor.name,
        "color": visitor.color,
        "role": visitor.role,
    }
    # ASCII only where it must be: a lone surrogate has no UTF-8 form.
    encoded = json.dumps(state, ensure_ascii=False, separators=(",", ":"))
    try:
        encoded.encode()
    except UnicodeEncodeError:
        encoded = json.dumps(state, separators=(",", ":"))
    return encoded
