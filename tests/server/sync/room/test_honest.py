"""Whatever honest people do at the wrong moment: nobody is shut out, and nothing that was called
saved is lost (CN8, CN9, RM13, JD12). Random schedules of two devices of one person and a third.
"""

from __future__ import annotations

import asyncio
import random
import time
from collections.abc import Callable
from dataclasses import dataclass, replace
from typing import Any

from hypothesis import example, given, settings
from hypothesis import strategies as st
from pycrdt import Map, Text

from boards.document import Document
from server.sync.access import Access
from server.sync.inspection import inspector
from server.sync.limits import SyncLimits
from server.sync.room.connection import Connection
from server.sync.room.room import Room
from server.sync.rooms import Rooms
from server.sync.wire import messages
from tests.support.rooms import BOARD, WORKSHOP, Recorder, access, board_rooms, committed
from tests.support.seed import rounds

LIMITS = SyncLimits(
    messages_per_second=0, commit_seconds=0, grace_seconds=0.0, notes=4, note_characters=6
)
DOTS = 2
LETTERS_THERE = 4_000
LETTERS = 0x4E00  # each letter that is typed is another one


@dataclass(eq=False)
class Entry:
    """One edit of a device: `number` of the message that carries it, 0 while none does."""

    update: bytes
    letters: str
    number: int = 0


class Device:
    """A browser as CN8 wants it: keeps what is not acked, and sends it when it is taken."""

    def __init__(self, room: Room, who: Access) -> None:
        self.room = room
        self.access = who
        self.document = Document()
        self.outbox: list[Entry] = []
        self.saved = ""  # letters
        self.missed: set[str] = set()  # letters that we saw had lost their place
        self.told: dict[str, dict[str, Any]] = {}
        self.incoming: list[bytes] = []
        self.connection: Connection | None = None

    # -- the connection -----------------------------------------------------------------------

    def connect(self) -> None:
        if self.connection is None:
            self.recorder = Recorder()
            self.connection = Connection(
                self.access, self.recorder, LIMITS, self.room.clock, wants_acks=True
            )
            self.sent = 0
            self.takes = self.answered = False
            self.room.join(self.connection)
            self._send(messages.sync_step1(self.document.get_state_vector()))

    def disconnect(self) -> None:
        if self.connection is not None:
            self.access = self.connection.access
            if self.connection.ending is not None:
                assert isinstance(self.connection.ending.outcome, Access)
                self.access = self.connection.ending.outcome
            self.room.leave(self.connection)
            self.connection, self.incoming = None, []
            for entry in self.outbox:
                entry.number = 0

    def _send(self, frame: bytes) -> int:
        assert self.connection is not None
        self.sent += 1
        self.room.receive(self.connection, frame)
        assert self.recorder.error is None, "an honest client was shut out"
        return self.sent

    def bring(self) -> None:
        """Everything that is not on its way, in its order."""
        for entry in self.outbox:
            if self.connection is not None and self.takes and self.answered and not entry.number:
                entry.number = self._send(messages.update(entry.update))

    def hear(self, most: int) -> None:
        if self.connection is None:
            return
        assert self.recorder.error is None, "an honest client was shut out"
        self.incoming += self.recorder.messages
        self.recorder.messages = []
        now, self.incoming = self.incoming[:most], self.incoming[most:]
        for frame in now:
            self._take(frame)

    def _take(self, frame: bytes) -> None:
        if frame[0] == messages.ACK:
            self._acked(messages.read_var_uint(frame, 1)[0])
        elif frame[0] == messages.NOTICE:
            told = messages.read_notice(frame)[1]
            self.told[told["id"]] = told
        elif frame[0] == messages.STANDING:
            self._stands(messages.read_standing(frame))
        else:
            match messages.decode(frame):
                case messages.Update(update):
                    self.document.apply_update(update)
                case messages.SyncStep2(update):
                    self._come_back_to(update)
                case messages.SyncStep1(state_vector):
                    self._answer(state_vector)

    def _come_back_to(self, update: bytes) -> None:
        """What waits here and is gone with it nobody else can tell us of (CN9)."""
        waiting = {letter for entry in self.outbox for letter in entry.letters}
        stood = waiting & self.shown()
        self.document.apply_update(update)
        self.missed |= stood - self.shown()

    def shown(self) -> set[str]:
        """Every letter of every note."""
        notes = self.document.root("notes").to_py() or {}
        return {letter for note in notes.values() for letter in note["text"]}

    def _answer(self, state_vector: bytes) -> None:
        """Of what waits here and is gone, the answer has no text: we have to tell (CN9)."""
        self.answered = True
        if self.takes:
            self.missed |= {letter for e in self.outbox for letter in e.letters} - self.shown()
            number = self._send(messages.sync_step2(self.document.get_update(state_vector)))
            for entry in self.outbox:
                entry.number = entry.number or number
        else:
            self._send(messages.sync_step2(b"\0\0"))

    def _stands(self, standing: messages.Standing) -> None:
        self.takes = standing.takes
        for entry in self.outbox:
            if standing.number and entry.number == standing.number:
                entry.number = 0
        self.bring()

    def _acked(self, number: int) -> None:
        for entry in [e for e in self.outbox if 0 < e.number <= number]:
            self.outbox.remove(entry)
            self.saved += entry.letters

    # -- writing ------------------------------------------------------------------------------

    def write(self, change: Callable[[Document], object], letters: str = "") -> None:
        _, update = self.document.record(lambda: change(self.document))
        if update:
            self.outbox.append(Entry(update, letters))
            self.bring()

    def notes(self) -> list[str]:
        return sorted(self.document.root("notes").keys())


