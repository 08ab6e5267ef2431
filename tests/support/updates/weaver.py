"""Writes edits that build on earlier ones: near what somebody could send, and seldom just that."""

import random
from typing import Any

from server.sync.inspection.structs import Struct, sections
from tests.support.updates import yjs_bytes as yjs
from tests.support.updates.yjs_bytes import any_value, deletions, item, section, string, update

__all__ = ["Weaver"]

Id = tuple[int, int]
LETTERS = ("a", "bc", "def", "ä", "🌲")
VALUE = b"\1" + any_value(1)


class Weaver:
    """Of one board, whose texts and maps hang in `root`. `note` tells it what was taken."""

    def __init__(self, root: str, dice: random.Random) -> None:
        self._root = root
        self._dice = dice
        self._clients = [dice.randrange(2**32) for _ in range(dice.choice((2, 3, 5)))]
        self._texts: dict[Id, list[Id]] = {}  # items of each, as they came
        self._maps: list[Id] = []
        self._entries: list[Id] = []
        self._sides: dict[Id, tuple[Id | None, Id | None]] = {}

    def note(self, edit: bytes) -> None:
        """This was taken."""
        for structs in sections(edit):
            for struct in structs:
                self._note(struct)

    def _note(self, struct: Struct) -> None:
        this = struct.client, struct.clock
        if struct.kind == yjs.TYPE:
            if struct.type == yjs.TEXT:
                self._texts[this] = []
            else:
                self._maps.append(this)
        text = struct.parent if struct.parent in self._texts else self._text_of(struct.left)
        text = text or self._text_of(struct.right)
        if text is None:
            self._entries.append(this)
            return
        for clock in range(struct.clock, struct.end):
            left = struct.left if clock == struct.clock else (struct.client, clock - 1)
            self._texts[text].append((struct.client, clock))
            self._sides[struct.client, clock] = left, struct.right

    def _text_of(self, near: Id | None) -> Id | None:
        return next((text for text, items in self._texts.items() if near in items), None)

    def edit(self, clocks: dict[int, int]) -> bytes:
        """An edit to a board with these clocks."""
        dice = self._dice
        clients = dice.sample(self._clients, dice.choice((1, 1, 1, 1, 2)))
        parts = []
        for client in clients:
            clock = first = clocks.get(client, 0)
            structs: list[bytes] = []
            for _ in range(dice.choice((1, 1, 1, 2, 3))):
                struct, units = self._struct(client, clock, is_first=not structs)
                structs.append(struct)
                clock += units
            parts.append(section(client, first, structs))
        gone = [self._deletion(clocks)] if dice.random() < 0.15 and any(clocks.values()) else []
        if gone and dice.random() < 0.5:
            return update(deleted=gone)
        return update(*parts, deleted=gone)

    def _deletion(self, clocks: dict[int, int]) -> bytes:
        client = self._dice.choice([client for client, clock in clocks.items() if clock])
        start = self._dice.randrange(clocks[client])
        length = self._dice.randrange(1, min(5, clocks[client] - start) + 1)
        return deletions(client, [(start, length)])

    def _struct(self, client: int, clock: int, *, is_first: bool) -> tuple[bytes, int]:
        dice = self._dice
        if not self._texts or dice.random() < 0.05:
            return self._type(), 1
        if dice.random() < 0.1:
            return item(yjs.ANY, VALUE, **self._entry()), 1
        place = self._place() if is_first or dice.random() < 0.5 else self._after(client, clock)
        letters = dice.choice(LETTERS)
        if dice.random() < 0.05:
            return item(yjs.DELETED, b"\2", **place), 2
        return item(yjs.STRING, string(letters), **place), len(letters.encode("utf-16-le")) // 2

    def _type(self) -> bytes:
        kind = self._dice.choice((yjs.TEXT, yjs.TEXT, yjs.MAP))
        return item(yjs.TYPE, bytes([kind]), **self._entry())

    def _entry(self) -> dict[str, Any]:
        dice = self._dice
        if self._entries and dice.random() < 0.3:
            return {"left": dice.choice(self._entries)}
        key = dice.choice("abcd")
        if self._maps and dice.random() < 0.3:
            return {"parent": dice.choice(self._maps), "key": key}
        return {"root": self._root, "key": key}

    def _after(self, client: int, clock: int) -> dict[str, Any]:
        right = self._sides.get((client, clock - 1), (None, None))[1]
        place: dict[str, Any] = {"left": (client, clock - 1)}
        return place | ({"right": right} if right and self._dice.random() < 0.7 else {})

    def _place(self) -> dict[str, Any]:
        """In a text: where somebody could have written, and nearby."""
        dice = self._dice
        text = dice.choice(list(self._texts))
        items = self._texts[text][-dice.choice((6, 20, 200)) :]
        if not items or dice.random() < 0.02:
            return {"parent": text}
        near = dice.choice(items)
        left, right = self._sides[near]
        match dice.randrange(8):
            case 0 | 1:
                left, right = near, right
            case 2 | 3:
                left, right = left, near
            case 4:
                left, right = near, None
            case 5:
                left, right = None, near
            case 6:
                left, right = near, dice.choice(items)
            case _:
                followers = [each for each in items if self._sides[each][0] == near]
                left, right = near, dice.choice(followers or items)
        place = {"left": left, "right": right}
        return {side: each for side, each in place.items() if each} or {"parent": text}
