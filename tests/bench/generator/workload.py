"""The workload that the generator replays: real Yjs updates, made with pycrdt.

    python workload.py FOLDER

scripts.bin  "YBU1", clients and updates per client (u32 each), then per client each update as its
             length (u32) and its bytes. Client i has the Yjs client id 0x9E370000 + i; its updates
             depend on nothing but its own.
log.bin      the history of a board, each update as its length (u32) and its bytes.
doc.bin      one update: that board's state.
small.bin    one update: a board with 20 notes.
"""

from __future__ import annotations

import random
import struct
import sys
from pathlib import Path
from typing import Any

from pycrdt import Doc, Map, Text

SCRIPT_CLIENT, LOG_CLIENT, SMALL_CLIENT = 0x9E370000, 0x7A100000, 0x7A200000
CLIENTS, UPDATES = 100, 2400
NOTES, HISTORY = 2000, 100_000
AUTHORS = 40
ERASE_EVERY = 97  # steps
WORDS = [
    "kokous",
    "asiakas",
    "palaute",
    "yhdessä",
    "aika",
    "uusi",
    "tapa",
    "kiire",
    "kesken",
    "apu",
]
COLORS = ["yellow", "green", "blue", "pink", "orange"]


class Author:
    """Somebody who makes a note, types into it, moves it about, votes, and makes the next."""

    def __init__(self, client: int, dice: random.Random) -> None:
        self.client = client
        self.updates: list[bytes] = []
        self._dice = dice
        self._doc: Doc[Any] = Doc(client_id=client)
        self._doc.observe(lambda event: self.updates.append(bytes(event.update)))
        self._notes: Map[Any] = self._doc.get("notes", type=Map)
        self._made = 0
        self._note: Map[Any] = Map()
        self._text = Text()
        self._pending = ""

    def step(self, number: int, per_note: int) -> None:
        place = number % per_note
        if place == 0:
            self._create()
        elif place < per_note * 0.72:
            self._type()
        elif place < per_note - 1:
            self._move()
        else:
            self._note["votes"][f"u{self._dice.randrange(AUTHORS)}"] = True

    def erase(self) -> None:
        length = len(self._text)
        if length > 3:
            del self._text[length - 2 : length]
        else:
            self._move()

    def _create(self) -> None:
        key = f"n{self.client & 0xFFFF:x}-{self._made}"
        self._made += 1
        self._notes[key] = Map(
            {
                "id": key,
                "x": self._dice.randrange(4000),
                "y": self._dice.randrange(3000),
                "w": 180,
                "h": 180,
                "color": self._dice.choice(COLORS),
                "author": f"member-{self.client & 0xFFFF}",
                "createdAt": 1.7e12 + self._dice.randrange(10**9),
                "votes": Map({}),
                "text": Text(""),
            }
        )
        self._note = self._notes[key]
        self._text = self._note["text"]

    def _type(self) -> None:
        if not self._pending:
            self._pending = self._dice.choice(WORDS).replace("ä", "a") + " "
        count = 1 if self._dice.random() < 0.7 else 2
        self._text += self._pending[:count]
        self._pending = self._pending[count:]

    def _move(self) -> None:
        with self._doc.transaction():
            self._note["x"] = self._dice.randrange(4000)
            self._note["y"] = self._dice.randrange(3000)


def framed(update: bytes) -> bytes:
    return struct.pack("<I", len(update)) + update


def script(number: int) -> bytes:
    author = Author(SCRIPT_CLIENT + number, random.Random(number))
    step = 0
    while len(author.updates) < UPDATES:
        author.step(step, 30)
        step += 1
    return b"".join(map(framed, author.updates[:UPDATES]))


def board(notes: int, history: int, client: int) -> tuple[bytes, list[bytes]]:
    """State and log of a board that up to AUTHORS people filled in turn."""
    dice = random.Random(7)
    authors = [Author(client + number, dice) for number in range(min(AUTHORS, notes))]
    steps = dict.fromkeys(authors, 0)
    document: Doc[Any] = Doc()
    log: list[bytes] = []
    per_note = history // notes
    for turn in range(notes * per_note):
        author = authors[turn % len(authors)]
        before, step = len(author.updates), steps[author]
        steps[author] += 1
        if step % ERASE_EVERY == ERASE_EVERY - 1:
            author.erase()
        else:
            author.step(step, per_note)
        for update in author.updates[before:]:
            log.append(update)
            document.apply_update(update)
    return document.get_update(), log


def main() -> None:
    folder = Path(sys.argv[1])
    folder.mkdir(parents=True, exist_ok=True)
    header = b"YBU1" + struct.pack("<II", CLIENTS, UPDATES)
    (folder / "scripts.bin").write_bytes(header + b"".join(map(script, range(CLIENTS))))
    (folder / "small.bin").write_bytes(board(20, 800, SMALL_CLIENT)[0])
    state, log = board(NOTES, HISTORY, LOG_CLIENT)
    (folder / "doc.bin").write_bytes(state)
    (folder / "log.bin").write_bytes(b"".join(map(framed, log)))


if __name__ == "__main__":
    main()
