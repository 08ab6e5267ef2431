"""Who may change what on a board: the table of docs/security.md, walked cell by cell.

By hand-made edits over real sockets, and by calls; no client is asked whether it may.
"""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator, Callable, Iterator
from contextlib import asynccontextmanager
from pathlib import Path
from typing import Any, Literal

import httpx
import pytest
from pycrdt import Map, Text

from boards import edits
from boards.document import Document
from boards.edits import new_id
from boards.schema import NOTES, layout_root, read_all_notes
from tests.support.peer import Peer
from tests.support.server import Server, running_server

Way = Literal["socket", "call"]
Json = dict[str, Any]

DOCS = Path(__file__).parents[3] / "docs" / "security.md"
COLUMNS = ("facilitator", "own", "others", "observer")
UPDATE = {"Content-Type": "application/octet-stream"}
VERBS = ("add", "edit", "move", "delete")
BEGINS = "| on a board where | "


def table() -> dict[str, dict[str, set[str]]]:
    """Setting → column → verbs, as the documentation says."""
    lines = DOCS.read_text("utf-8").splitlines()
    first = next(at for at, line in enumerate(lines) if line.startswith(BEGINS))
    found = {}
    for line in lines[first + 2 :]:
        if not line.startswith("|"):
            break
        setting, *cells = (cell.strip() for cell in line.strip("|").split("|"))
        assert len(cells) == len(COLUMNS)
        found[setting] = {c: words(cell) for c, cell in zip(COLUMNS, cells, strict=True)}
    return found


def words(cell: str) -> set[str]:
    found = set() if cell == "–" else set(cell.split(", "))
    assert found <= set(VERBS)
    return found


TABLE = table()


class Room:
    """A workshop in which things are set, with a note of everybody's for each verb."""

    def __init__(self, server: Server) -> None:
        self.server = server
        made = self.call("POST", "/api/workshops", {})
        self.id, self.facilitator = made["id"], made["token"]
        self.board = next(b["id"] for b in made["boards"] if b["key"] == "phenomena")
        join = {"code": made["join_code"], "name": "Kuovi", "role": "participant"}
        self.guest = self.call("POST", "/api/join", join)
        self.other = self.call("POST", "/api/join", {**join, "name": "Lokki"})
        self.observer = self.call("POST", "/api/join", {**join, "role": "observer"})
        self.notes = {(whose, verb): new_id() for whose in COLUMNS[:3] for verb in VERBS}
        self.notes |= {("observer", verb): self.notes["others", verb] for verb in VERBS}
        self.seeds = self.seeded()
        self.told: set[str] = set()  # ids of notices

    def call(self, method: str, path: str, body: Json, token: str | None = None) -> Any:
        headers = {"Authorization": f"Bearer {token}"} if token else {}
        url = self.server.url + path
        answer = httpx.request(method, url, json=body, headers=headers, trust_env=False)
        return answer.raise_for_status().json()

    def bring(self, update: bytes, token: str) -> bool:
        """By a call; whether all of it was taken."""
        answer = httpx.post(
            f"{self.server.url}/api/boards/{self.board}/edits",
            content=update,
            headers={"Authorization": f"Bearer {token}", **UPDATE},
            trust_env=False,
        )
        if answer.status_code != 200:
            assert answer.json()["code"] in ("held", "not-allowed"), answer.text
            return False
        return bool(answer.json()["notices"] == [])

    def seeded(self) -> Document:
        document = Document()
        authors = {"facilitator": None, "own": self.guest["person"], "others": self.other["person"]}
        for (whose, _), note in self.notes.items():
            if whose != "observer":
                fields = {"zone": "challenges", "color": "blue", "at": 1, "author": authors[whose]}
                document.root(NOTES)[note] = Map({"text": Text("näin"), **fields})
                document.root(layout_root(self.board))[note] = [10, 20]
        assert self.bring(document.get_update(), self.facilitator)
        return document

    def set(self, patch: Json) -> None:
        self.call("PATCH", f"/api/workshops/{self.id}", patch, self.facilitator)

    def token(self, column: str) -> str:
        who = {"own": self.guest, "others": self.guest, "observer": self.observer}.get(column)
        return self.facilitator if who is None else str(who["token"])

    def seen(self) -> Json:
        """All that a facilitator reads there, by note."""
        found = self.call("GET", f"/api/boards/{self.board}", {}, self.facilitator)
        return {note["id"]: note for note in found["notes"]}


