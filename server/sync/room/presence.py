"""Who is here and what they point at: bound to connections, named by the server, bounded.

One connection shows one state, a JSON object, under its client id. What the state says about its
user is replaced by what the server knows, and clocks leave as they came only where that is sound,
so nobody can speak for another, be unseen, or stay behind as a ghost (docs/protocol.md, PR1–PR6).
"""

import json
from collections.abc import Hashable, Mapping
from dataclasses import dataclass, field
from itertools import accumulate, pairwise
from typing import Generic, NoReturn, TypeVar

from boards.desk import PERSON_COLORS
from server.sync.errors import MalformedMessage
from server.sync.wire import messages
from server.sync.wire.messages import AwarenessEntry

__all__ = ["Presence", "Visitor"]

DEPARTED = 1000  # client ids remembered after they left, so that late echoes don't revive them
FRESH = 4  # a client id that starts below this clock has not been seen by anybody before
CLOCKS = 1 << 40  # a clock beyond is not counted up from


USER = '"user":{'  # begins the server's word; in names a quote has a backslash before it

to_json = json.JSONEncoder(separators=(",", ":")).encode  # ASCII: a lone surrogate has no UTF-8

Owner = TypeVar("Owner", bound=Hashable)


@dataclass(frozen=True, slots=True)
class Visitor:
    """What the server knows of the person behind a connection."""

    person: str
    name: str
    color: int
    role: str
    mask: str = ""  # who is hidden is shown under this, and without a name
    as_member: str = field(init=False, repr=False)  # the last member of their states, as JSON

    def __post_init__(self) -> None:
        user = {"id": self.person, "name": self.name, "color": self.color, "role": self.role}
        if self.mask:
            color = sum(self.mask.encode()) % PERSON_COLORS
            user |= {"id": self.mask, "name": "", "color": color}
        object.__setattr__(self, "as_member", f"{USER}{to_json(user)[1:]}}}")


@dataclass(slots=True)
class Shown(Generic[Owner]):
    """The state of one client id: who shows it, its outbound clock, its JSON."""

    owner: Owner
    person: str
    clock: int
    text: str


class Presence(Generic[Owner]):
    """Presence of one board. `Owner` stands for a connection and is compared by identity."""

    def __init__(self, *, state_bytes: int) -> None:
        self._shown: dict[int, Shown[Owner]] = {}
        self._clients: dict[Owner, int] = {}
        self._departed: dict[int, tuple[str, int]] = {}  # person and clock by client id
        self._dirty: dict[int, Owner] = {}
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
        for client, clock, text in messages.read_awareness(update, state_bytes=self._state_bytes):
            if not self._may_speak(owner, visitor.person, client):
                continue
            if text == "null":
                self.leave(owner)
            else:
                self._show(client, owner, visitor.person, clock, named(text, visitor))

    def introduce(self, owner: Owner, visitor: Visitor) -> None:
        """Who a connection is was decided anew: what it shows says so."""
        client = self._clients.get(owner)
        if client is None:
            return
        shown = self._shown[client]
        own = shown.text[: shown.text.rindex(USER)].removesuffix(",") + "}"
        text = named(own, visitor)
        if text != shown.text:
            self._shown[client] = Shown(owner, shown.person, shown.clock + 1, text)
            self._dirty[client] = owner

    def leave(self, owner: Owner) -> None:
        """The connection is gone, and with it what it showed."""
        client = self._clients.pop(owner, None)
        if client is None:
            return
        shown = self._shown.pop(client)
        self._departed[client] = (shown.person, shown.clock + 1)
        if len(self._departed) > DEPARTED:
            del self._departed[next(iter(self._departed))]
        self._dirty[client] = owner

    def everybody(self) -> bytes | None:
        """One frame with all states, for somebody who just came; None if nobody is here."""
        if not self._shown:
            return None
        return messages.awareness(self._entry(client) for client in self._shown)

    def changes(self) -> tuple[bytes, Mapping[Owner, bytes | None]]:
        """What changed since the last call: a frame for all, and what to send to those whose own
        state is in it instead (None: nothing), as an echo would overwrite newer state there."""
        entries = [messages.awareness_entry(self._entry(client)) for client in self._dirty]
        ends = [0, *accumulate(map(len, entries))]
        spans = dict(zip(self._dirty, pairwise(ends), strict=True))
        count, whole = len(entries), b"".join(entries)
        own: dict[Owner, bytes | None] = {}
        for owner in self._dirty.values():
            begin, end = spans.get(self._clients.get(owner, -1), (0, 0))
            others = count - (end > begin)
            own[owner] = (
                messages.awareness_of(others, whole[:begin] + whole[end:]) if others else None
            )
        self._dirty = {}
        return messages.awareness_of(count, whole), own

    def _may_speak(self, owner: Owner, person: str, client: int) -> bool:
        own = self._clients.get(owner)
        if own is not None:
            return own == client
        shown = self._shown.get(client)
        # The same person may come back while the old, half-open connection still shows them.
        known = shown.person if shown is not None else self._departed.get(client, (None,))[0]
        return known is None or known == person

    def _show(self, client: int, owner: Owner, person: str, clock: int, text: str) -> None:
        before = self._shown.get(client)
        if before is not None and before.owner is not owner:
            self._clients.pop(before.owner, None)
        self._shown[client] = Shown(owner, person, self._next_clock(client, clock), text)
        self._departed.pop(client, None)
        self._clients[owner] = client
        self._dirty[client] = owner

    def _next_clock(self, client: int, clock: int) -> int:
        """The clock to send: the client's own, unless others would take it for an old one.

        Browsers remember the clocks of those who left. Somebody who comes back, also after this
        server was started anew, repeats their last one and would stay unseen.
        """
        shown, departed = self._shown.get(client), self._departed.get(client)
        last = shown.clock if shown is not None else departed[1] if departed is not None else None
        if last is None:
            return clock if clock < FRESH else min(clock, CLOCKS) + 1
        return max(clock, last + 1) if clock < CLOCKS else last + 1

    def _entry(self, client: int) -> AwarenessEntry:
        shown = self._shown.get(client)
        if shown is None:
            clock = self._departed.get(client, ("", CLOCKS))[
                1
            ]  # forgotten if a thousand left at once
            return AwarenessEntry(client, clock, "null")
        return AwarenessEntry(client, shown.clock, shown.text)


def named(text: str, visitor: Visitor) -> str:
    """The state with the server's word on who it is. Raises MalformedMessage on bad JSON.

    The state stays as it came, and that word is put behind it: of two members of one name, every
    parser of JSON keeps the last (ECMA-404 leaves it open, ECMA-262 and Python say so). Writing
    it anew would cost more than all the rest of a cursor's move.
    """
    try:
        state = parse(text)
    except (ValueError, RecursionError) as error:
        raise MalformedMessage("presence is not JSON", offset=0) from error
    if not isinstance(state, dict):
        raise MalformedMessage("presence is not a JSON object", offset=0)
    if visitor.mask and "user" in state:  # of who is hidden, not even their own word
        del state["user"]
        text = to_json(state)
    members = text.rstrip()[:-1]
    return f"{members},{visitor.as_member}" if state else f"{members}{visitor.as_member}"


def refuse_constant(name: str) -> NoReturn:
    raise ValueError(f"{name} is no JSON: browsers would not read it")


parse = json.JSONDecoder(parse_constant=refuse_constant).decode