STEPS = (
    *("note", "note", "type", "type", "type", "vote", "vote", "vote", "unvote", "delete", "theme"),
    *("cut", "connect", "connect", "hear", "hear", "hear", "commit", "commit"),
    *("lock", "unlock", "open", "close"),
)
Step = tuple[str, int, int]


class Story:
    """One schedule, step by step."""

    def __init__(self, rooms: Rooms, room: Room) -> None:
        self.rooms, self.room = rooms, room
        ann, bea = access("ann"), access("bea")
        self.devices = [Device(room, replace(who, dots=DOTS)) for who in (ann, ann, bea)]
        self.letters = LETTERS
        self.may_write, self.dots = True, DOTS

    def letter(self) -> str:
        self.letters += 1
        return chr(self.letters)

    async def step(self, what: str, which: int, pick: int) -> None:
        device = self.devices[which]
        notes = device.notes()
        note = notes[pick % len(notes)] if notes else None
        if what in ("lock", "unlock", "open", "close"):
            await self.govern(what)
        elif what == "commit":
            await committed(self.rooms)
        elif what == "hear":
            device.hear(pick + 1 if pick < 2 else 1000)
        elif what == "connect":
            device.connect()
        elif what == "cut":
            device.disconnect()
        elif what == "note":
            self.add(device)
        elif what == "theme":
            device.write(lambda d: d.root("themes").update({self.letter(): named()}))
        elif note is not None:
            self.change(what, device, note)

    def add(self, device: Device) -> None:
        key, letter = self.letter(), self.letter()
        fields = {"text": Text(letter), "zone": "challenges", "at": self.letters}
        device.write(lambda d: d.root("notes").update({key: Map(fields)}), letter)

    def change(self, what: str, device: Device, note: str) -> None:
        key = f"{note}/{device.access.person}"
        if what == "type":
            letter = self.letter()
            device.write(lambda d: d.root("notes")[note]["text"].insert(0, letter), letter)
        elif what == "delete":
            device.write(lambda d: d.root("notes")[note].update({"del": True}))
        elif what == "vote":
            given = int(device.document.root("votes").get(key) or 0)
            device.write(lambda d: d.root("votes").update({key: given + 1}))
        elif what == "unvote" and key in device.document.root("votes"):
            device.write(lambda d: d.root("votes").pop(key))

    async def govern(self, what: str) -> None:
        self.may_write = {"lock": False, "unlock": True}.get(what, self.may_write)
        self.dots = {"close": 0, "open": DOTS}.get(what, self.dots)
        dots = self.dots if self.may_write else 0

        def decide(who: Access) -> Access:
            return replace(who, may_write=self.may_write, dots=dots)

        self.rooms.reauthorise(WORKSHOP, decide)
        await asyncio.sleep(0)  # no moment for what is on its way: that is told elsewhere
        await asyncio.sleep(0)
        for device in self.devices:
            if device.connection is None:
                device.access = decide(device.access)

    async def begin(self) -> None:
        """Everybody is there, and each has written a note that all have seen."""
        for device in self.devices:
            device.connect()
        for _ in range(2):
            for device in self.devices:
                device.hear(1000)
                await committed(self.rooms)
        for device in self.devices:
            self.add(device)
            await committed(self.rooms)
        for device in self.devices:
            device.hear(1000)

    async def finish(self) -> None:
        """Everything is open, everybody is there, and all have heard everything."""
        await self.govern("unlock")
        for device in self.devices:
            device.connect()
        for _ in range(200):
            await committed(self.rooms)
            for device in self.devices:
                device.hear(1000)
            if not any(d.outbox or d.incoming or d.recorder.messages for d in self.devices):
                return
        raise AssertionError("somebody still waits")

    def check(self) -> None:
        assert self.room.document is not None
        board = content(self.room.document)
        for device in self.devices:
            assert content(device.document) == board
        assert len(board["notes"]) <= LIMITS.notes
        assert len(board["themes"]) <= LIMITS.notes
        texts = "".join(note["text"] for note in board["notes"].values())
        assert all(len(note["text"]) <= 6 for note in board["notes"].values())
        told = "".join(text for d in self.devices for t in d.told.values() for text in t["texts"])
        missed = {letter for device in self.devices for letter in device.missed}
        saved = {letter for device in self.devices for letter in device.saved}
        assert not saved - set(texts) - set(told) - missed, "called saved, and gone without a word"
        for person in "ann", "bea":
            given = [
                dots
                for key, dots in board["votes"].items()
                if key.endswith(person) and not board["notes"].get(key[0], {"del": True}).get("del")
            ]
            assert sum(given) <= DOTS