def rights(**told: Any) -> Callable[[Room], Json]:
    return lambda room: {"rights": {room.board: told}}


SETTINGS: dict[str, Callable[[Room], Json]] = {
    "nothing is set": lambda room: {"title": "Kevät"},
    "`locks`": lambda room: {"locks": {room.board: True}},
    "`add` is false": rights(add=False),
    "`edit` is own": rights(edit="own"),
    "`edit` is none, `add` is false": rights(add=False, edit="none"),
    "`move` is own": rights(move="own"),
    "`move` is none": rights(move="none"),
    "`delete` is own": rights(delete="own"),
    "`delete` is none": rights(delete="none"),
    "`most` is reached": rights(most=1),
    "all others have `move` none": lambda room: {"rights": {"*": {"move": "none"}}},
    "their zone is in `locked_parts`": lambda room: {
        "locked_parts": {room.board: {"zones": {"challenges": True}}}
    },
    "their notes are in `locked_parts`": lambda room: {
        "locked_parts": {room.board: {"notes": dict.fromkeys(room.notes.values(), True)}}
    },
}


def test_the_table_has_all_that_can_be_set() -> None:
    assert TABLE.keys() == SETTINGS.keys()


@pytest.fixture(scope="module")
def server(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Server]:
    with running_server(tmp_path_factory.mktemp("matrix") / "data") as running:
        yield running


def do(document: Document, room: Room, column: str, verb: str) -> str:
    """What the verb is, with bytes that any program can make; the note."""
    note = room.notes[column, verb]
    if verb == "add":
        author = {"own": room.guest["person"], "facilitator": None}.get(column)
        return edits.add_note(
            document, room.board, zone="challenges", text="uusi", author=author, at=2
        )
    if verb == "edit":
        edits.retext(document, note, "toisin")
    elif verb == "move":
        edits.move_note(document, room.board, note, zone="inspirations", position=(50, 60))
    else:
        edits.delete_note(document, note)
    return note


@asynccontextmanager
async def attempt(room: Room, column: str) -> AsyncIterator[Peer]:
    async with Peer(room.server.url, room.board, token=room.token(column)) as peer:
        yield peer


async def is_taken(room: Room, column: str, verb: str, way: Way) -> bool:
    """Whether the server took it as it came."""
    if way == "call":
        document = Document(room.seeds.get_update())
        update = document.record(lambda: do(document, room, column, verb))[1]
        return await asyncio.to_thread(room.bring, update, room.token(column))
    async with attempt(room, column) as peer:
        peer.edit(lambda document: do(document, room, column, verb))
        await peer.until(lambda: not peer.unsaved or was_held(peer))
        assert peer.closes == []
        # What an earlier connection was told is told again.
        news = {notice["id"] for notice in peer.notices} - room.told
        room.told |= news
        return not was_held(peer) and not news


def was_held(peer: Peer) -> bool:
    return peer.standing is not None and peer.standing.number > 0


@pytest.mark.parametrize("way", ["socket", "call"])
@pytest.mark.parametrize("setting", SETTINGS)
async def test_every_cell(server: Server, setting: str, way: Way) -> None:
    room = await asyncio.to_thread(Room, server)
    patch = SETTINGS[setting](room)
    await asyncio.to_thread(room.set, patch)
    if "most" in setting:  # one stays, and they may have no other
        patch = rights(most=4)(room)
        await asyncio.to_thread(room.set, patch)
    before = await asyncio.to_thread(room.seen)
    found: dict[str, set[str]] = {column: set() for column in COLUMNS}
    for column in reversed(COLUMNS):  # who may most comes last
        for verb in VERBS:
            if (column, verb) == ("others", "add"):
                continue  # in another's name, nobody does that: JD1
            if await is_taken(room, column, verb, way):
                found[column].add(verb)
    assert found == TABLE[setting]
    after = await asyncio.to_thread(room.seen)
    for column, verbs in found.items():
        for verb in set(VERBS[1:]) - verbs:
            note = room.notes[column, verb]
            if not any(verb in found[c] for c in COLUMNS if room.notes[c, verb] == note):
                assert after[note] == before[note], (column, verb)
    news = [note for note in after.values() if note["text"] == "uusi"]
    assert len(news) == sum("add" in verbs for verbs in found.values())


def test_what_is_read_is_all_that_stands(server: Server) -> None:
    room = Room(server)
    assert len(read_all_notes(room.seeds)) == len(room.seen()) == 12
