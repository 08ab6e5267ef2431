"""Frames that are almost right, and what becomes of a board that gets them.

As a program, `python -m tests.support.updates.mutants`, it reads one JSON object from stdin (a
history of yjs_peer.mjs, `seed`, `count`) and prints a report: a crash of the engine must not end
the tests.
"""

import json
import random
import sys
import time
from collections import Counter
from collections.abc import Callable
from typing import Any

from boards.document import Document
from boards.errors import BoardError
from server.errors import ServiceError
from server.sync.board.edit import Edit, without_known
from server.sync.errors import MalformedMessage
from server.sync.inspection import gaps
from server.sync.inspection.inspector import STEP2_LIMITS, UPDATE_LIMITS, inspect, root_names
from server.sync.inspection.surrogates import ClockSet
from server.sync.wire import messages
from tests.support.process import resident
from tests.support.updates import yjs_bytes as yjs
from tests.support.updates.yjs import from_base64, to_base64

PER_BOARD = 200  # frames that one document gets before it is made anew
STALL = 0.05  # seconds of processor time
TELLING = bytes((0, 1, 2, 3, 7, 8, 10, 0x27, 0x28, 0x44, 0x7F, 0x80, 0x84, 0xC4, 0xFF, 117, 118))


def mutate(frame: bytes, others: list[bytes], dice: random.Random) -> bytes:
    """The frame with one to three bytes or passages changed."""
    mutant = bytearray(frame)
    for _ in range(dice.choice((1, 1, 1, 2, 3))):
        at = dice.randrange(len(mutant)) if mutant else 0
        match dice.randrange(7) if mutant else 5:
            case 0 | 1:
                mutant[at] ^= 1 << dice.randrange(8)
            case 2:
                mutant[at] = dice.choice(TELLING)
            case 3:
                del mutant[at : at + dice.randrange(1, 8)]
            case 4:
                mutant[at] = (mutant[at] + dice.choice((1, -1, 2))) & 0xFF
            case 5:
                mutant[at:at] = dice.randbytes(dice.randrange(1, 5))
            case _:
                other = dice.choice(others)
                start = dice.randrange(len(other))
                mutant[at : at + dice.randrange(8)] = other[start : start + dice.randrange(1, 30)]
    return bytes(mutant)


class Forger:
    """Writes well-formed updates that no client would: odd parents, neighbours and deletions."""

    def __init__(self, roots: list[str], keys: list[str], dice: random.Random) -> None:
        self.roots = roots
        self.keys = ["text", "zone", "new", *keys[:8]]
        self.dice = dice

    def update(self, clocks: dict[int, int]) -> bytes:
        """An update without gaps, most often, to a document with these clocks."""
        dice = self.dice
        authors = dice.sample([*clocks, dice.randrange(2**32)], dice.choice((1, 1, 2)))
        sections = [self._section(author, clocks) for author in authors]
        victims = dice.sample(list(clocks), min(len(clocks), dice.choice((0, 0, 1, 2))))
        gone = [yjs.deletions(each, [self._range(clocks[each])]) for each in victims]
        return yjs.update(*sections, deleted=gone)

    def _range(self, clock: int) -> tuple[int, int]:
        start = self.dice.randrange(clock + 1)
        return start, self.dice.randrange(1, max(2, min(6, clock - start + 2)))

    def _section(self, author: int, clocks: dict[int, int]) -> bytes:
        first = clock = clocks.get(author, 0) - self.dice.choice((0,) * 9 + (1,)) * (
            author in clocks
        )
        structs: list[bytes] = []
        own: list[tuple[int, int]] = []
        for _ in range(self.dice.choice((1, 2, 5, 15))):
            struct, units = self._struct({**clocks, author: clock} if clock else clocks, own)
            own.append((author, clock))
            structs.append(struct)
            clock += units
        return yjs.section(author, first, structs)

    def _struct(self, clocks: dict[int, int], own: list[tuple[int, int]]) -> tuple[bytes, int]:
        dice = self.dice
        kind = dice.choice((yjs.GC, yjs.DELETED, *(yjs.STRING, yjs.TYPE, yjs.ANY) * 3, yjs.SKIP))
        if kind in (yjs.GC, yjs.SKIP):
            return yjs.run(kind, 3), 3
        content, units = self._content(kind)
        place: dict[str, Any] = {}
        match dice.randrange(6):
            case 0 | 1:
                place = {"root": dice.choice(self.roots), "key": dice.choice(self.keys)}
            case 2:
                place = {"parent": self._id(clocks, own), "key": dice.choice(self.keys)}
            case 3:
                place = {"left": self._id(clocks, own), "right": self._id(clocks, own)}
            case side:
                place = {"left" if side == 4 else "right": self._id(clocks, own)}
        if kind == yjs.STRING:
            place.pop("key", None)
        return yjs.item(kind, content, **place), units

    def _content(self, kind: int) -> tuple[bytes, int]:
        dice = self.dice
        if kind == yjs.STRING:
            text = dice.choice(("a", "abc", "🌲🌲", "ä"))
            return yjs.string(text), len(text.encode("utf-16-le")) // 2
        if kind == yjs.TYPE:
            return bytes((dice.choice((yjs.MAP, yjs.TEXT)),)), 1
        if kind == yjs.DELETED:
            return b"\4", 4
        value: object = dice.choice(
            [1, -5, 2.5, None, True, "ä🌲", [1, 2], {"a": [{"b": 2}]}, [[[[]]]]]
        )
        return b"\1" + yjs.any_value(value), 1

    def _id(self, clocks: dict[int, int], own: list[tuple[int, int]]) -> tuple[int, int]:
        if own and self.dice.random() < 0.5:
            return self.dice.choice(own)
        client = self.dice.choice([client for client, clock in clocks.items() if clock] or [0])
        return client, self.dice.randrange(max(1, clocks.get(client, 1)))