def named() -> Map[Any]:
    return Map({"name": Text("x"), "zone": "challenges"})


def content(document: Document) -> dict[str, Any]:
    return {root: document.root(root).to_py() or {} for root in ("notes", "themes", "votes")}


steps = st.tuples(st.sampled_from(STEPS), st.integers(0, 2), st.integers(0, 5))


WRITTEN_INTO_WHAT_IS_GONE: list[Step] = [("note", 0, 0)] * 18 + [("cut", 0, 0), ("type", 0, 4)]


# Held at first, and brought a second time in an answer, beside what is known already.
WRITTEN_AND_ANSWERED: list[Step] = [
    *[("note", 0, 0)] * 15,
    *(("lock", 0, 0), ("note", 0, 0), ("unlock", 0, 0), ("type", 0, 4), ("lock", 0, 0)),
]


@settings(max_examples=rounds(80), deadline=None)
@example(WRITTEN_INTO_WHAT_IS_GONE)
@example(WRITTEN_AND_ANSWERED)
@given(st.lists(steps, min_size=20, max_size=70))
def test_jd12_whatever_honest_people_do_nobody_is_shut_out_and_nothing_saved_is_lost(
    schedule: list[Step],
) -> None:
    async def run() -> None:
        async with board_rooms(limits=LIMITS) as rooms, rooms.hold(BOARD) as room:
            story = Story(rooms, room)
            await story.begin()
            for step in schedule:
                await story.step(*step)
            await story.finish()
            story.check()

    asyncio.run(run())


def test_in16_no_piece_that_our_client_sends_is_too_costly() -> None:
    """600 letters at 600 places of a long text, itself written at as many places as it has."""
    dice = random.Random(1)
    board = Document()
    board.record(lambda: board.root("answers").update({"q": Text()}))
    text: Text = board.root("answers")["q"]

    def write() -> None:
        for length in range(LETTERS_THERE):
            text.insert(dice.randint(0, length), "x")

    board.record(write)
    copy = Document(board.get_update())

    def scatter() -> None:
        for length in range(600):
            text.insert(dice.randint(0, LETTERS_THERE + length), "y")

    piece = board.record(scatter)[1]
    inspector.inspect(piece, inspector.UPDATE_LIMITS, None)
    began = time.thread_time()
    copy.apply_update(piece)
    assert time.thread_time() - began < SyncLimits.apply_seconds / 5