class Target:
    """A board that serves frames as a room does, without a network; `report` counts what it did."""

    def __init__(self, history: Any, dice: random.Random) -> None:
        sent = [each for each in history["sent"] if each["kind"] != "whole"]
        self.log = [from_base64(history["start"]), *(from_base64(each["update"]) for each in sent)]
        self.roots = root_names(*history["roots"])
        self.dice = dice
        self.report: Counter[str] = Counter()
        self.slowest = 0.0
        self.renew()

    def renew(self) -> None:
        """The board at some moment of its history; `coming` is what its people sent next."""
        moment = self.dice.randrange(1, len(self.log))
        self.document = Document()
        self.surrogates: dict[int, ClockSet] = {}
        for update in self.log[:moment]:
            self.document.apply_update(update)
            gaps.note_surrogates(self.surrogates, inspect(update, STEP2_LIMITS, None))
        clocks = messages.read_state_vector(self.document.get_state_vector())
        self.clocks = dict(sorted(clocks.items()))  # the same for the same seed
        self.coming = self.log[moment : moment + 4] or self.log[-1:]

    def receive(self, frame: bytes) -> None:
        """Serve a frame; whatever the engine does short of a crash is counted."""
        started = time.thread_time()
        try:
            self._serve(messages.decode(frame))
        except MalformedMessage:
            self.report["malformed"] += 1
        except ServiceError as error:
            self.report[getattr(error, "reason", error.slug)] += 1
        except BoardError:
            self.report["poisoned"] += 1
            self.renew()
            return
        self.slowest = max(self.slowest, time.thread_time() - started)

    def _serve(self, message: messages.Message) -> None:
        match message:
            case messages.SyncStep1(state_vector):
                messages.read_state_vector(state_vector)
                self.document.get_update(state_vector)
                self.report["answered"] += 1
            case messages.SyncStep2(update) | messages.Update(update):
                self._apply(update, live=isinstance(message, messages.Update))
            case messages.Awareness(update):
                messages.awareness(messages.read_awareness(update))
                self.report["presence"] += 1
            case _:
                self.report["ignored"] += 1

    def _apply(self, update: bytes, *, live: bool) -> None:
        found = inspect(
            update, UPDATE_LIMITS if live else STEP2_LIMITS, self.roots, self.surrogates
        )
        if gaps.gap(found, self.clocks) is not None:
            self.report["gap"] += 1
            return
        update, found = without_known(Edit(update, found), self.clocks, self.roots, self.surrogates)
        self.document.apply_update(update)
        gaps.advance(self.clocks, found)
        gaps.note_surrogates(self.surrogates, found)
        self.report["applied"] += 1

    def check(self) -> None:
        """What was applied left a document that can be read, stored, loaded and followed."""
        for root in self.roots:
            self.document.root(root.decode()).to_py()
        state = self.document.get_update()
        copy = Document(state)
        for document in self.document, copy:
            if messages.read_state_vector(document.get_state_vector()) != self.clocks:
                self.report["clocks differ"] += 1


def frames_for(target: Target, forger: Forger, dice: random.Random) -> Callable[[], bytes]:
    """What to send next: mutants of frames of every kind, and forged updates."""

    def frame() -> bytes:
        update = dice.choice(target.coming)
        match dice.randrange(12):
            case 0:
                honest = messages.sync_step1(target.document.get_state_vector())
            case 1:
                honest = messages.awareness([messages.AwarenessEntry(7, 1, '{"name":"Koivu 🌲"}')])
            case 2:
                honest = messages.sync_step2(update)
            case 3 | 4:
                return messages.update(forger.update(target.clocks))
            case 5 | 6 | 7:
                return messages.update(mutate(update, target.log, dice))
            case _:
                honest = messages.update(update)
        return mutate(honest, target.log, dice)

    return frame


def main() -> None:
    question = json.load(sys.stdin)
    dice = random.Random(question["seed"])
    target = Target(question["history"], dice)
    forger = Forger(question["history"]["roots"], list(question["history"]["shown"]["notes"]), dice)
    frame = frames_for(target, forger, dice)
    before = resident()
    for number in range(question["count"]):
        if number % PER_BOARD == 0 and number:
            target.check()
            target.renew()
        if number == question["count"] // 10:
            before = resident()
        sent = frame()
        print(to_base64(sent), file=sys.stderr)  # the last one is the culprit of a crash
        target.receive(sent)
    grown = resident() - before
    print(json.dumps({"slowest": target.slowest, "grown": grown, "report": target.report}))


if __name__ == "__main__":
    main()
